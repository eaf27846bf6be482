"""The audit log of changes: a row before the route runs, and one before its answer goes out.

The networks, plans and scenarios that a change touches are not in the database of the log, so no transaction holds both. Therefore
the log is told first: a change of which it could not be told is not made. When the service is killed in between, the row of the
beginning stays without an end, and ``jiedui audit verify`` names it. An answer that says that something was done is not sent before
the log holds that, on the disk.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.audited import shown, told
from api.http.paths import Paths
from api.http.problems import UNTOLD, problem
from api.service.audit.entry import Step
from api.service.audit.log import Audit
from graph.errors import OutsideError
from graph.language import Text

log = logging.getLogger("jiedui.http")


class Changes:
    """ASGI middleware, behind the gate.

    Parameters
    ----------
    app : ASGIApp
    paths : Paths
    audit : Audit
    """

    def __init__(self, app: ASGIApp, paths: Paths, audit: Audit) -> None:
        self.app, self.paths, self.audit = app, paths, audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what changes something, and what a route has noted; let all else pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        place = self.paths.changed(scope)
        if place is not None:
            try:
                await told(self.audit, scope, "begun", place.template)
            except OutsideError as error:
                log.error("audit", extra={"facts": {"request_id": scope["request_id"], "why": error.text.en}})
                undone = Text(
                    f"未作任何更改：审计日志无法写入（{error.text.zh}）",
                    f"nothing was changed: the audit log cannot be written ({error.text.en})",
                )
                await problem(Request(scope), UNTOLD, undone)(scope, receive, send)
                return
        await self.app(scope, receive, _Ending(self, scope, send))


class _Ending:
    """Sends an answer, once the log has been told of it."""

    def __init__(self, changes: Changes, scope: Scope, send: Send) -> None:
        self.changes, self.scope, self.send = changes, scope, send
        self.silent = False

    async def __call__(self, message: Message) -> None:
        """Hold the beginning of the answer back until the row is written."""
        if message["type"] == "http.response.start" and ("place" in self.scope or "noted" in self.scope):
            await self._tell(message)
        if not self.silent:
            await self.send(message)

    async def _tell(self, message: Message) -> None:
        place, scope = self.scope.get("place"), self.scope
        if place is None and "noted" not in scope:  # it met no route
            return
        made = {name: _of(value) for name, value in message.get("headers", ()) if name == b"location"}
        template = place.template if place is not None else self.changes.paths.template(scope)
        step: Step = "ended" if place is not None else "event"
        try:
            await told(
                self.changes.audit,
                scope,
                step,
                template,
                status=message["status"],
                **{n.decode(): v for n, v in made.items()},
            )
        except OutsideError as error:
            log.error("audit", extra={"facts": {"request_id": scope["request_id"], "why": error.text.en}})
            await self._sorry()

    async def _sorry(self) -> None:
        """The answer is not given: whoever asked is to look what was done."""
        self.silent = True
        unsure = Text(
            "更改可能已经完成，但审计日志无法记下结果；请查看现状",
            "the change may have been made, but the audit log cannot hold how it went; look how things are",
        )
        await problem(Request(self.scope), UNTOLD, unsure)(self.scope, _nothing, self.send)


def _of(location: bytes) -> str:
    """The last part of where something new is: its id."""
    return shown({"": urlsplit(location.decode("latin-1")).path.rsplit("/", 1)[-1]})[""]


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
