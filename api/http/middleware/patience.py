"""How long a request may take until its answer begins."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import SLOW, STOPPING, problem
from graph.language import Text


class Patience:
    """ASGI middleware.

    What has begun to answer may go on: event streams and downloads last as long as somebody takes them. While a body comes in, the
    clock is set back with every part; :mod:`api.http.wire` cuts off what comes too slowly. A route that runs in a thread cannot be
    stopped: it goes on to its end, and nobody hears of it.

    Parameters
    ----------
    app : ASGIApp
    seconds : int
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait that long, then say so and wait no more."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wait = _Wait(self.seconds, scope, receive, send)
        try:
            await self.app(scope, wait.receive, wait.send)
        except asyncio.CancelledError:
            if not wait.over:
                await wait.stopping()
                raise
            wait.task.uncancel()
        finally:
            wait.ended = True
            wait.timer.cancel()
        if wait.saying is not None:
            await wait.saying


class _Wait:
    """One request's clock."""

    def __init__(self, seconds: float, scope: Scope, receive: Receive, send: Send) -> None:
        self.seconds, self.scope, self._receive, self._send = seconds, scope, receive, send
        self.loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        self.task = task
        self.begun = self.over = self.ended = False
        self.saying: asyncio.Task[None] | None = None
        self.timer = self.loop.call_later(seconds, self._up)

    async def receive(self) -> Message:
        """A part of the body sets the clock back."""
        message = await self._receive()
        if not self.begun and not self.over and message["type"] == "http.request":
            self.timer.cancel()
            self.timer = self.loop.call_later(self.seconds, self._up)
        return message

    async def send(self, message: Message) -> None:
        """The first of an answer stops the clock; what comes too late is dropped."""
        if self.over:
            return
        if not self.begun:
            self.begun = True
            self.timer.cancel()
        await self._send(message)

    async def stopping(self) -> None:
        """The service stops, and waits no more: whoever asked is told, for what runs in a thread may yet be done."""
        if self.begun:
            return
        text = Text(
            "服务正在停止，没有等到这个请求做完；它可能已经做了，也可能没有：服务重新开启后先看现状，再决定是否重发",
            "the service is stopping and did not wait for this request to end; it may have been done or not: look how things are "
            "once the service is there again, then ask again",
        )
        told = problem(Request(self.scope), STOPPING, text, headers={"Connection": "close"})
        await told(self.scope, self._receive, self.send)

    def _up(self) -> None:
        self.over = True
        self.saying = self.loop.create_task(self._say())

    async def _say(self) -> None:
        text = Text(
            f"{self.seconds:g} 秒内没有得到答案；费时的问题请作为任务提交（/api/v1/jobs）",
            f"there was no answer within {self.seconds:g} seconds; order what takes long as a job (/api/v1/jobs)",
        )
        await problem(Request(self.scope), SLOW, text)(self.scope, self._receive, self._send)
        if not self.ended:
            self.task.cancel()
