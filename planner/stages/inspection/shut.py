"""The rules by which a team may not make a visit."""

from __future__ import annotations

from collections.abc import Sequence

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


def keeping_away(context: Context, work: Work, visits: Sequence[int], least: int) -> list[str]:
    """Rules by which each of these visits has fewer than ``least`` teams, every other rule being off; each of them is needed for that."""
    barred = [[set(barred_by(context, work, t, v)) for t in range(len(work.teams.ids))] for v in visits]

    def all_lost(rules: set[str]) -> bool:
        return all(sum(not by & rules for by in teams) < least for teams in barred)

    kept = dict.fromkeys(rule for teams in barred for by in teams for rule in sorted(by))
    for rule in reversed(list(kept)):
        if all_lost(set(kept) - {rule}):
            del kept[rule]
    return list(kept)
