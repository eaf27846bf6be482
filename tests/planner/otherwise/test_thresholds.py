"""When a pair would be swapped: found by hand, and confirmed on both sides of the threshold."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import UsageError
from planner.otherwise.choice import Asking
from planner.otherwise.pairs import pair_otherwise
from planner.otherwise.thresholds import pair_threshold
from planner.plan import Plan
from planner.solve.pool import InProcess
from tests.planner.every_row.test_pairs import SCORES, made


def test_scores_by_hand(tmp_path: Path) -> None:
    """u3 on B comes with u1 on A: 2.5 more than the plan. At 7.5 less 2.5 it is as good."""
    asking = Asking(made(tmp_path, SCORES, 1), "designation", InProcess())
    out, kept = (pair_threshold(asking, pair) for pair in (("u3", "B"), ("u1", "B")))
    assert (out.points, out.km, out.confirmed, out.price.forced) == (2.5, None, True, True)
    assert (kept.points, kept.confirmed, kept.price.forced) == (2.5, True, False)
    with pytest.raises(UsageError, match=r"may not choose|不可选"):
        pair_threshold(asking, ("u3", "A"))


def test_the_way_is_as_much_shorter_or_longer_as_the_price_says(small_plan: Plan) -> None:
    """A kilometre counts a hundredth of a point."""
    asking, seen = Asking(small_plan, "designation", InProcess()), 0
    chosen = set(small_plan.table("pairs").select("supporter", "recipient").iter_rows())
    for unit in ("u1", "u2", "u3"):
        for county in "ABCD":
            told = pair_threshold(asking, (unit, county))
            has = (unit, county) in chosen
            price = pair_otherwise(asking, (unit, county), not has).change
            if price is None:
                assert told.points is None
                continue
            assert told.points == pytest.approx(abs(price)) and told.confirmed
            if told.km is not None and told.km_then is not None:
                seen += 1
                assert told.km_then - told.km == pytest.approx((1 if has else -1) * abs(price) * 100)
    assert seen
