"""The rules by which a team may not make a visit."""

from __future__ import annotations

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
