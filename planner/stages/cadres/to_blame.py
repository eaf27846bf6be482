"""Which rules make people too few for a set of posts: no more of them than needed, by counting people again without some rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from planner.stage import Context
from planner.stages.cadres.build import Model
from planner.stages.cadres.held_back import inside, staying

RELEASE = "unit_release_share"
CELLS = 50_000_000
"""Classes of people times kinds of posts that are looked at; of more, every rule in force is named."""


def to_blame(context: Context, model: Model, slots: np.ndarray, asked: int, first: str) -> list[str]:
    """Rules under which fewer than ``asked`` people may take a post of ``slots``, all others of them being off.

    Each of them is needed: without it people are enough, or fewer rules suffice. ``first`` is kept where it may be.
    """
    if not len(model.crowd.supply):
        return []
    names = _in_force(context, model)
    wish, village = model.costs.wish[slots], model.posts.village[slots]
    kinds = slots[np.unique(np.stack([wish, village]), axis=1, return_index=True)[1]]
    if len(kinds) * len(model.crowd.supply) > CELLS:
        return names
    open_by = _open_by(context, model, kinds)
    stay = staying(model, slots)

    def short(rules: Sequence[str]) -> bool:
        reached = np.zeros(len(stay), np.bool_)
        for missed, who in open_by.items():
            if not missed & set(rules):
                reached |= who
        return _people(model, np.where(reached, model.crowd.supply, stay), capped=RELEASE in rules) < asked

    kept = list(names)
    for name in sorted(names, key=lambda n: (n == first, -names.index(n))):
        less = [n for n in kept if n != name]
        if short(less):
            kept = less
    return kept


def _in_force(context: Context, model: Model) -> list[str]:
    """Rules in force that may keep people from posts, or at their units."""
    some = np.zeros(1, np.int64)
    area = ["posting_area"] if context.policy.on("posting_area") else []
    fit, near = model.costs.fit_enough(some, some), model.costs.near_enough(some, some)
    return [*area, *fit, *near, *([RELEASE] if context.policy.on(RELEASE) else [])]


def _open_by(context: Context, model: Model, slots: np.ndarray) -> Mapping[frozenset[str], np.ndarray]:
    """Set of rules → (n,) bool: classes of people whom just these keep from some post of ``slots``."""
    costs, group = model.costs, model.reach.group
    new, found = group >= 0, dict[frozenset[str], np.ndarray]()
    area = inside(model, slots) if context.policy.on("posting_area") else None
    for k, slot in enumerate(slots.tolist()):
        home = model.posts.villages[model.posts.village[slot]]
        kept = dict[str, np.ndarray]() if area is None else {"posting_area": area[group, k]}
        kept |= costs.fit_enough(costs.traits.ability, np.array(slot))
        kept |= costs.near_enough(costs.traits.home, home)
        code = np.zeros(len(group), np.int64)
        for bit, holds in enumerate(kept.values()):
            code |= np.where(holds, 0, 1 << bit)
        for one in np.unique(code[new]).tolist():
            missed = frozenset(rule for bit, rule in enumerate(kept) if one >> bit & 1)
            found[missed] = found.get(missed, False) | (new & (code == one))
    return found


def _people(model: Model, can: np.ndarray, *, capped: bool) -> int:
    """People of (n,) classes, of whom so many may come; no more of a unit than it releases, where that is ``capped``."""
    unit = model.crowd.unit
    if not capped:
        return int(can.sum())
    of_unit = np.bincount(unit[unit >= 0], can[unit >= 0], len(model.crowd.unit_cap))
    return int(can[unit < 0].sum() + np.minimum(of_unit, model.crowd.unit_cap).sum())
