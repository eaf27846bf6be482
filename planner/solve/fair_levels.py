"""The fairest levels: how much of what they could carry some arcs can all have, the least one first, round by round.

A round finds the largest level that all arcs still free can reach at once, and a cut that lets none of its arcs have more;
they keep their level, and the next round goes on with the others. Levels by Newton's method: a cut that is violated says
which level it would bear, which is tried next, until a flow exists. Every cut is the proof of its round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve.bounded_flow import lacking, no_flow, violated_cut
from planner.solve.parts import ONE, part
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Levels of the arcs ``fair_arc`` (k,) of a :class:`~planner.solve.flow_model.FlowModel` without side rows.

    Arrays in: the model's, and ``fair_arc``. An arc at level λ (of :data:`~planner.solve.parts.ONE`) carries at least ``λ·upper``, rounded up,
    and never less than its lower bound. ``options["rounds"]``: how many rounds at most.

    Arrays out: ``level`` and ``round`` (k,) int64 (the last level and −1 for arcs that no round has fixed) and ``behind``
    (rounds, n_nodes) bool: the cut of each round, all zero for a last round in which all have everything. Facts:
    ``levels``, ``fixed`` and ``slack`` of each round: its level, how many arcs it fixed, and how many units its cut has left for
    them all. INFEASIBLE as in ``bounded_flow``.
    """
    k, n = len(arrays["fair_arc"]), len(arrays["supply"])
    level, fixed_in = np.zeros(k, dtype=np.int64), np.full(k, -1, dtype=np.int64)
    found: list[tuple[int, int, int]] = []
    cuts: list[np.ndarray] = []
    while len(found) < int(options["rounds"]) and (fixed_in < 0).any():
        free = fixed_in < 0
        told = _round(arrays, level, free)
        if told.behind is None and told.level < 0:
            return no_flow(arrays)
        level[free] = told.level
        fixed_in[told.members] = len(found)
        cuts.append(np.zeros(n, dtype=bool) if told.behind is None else told.behind)
        found.append((told.level, int(told.members.sum()), told.slack))
        report({"round": len(found), "level": round(told.level / ONE, 6), "left": int((fixed_in < 0).sum())})
    behind = np.stack(cuts) if cuts else np.zeros((0, n), dtype=bool)
    facts = {name: [f[i] for f in found] for i, name in enumerate(("levels", "fixed", "slack"))}
    return Answer("OPTIMAL", {"level": level, "round": fixed_in, "behind": behind}, facts)


class _Round:
    """What a round found: its level (−1: not even 0 is possible), the arcs that it fixes, its cut and that cut's slack."""

    def __init__(self, level: int, members: np.ndarray, behind: np.ndarray | None, slack: int) -> None:
        self.level, self.members, self.behind, self.slack = level, members, behind, slack


def _round(arrays: Arrays, level: np.ndarray, free: np.ndarray) -> _Round:
    """The largest level that all free arcs can reach while the others keep theirs."""
    now, last = ONE, _Round(ONE, free.copy(), None, 0)
    while True:
        lower = arrays["lower"].copy()
        lower[arrays["fair_arc"]] = floors(arrays, np.where(free, now, level))
        behind, short = violated_cut({**arrays, "lower": lower})
        if short == 0:
            return last
        last = _bearable(arrays, level, free, behind)
        if not 0 <= last.level < now:  # the cut is violated whatever the level
            return _Round(-1, last.members, None, 0)
        now = last.level


def floors(arrays: Arrays, level: np.ndarray) -> np.ndarray:
    """(k,) int64: what the fair arcs carry at least at these levels (k,)."""
    upper, lower = (arrays[name][arrays["fair_arc"]] for name in ("upper", "lower"))
    return np.asarray(np.maximum(part(upper, level), lower))


def _bearable(arrays: Arrays, level: np.ndarray, free: np.ndarray, behind: np.ndarray) -> _Round:
    """The largest level of the free arcs that leave a set of nodes at which the cut is not violated."""
    tail, head, fair = arrays["tail"], arrays["head"], arrays["fair_arc"]
    members = free & (behind[tail] & ~behind[head])[fair]
    lower = arrays["lower"].copy()
    lower[fair] = floors(arrays, level)
    lower[fair[members]] = 0
    room = -lacking({**arrays, "lower": lower}, behind)

    def wanted(at: int) -> int:
        return int(floors(arrays, np.full(len(fair), at))[members].sum())

    if wanted(0) > room or not members.any():
        return _Round(-1, members, None, 0)
    low, high = 0, ONE
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wanted(middle) <= room else (low, middle)
    return _Round(low, members, behind, room - wanted(low))
