"""Deliveries that were promised for a year that is over, and did not come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from graph.alerts.alert import Alert, Severity, called, make, place_of
from graph.alerts.thresholds import Thresholds
from graph.language import Text, several
from graph.network import Network
from graph.questions.protocol import Questions
from graph.schema import ENUMS

SHOWN = 3
"""Items that the words name."""
SEVERE, MEDIUM = 0.5, 0.8
"""Where less than this share of what was pledged came, on average over the items that fell short."""


def missed(questions: Questions, network: Network, at: date, thresholds: Thresholds) -> Iterator[Alert]:
    """One alert for each relation and year, the worst items first."""
    short = questions.pledged_delivered().filter(
        pl.col("year").is_between(at.year - thresholds.years, at.year - 1)
        & (pl.col("pledged") > pl.col("delivered").fill_null(0))
    )
    for (relation, year), rows in short.group_by("relation", "year", maintain_order=True):
        items = rows.sort("ratio", "item").to_dicts()
        yield _missed(network, str(relation), int(str(year)), items)


def _missed(network: Network, relation: str, year: int, items: list[dict[str, Any]]) -> Alert:
    row = items[0]
    giver, taker = row["supporter"] or relation, row["recipient"] or relation
    told = [_item(item) for item in items[:SHOWN]]
    more = len(items) - SHOWN
    zh = "；".join(t.zh for t in told) + (f"；另有 {more} 项" if more > 0 else "")
    en = "; ".join(t.en for t in told) + (f"; and {more} more" if more > 0 else "")
    one, two = called(network, giver), called(network, taker)
    text = Text(
        f"{one.zh} 对 {two.zh}：{year} 年有 {len(items)} 项承诺未兑现：{zh}",
        f"{one.en} to {two.en}: {several(len(items), 'item')} of {year} fell short of what was pledged: {en}",
    )
    facts = [[i["item"], i["pledged"], i["delivered"]] for i in sorted(items, key=lambda i: str(i["item"]))]
    return make(
        "missed_delivery", relation, year, _severity(items), text, region=place_of(network, taker),
        regions=(place_of(network, giver),), since=date(year + 1, 1, 1), facts=facts,
    )  # fmt: skip


def _item(row: dict[str, Any]) -> Text:
    title = ENUMS["ledger_item"].get(row["item"], Text(row["item"], row["item"]))
    came = row["delivered"] or 0
    return Text(
        f"{title.zh} 承诺 {row['pledged']:,}，兑现 {came:,}",
        f"{title.en} {row['pledged']:,} pledged, {came:,} delivered",
    )


def _severity(items: list[dict[str, Any]]) -> Severity:
    came = sum(item["ratio"] or 0 for item in items) / len(items)
    return "severe" if came < SEVERE else "medium" if came < MEDIUM else "low"
