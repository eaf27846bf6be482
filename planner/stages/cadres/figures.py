"""KPIs of postings, the plan's or the baseline's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.geography import great_circle_km
from graph.language import Text
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
    kpis += [
        Kpi("villages_led", Text("有第一书记的村", "villages with a first secretary"), int((leaders > 0).sum()), "villages", "more"),
        Kpi("whole_teams", Text("工作队齐整的村", "villages with a whole team"), int(whole.sum()), "villages", "more"),
        Kpi("teams_without_leader", Text("有队员而无第一书记的村", "villages with members and no first secretary"),
            int(alone.sum()), "villages", "less"),
        Kpi("posted", Text("派驻人数", "people posted"), found.height, "persons", "more"),
    ]  # fmt: skip
    if not found.height:
        return kpis
    total = float(found["cost"].sum())
    kpis.append(Kpi("cost", Text("总成本", "total cost"), round(total, 6), "points", "less"))
    kpis.append(
        Kpi(
            "cost_per_posting",
            Text("每人成本", "cost per posting"),
            round(total / found.height, 3),
            "points",
            "less",
        )
    )
    if context.policy["objective"] == "scores":
        return kpis
    home, village = places.row_of(found["home_region"]), posts.villages[posts.village[slot]]
    km = great_circle_km(places.lon[home], places.lat[home], places.lon[village], places.lat[village])
    wish = found["wish"].fill_null("general")
    fits = (wish == "general") | (wish == found["skill"])
    stay = people.post[person] == slot
    return [
        *kpis,
        Kpi("distance_km", Text("平均离家距离", "mean distance from home"), _mean(km), "km", "less"),
        Kpi("skill_fits", Text("专长相符比例", "share whose skill fits"), round(float(np.mean(fits.to_numpy())), 4), "share", "more"),
        Kpi("stay", Text("留任人数", "people who stay at their post"), int(stay.sum()), "persons", "more"),
        Kpi("in_term", Text("其中未满最短任期", "of them in their minimum term"), int(people.fixed.sum()), "persons"),
        Kpi("new", Text("新派人数", "new postings"), int((~stay).sum()), "persons"),
    ]  # fmt: skip


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
