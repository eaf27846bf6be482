"""Terms that end soon: relations one by one, postings by county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from graph.alerts.alert import Alert, Severity, called, make, place_of
from graph.alerts.thresholds import Thresholds
from graph.language import Text, several
from graph.network import Network
from graph.questions.moment import months_later
from graph.questions.protocol import Questions
from graph.schema import ENUMS

WHY = {
    "until": Text("任期届满", "their terms end"),
    "minimum_term": Text("最短任期将满", "their minimum terms are served"),
}


def terms(questions: Questions, network: Network, at: date, thresholds: Thresholds) -> Iterator[Alert]:
    """Relations that end within the months, and counties with postings that do."""
    found = questions.terms_ending(thresholds.months, at, minimum_years=thresholds.minimum_years)
    for row in found.relations.iter_rows(named=True):
        yield _relation(network, row, at, thresholds.months)
    for row in found.postings.iter_rows(named=True):
        yield _postings(network, row, at)


def _relation(network: Network, row: dict[str, Any], at: date, months: int) -> Alert:
    giver, taker, until = called(network, row["supporter"]), called(network, row["recipient"]), row["until"]
    kind = ENUMS["relation_kind"].get(row["kind"], Text(row["kind"], row["kind"]))
    text = Text(
        f"{giver.zh} 对 {taker.zh} 的帮扶（{kind.zh}）{until} 到期，尚无续期",
        f"{giver.en} supports {taker.en} ({kind.en}) until {until} only; nothing follows yet",
    )
    regions = (place_of(network, row["supporter"]),)
    return make(
        "term_ending", row["id"], until, _urgency(until, at), text, region=place_of(network, row["recipient"]), regions=regions,
        since=months_later(until, -months), due=until, facts=until,
    )  # fmt: skip


def _postings(network: Network, row: dict[str, Any], at: date) -> Alert:
    place, count, why = called(network, row["region"]), row["postings"], WHY[row["why"]]
    text = Text(
        f"{place.zh}：{count} 个驻村岗位{why.zh}（{row['first']} 至 {row['last']}）",
        f"{place.en}: {several(count, 'posting')}: {why.en} ({row['first']} to {row['last']})",
    )
    return make(
        "posting_ending", row["region"], row["why"], _urgency(row["first"], at), text, region=place_of(network, row["region"]),
        due=row["first"], facts=[count, row["last"]],
    )  # fmt: skip


def _urgency(due: date, at: date) -> Severity:
    """Medium where it is due within a month."""
    return "medium" if due <= months_later(at, 1) else "low"
