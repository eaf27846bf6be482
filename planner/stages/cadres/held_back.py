"""Which rules hold people back from posts that too few may take, and how many more each would let come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph.language import Text
from planner.stage import Context
from planner.stages.cadres.build import Model


@dataclass(frozen=True)
class Held:
    """``rules`` that hold people back; ``more``: rule → people who could come were it alone off."""

    rules: list[str]
    more: Mapping[str, int]


def held_back(context: Context, model: Model, slots: np.ndarray, people: int) -> Held:
    """Rules between free cadres and the posts at the rows ``slots``, of which ``people`` may take one within the units' limits.

    A rule that alone holds nobody back is named only where no single one does.
    """
    crowd, costs = model.crowd, model.costs
    n = len(crowd.supply)
    new = model.reach.group >= 0
    wish, village = costs.wish[slots], model.posts.village[slots]
    first = np.unique(np.stack([wish, village]), axis=1, return_index=True)[1]
    area = inside(model, slots[first]) if context.policy.on("posting_area") else None
    reached, gained, barred = np.zeros(n, np.bool_), dict[str, np.ndarray](), dict[str, np.ndarray]()
    for k, slot in enumerate(slots[first].tolist()):
        home = model.posts.villages[model.posts.village[slot]]
        kept = dict[str, np.ndarray]() if area is None else {"posting_area": area[model.reach.group, k]}
        kept |= costs.fit_enough(costs.traits.ability, np.array(slot))
        kept |= costs.near_enough(costs.traits.home, home)
        misses = np.zeros(n, np.int64)
        for holds in kept.values():
            misses += ~holds
        reached |= new & (misses == 0)
        for rule, holds in kept.items():
            gained[rule] = gained.get(rule, False) | (new & ~holds & (misses == 1))
            barred[rule] = barred.get(rule, False) | (new & ~holds)
    can = np.where(reached, crowd.supply, staying(model, slots))
    more = {r: int((crowd.supply - can)[g].sum()) for r, g in gained.items()}
    more["unit_release_share"] = int(can.sum()) - people
    more = {r: m for r, m in more.items() if m > 0}
    outside = can < crowd.supply
    return Held(list(more) or [r for r, b in barred.items() if (b & outside).any()], more)


def inside(model: Model, slots: np.ndarray) -> np.ndarray:
    """(groups + 1, k) bool: whether each reach has each of the ``slots``; the last for those who may take no new post."""
    found = np.zeros((len(model.reach.slots) + 1, len(slots)), np.bool_)
    for g, mine in enumerate(model.reach.slots):
        if len(mine):
            at = np.minimum(np.searchsorted(mine, slots), len(mine) - 1)
            found[g] = mine[at] == slots
    return found


def staying(model: Model, slots: np.ndarray) -> np.ndarray:
    """(n,) people of each class who may stay at one of the ``slots``."""
    of_class, slot, room, _ = model.crowd.stays
    there = np.isin(slot, slots)
    found = np.zeros(len(model.crowd.supply), np.int64)
    np.add.at(found, of_class[there], room[there])
    return np.asarray(np.minimum(found, model.crowd.supply))


def held_words(held: Held) -> Text:
    """How many more people could come, rule by rule."""
    listed = sorted(held.more.items(), key=lambda item: -item[1])
    return Text(
        "、".join(f"若无 {rule}，可到的还有 {number} 人" for rule, number in listed),
        ", ".join(f"but for {rule} {number} more could come" for rule, number in listed),
    )
