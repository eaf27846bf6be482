"""For every class of cadres the two posts that it may take at the least reduced cost, and for every open post the best class.

The reduced cost of a posting is its cost less the worth of the post and plus the worth of the cadre, by the plan's certificate:
what the plan's objective grows by at least with it, but for what the plan may be above its bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.cost import points
from planner.stages.cadres.build import Model, left_seats
from planner.stages.cadres.standing import Standing

CELLS = 4_000_000
"""Of one block of classes and posts."""
FAR = 2**61
TAKERS = 3
"""Classes that are kept for each post."""


@dataclass(frozen=True)
class Rivals:
    """The least that a new posting adds, worth of the cadre aside.

    Parameters
    ----------
    slot, least : ndarray
        (n classes, 2) int64: the two best posts, −1 where there is none, and cost less worth of the post, thousandths.
    taker, taker_least : ndarray
        (m, 3) int64: the classes that may newly take each post at the least reduced cost, −1 where there are no more, and that.
    """

    slot: np.ndarray
    least: np.ndarray
    taker: np.ndarray
    taker_least: np.ndarray


def find_rivals(standing: Standing) -> Rivals:
    """Every class against every post within its reach, a block at a time."""
    model = standing.model
    n, m = len(model.crowd.supply), len(model.posts.village)
    found = Rivals(
        np.full((n, 2), -1), np.full((n, 2), FAR), np.full((m, TAKERS), -1), np.full((m, TAKERS), FAR)
    )
    worth = _worth_of_classes(standing)
    for group, within in enumerate(model.reach.slots):
        slots = within[standing.seats[within] > 0]
        classes = np.flatnonzero(model.reach.group == group)
        if not slots.size:
            continue
        step = max(1, CELLS // slots.size)
        for start in range(0, len(classes), step):
            _block(standing, found, classes[start : start + step], slots, worth)
    return found


def _block(
    standing: Standing, found: Rivals, classes: np.ndarray, slots: np.ndarray, worth: np.ndarray
) -> None:
    """Adds what some classes may do at the posts within their reach."""
    cost, allowed = new_costs(standing.model, classes, slots)
    least = np.where(allowed, cost - standing.worth_post[slots][None, :], FAR)
    row = np.arange(len(classes))
    _add_takers(found, classes, slots, np.where(least < FAR, least + worth[classes][:, None], FAR))
    for rank in range(2):
        at = least.argmin(axis=1)
        there = least[row, at] < FAR
        found.slot[classes, rank] = np.where(there, slots[at], -1)
        found.least[classes, rank] = least[row, at]
        least[row, at] = FAR


def _add_takers(found: Rivals, classes: np.ndarray, slots: np.ndarray, reduced: np.ndarray) -> None:
    """Keeps the best takers of each post, of those known and those of a block."""
    first = np.argsort(reduced, axis=0, kind="stable")[:TAKERS]
    value = np.concatenate([found.taker_least[slots].T, np.take_along_axis(reduced, first, axis=0)])
    who = np.concatenate([found.taker[slots].T, classes[first]])
    order = np.argsort(value, axis=0, kind="stable")[:TAKERS]
    value, who = np.take_along_axis(value, order, axis=0), np.take_along_axis(who, order, axis=0)
    found.taker_least[slots] = value.T
    found.taker[slots] = np.where(value < FAR, who, -1).T


def left_behind(standing: Standing, rows: np.ndarray) -> np.ndarray:
    """(k,) thousandths that are added at least as each cadre leaves its post: it comes on top of what the new one adds."""
    rivals = standing.context.once("cadres.rivals", lambda: find_rivals(standing))
    return replaced(standing, rivals, rows)


def replaced(standing: Standing, rivals: Rivals, row: np.ndarray) -> np.ndarray:
    """(k,) thousandths that are added at least where each of these cadres leaves its post: somebody else comes, or the seat is empty.

    It comes on top of what the cadre adds elsewhere, as both are other postings. 0 for who is at no post.
    """
    model, now = standing.model, standing.before[row]
    m, n = len(model.posts.village), len(model.crowd.supply)
    found = np.minimum(_emptied(standing), _come_back(standing))
    of = standing.class_of_row
    placed = np.flatnonzero((standing.before >= 0) & (of >= 0))
    pairs, count = np.unique(of[placed] * m + standing.before[placed], return_counts=True)
    there = dict(zip(pairs.tolist(), count.tolist(), strict=True))
    taker = rivals.taker[np.maximum(now, 0)]
    busy = np.array(
        [[there.get(int(k) * m + int(s), 0) for k in ks] for ks, s in zip(taker, now, strict=True)]
    ).reshape(-1, TAKERS)
    supply = np.append(model.crowd.supply, 0)[np.where(taker < 0, n, taker)]
    # who is all there cannot come; what lies behind the last one that is known costs at least as much as that
    value = np.where((taker >= 0) & (busy >= supply), FAR, rivals.taker_least[np.maximum(now, 0)])
    other = np.minimum(
        value.min(axis=1), np.where(taker[:, -1] >= 0, rivals.taker_least[np.maximum(now, 0), -1], FAR)
    )
    return np.where(now >= 0, np.maximum(np.minimum(found[np.maximum(now, 0)], other), 0), 0)


def _emptied(standing: Standing) -> np.ndarray:
    """(m,) reduced cost of one seat more that stays empty at each post."""
    worth, seats = standing.model.posts.worth, left_seats(standing.model.posts, standing.model.people)
    each = np.where(seats > 0, np.maximum(worth - standing.worth_post[None, :], 0), FAR)
    return np.asarray(each.min(axis=0))


def _come_back(standing: Standing) -> np.ndarray:
    """(m,) least reduced cost of somebody who was at the post before the plan, is elsewhere in it, and might stay there."""
    model, found = standing.model, np.full(len(standing.model.posts.village), FAR)
    of, back = standing.class_of_row, standing.model.people.post
    rows = np.flatnonzero((of >= 0) & (back >= 0) & (standing.before != back))
    cost = model.costs.single(of[rows], back[rows], np.ones(len(rows), np.bool_))
    np.minimum.at(found, back[rows], cost - standing.worth_post[back[rows]] + standing.worth_cadre[rows])
    return found


def new_costs(model: Model, classes: np.ndarray, slots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k, l) thousandths of each class newly at each post, and whether it may be posted there, seats and reach aside."""
    costs, posts, traits = model.costs, model.posts, model.costs.traits
    homes, home = np.unique(traits.home[classes], return_inverse=True)
    villages, village = np.unique(posts.village[slots], return_inverse=True)
    far, near = costs.distance(homes[:, None], posts.villages[villages][None, :])
    at = np.ix_(home.ravel(), village.ravel())
    fit, able = costs.ability(traits.ability[classes][:, None], slots[None, :])
    unit = costs.unit(traits.unit[classes][:, None], posts.village[slots][None, :])
    new = points(np.array(costs.policy.weight("keep_weight")))
    return far[at] + fit + unit + new, near[at] & able


def _worth_of_classes(standing: Standing) -> np.ndarray:
    """(n,) int64 worth of one person more of each class."""
    found = np.zeros(len(standing.model.crowd.supply), np.int64)
    found[standing.model.crowd.number] = standing.worth_cadre[standing.model.crowd.rows]
    return found
