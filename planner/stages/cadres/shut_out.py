"""Which rules keep cadres from posts, for many at once, and how many each set of rules keeps away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.published import FROZEN
from planner.stages.cadres.standing import Standing


@dataclass(frozen=True)
class ShutOut:
    """Cadres and posts that the same ``rules`` keep apart, each rule by itself; ``at`` (k,) their numbers in what was asked."""

    rules: tuple[str, ...]
    at: np.ndarray


def shut_out(standing: Standing, rows: np.ndarray, slots: np.ndarray) -> list[ShutOut]:
    """Cadres (k,) against posts (k,), by the rules that keep them apart, the fewest rules and most pairs first.

    As :meth:`~planner.stages.cadres.standing.Standing.barred` tells of one; whom nothing keeps away is left out.
    """
    masks = _masks(standing, rows, slots)
    names = list(masks)
    code = np.zeros(len(rows), np.int64)
    for k, name in enumerate(names):
        code |= np.where(masks[name], 1 << k, 0)
    found = [
        ShutOut(tuple(n for k, n in enumerate(names) if one >> k & 1), np.flatnonzero(code == one))
        for one in np.unique(code[code > 0]).tolist()
    ]
    return sorted(found, key=lambda s: (len(s.rules), -len(s.at), s.rules))


def _masks(standing: Standing, rows: np.ndarray, slots: np.ndarray) -> dict[str, np.ndarray]:
    """Rule → (k,) bool: whether it by itself keeps them apart."""
    model, people = standing.model, standing.model.people
    found: dict[str, np.ndarray] = {}

    def bar(rule: str, mask: np.ndarray) -> None:
        found[rule] = found.get(rule, False) | mask

    fixed, free = people.fixed[rows], people.free[rows]
    away = ~((people.post[rows] == slots) & (free | fixed))
    kept = model.kept
    frozen = np.zeros(len(rows), np.bool_) if kept is None else kept.frozen[rows]
    bar(FROZEN, away & fixed & frozen)
    bar("minimum_term_years", away & fixed & ~frozen)
    idle = away & ~fixed & ~free
    bar("ended_because", idle & standing.gone[rows])
    bar("availability", (idle & ~standing.gone[rows]) | (away & free & ~people.new[rows]))
    may = np.flatnonzero(away & free & people.new[rows])
    masks = _of_places(standing, rows[may], slots[may])
    full = (standing.seats[slots[may]] == 0) & ~np.any([np.zeros(len(may)), *masks.values()], axis=0)
    shut = np.zeros(len(may), np.bool_) if kept is None else kept.shut[model.posts.village[slots[may]]]
    for rule, mask in {**masks, FROZEN: full & shut, "minimum_term_years": full & ~shut}.items():
        whole = np.zeros(len(rows), np.bool_)
        whole[may] = mask
        bar(rule, whole)
    return found


def _of_places(standing: Standing, rows: np.ndarray, slots: np.ndarray) -> dict[str, np.ndarray]:
    """Rule on where and what for somebody new may be posted → (k,) bool: whether it keeps them apart."""
    model = standing.model
    number = standing.class_of_row[rows]
    traits, villages = model.costs.traits, model.posts.villages[model.posts.village[slots]]
    group = model.reach.group[number]
    inside = np.zeros(len(rows), np.bool_)
    for g in np.unique(group[group >= 0]).tolist():
        mine = np.flatnonzero(group == g)
        inside[mine] = np.isin(slots[mine], model.reach.slots[g])
    kept = model.costs.fit_enough(traits.ability[number], slots)
    kept |= model.costs.near_enough(traits.home[number], villages)
    return {"posting_area": ~inside} | {rule: ~holds for rule, holds in kept.items()}
