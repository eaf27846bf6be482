"""Rules that are no bounds on arcs, for all futures at once: every future's side rows over the arcs that they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.policy import OFF, Policy
from planner.solve.task import Arrays
from planner.stage import Context
from planner.stages.funds.built import Built
from planner.stages.funds.crossing import add_crossing_rows
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known

RETURNS = ("microcredit_returns", "microcredit_years")
"""Values that say what lenders get back: money of its own in the network, which must be the same in all futures."""


def add_rows_of_all(
    contexts: Sequence[Context], read: Sequence[tuple[Facts, Known]], built: Built
) -> list[str]:
    """Add each future's side rows, with its own numbers in them; the rules by name (empty: a pure flow).

    What is lent is decided now, so that what comes back is the same in every future: its arcs are added once.
    """
    for j, (context, (facts, known)) in enumerate(zip(contexts, read, strict=True)):
        add_crossing_rows(
            _without_returns(context) if j else context, replace(built, facts=facts, known=known)
        )
    return list(built.model.row_families)


def _without_returns(context: Context) -> Context:
    values = {**context.policy.values, RETURNS[0]: OFF}
    return replace(context, policy=Policy(values, context.policy.origins))


def same_returns(contexts: Sequence[Context]) -> bool:
    """Whether lenders get back the same in all futures."""
    told = [[c.policy.values.get(k) for k in RETURNS] for c in contexts]
    return all(t == told[0] for t in told)


def meet_rows(arrays: Arrays) -> Arrays:
    """The same with rows that say the same of the same arcs as one: within the greatest lower and the least upper bound of them."""
    ptr, low, high = arrays["indptr"], arrays["row_lower"], arrays["row_upper"]
    place: dict[bytes, int] = {}
    number = np.empty(len(low), dtype=np.int64)
    for row, (a, b) in enumerate(zip(ptr[:-1].tolist(), ptr[1:].tolist(), strict=True)):
        key = arrays["indices"][a:b].tobytes() + arrays["data"][a:b].tobytes()
        number[row] = place.setdefault(key, len(place))
    first = np.unique(number, return_index=True)[1]
    lower, upper = low[first].copy(), high[first].copy()
    np.maximum.at(lower, number, low)
    np.minimum.at(upper, number, high)
    entries = np.concatenate(
        [np.arange(ptr[r], ptr[r + 1]) for r in first.tolist()] or [np.zeros(0, np.int64)]
    )
    sizes = np.diff(ptr)[first]
    return {
        **arrays,
        "indptr": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        "indices": arrays["indices"][entries], "data": arrays["data"][entries],
        "row_lower": lower, "row_upper": upper,
    }  # fmt: skip
