"""Findings that are past their day and not rectified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from graph.alerts.alert import Alert, called, make
from graph.language import Text, several
from graph.network import Network
from graph.schema import ENUMS

UNDONE = ("open", "assigned", "reopened")
"""States in which a finding still waits for whoever is to rectify it."""


def late(day: date) -> pl.Expr:
    """Which findings were past their due day and not rectified."""
    return (pl.col("due") < day) & pl.col("status").is_in(UNDONE)


def overdue(network: Network, at: date) -> Iterator[Alert]:
    """Each finding whose due day is past."""
    for row in network.frame("findings").filter(late(at)).sort("id").iter_rows(named=True):
        place, days = called(network, row["region"]), (at - row["due"]).days
        kind, status = ENUMS["finding_kind"].get(row["kind"]), ENUMS["finding_status"][row["status"]]
        name = kind or Text(row["kind"] or "", row["kind"] or "")
        owner = (
            Text(f"，责任单位 {row['owner']}", f", owner {row['owner']}") if row["owner"] else Text("", "")
        )
        text = Text(
            f"{place.zh} 的问题 {row['id']}（{name.zh}）逾期 {days} 天，{status.zh}{owner.zh}",
            f"finding {row['id']} in {place.en} ({name.en}) is {several(days, 'day')} overdue, {status.en}{owner.en}",
        )
        yield make(
            "overdue_finding", row["id"], row["due"], row["severity"] or "medium", text, region=row["region"],
            since=row["due"] + timedelta(days=1), due=row["due"], facts=row["due"],
        )  # fmt: skip
