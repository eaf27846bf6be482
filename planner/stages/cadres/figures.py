"""KPIs of postings, the plan's or the baseline's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import polars as pl

from graph.geography import great_circle_km
from graph.language import Text, a_or_an
from graph.titles import role_title
from planner.stage import Context, Kpi
from planner.stages.cadres.people import read_people
from planner.stages.cadres.places import Places
from planner.stages.cadres.posts import read_posts


def measure(context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
    """Posts filled by tier, teams, distance, skill, who stayed, cost."""
    frame = context.network.frame
    places = Places(context, (frame("village_posts")["village"], frame("cadres")["home_region"]))
    posts = read_posts(context, places)
    people = read_people(context, posts.table)
    slot_rows = posts.table.select("village", "post", wish="skill").with_row_index("slot")
    cadre_rows = people.table.select(pl.col("id").alias("cadre"), "home_region", "skill").with_row_index(
        "person"
    )
    found = (
        tables["postings"]
        .join(slot_rows, on=["village", "post"], how="left")
        .join(cadre_rows, on="cadre", how="left")
    )
    slot, person = found["slot"].cast(pl.Int64).to_numpy(), found["person"].cast(pl.Int64).to_numpy()
    there = np.bincount(slot, minlength=posts.table.height).astype(np.int64)
    kpis = _seats(posts.minimum, posts.target, posts.table["tier"].to_numpy(), there)
    with_team = posts.wanted > 0
    leaders = np.bincount(posts.village, there * posts.leads, len(posts.villages))
    size = np.bincount(posts.village, there, len(posts.villages))
    whole = with_team & (leaders > 0) & (size >= posts.wanted)
    alone = with_team & (size > 0) & (leaders == 0)
    leader = role_title(str(context.policy["leader_role"]))
    every = [
        Kpi("villages_led", Text(f"有{leader.zh}的村", f"villages with {a_or_an(leader.en)}"), int((leaders > 0).sum()), "villages", "more"),
        Kpi("whole_teams", Text("工作队齐整的村", "villages with a whole team"), int(whole.sum()), "villages", "more"),
        Kpi("teams_without_leader", Text(f"有队员而无{leader.zh}的村", f"villages with members and no {leader.en}"),
            int(alone.sum()), "villages", "less"),
        Kpi("posted", Text("派驻人数", "people posted"), found.height, "persons", "more"),
    ]  # fmt: skip
    kpis += [k for k in every if _asked_for(context, k.key)]
    scored = context.policy["objective"] == "scores"
    stay = people.post[person] == slot
    in_term = int(people.fixed[person[stay]].sum())
    if not scored and _asked_for(context, "ended_early"):
        kpis.append(Kpi("ended_early", Text("未满最短任期而结束的人", "people whose minimum term is cut short"),
                        int(people.fixed.sum()) - in_term, "persons", "less"))  # fmt: skip
    if not found.height:
        return kpis
    kpis += _costs(context, float(found["cost"].sum()), found.height)
    if scored:
        return kpis
    home, village = places.row_of(found["home_region"]), posts.villages[posts.village[slot]]
    km = great_circle_km(places.lon[home], places.lat[home], places.lon[village], places.lat[village])
    wish = found["wish"].fill_null("general")
    fits = (wish == "general") | (wish == found["skill"])
    rest = [
        Kpi("distance_km", Text("平均离家距离", "mean distance from home"), _mean(km), "km", "less"),
        Kpi("skill_fits", Text("专长相符比例", "share whose skill fits"), round(float(np.mean(fits.to_numpy())), 4), "share", "more"),
        Kpi("stay", Text("留任人数", "people who stay at their post"), int(stay.sum()), "persons", "more"),
        Kpi("in_term", Text("其中未满最短任期", "of them in their minimum term"), in_term, "persons"),
        Kpi("new", Text("新派人数", "new postings"), int((~stay).sum()), "persons"),
    ]  # fmt: skip
    return [*kpis, *(k for k in rest if _asked_for(context, k.key))]


ABOUT = {
    "villages_led": "team_led",
    "whole_teams": "team_minimum",
    "teams_without_leader": "team_led",
    "ended_early": "minimum_term_years",
    "in_term": "minimum_term_years",
    "skill_fits": "skill",
}
"""Key figures that tell how a rule is met, and the rule."""


def _asked_for(context: Context, figure: str) -> bool:
    """Whether the rule that a figure is about is in force; figures about none always are."""
    return figure not in ABOUT or context.policy.on(ABOUT[figure])


def _costs(context: Context, total: float, postings: int) -> list[Kpi]:
    """Sum and mean of the costs; own scores are called so, and the scenario's sense says which way is better."""
    scored = context.policy["objective"] == "scores"
    unit = "" if scored else "points"
    better: Literal["more", "less"] = "more" if scored and context.policy["sense"] == "max" else "less"
    whole = Text("总评分", "total score") if scored else Text("总成本", "total cost")
    each = Text("每人评分", "score per posting") if scored else Text("每人成本", "cost per posting")
    return [
        Kpi("cost", whole, round(total, 6), unit, better),
        Kpi("cost_per_posting", each, round(total / postings, 3), unit, better),
    ]


def _seats(minimum: np.ndarray, target: np.ndarray, tier: np.ndarray, there: np.ndarray) -> list[Kpi]:
    kpis = []
    for t in np.unique(tier).tolist():
        of = tier == t
        asked, met = int(minimum[of].sum()), int(np.minimum(minimum, there)[of].sum())
        kpis.append(Kpi(f"must_open_tier_{t}", Text(f"第 {t} 级必须岗位缺人（共 {asked}）", f"must-posts of tier {t} left open (of {asked})"),
                        asked - met, "persons", "less"))  # fmt: skip
    further = int(np.maximum(np.minimum(target, there) - minimum, 0).sum())
    room = int((target - minimum).sum())
    kpis.append(
        Kpi(
            "further_filled",
            Text(f"目标内其余岗位配上（共 {room}）", f"further posts filled (of {room})"),
            further,
            "persons",
            "more",
        )
    )
    return kpis


def _mean(km: np.ndarray) -> float | None:
    known = km[~np.isnan(km)]
    return round(float(known.mean()), 2) if known.size else None
