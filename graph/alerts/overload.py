"""Supporters that carry more than their capacity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from graph.alerts.alert import Alert, called, make, place_of
from graph.dates import holding
from graph.language import Text, several
from graph.network import Network
from graph.questions.protocol import Questions

SEVERE = 0.5
"""Over the capacity by this share of it and more."""


def overload(questions: Questions, network: Network, at: date) -> Iterator[Alert]:
    """Each supporter above its capacity."""
    over = questions.supporter_loads(at=at).filter(pl.col("over") > 0)
    carried = _carried(network, over["supporter"].to_list(), at)
    for row in over.sort("supporter").iter_rows(named=True):
        id, load, capacity = row["supporter"], row["recipients"], row["capacity"]
        who, places = called(network, id), carried.get(id, [])
        text = Text(
            f"{who.zh} 帮扶 {load} 处，能力 {capacity}，超出 {row['over']}",
            f"{who.en} supports {several(load, 'place')}, its capacity is {capacity}: {row['over']} too many",
        )
        yield make(
            "overload", id, "recipients", "severe" if row["over"] >= SEVERE * capacity else "medium", text,
            region=place_of(network, id), regions=[place for place, _ in places], since=_since(places, capacity),
            facts=[load, capacity],
        )  # fmt: skip


def _carried(network: Network, supporters: list[str], at: date) -> dict[str, list[tuple[str, date | None]]]:
    """Supporter → whom it supports, and since when."""
    now = network.frame("relations").filter(holding(at) & pl.col("supporter").is_in(supporters))
    first = now.group_by("supporter", "recipient").agg(pl.col("since").min()).sort("supporter", "recipient")
    found: dict[str, list[tuple[str, date | None]]] = {}
    for supporter, recipient, since in first.iter_rows():
        found.setdefault(supporter, []).append((recipient, since))
    return found


def _since(places: list[tuple[str, date | None]], capacity: int) -> date | None:
    """The day on which the first came that was too many; none where that is not known."""
    days = sorted(since or date.min for _, since in places)
    return days[capacity] if len(days) > capacity and days[capacity] != date.min else None
