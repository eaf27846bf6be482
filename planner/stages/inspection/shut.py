"""The rules by which a team may not make a visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from planner.stage import Context
from planner.stages.inspection.conflicts import forbidden, may_lead
from planner.stages.inspection.model import Work


def barred_by(context: Context, work: Work, t: int, v: int) -> tuple[str, ...]:
    """The rules by which a team may not make a visit."""
    visit = work.visits[v]
    keys = [key for key, mask in forbidden(context, work.teams, [visit.region]).items() if mask[t, 0]]
    if not may_lead(context, work.teams, visit.kind)[t]:
        least = (context.policy["team_size"] or {}).get(visit.kind, 0)
        keys.append("team_size" if work.teams.size[t] < least else "led_by")
    return tuple(keys)


def keeping_away(
    context: Context, work: Work, visits: Sequence[int], fails: Callable[[np.ndarray], bool]
) -> list[str]:
    """Rules by which teams may not make these visits, as many as make them fail, every other rule being off; each is needed for that.

    ``fails``: whether the visits fail with (n, k) bool, which team may make which of them.
    """
    barred = [[set(barred_by(context, work, t, v)) for v in visits] for t in range(len(work.teams.ids))]

    def still(rules: set[str]) -> bool:
        return fails(
            np.array([[not by & rules for by in row] for row in barred], dtype=np.bool_).reshape(
                len(barred), len(visits)
            )
        )

    kept = dict.fromkeys(rule for row in barred for by in row for rule in sorted(by))
    for rule in reversed(list(kept)):
        if still(set(kept) - {rule}):
            del kept[rule]
    return list(kept)
