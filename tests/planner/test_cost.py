"""Terms of costs as text."""

from __future__ import annotations

import numpy as np

from planner.cost import terms_column, terms_text


def test_many_terms_are_written_as_each_by_itself() -> None:
    rng = np.random.default_rng(3)
    terms = {name: rng.integers(0, 3, 50) for name in ("late", "early", "risk")}
    each = [terms_text({name: int(row[k]) for name, row in terms.items()}) for k in range(50)]
    assert terms_column(terms) == each and len(set(each)) < 50


def test_no_terms_and_no_costs() -> None:
    assert terms_column({}) == [] and terms_column({"late": np.zeros(0, np.int64)}) == []
