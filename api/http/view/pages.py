"""Addresses that meet no route: the web view's files, and its one page for all addresses that the view knows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from api.http.conditional import unchanged
from api.http.paths import SEEN
from api.http.view.files import INDEX, File, read_files
from api.http.weighed import weighed
from graph.language import Text

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""For these pages only. Nothing of another host; charts and tables set styles of single elements, which is what ``unsafe-inline`` is for."""
FOR_GOOD, ASKED_AGAIN = "public, max-age=31536000, immutable", "no-cache"
API = "/api"
NOT_BUILT = Text(
    "网页没有构建：在源码中运行 make web（或安装发布的 wheel），再重新启动服务；接口在 /api/v1，说明见 /openapi.json",
    "the web view was not built: run make web in the checkout (or install a released wheel), then start the service anew; "
    "the interface is at /api/v1, its document at /openapi.json",
)


class Pages:
    """An ASGI app for what meets no route.

    Parameters
    ----------
    folder : Path
        Of the built view; read once, so that a page and what it loads are of one build.

    Raises
    ------
    OutsideError
        When it is there and cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.files: Mapping[str, File] = read_files(folder)

    @property
    def there(self) -> bool:
        """Whether the view was built."""
        return bool(self.files)

    def holds(self, path: str) -> bool:
        """Whether a path is a file of the view's."""
        return path == "/" or path.removeprefix("/") in self.files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a file, the page, or refuse.

        Raises
        ------
        HTTPException
            404, which becomes a problem document, where there is neither.
        """
        answer = self._answer(Request(scope)) if scope["type"] == "http" else None
        if answer is None:
            raise HTTPException(404)
        scope[SEEN] = True
        await answer(scope, receive, send)

    def _answer(self, request: Request) -> Response | None:
        path, html = request.scope["path"], _wants_html(request.headers)
        if request.method != "GET" or path == API or path.startswith(f"{API}/"):
            return None
        if not self.there:
            return _in_words() if html else None
        file = self.files.get(path.removeprefix("/"), self.files[INDEX] if html or path == "/" else None)
        return None if file is None else _sent(request, file)


def _wants_html(headers: Headers) -> bool:
    """Whether a person's browser asks for a page: ``*/*`` is what programs and the page itself send."""
    return dict(weighed(headers.get("accept", ""))).get("text/html", 0.0) > 0


def _sent(request: Request, file: File) -> Response:
    headers = {
        "ETag": file.tag, "Cache-Control": FOR_GOOD if file.hashed else ASKED_AGAIN, "Content-Security-Policy": POLICY,
        "Vary": "Accept, Accept-Encoding" if file.name == INDEX else "Accept-Encoding",
    }  # fmt: skip
    if unchanged(request, file.tag):
        return Response(status_code=304, headers=headers)
    encoding, body = file.best(request.headers.get("accept-encoding", ""))
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return Response(body, headers=headers, media_type=file.media_type)


def _in_words() -> Response:
    """For a person, in both languages: nothing says which they read where the page is not there that would ask them."""
    return PlainTextResponse(f"{NOT_BUILT.zh}\n\n{NOT_BUILT.en}\n", 404)
