"""A comparison as one self-contained web page: drawings from its figures, nothing loaded from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from api.charts import amount, labels_of
from api.cli.screen import all_with_pinyin, figures, titled
from api.cli.show import said
from api.comparison_charts import (
    HALF,
    ROW,
    SIDE,
    WIDE,
    flow_ribbons,
    kpi_bars,
    lorenz_curves,
    support_bars,
)
from api.comparison_words import (
    COUNTS,
    HOW,
    MOVES,
    not_planned_said,
    plan_labels,
    settings_said,
    support_said,
)
from api.page import rendered, write_text
from graph.language import Text, current_language
from graph.network import Network
from graph.schema import RESULTS
from planner.compare import Comparison
from planner.compare.places import joined_network

ROWS = 100
"""Rows of a table on the page; a workbook and JSON have them all."""


def write_comparison_page(found: Comparison, path: Path | str) -> Path:
    """Write the page, in the language in force; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    return write_text(path, comparison_page(found))


def comparison_page(found: Comparison) -> str:
    """The page's HTML; everything that comes from data is escaped."""
    network = joined_network(found.plans)
    names = _names(found, network)
    plans = list({p.id: p for p in found.plans}.values())
    return rendered(
        "compare.html.j2", version=plans[0].head["jiedui"],
        plans=[(p.id, said(p.head["title"]), p.head["inputs"]["date"], bool(p.head["marks"])) for p in plans], labels=plan_labels(plans),
        settings=settings_said(found).rows(), others=[_of_plan(found, i, network, names) for i in found.ids[1:]],
        unplanned=[(plan_labels(plans)[i], str(told)) for i, told in not_planned_said(found).items()],
        measured=found.measured, curves=lorenz_curves(found), gini=_gini(found), half=HALF, row=ROW, side=SIDE, wide=WIDE,
    )  # fmt: skip


def _names(found: Comparison, network: Network) -> dict[str, str]:
    """Names of what the page speaks of, with pinyin in English; of money sources their own."""
    amounts, flows = found.support.amounts, found.flows
    codes = {
        *amounts["id"],
        *amounts["province"],
        *flows["giver"],
        *flows["taker"],
        *found.partners["recipient"],
    }
    for tables in found.changes.values():
        for frame in tables.values():
            shown = frame.head(ROWS)
            codes |= {
                c
                for n in ("supporter", "recipient", "village", "region")
                if n in shown.columns
                for c in shown[n]
            }
    money = dict(network.frame("fund_sources").select("id", "name").iter_rows())
    named = {i: n for i, n in money.items() if n}
    told = dict(zip(named, all_with_pinyin(list(named.values()), network), strict=True))
    return labels_of(network, sorted(c for c in codes if c)) | told


def _of_plan(found: Comparison, plan: str, network: Network, names: dict[str, str]) -> dict[str, Any]:
    """What one plan changes against the first."""
    return {
        "id": plan,
        "kpis": kpi_bars(found, plan),
        "support": support_bars(found, plan, names),
        "worst": _worst(found, plan, names),
        "partners": _partners(found, plan, names),
        "churn": _churn(found, plan, names),
        "flows": flow_ribbons(found, plan, names),
        "tables": [_rows(name, frame, names) for name, frame in found.changes.get(plan, {}).items()],
    }


def _gini(found: Comparison) -> list[list[str]]:
    told = support_said(found.support.gini)
    return [
        [
            f"{r['side']} · {r['measure']}",
            r["kind"],
            *("–" if r[i] is None else f"{r[i]:.4f}" for i in found.ids),
        ]
        for r in told.iter_rows(named=True)
    ]


def _worst(found: Comparison, plan: str, names: dict[str, str]) -> list[tuple[str, list[list[str]]]]:
    """Of each thing the ten, with no rows where they are the first plan's with the same amounts."""
    worst = found.support.worst.filter(pl.col("kind") == "")
    mine, before = (worst.filter(pl.col("plan") == i) for i in (plan, found.ids[0]))
    tables = []
    for (side, measure), rows in mine.group_by("side", "measure", maintain_order=True):
        told = support_said(rows.head(1)).row(0, named=True)
        was = before.filter((pl.col("side") == side) & (pl.col("measure") == measure))
        unit = "yuan" if measure == "money" else ""
        listed = [
            [str(r["rank"]), names.get(r["id"], r["id"]), names.get(r["province"] or "", ""), amount(r["first"], unit), amount(r["amount"], unit)]
            for r in rows.iter_rows(named=True)
        ]  # fmt: skip
        same = rows.select("rank", "id", "amount").equals(was.select("rank", "id", "amount"))
        tables.append((f"{told['side']} · {told['measure']}", [] if same else listed))
    return tables


def _partners(found: Comparison, plan: str, names: dict[str, str]) -> list[list[str]]:
    mine = found.partner_counts.filter(pl.col("plan") == plan)
    moved = mine.filter(pl.any_horizontal(pl.col("swapped", "new", "ended") > 0))
    return [
        [
            titled("stage", r["stage"]),
            titled("relation_kind", r["kind"]),
            names.get(r["province"] or "", ""),
            *(f"{r[c]:,}" for c in COUNTS),
        ]
        for r in moved.iter_rows(named=True)
    ]


def _churn(found: Comparison, plan: str, names: dict[str, str]) -> list[list[str]]:
    mine = found.churn.filter(pl.col("plan") == plan)
    moved = mine.filter(pl.sum_horizontal(*MOVES) > 0)
    whole = str(Text("全部", "all"))
    return [
        [names.get(r["province"], r["province"]) if r["province"] else whole, *(f"{r[c]:,}" for c in ("stayed", *MOVES)),
         *("–" if r[c] is None else f"{r[c]:,.1f}" for c in ("km", "km_most", "home_km_before", "home_km"))]
        for r in moved.iter_rows(named=True)
    ]  # fmt: skip


def _rows(name: str, frame: pl.DataFrame, names: dict[str, str]) -> dict[str, Any]:
    """The first changed rows of one table, with why."""
    columns = [
        c for c in RESULTS[name].columns if c.name in frame.columns and c.name not in ("terms", "sample")
    ]
    why = f"why_{current_language()}"
    rows = []
    for row in frame.head(ROWS).iter_rows(named=True):
        cells = []
        for c in columns:
            value, before = row[c.name], row.get(f"{c.name}_before")
            told = (
                names.get(value, value)
                if c.kind == "code"
                else titled(c.enum, value)
                if c.enum
                else _figure(value, c.name)
            )
            changed = row["how"] == "changed" and f"{c.name}_before" in row and before != value
            if changed and isinstance(value, float) and isinstance(before, float):
                cells.append(" → ".join(figures(before, value)))
            else:
                cells.append(f"{_figure(before, c.name)} → {told}" if changed else told or "")
        rows.append([str(HOW[row["how"]]), *cells, row[why]])
    heads = ["", *(str(c.title) for c in columns), str(Text("原因", "why"))]
    return {
        "title": str(RESULTS[name].title),
        "count": frame.height,
        "more": frame.height - len(rows),
        "heads": heads,
        "rows": rows,
    }


def _figure(value: Any, column: str) -> str:
    if value is None or isinstance(value, str) or column.endswith("year"):
        return str(value or "")
    return f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
