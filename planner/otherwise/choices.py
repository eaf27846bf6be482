"""The pairs that a stage may choose beside the plan's, and what another choice is proved to cost at least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from planner.otherwise.choice import Asking
from planner.solve.choice import ChoiceModel
from planner.solve.task import Arrays, Task
from planner.stages.designation_pairs import recipient_counties
from planner.stages.designation_rows import build
from planner.stages.pairing.counties import build_counties
from planner.stages.pairing.county_room import county_sides
from planner.stages.pairing.members import decided_kinds, find_members
from planner.stages.pairing.regions import build_regions
from planner.stages.pairs import Pairs

WITHIN = 1e-3
"""Of one thousandth: what the sums of a bound may be off by."""


@dataclass(frozen=True)
class Choices:
    """One choice model beside the plan's answer to it.

    Parameters
    ----------
    pairs : Pairs
        Its first columns, in this order.
    model : ChoiceModel
    chosen : ndarray
        (n,) bool: the pairs that the plan has.
    """

    pairs: Pairs
    model: ChoiceModel
    chosen: np.ndarray

    @cached_property
    def arrays(self) -> Arrays:
        """The model's."""
        return self.model.arrays()

    def named(self, pairs: Iterable[tuple[str, str]]) -> np.ndarray:
        """(n,) bool: which of them these are."""
        found, mine = np.zeros(self.pairs.size, np.bool_), self.pairs
        for supporter, recipient in pairs:
            if supporter in mine.supporters and recipient in mine.recipients:
                s, r = mine.supporters.index(supporter), mine.recipients.index(recipient)
                found |= (mine.supporter == s) & (mine.recipient == r)
        return found

    def ends(self, number: int) -> tuple[str, str]:
        """Supporter and recipient of a pair."""
        pairs = self.pairs
        return pairs.supporters[pairs.supporter[number]], pairs.recipients[pairs.recipient[number]]


def pair_choices(asking: Asking) -> list[Choices]:
    """The models of `pairing` (regions, then counties inside the plan's region pairs) or `designation`; made once."""
    return asking.context.once("otherwise.choices", lambda: _pair_choices(asking))


def _pair_choices(asking: Asking) -> list[Choices]:
    context = asking.context
    rows = asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)
    if asking.stage == "designation":
        built = build(context)
        return [Choices(built.pairs, built.model, _chosen(built.pairs, rows))]
    first = build_regions(context)
    if context.policy["objective"] == "scores":
        return [Choices(first.pairs, first.model, _chosen(first.pairs, rows))]
    regions = rows.filter(pl.col("kind").is_in(decided_kinds(context)))
    found = [Choices(first.pairs, first.model, _chosen(first.pairs, regions))]
    if context.policy.on("county_pairs") and regions.height:
        inside = build_counties(context, first.members, regions)
        nested = rows.filter(pl.col("kind") == "county_pair")
        found.append(Choices(inside.pairs, inside.model, _chosen(inside.pairs, nested)))
    return found


def may_pair_with(asking: Asking, key: str) -> bool:
    """Whether the stage may know pairs of a region, county or unit: told from its members, no model is built."""
    context = asking.context
    network = context.network
    if context.policy["objective"] == "scores":
        return True
    if asking.stage == "designation":
        return bool((network.frame("units")["id"] == key).any()) or key in recipient_counties(context)
    if key not in network.parents:  # a unit
        return False
    members = find_members(context)
    inside = county_sides(context, members) if context.policy.on("county_pairs") else ()
    sides = (counties for side in inside for counties in side.values())
    return any(key in side for side in (members.supporters, members.recipients, *sides))


def _chosen(pairs: Pairs, rows: pl.DataFrame) -> np.ndarray:
    """(n,) bool: pairs that stand in ``rows``."""
    taken = set(rows.select("supporter", "recipient").iter_rows())
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    return np.array([(pairs.supporters[s], pairs.recipients[r]) in taken for s, r in ends], np.bool_)


def proved(asking: Asking, found: Choices, thorough: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """What the stage is worse by at least with each pair that the plan has not, and without each that it has.

    The relaxation proves it; and where a recipient has no more pairs than it must, whatever replaces one of them costs at
    least what the relaxation proves of the cheapest that could.

    Returns
    -------
    having, losing : ndarray
        (n,) float64, whole thousandths (units of ``pairs.scale``) from 0; infinite where the relaxation knows of no such answer.
        ``having`` says something of pairs that are not chosen, ``losing`` of those that are.
    """
    n = found.pairs.size
    at = np.zeros(found.model.n_columns, np.int64)
    at[:n] = found.chosen
    having, losing = least_changes(
        asking, found.model, at, int(found.pairs.cost[found.chosen].sum()), n, thorough
    )
    m, recipient = len(found.pairs.recipients), found.pairs.recipient
    cheapest = np.full(m, np.inf)
    np.minimum.at(cheapest, recipient[~found.chosen], having[~found.chosen])
    short = np.bincount(recipient[found.chosen], minlength=m) <= least_partners(found)
    return having, np.where(short[recipient], np.maximum(losing, cheapest[recipient]), losing)


def least_changes(
    asking: Asking, model: ChoiceModel, at: np.ndarray, objective: int, n: int, thorough: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """What is added to ``objective`` at least with each of the first ``n`` columns above, and below, ``at``; see :func:`proved`.

    ``thorough``: prove more, in several times the work; see :mod:`planner.solve.least`.
    """
    if not model.n_columns:
        return np.zeros(0), np.zeros(0)
    task = Task("least", {**model.arrays(), "at": at}, {"threads": 1, "thorough": thorough}, asking.stage)
    asking.told("", {"state": "begun"})
    answer = asking.executor.run([task], asking.told)[0]
    more, less = (np.ceil(answer.arrays[k][:n] - objective - WITHIN) for k in ("more", "less"))
    return np.maximum(more, 0.0), np.maximum(less, 0.0)


def least_partners(found: Choices) -> np.ndarray:
    """(m,) how many pairs each recipient has to have: the largest that a row over all of its pairs asks for, 0 without one."""
    arrays, pairs = found.model.arrays(), found.pairs
    m, ptr, columns = len(pairs.recipients), arrays["indptr"], arrays["indices"]
    of = np.append(pairs.recipient, np.full(found.model.n_columns - pairs.size, -1))[columns]
    whole = np.flatnonzero((np.diff(ptr) > 0) & (arrays["row_lower"] > 0))
    asked, every = np.zeros(m, np.int64), np.bincount(pairs.recipient, minlength=m)
    for row in whole.tolist():
        here = of[ptr[row] : ptr[row + 1]]
        r = int(here[0])
        plain = r >= 0 and (here == r).all() and (arrays["data"][ptr[row] : ptr[row + 1]] == 1).all()
        if plain and len(here) == every[r]:
            asked[r] = max(asked[r], int(np.ceil(arrays["row_lower"][row])))
    return asked
