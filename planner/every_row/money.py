"""Every allocation of `funds`: how far its need is met, what a step (`price_step`) less costs, where else the source's money is worth most."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from planner.every_row.found import WORDS, EveryRow, joined, names_of, open_frame, shown_points, with_rules
from planner.otherwise.choice import Asking
from planner.price_words import in_points
from planner.stages.funds.facts import Facts
from planner.stages.funds.left import ELSEWHERE, RULED, UNSETTLED, Unmet
from planner.stages.funds.stage import seen
from planner.stages.funds.unspent import Unspent

CELL = ["region", "programme", "year"]
NEXT = {"next": "region", "next_programme": "programme", "next_more_yuan": "more_yuan", "next_more": "more"}
"""Columns about the runner-up, and those of the need that they come from."""
TITLES = {
    "need": Text("需求（元）", "need (yuan)"), "met": Text("该需求从各来源共得（元）", "the need gets from all sources (yuan)"),
    "met_share": Text("满足率", "met"), "less_yuan": Text("该需求共少（元）", "less for the whole need (yuan)"),
    "less": Text("该需求少这么多则（分，精确）", "so much less for the whole need (points, exact)"),
    "more_yuan": Text("该需求多（元）", "more for the whole need (yuan)"),
    "more": Text("该需求多这么多则（分，精确）", "so much more for the whole need (points, exact)"),
    "next_programme": Text("次优的项目", "programme of the runner-up"),
    "next_more_yuan": Text("次优处多（元）", "more for the runner-up (yuan)"),
    "next_more": Text("次优处多这么多则（分）", "so much more for the runner-up (points)"),
}  # fmt: skip
UNMET, UNSPENT = (
    Text("没有满足的需求（元）", "need that is not met (yuan)"),
    Text("没有用完的预算（元）", "budget that is not spent (yuan)"),
)
WORTH = Text("多 {yuan} 元值 {points} 分，{why}", "{yuan} yuan more would be worth {points} points, {why}")


def every_amount(asking: Asking) -> EveryRow:
    """The rows of `allocations`; prices are those that the plan keeps, each exact by itself."""
    facts, _ = seen(asking.context)
    rows = asking.plan.table("allocations")
    cells = _cells(asking, facts, rows)
    told = rows.join(cells, on=CELL, how="left", maintain_order="left")
    told = told.join(
        _elsewhere(facts, cells),
        on=["source", "year", "region", "programme"],
        how="left",
        maintain_order="left",
    )
    rest = _best_of(facts, cells, 1)
    told = told.join(rest, on=["source", "year"], how="left", maintain_order="left")
    told = told.with_columns([pl.coalesce(f"{c}_second", f"{c}_first").alias(c) for c in NEXT]).drop(
        [f"{c}_{k}" for c in NEXT for k in ("first", "second")]
    )
    told = with_rules(asking.plan, asking.stage, told, ["source", "region"])
    told = told.with_columns(_reason(asking, "zh"), _reason(asking, "en"))
    left = [*_unmet(asking, facts, cells), *_unspent(asking, facts, rows)]
    return EveryRow(asking.stage, "allocations", told, open_frame(left), TITLES)


def _cells(asking: Asking, facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    """Every need: yuan needed and got, and what a step less and more would change, in points."""
    c, p, t = np.nonzero(facts.need)
    needs = pl.DataFrame({
        "region": pl.Series(facts.counties).gather(c), "programme": pl.Series(facts.programmes).gather(p),
        "year": pl.Series(facts.years, dtype=pl.Int64).gather(t), "need": facts.need[c, p, t],
    })  # fmt: skip
    got = rows.group_by(CELL).agg(met=pl.col("amount").sum())
    found = needs.join(got, on=CELL, how="left", maintain_order="left").with_columns(
        pl.col("met").fill_null(0)
    )
    found = found.with_columns(met_share=pl.col("met") / pl.col("need"))
    priced = asking.plan.tables("prices").get("funds")
    if priced is None:
        return found.with_columns(
            less=pl.lit(None, pl.Float64),
            less_yuan=pl.lit(None, pl.Int64),
            more=pl.lit(None, pl.Float64),
            more_yuan=pl.lit(None, pl.Int64),
        )
    scale = asking.head["scale"]
    rows = priced.filter(pl.col("rule") == "needs")
    prices = rows.select(
        *CELL, in_points(rows["less"], scale), "less_yuan", in_points(rows["more"], scale), "more_yuan"
    )
    return found.join(prices, on=CELL, how="left", maintain_order="left")


def _grouped(name: str) -> pl.Expr:
    """Whole numbers with thousands apart."""
    return pl.col(name).map_elements(lambda v: f"{v:,}", return_dtype=pl.String)


def _best_of(facts: Facts, cells: pl.DataFrame, rank: int) -> pl.DataFrame:
    """For each source and year the need that it may pay for of which a step more is worth most (``rank`` 1), or second most (2)."""
    s, c, p = np.nonzero(facts.allowed)
    may = pl.DataFrame({
        "source": pl.Series(facts.sources).gather(s), "region": pl.Series(facts.counties).gather(c),
        "programme": pl.Series(facts.programmes).gather(p),
    })  # fmt: skip
    worth = cells.filter(pl.col("more") > 0).sort("more", *CELL, descending=[True, False, False, False])
    suffix = "first" if rank == 1 else "second"
    best = may.join(worth, on=["region", "programme"], maintain_order="right").group_by(
        "source", "year", maintain_order=True
    )
    return best.agg(pl.col(c).get(rank - 1, null_on_oob=True).alias(f"{k}_{suffix}") for k, c in NEXT.items())


def _elsewhere(facts: Facts, cells: pl.DataFrame) -> pl.DataFrame:
    """Where the best need of a source and year is a row's own: the second best, under the row's key."""
    first, second = _best_of(facts, cells, 1), _best_of(facts, cells, 2)
    both = first.join(second, on=["source", "year"]).rename(
        {"next_first": "region", "next_programme_first": "programme"}
    )
    return both.select("source", "year", "region", "programme", *(f"{k}_second" for k in NEXT))


def _reason(asking: Asking, language: str) -> pl.Expr:
    zh, words, network = language == "zh", WORDS[language], asking.plan.network
    sources = dict(network.frame("fund_sources").select("id", "name").drop_nulls().iter_rows())
    titles = {k: str(v.zh if zh else v.en) for k, v in ENUMS["programme"].every().items()}
    source = pl.col("source").replace(sources)
    what = joined(names_of(network, pl.col("region")), pl.lit(" "), pl.col("programme").replace(titles), pl.lit(" "),
                  pl.col("year").cast(pl.String))  # fmt: skip
    share = (pl.col("met_share") * 100).round(1).cast(pl.String)
    yuan = _grouped("amount")
    said = (
        joined(source, pl.lit(" 付 "), yuan, pl.lit(" 元给 "), what, pl.lit("，该需求满足 "), share, pl.lit("%"))
        if zh else
        joined(source, pl.lit(" pays "), yuan, pl.lit(" yuan for "), what, pl.lit("; that need is met by "), share, pl.lit("%"))
    )  # fmt: skip
    less = joined(pl.lit("；该需求从各来源共少 " if zh else "; with "), _grouped("less_yuan"),
                  pl.lit(" 元，总共 " if zh else " yuan less for that need from all its sources the total changes by "), shown_points(pl.col("less"), sign=True),
                  pl.lit(" 分" if zh else " points"))  # fmt: skip
    place = joined(names_of(network, pl.col("next")), pl.lit(" "), pl.col("next_programme").replace(titles))
    rival = joined(pl.lit(words["next"]), place, pl.lit("，多 " if zh else ", where "), _grouped("next_more_yuan"),
                   pl.lit(" 元 " if zh else " yuan more are worth "), shown_points(pl.col("next_more"), sign=True), pl.lit(" 分" if zh else " points"))  # fmt: skip
    return joined(
        said,
        pl.when(pl.col("less").is_not_null()).then(less).otherwise(pl.lit("")),
        pl.when(pl.col("next").is_not_null()).then(rival).otherwise(pl.lit("")),
        pl.when(pl.col(f"rules_{language}") != "").then(joined(pl.lit(words["rules"]), pl.col(f"rules_{language}"))).otherwise(pl.lit("")),
    ).alias(f"reason_{language}")  # fmt: skip


def _unmet(asking: Asking, facts: Facts, cells: pl.DataFrame) -> list[dict[str, Any]]:
    """Needs that get less than they ask for."""
    unmet = Unmet(facts, asking.plan.tables("prices").get("funds"))
    county, programme, year_at = (
        {v: k for k, v in enumerate(ids)} for ids in (facts.counties, facts.programmes, facts.years)
    )
    label, found = asking.plan.network.label, []
    short = cells.filter(pl.col("met") < pl.col("need"))
    for region, p, year, need, met, more, yuan in short.select(
        *CELL, "need", "met", "more", "more_yuan"
    ).iter_rows():
        why = unmet.why(county[region], programme[p], year_at[year])
        if why in (ELSEWHERE, RULED, UNSETTLED):
            why = WORTH.fill(yuan=f"{yuan:,}", points=f"{more:,.3f}", why=why)
        found.append({"kind_zh": UNMET.zh, "kind_en": UNMET.en, "code": region, "about": f"{label(region)} {p} {year}",
                      "missing": need - met, "reason_zh": why.zh, "reason_en": why.en})  # fmt: skip
    return found


def _unspent(asking: Asking, facts: Facts, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Budgets of which some is left, all planned years together, as some may be carried on."""
    spent = dict(rows.group_by("source").agg(pl.col("amount").sum()).iter_rows())
    why_left = Unspent(asking.context, *seen(asking.context), rows)
    found = []
    for s, source in enumerate(facts.sources):
        left = int(facts.budget[s].sum()) - int(spent.get(source, 0))
        if left > 0:
            why = why_left.why(source)
            found.append({"kind_zh": UNSPENT.zh, "kind_en": UNSPENT.en, "code": source, "about": asking.source_name(source),
                          "missing": left, "reason_zh": why.zh, "reason_en": why.en})  # fmt: skip
    return found
