"""``HEAD`` by itself: what ``GET`` answers, without the body, and nobody waits for what has no end."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from api.http.audited import HEAD
from api.http.middleware.head import Head
from tests.api.http.middleware.asking import answering, asked, headers_of, scope_of


def test_the_head_of_what_get_answers_and_nothing_behind_it() -> None:
    app = Head(answering(b"four", headers=[("Content-Length", "4"), ("ETag", '"a"')]))
    sent = asked(app, scope_of("HEAD"))
    assert headers_of(sent) == {"content-length": "4", "etag": '"a"'} and sent[0]["status"] == 200
    assert sent[1:] == [{"type": "http.response.body"}]
    assert asked(app, scope_of("GET"))[1]["body"] == b"four"


def test_inside_it_is_a_get_and_outside_it_stays_what_it_was() -> None:
    seen = dict[str, object]()

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(method=scope["method"], head=scope.get(HEAD))
        scope["route"] = "the route"
        await answering()(scope, receive, send)

    scope = scope_of("HEAD")
    asked(Head(inside), scope)
    assert seen == {"method": "GET", "head": True}
    assert (scope["method"], scope["route"]) == ("HEAD", "the route")
    for method in ("GET", "POST", "OPTIONS"):
        scope = scope_of(method)
        asked(Head(inside), scope)
        assert seen == {"method": method, "head": None} and scope["method"] == method


def test_what_has_no_end_hears_that_nobody_waits() -> None:
    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        assert (await receive())["type"] == "http.disconnect"

    async def go() -> list[Message]:
        sent, over = list[Message](), asyncio.Event()

        async def receive() -> Message:  # as a server does
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                over.set()

        await asyncio.wait_for(Head(endless)(scope_of("HEAD"), receive, send), 10)
        return sent

    assert [message["type"] for message in asyncio.run(go())] == ["http.response.start", "http.response.body"]
