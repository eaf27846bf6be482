"""An error that nobody caught becomes an answer, inside of all that looks at answers."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import defect


class CutOff(Exception):
    """An answer that had begun cannot be ended: the connection is closed, so that who asked does not take it for whole."""


class Defects:
    """ASGI middleware: the innermost."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it pass.

        Raises
        ------
        CutOff
            When the answer had begun.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def looked_at(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, looked_at)
        except ClientDisconnect:  # who asked has gone: nobody is to be told
            return
        except Exception as error:
            told = defect(Request(scope), error)
            if begun:
                raise CutOff from error
            await told(scope, receive, send)
