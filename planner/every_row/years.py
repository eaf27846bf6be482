"""Every exit beside the next-best year, and counties and villages that do not exit within the years planned."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.cost import SCALE
from planner.every_row.found import EveryRow, joined, names_of, open_frame, reasons, shown_points, with_rules
from planner.every_row.pairs import empty_where
from planner.otherwise.choice import Asking
from planner.otherwise.choices import least_changes
from planner.stages.exit.model import Built, Parts, build
from planner.stages.exit.stays import why_stays

TITLES = {"next_year": Text("次优的年份", "year of the runner-up"),
          "next_rules": Text("那一年受限于", "rules that keep it from that year")}  # fmt: skip
PAST = Text("规划之日已退出，不再改动", "it had exited on the day of planning and is not decided again")
STAYS = Text("在规划的年份内不退出", "does not exit within the years planned")


def every_exit(asking: Asking) -> EveryRow:
    """The rows of `exits`."""
    built = build(asking.context)
    rows = asking.plan.table("exits")
    year_of = dict(rows.select("region", "year").iter_rows())
    counties, villages = built.parts.places.listed, built.parts.villages.codes
    having = _having(asking, built, year_of)
    told = rows.join(_rivals(built, year_of, having), on="region", how="left", maintain_order="left")
    told = with_rules(asking.plan, asking.stage, told, ["region"])
    told = told.with_columns(next_name=pl.col("next_year").cast(pl.String))
    past = ~pl.col("region").is_in([*counties, *villages])
    told = told.with_columns(_reason(asking, "zh", past), _reason(asking, "en", past)).drop("next_name")
    left = [_stays(asking, built.parts, c) for c in (*counties, *villages) if c not in year_of]
    return EveryRow(asking.stage, "exits", told, open_frame(left), TITLES)


def _having(asking: Asking, built: Built, year_of: dict[str, int]) -> np.ndarray:
    """(counties and cells, years) thousandths that one more exit in each year adds at least; counties first."""
    places, villages, years = built.parts.places, built.parts.villages, built.parts.places.years
    number = {y: t for t, y in enumerate(years)}
    x = np.zeros(built.x.shape, np.int64)
    for k, county in enumerate(places.listed):
        if year_of.get(county) in number:
            x[k, number[year_of[county]]] = 1
    v = np.zeros(built.v.shape, np.int64)
    for cell, village in zip(villages.cell.tolist(), villages.codes, strict=True):
        if year_of.get(village) in number:
            v[cell, number[year_of[village]]] += 1
    at = np.zeros(built.model.n_columns, np.int64)
    at[: x.size + v.size] = np.concatenate([x.ravel(), v.ravel()])
    having, _ = least_changes(
        asking, built.model, at, int(asking.head["objective"]), x.size + v.size, thorough=True
    )
    return having.reshape(-1, len(years)) if having.size else np.zeros((0, len(years)))


def _rivals(built: Built, year_of: dict[str, int], having: np.ndarray) -> pl.DataFrame:
    """For each county and village that exits the other year that may add least, its own cost and what closes it."""
    parts, n = built.parts, len(built.parts.places.listed)
    ids = [*parts.places.listed, *parts.villages.codes]
    line = np.concatenate([np.arange(n), n + parts.villages.cell]).astype(np.int64)
    cost = np.concatenate(
        [parts.cost.reshape(n, -1), parts.village_cost.reshape(-1, len(parts.places.years))]
    )[line]
    least, years = having[line].copy(), np.array(parts.places.years)
    now = np.array([year_of.get(i, -1) for i in ids], np.int64)
    least[years[None, :] == now[:, None]] = np.inf
    order = np.lexsort((cost.ravel(), least.ravel(), np.repeat(np.arange(len(ids)), len(years))))
    best = order.reshape(len(ids), -1)[:, 0] % len(years) if ids else np.zeros(0, np.int64)
    row = np.arange(len(ids))
    none = ~np.isfinite(least[row, best])
    return pl.DataFrame(
        {
            "region": ids,
            "next_year": [None if gone else int(y) for y, gone in zip(years[best], none, strict=True)],
            "next_cost": empty_where(cost[row, best] / SCALE, none),
            "next_least": empty_where(least[row, best] / SCALE, none),
            "lose_least": empty_where(least[row, best] / SCALE, none | (asks_no_exit(built))),
            "next_rules": ["" if k >= n else ", ".join(_closing(parts, k, int(best[k]))) for k in row.tolist()],
        },
        schema={"region": pl.String, "next_year": pl.Int64, "next_cost": pl.Float64, "next_least": pl.Float64,
                "lose_least": pl.Float64, "next_rules": pl.String},
    )  # fmt: skip


def asks_no_exit(built: Built) -> bool:
    """Whether a place may also stay: then losing a year is not bounded by the other years."""
    return built.model.n_columns > built.x.size + built.v.size + built.u.size


def _closing(parts: Parts, county: int, year: int) -> list[str]:
    """Rules of a county's own that close a year to it."""
    return [f"exit.{rule}" for rule, mask in parts.blocked.items() if mask[county, year]]


def _reason(asking: Asking, language: str, past: pl.Expr) -> pl.Expr:
    zh = language == "zh"
    named = names_of(asking.plan.network, pl.col("region"))
    year, cost = pl.col("year").cast(pl.String), shown_points(pl.col("cost"))
    said = (
        joined(named, pl.lit(" 于 "), year, pl.lit(" 年退出，成本 "), cost)
        if zh
        else joined(named, pl.lit(" exits in "), year, pl.lit(" at a cost of "), cost)
    )
    return (
        pl.when(past)
        .then(pl.lit(PAST.zh if zh else PAST.en))
        .otherwise(reasons(language, said))
        .alias(f"reason_{language}")
    )


def _stays(asking: Asking, parts: Parts, code: str) -> dict[str, Any]:
    """A county or village that does not exit, and why."""
    why = why_stays(parts, code).why
    return {"kind_zh": STAYS.zh, "kind_en": STAYS.en, "code": code, "about": asking.label(code), "missing": 1,
            "reason_zh": why.zh, "reason_en": why.en}  # fmt: skip
