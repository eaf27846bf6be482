"""By how much a posting has to be dearer before the cadre is sent elsewhere, or cheaper before it is taken.

What one person costs at one post stands in the objective once, so the price is the threshold, as of a pair. It is confirmed by the
component solved again with that one cost a thousandth of a point before it, and a thousandth behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.errors import UsageError
from graph.language import Text
from planner.cost import SCALE
from planner.otherwise.choice import Asking, Otherwise
from planner.otherwise.posting_prices import slot_text
from planner.otherwise.postings import places_of, postings_otherwise, standing_of
from planner.stages.cadres.forced import Whole, dearer, whole_task
from planner.stages.cadres.moved import people_moved
from planner.stages.cadres.standing import Standing
from planner.subject import Subject


@dataclass(frozen=True)
class PostingThreshold:
    """When a cadre would be posted otherwise.

    Parameters
    ----------
    price : Otherwise
        The second solve with the posting, or without it.
    has : bool
        Whether the plan has it.
    points : float or None
        What it has to cost more (less, where the plan has it not); ``None`` where rules decide at whatever cost, where as many more
        posts would stay open as no cost weighs up, or where even for nothing it is not taken.
    confirmed : bool
    """

    price: Otherwise
    has: bool
    points: float | None = None
    confirmed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "price": self.price.as_dict(),
            "has": self.has,
            "points": self.points,
            "confirmed": self.confirmed,
        }


def posting_threshold(asking: Asking, cadre: str, place: str) -> PostingThreshold:
    """The threshold of one cadre at one village, or in one county.

    Raises
    ------
    UsageError
        When nothing of it can be priced: under own scores, or while changes against a published plan are limited.
    """
    told = postings_otherwise(asking, Subject((cadre, place)))
    if not told:
        raise UsageError(
            f"{asking.label(place)} 没有岗位，或此方案的选派没有价（自带评分，或限制了变动）",
            f"{asking.label(place)} has no post, or postings of this plan have no price (own scores, or limited changes)",
        )
    (price,), standing = told, standing_of(asking)
    row, villages = standing.row_of(cadre), standing.villages_in(place)
    assert row is not None  # it was priced
    there = int(standing.before[row])
    has = there >= 0 and bool(np.isin(standing.model.posts.village[there], villages))
    if price.change is None or price.parts or price.least is not None:
        return PostingThreshold(price, has)
    whole = whole_task(standing.model, row)
    assert whole is not None  # it was priced
    slot, by = there if has else _slot(asking, standing, row, price), round(price.change * SCALE)
    if not has and int(standing.price_of(row, np.array([slot]))[0]) <= by:
        return PostingThreshold(price, has)
    return PostingThreshold(price, has, by / SCALE, _confirmed(asking, standing, whole, row, slot, by, has))


def _slot(asking: Asking, standing: Standing, row: int, price: Otherwise) -> int:
    """The post that was priced."""
    (own,) = {move.after for move in price.moves if move.who == standing.model.people.table["id"][row]}
    return next(p.slot for p in places_of(standing, row) if slot_text(asking, standing, p.slot) == own)


def _confirmed(
    asking: Asking, standing: Standing, whole: Whole, row: int, slot: int, by: int, has: bool
) -> bool:
    """Whether the cadre is at the post a thousandth before the threshold as in the plan, and not a thousandth behind."""
    sign, begun = 1 if has else -1, standing.begun(whole)
    found = []
    for units in (max(by - 1, 0), by + 1):
        held = dearer(standing.context, standing.model, begun, row, slot, sign * units, asking.limits)
        answer = asking.executor.run([held.task], asking.told)[0]
        if answer.status != "OPTIMAL":
            return False
        moved = {r: after for r, _, after in people_moved(standing.model, standing.before, held, answer)}
        found.append(moved.get(row, int(standing.before[row])) == slot)
    return (by == 0 or found[0] is has) and found[1] is not has


def posting_words(one: PostingThreshold) -> Text:
    """When the cadre would be posted otherwise, in words; of one that has no threshold, why."""
    if one.points is None:
        if one.price.parts:
            return Text(
                "再贵（便宜）也不会变：空岗多少先决定", "no cost changes that: open posts decide first"
            )
        return Text("没有成本能改变它", "no cost changes that")
    then = (
        Text("改派别处", "the cadre would be sent elsewhere")
        if one.has
        else Text("派往该处", "the cadre would be sent there")
    )
    zh = f"这一派驻的成本再{'高' if one.has else '低'} {one.points:,.3f} 分以上，就会{then.zh}"
    en = f"if it cost {one.points:,.3f} points {'more' if one.has else 'less'} and a little, {then.en}"
    told = (
        Text("；两侧各重解一次，已证实", "; solved again on both sides: so it is")
        if one.confirmed
        else Text("；没有证实", "; not confirmed")
    )
    return Text(f"{zh}{told.zh}", f"{en}{told.en}")
