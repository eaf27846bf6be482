"""Requests that nobody has moved for a while."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from graph.alerts.alert import Alert, Severity, make
from graph.alerts.thresholds import Thresholds
from graph.language import Text, several
from graph.office.frozen import place_columns
from graph.office.request import PENDING, STATES, Request
from graph.store.papers import Paper


def waiting(
    papers: Collection[Paper], thresholds: Thresholds, now: datetime | None = None
) -> Iterator[Alert]:
    """Each pending request whose last step is so many days back.

    Parameters
    ----------
    papers : collection of Paper
        The newest filing of every request.
    thresholds : Thresholds
    now : datetime, optional
        The clock's by default: requests are handed in by people of today, whatever day the network is read on.
    """
    moment = now or datetime.now(UTC)
    for paper in papers:
        request = Request.of(paper)
        days = (moment - paper.at).days
        if request.state in PENDING and days >= thresholds.waiting_days:
            yield _waiting(request, paper, days, thresholds)


def _waiting(request: Request, paper: Paper, days: int, thresholds: Thresholds) -> Alert:
    state = STATES[request.state]
    text = Text(
        f"请求 {request.id}（{request.author}：{request.reason}）{state.zh} 已 {days} 天",
        f"request {request.id} ({request.author}: {request.reason}) has been {state.en} for {several(days, 'day')}",
    )
    severity: Severity = "medium" if request.state in ("submitted", "approved") else "low"
    since = (paper.at + timedelta(days=thresholds.waiting_days)).date()
    return make(
        "waiting_request", request.id, "waiting", severity, text, regions=sorted(places_of(request)), since=since,
        facts=[request.state, paper.revision],
    )  # fmt: skip


def places_of(request: Request) -> set[str]:
    """Codes of the regions that a request's rows name, as they were and as they are to be."""
    found: set[str] = set()
    for entry in request.side_by_side():
        for row in (entry["current"], entry["proposed"]):
            found |= {row[c] for c in place_columns(entry["table"]) if row and row.get(c)}
    return found
