"""Every inspection beside the next-best team of its visit; visits that nobody makes, and teams that stay at home."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from planner.cost import SCALE
from planner.every_row.found import EveryRow, joined, names_of, open_frame, reasons, shown_points, with_rules
from planner.every_row.pairs import empty_where, first_of
from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices, least_changes, proved
from planner.stages.inspection.figures import visits_of
from planner.stages.inspection.left import LeftOver, visit_words
from planner.stages.inspection.model import InspectionModel, build_model
from planner.stages.inspection.scores import build_scored

NEXT = {"kind": pl.String, "team": pl.String, "region": pl.String, "next": pl.String, "next_cost": pl.Float64,
        "next_least": pl.Float64}  # fmt: skip
UNMADE, IDLE = (
    Text("没有人做的督查", "visit that nobody makes"),
    Text("没有任务的督查组", "team without a visit"),
)


def every_visit(asking: Asking) -> EveryRow:
    """The rows of `inspections`: one per team and county of a visit; the runner-up is that of the whole visit."""
    rows = asking.plan.table("inspections")
    scored = asking.context.policy["objective"] == "scores"
    rivals, left = _scored(asking, rows) if scored else _modelled(asking, rows)
    told = rows.join(
        rivals, on=["kind", "team", "region"], how="left", maintain_order="left", nulls_equal=True
    )
    told = told.with_columns(lose_least=pl.lit(None, pl.Float64))
    told = with_rules(asking.plan, asking.stage, told, ["team", "region"])
    told = told.with_columns(next_name=pl.col("next")).with_columns(
        _reason(asking, "zh"), _reason(asking, "en")
    )
    return EveryRow(asking.stage, "inspections", told.drop("next_name"), open_frame(left))


def _modelled(asking: Asking, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The next team of each row's visit by computed cost, and what stayed open."""
    built = build_model(asking.context)
    work, n = built.work, len(built.team)
    made = set(visits_of(asking.context, rows))
    keys = [(v.kind, v.region) for v in work.visits]
    chosen = np.array(
        [(*keys[v], work.teams.ids[t]) in made for t, v in zip(built.team, built.visit, strict=True)],
        np.bool_,
    )
    at = np.zeros(built.model.n_columns, np.int64)
    at[:n] = chosen
    cost = work.cost[built.team, built.visit]
    having, _ = least_changes(asking, built.model, at, int(cost[chosen].sum()), n, thorough=True)
    best = first_of(built.visit, having, cost, ~chosen, len(work.visits))
    return _stops(built, chosen, best, cost, having), _left(asking, rows)


def _stops(
    built: InspectionModel, chosen: np.ndarray, best: np.ndarray, cost: np.ndarray, having: np.ndarray
) -> pl.DataFrame:
    """A row for each team and county of a visit, with the next team of the visit."""
    work, found = built.work, []
    of_visit: dict[int, list[str]] = {}
    for stop in work.stops:
        of_visit.setdefault(stop.visit, []).append(stop.county)
    for p in np.flatnonzero(chosen).tolist():
        t, v = int(built.team[p]), int(built.visit[p])
        k = int(best[v])
        told = (
            (work.teams.ids[int(built.team[k])], float(cost[k]) / SCALE, float(having[k]) / SCALE)
            if k >= 0
            else (None,) * 3
        )
        found += [(work.visits[v].kind, work.teams.ids[t], county, *told) for county in of_visit.get(v, ())]
    return pl.DataFrame(found, schema=NEXT, orient="row")


def _left(asking: Asking, rows: pl.DataFrame) -> list[dict[str, Any]]:
    left = LeftOver(asking.context, visits_of(asking.context, rows))
    work, found = left.work, []
    for v in left.unmade:
        about, why = visit_words(asking.context, work.visits[v]), left.of_visit(v).why
        found.append({"kind_zh": UNMADE.zh, "kind_en": UNMADE.en, "code": work.visits[v].region, "about": f"{about.zh} {about.en}",
                      "missing": 1, "reason_zh": why.zh, "reason_en": why.en})  # fmt: skip
    for t in left.idle:
        why = left.of_team(t).why
        found.append({"kind_zh": IDLE.zh, "kind_en": IDLE.en, "code": work.teams.ids[t],
                      "about": asking.label(work.teams.units[t] or work.teams.homes[t] or ""), "missing": 1,
                      "reason_zh": why.zh, "reason_en": why.en})  # fmt: skip
    return found


def _scored(asking: Asking, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The next team of each region by own scores."""
    built = build_scored(asking.context)
    pairs = built.pairs
    taken = set(rows.select("team", "region").iter_rows())
    ends = [
        (pairs.supporters[s], pairs.recipients[r])
        for s, r in zip(pairs.supporter, pairs.recipient, strict=True)
    ]
    found = Choices(pairs, built.model, np.array([e in taken for e in ends], np.bool_))
    having, _ = proved(asking, found, thorough=True)
    best = first_of(pairs.recipient, having, pairs.cost, ~found.chosen, len(pairs.recipients))[
        pairs.recipient
    ]
    sign = -1 if pairs.sense == "max" else 1
    at, none = np.maximum(best, 0), best < 0
    table = pl.DataFrame({
        "team": [e[0] for e in ends], "region": [e[1] for e in ends],
        "next": [None if gone else ends[k][0] for k, gone in zip(at.tolist(), none, strict=True)],
        "next_cost": empty_where(sign * pairs.cost[at] / pairs.scale, none),
        "next_least": empty_where(having[at] / pairs.scale, none),
    }).filter(pl.Series(found.chosen))  # fmt: skip
    told = rows.select("kind", "team", "region").join(table, on=["team", "region"], how="inner")
    return told.select(pl.col(c).cast(d) for c, d in NEXT.items()), []


def _reason(asking: Asking, language: str) -> pl.Expr:
    zh, kinds = (
        language == "zh",
        {k: str(v.zh if language == "zh" else v.en) for k, v in ENUMS["inspection_kind"].every().items()},
    )
    place, cost = names_of(asking.plan.network, pl.col("region")), shown_points(pl.col("cost"))
    kind = pl.col("kind").replace(kinds).fill_null("")
    said = (
        joined(pl.col("team"), pl.lit(" 承担 "), place, pl.lit(" 的"), kind, pl.lit("，成本 "), cost)
        if zh else joined(kind, pl.lit(" of "), place, pl.lit(" by "), pl.col("team"), pl.lit(" at a cost of "), cost)
    )  # fmt: skip
    return reasons(language, said)
