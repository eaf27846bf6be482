"""How long a request may take."""

from __future__ import annotations

import asyncio
import json
import threading

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.middleware.patience import Patience
from tests.api.http.middleware.asking import answering, asked, asking, reading, scope_of


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that does not answer."""
    await asyncio.Event().wait()


def test_who_answers_in_time_is_not_touched() -> None:
    assert asked(Patience(answering(), 60), scope_of())[1]["body"] == b"ok"


def test_who_does_not_is_told_and_cut_off() -> None:
    sent = asked(Patience(never, 0.01), scope_of(path="/slow"))
    assert [m["type"] for m in sent] == ["http.response.start", "http.response.body"] and sent[0][
        "status"
    ] == 504
    told = json.loads(sent[1]["body"])
    assert told["type"] == "/problems/slow" and "0.01 seconds" in told["message"]["en"]


def test_what_has_begun_goes_on() -> None:
    async def slowly(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.05)
        await send({"type": "http.response.body", "body": b"late"})

    assert asked(Patience(slowly, 0.01), scope_of())[1]["body"] == b"late"


def test_a_body_on_its_way_sets_the_clock_back() -> None:
    async def body() -> Message:
        await asyncio.sleep(0.25)
        return {"type": "http.request", "body": b"x", "more_body": len(seen) < 5 and not seen.append(1)}

    seen: list[int] = []
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Patience(reading, 1)(scope_of("POST"), body, send))
    assert sent[0]["status"] == 200 and sent[1]["body"] == b"6"


def test_a_thread_goes_on_and_its_answer_is_dropped() -> None:
    ended, may = threading.Event(), threading.Event()

    def work() -> None:
        may.wait(5)
        ended.set()

    async def threaded(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.shield(asyncio.to_thread(work))
        finally:
            await answering(b"too late")(scope, receive, send)

    async def whole() -> list[Message]:
        sent = await asking(Patience(threaded, 0.01), scope_of())
        may.set()
        await asyncio.to_thread(ended.wait, 5)
        return sent

    sent = asyncio.run(whole())
    assert ended.is_set() and sent[0]["status"] == 504 and len(sent) == 2


def test_who_still_waits_when_the_service_stops_is_told_and_the_cancelling_is_heard() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    async def cancelled(app: ASGIApp) -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        task = asyncio.create_task(Patience(app, 60)(scope_of("PUT", "/x"), nothing, send))
        await asyncio.sleep(0.01)
        task.cancel()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError)
        return sent

    sent = asyncio.run(cancelled(never))
    assert sent[0]["status"] == 503 and json.loads(sent[1]["body"])["type"] == "/problems/stopping"
    assert [m["type"] for m in asyncio.run(cancelled(half))] == ["http.response.start"]


async def nothing() -> Message:
    """Nothing comes."""
    return {"type": "http.disconnect"}


def test_whoever_cancels_the_request_itself_is_heard() -> None:
    async def whole() -> bool:
        task = asyncio.create_task(asking(Patience(never, 60), scope_of()))
        await asyncio.sleep(0)
        task.cancel()
        return isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)

    assert asyncio.run(whole())
