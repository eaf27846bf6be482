"""Key figures of inspection, of the plan and of the round robin alike."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.stage import Context, Kpi
from planner.stages.inspection.conflicts import area_of, find_teams, forbidden
from planner.stages.inspection.visits import planned_visits


def figures(context: Context, rows: pl.DataFrame) -> list[Kpi]:
    """KPIs of the table ``inspections``."""
    days = dict(rows.group_by("team").agg(pl.col("days").sum()).iter_rows())
    used = rows.group_by("region").agg(pl.col("kind").n_unique().alias("n"))["n"].max()
    shared = [
        Kpi("teams", Text("出动的组", "teams that go out"), rows["team"].n_unique(), "teams"),
        Kpi("days", Text("工作日合计（组·天）", "team-days in all"), int(rows["days"].sum()), "days", "less"),
        Kpi("cost", Text("总成本", "total cost"), round(float(rows["cost"].sum()), 6), "points",
            "more" if context.policy["sense"] == "max" else "less"),
    ]  # fmt: skip
    if context.policy["objective"] == "scores":
        return shared
    done = visits_of(context, rows)
    return [
        Kpi("visits", Text("完成的督查", "visits made"), len({(k, r) for k, r, _ in done}), "visits", "more"),
        Kpi("visits_planned", Text("应督查", "visits due"), len(planned_visits(context)), "visits"),
        Kpi("counties", Text("抽查的县", "counties sampled"), rows["region"].n_unique(), "counties"),
        Kpi("most_visits", Text("一县最多接受次数", "most visits to one county"), int(str(used or 0)), "visits", "less"),
        Kpi("conflicts", Text("有利益冲突的派组", "assignments with a conflict of interest"), conflicts(context, done),
            "visits", "less"),
        Kpi("heaviest", Text("最忙的组用去天数比例", "largest share of a team's days"), _heaviest(context, days), "", "less"),
        Kpi("over_days", Text("超出全年天数的组", "teams over their days"), _over(context, days), "teams", "less"),
        *shared,
    ]  # fmt: skip


def visits_of(context: Context, rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    """(kind, inspected region, team) of the rows, each once."""
    regions = {v.region for v in planned_visits(context)}
    found = set()
    for kind, county, team in rows.select("kind", "region", "team").iter_rows():
        places = (county, *context.network.ancestors(county))
        region = next((p for p in places if p in regions), area_of(context, county))
        found.add((kind, region, team))
    return sorted(found)


def conflicts(context: Context, done: list[tuple[str, str, str]]) -> int:
    """How many (kind, region, team) break a rule of independence, mutual inspection and repetition included."""
    teams = find_teams(context)
    regions = sorted({r for _, r, _ in done})
    barred = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    for mask in forbidden(context, teams, regions).values():
        barred |= mask
    area = dict(zip(teams.ids, teams.area, strict=True))
    done = [d for d in done if d[2] in area]  # a hand-made plan may name a team that is not there
    ways = {(area[t], area_of(context, r)) for _, r, t in done}
    seen: set[tuple[str, str]] = set()
    count = 0
    for _, region, team in done:
        here = area_of(context, region)
        back = area[team] not in (None, here) and (here, area[team]) in ways
        again = (team, region) in seen
        seen.add((team, region))
        mutual = back and context.policy.on("no_reciprocal")
        repeated = again and context.policy.on("no_repeat")
        count += bool(barred[teams.ids.index(team), regions.index(region)] or mutual or repeated)
    return count


def _days_max(context: Context) -> dict[str, int]:
    return dict(context.network.frame("inspection_teams").select("id", "days_max").iter_rows())


def _heaviest(context: Context, days: dict[str, int]) -> float:
    most = _days_max(context)
    return round(max((d / max(1, most[t]) for t, d in days.items() if t in most), default=0.0), 3)


def _over(context: Context, days: dict[str, int]) -> int:
    most = _days_max(context)
    return sum(d > most.get(t, 0) for t, d in days.items())
