"""Following a job: every event once, whatever happens to the connection."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from jiedui.client import Event, JobCancelled, JobFailed, JobInfeasible, Unreachable
from jiedui.client.jobs import Job
from jiedui.client.modes import Async, Sync
from jiedui.client.progress import event_of
from tests.jiedui.client.stand_in import awaiting, blocking

EVENTS = [
    ("state", {"state": "waiting"}), ("state", {"state": "running"}), ("progress", {"stage": "pairing", "objective": 10.0, "bound": 9.0}),
    ("novelty", {}), ("progress", {"stage": "pairing", "share": 0.5, "gap": 0.0}), ("state", {"state": "done"}),
]  # fmt: skip


class Flaky:
    """Sends some events at a time, then the connection ends; now and then nobody answers, or the service is away."""

    def __init__(self, at_once: int, *, broken: bool = False) -> None:
        self.at_once, self.broken, self.asked = at_once, broken, list[int]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if not request.url.path.endswith("/events"):
            return httpx2.Response(200, json={"id": "j1", "kind": "plan", "state": "running"})
        after = int(request.headers["Last-Event-ID"])
        self.asked.append(after)
        if self.broken and len(self.asked) % 2 == 0:
            if len(self.asked) % 4 == 0:
                raise httpx2.ReadError("gone")
            return httpx2.Response(503, json={"type": "/problems/outside"})
        told = [
            f"id: {n}\nevent: {kind}\ndata: {json.dumps({'at': '2026-11-28T05:05:14+00:00', **facts})}\n\n"
            for n, (kind, facts) in enumerate(EVENTS, 1)
            if n > after
        ]
        text = ": alive\n\n" + "".join(told[: self.at_once])
        return httpx2.Response(200, text=text, headers={"Content-Type": "text/event-stream"})


def numbers(service: Flaky, after: int = 0) -> list[int]:
    """Numbers of all events of a job, as a client that blocks sees them."""
    job = Job[Sync](blocking(service, 3)._talk, {"id": "j1"})
    return [event.number for event in job.progress(after)]


@pytest.mark.parametrize(("at_once", "broken"), [(9, False), (1, False), (2, False), (2, True)])
def test_every_event_comes_once(at_once: int, broken: bool) -> None:
    service = Flaky(at_once, broken=broken)
    assert numbers(service) == [1, 2, 3, 5, 6]  # what this client does not know is passed over
    assert service.asked[0] == 0 and service.asked == sorted(service.asked)


def test_going_on_behind_an_event() -> None:
    assert numbers(Flaky(9), after=3) == [5, 6]


def test_awaited_as_well() -> None:
    async def all_of_it() -> list[int]:
        job = Job[Async](awaiting(Flaky(2, broken=True), 3)._talk, {"id": "j1"})
        return [event.number async for event in job.progress()]

    assert asyncio.run(all_of_it()) == [1, 2, 3, 5, 6]


def test_one_may_stop_listening() -> None:
    job = Job[Sync](blocking(Flaky(9), 3)._talk, {"id": "j1"})
    for event in job.progress():
        if event.stage == "pairing":
            break
    assert event.gap == pytest.approx(0.1) and (event.objective, event.bound) == (10.0, 9.0)


def test_a_service_that_stays_away_is_told() -> None:
    def nobody(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(Unreachable, match="refused"):
        list(Job[Sync](blocking(nobody, 2)._talk, {"id": "j1"}).progress())


def test_a_job_that_had_ended_before_has_no_more_events() -> None:
    def ended(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/events"):
            return httpx2.Response(204)
        return httpx2.Response(200, json={"id": "j1", "kind": "plan", "state": "done"})

    assert list(Job[Sync](blocking(ended)._talk, {"id": "j1"}).progress(after=6)) == []


@pytest.mark.parametrize(
    ("state", "error", "ours"),
    [
        ("failed", {"exit": 3, "message": {"zh": "不行", "en": "no"}}, JobInfeasible), ("cancelled", None, JobCancelled),
        ("failed", {"exit": 2, "message": {"zh": "不行", "en": "no"}}, JobFailed), ("failed", None, JobFailed),
    ],
)  # fmt: skip
def test_waiting_tells_how_it_ended(state: str, error: object, ours: type[JobFailed]) -> None:
    facts = {"id": "j1", "kind": "plan", "state": state, "error": error}
    job = Job[Sync](blocking(lambda request: httpx2.Response(200, json=facts))._talk, {"id": "j1"})
    with pytest.raises(ours) as caught:
        job.wait()
    assert caught.value.id == "j1"


def test_an_event_of_another_kind_is_none_of_ours() -> None:
    assert event_of(httpx2.ServerSentEvent("ping", "{}", "3")) is None
    known = event_of(
        httpx2.ServerSentEvent("state", '{"at": "2026-11-28T05:05:14+00:00", "state": "done"}', "3")
    )
    assert isinstance(known, Event) and known.last
