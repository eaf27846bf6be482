"""Files as answers: as Starlette gives them, but what it refuses of their ranges is a problem document as every error is."""

from __future__ import annotations

from fastapi.responses import FileResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.http.problems import NO_RANGE, problem
from graph.language import Text

WORDS = {
    400: Text("Range 读不懂；请写成 bytes=0-1023", "Range cannot be read; it is written as bytes=0-1023"),
    416: Text(
        "Range 超出了文件；Content-Range 写明文件有多少字节",
        "Range is not within the file; Content-Range says how many bytes it has",
    ),
}
"""Status by which a range is refused → what to say."""


class FileAnswer(FileResponse):
    """A file, or ranges of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; what is to be done behind is done where a range is refused, too."""
        refused: list[Message] = []

        async def unless_refused(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in WORDS:
                refused.append(message)
            elif not refused:
                await send(message)

        await super().__call__(scope, receive, unless_refused)
        if refused:
            await _told(scope, refused[0])(scope, receive, send)
            if self.background is not None:
                await self.background()


def _told(scope: Scope, refused: Message) -> Response:
    size = {k.decode(): v.decode() for k, v in refused["headers"] if k == b"content-range"}
    status = refused["status"]
    return problem(Request(scope), NO_RANGE, WORDS[status], status=status, headers=size)
