"""What is sent again, and what is not; what the service says no to, as jiedui's own errors."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tenacity import wait_none

import jiedui
from jiedui.client import (
    BadInput,
    Conflict,
    Infeasible,
    NotFound,
    Outside,
    ProblemError,
    Refused,
    Stale,
    TooMany,
    Unreachable,
    again,
)
from jiedui.client.again import worth_another
from jiedui.client.call import Call, at, key
from tests.jiedui.client.stand_in import blocking

JOB = {"id": "j1", "kind": "plan", "state": "waiting"}
Answer = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between attempts."""
    monkeypatch.setattr(again, "_pause", wait_none())


class Service:
    """Answers one after the other; the last again and again."""

    def __init__(self, *answers: int | Exception, **problem: Any) -> None:
        self.answers, self.problem, self.seen = list(answers), problem, list[httpx2.Request]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        headers = {"Retry-After": "1"} if answer in (429, 503) else {}
        return httpx2.Response(answer, json=self.problem or JOB, headers=headers)


def test_what_asks_is_sent_again() -> None:
    for broken in (503, httpx2.ReadError("gone"), httpx2.ConnectError("nobody")):
        service = Service(broken, 200)
        blocking(service, 3).jobs.get("j1")
        assert len(service.seen) == 2


def test_an_order_is_sent_again_with_the_same_key() -> None:
    service = Service(httpx2.ReadError("gone"), httpx2.ReadTimeout("late"), 202)
    blocking(service, 3).plan("china-2016", set={"funds.deep_poverty_share": 0.5, "funds.reward": False})
    keys = [request.headers["Idempotency-Key"] for request in service.seen]
    assert len(keys) == 3 and len(set(keys)) == 1
    assert b'"settings":["funds.deep_poverty_share=0.5","funds.reward=off"]' in service.seen[0].content


def test_a_key_of_ones_own() -> None:
    service = Service(202)
    blocking(service).plan("china-2016", again_with="monday")
    assert service.seen[0].headers["Idempotency-Key"] == "monday"


def test_what_may_have_arrived_and_is_no_repetition_is_not() -> None:
    service = Service(httpx2.ReadError("gone"), 200)
    with pytest.raises(Unreachable):
        blocking(service, 3).plans.propose("p1")
    assert len(service.seen) == 1
    service = Service(httpx2.ConnectError("nobody"), 200)  # this has not arrived
    blocking(service, 3).plans.propose("p1")
    assert len(service.seen) == 2


def test_too_many_is_tried_again_whatever_it_is() -> None:
    service = Service(429, 200)
    blocking(service, 3).plans.propose("p1")
    assert len(service.seen) == 2


def test_what_is_refused_is_refused_once() -> None:
    for status in (401, 403, 404, 409, 412, 422, 500):
        service = Service(status)
        with pytest.raises(ProblemError):
            blocking(service, 3).jobs.get("j1")
        assert len(service.seen) == 1


def test_what_is_gone_after_a_second_delete_was_there_for_the_first() -> None:
    blocking(Service(httpx2.ReadError("gone"), 404), 3).plans.remove("p1")
    with pytest.raises(NotFound):
        blocking(Service(404), 3).plans.remove("p1")


def test_an_edit_of_a_state_is_not_repeated() -> None:
    edit = Call("PUT", at("requests", "r1"), headers={"If-Match": '"1"'})
    assert not edit.repeatable and not worth_another(edit, 30)(httpx2.ReadError("gone"))
    assert worth_another(edit, 30)(httpx2.ConnectError("nobody"))
    assert Call("POST", at("jobs", "plan"), headers=key()).repeatable


def test_the_service_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call("GET", at("jobs"))
    assert not worth_another(call, 30)(TooMany(429, {}, 31.0))  # longer than anybody waits
    assert worth_another(call, 30)(TooMany(429, {}, 7.0)) and worth_another(call, 30)(Outside(503, {}, None))
    monkeypatch.undo()
    waited = list[float]()
    sleep, me = time.sleep, threading.get_ident()  # other threads of the process sleep as they do
    monkeypatch.setattr("time.sleep", lambda s: waited.append(s) if threading.get_ident() == me else sleep(s))
    blocking(Service(429, 503, 200), 3).jobs.get("j1")
    assert waited == [1.0, 1.0]
    blocking(Service(httpx2.ReadError("gone"), 200), 3).jobs.get("j1")
    assert 0.1 <= waited[2] <= 1.2


def test_what_is_sent_again_is_told_to_who_listens(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    blocking(Service(httpx2.ReadError("gone"), 200), 3).jobs.get("j1")
    [told] = [
        record for record in caplog.records if record.name.startswith(("jiedui", "stamina", "tenacity"))
    ]
    assert (told.name, told.levelname) == ("jiedui.client", "INFO")
    assert told.getMessage() == "GET /api/v1/jobs/j1 again in 0.0 s (try 1 of 3 failed: gone)"
    assert capfd.readouterr() == ("", "")


def test_an_unknown_certificate_is_not_tried_again() -> None:
    broken = httpx2.ConnectError("no")
    broken.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    broken.__cause__.verify_message = "self-signed certificate"
    service = Service(broken, 200)
    with pytest.raises(Unreachable, match=r"self-signed certificate.*ca="):
        blocking(service, 3).jobs.get("j1")
    assert len(service.seen) == 1


@pytest.mark.parametrize(
    ("status", "kind", "ours", "base"),
    [
        (404, "not-found", NotFound, jiedui.UsageError), (422, "bad-rows", BadInput, jiedui.InputError),
        (422, "infeasible", Infeasible, jiedui.InfeasibleError), (422, "bad-request", ProblemError, jiedui.UsageError),
        (409, "conflict", Conflict, jiedui.CheckFailed), (412, "stale", Stale, jiedui.CheckFailed), (403, "refused", Refused, jiedui.JieduiError),
        (503, "outside", Outside, jiedui.OutsideError), (422, "limit", ProblemError, jiedui.LimitReached), (500, "defect", ProblemError, jiedui.JieduiError),
    ],
)  # fmt: skip
def test_problems_are_our_own_errors_in_the_services_words(
    status: int, kind: str, ours: type[ProblemError], base: type[Exception]
) -> None:
    told = {
        "type": f"/problems/{kind}",
        "message": {"zh": "不行", "en": "no"},
        "request_id": "n1",
        "report": {"valid": False},
    }
    with pytest.raises(ours) as caught:
        blocking(Service(status, **told)).jobs.get("j1")
    error = caught.value
    assert isinstance(error, base) and (error.status, error.kind, error.request_id) == (status, kind, "n1")
    assert error.text.en == "no" and error.text.zh == "不行" and error.report == {"valid": False}


def test_what_is_no_problem_document_is_told_all_the_same() -> None:
    with pytest.raises(Outside, match="HTTP 502"):
        blocking(lambda request: httpx2.Response(502, text="<html>")).jobs.get("j1")


def test_ids_are_quoted_whatever_stands_in_them() -> None:
    service = Service(200)
    blocking(service).jobs.get("../tokens?x=a/b 怒江")
    assert service.seen[0].url.raw_path == b"/api/v1/jobs/..%2Ftokens%3Fx%3Da%2Fb%20%E6%80%92%E6%B1%9F"
