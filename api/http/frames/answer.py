"""A question's answer in the format that is wanted, with what clients need to keep it: a validator, a name, the page behind it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urlencode

import polars as pl
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from api.http import conditional
from api.http.file_answers import FileAnswer
from api.http.frames import written
from api.http.frames.ahead import ahead
from api.http.frames.formats import Format
from api.http.frames.parts import lazily, page_of, parts_of
from api.http.frames.question import PAGE, Question, next_cursor, read_question
from api.http.frames.source import Source
from api.http.frames.workbook import as_workbook


def answer(request: Request, source: Source, form: Format, *own: str) -> Response:
    """What a request asks of a table.

    Parameters
    ----------
    request : Request
        Its parameters are the question.
    source : Source
    form : Format
    *own : str
        Parameters of the route that are no conditions; what hangs on them is in the source's state.

    Raises
    ------
    UsageError, CheckFailed
        As :func:`api.http.frames.question.read_question` says.
    InputError
        When Excel cannot hold it, or a file is damaged.
    """
    given = [(k, v) for k, v in request.query_params.multi_items() if k not in own]
    question = read_question(source, given, PAGE if form.name == "json" else None)
    page = f"{question.offset} {question.limit}"
    etag = conditional.etag_of(source.state, source.table, question.words, page, form.name)
    headers = conditional.headers_of(etag) | {
        "Vary": "Accept",
        "Content-Disposition": disposition(
            f"{source.stem}.{form.name}", inline=form.name in ("json", "ndjson")
        ),
    }
    if conditional.unchanged(request, etag, there=False):
        return Response(status_code=304, headers=headers)
    made = _Answer(request, source, question, form, headers).response()
    if conditional.unchanged(request, etag):
        return Response(status_code=304, headers=headers, background=made.background)
    return made


@dataclass(frozen=True)
class _Answer:
    request: Request
    source: Source
    question: Question
    form: Format
    headers: dict[str, str]

    def response(self) -> Response:
        if self.question.limit is not None:
            return self._page()
        if self.form.name == "parquet":
            return self._file()
        parts = parts_of(self.source, self.question)
        first = next(parts)  # what cannot be read is told before anything is sent
        return self._sent(chain([first], parts))

    def _page(self) -> Response:
        page = page_of(self.source, self.question)
        self.headers["X-Total-Count"] = str(page.total)
        behind = next_cursor(self.source, self.question, page.total)
        if behind is not None:
            self.headers["Link"] = f'<{self._address(behind)}>; rel="next"'
        if self.form.name == "parquet":
            return self._parquet(page.frame.lazy())
        return self._sent(iter([page.frame]), total=page.total, next=behind)

    def _address(self, cursor: str) -> str:
        """Where the page behind is, relative to the server."""
        kept = [(k, v) for k, v in self.request.query_params.multi_items() if k != "cursor"]
        return f"{quote(self.request.url.path)}?{urlencode([*kept, ('cursor', cursor)])}"

    def _sent(self, parts: Iterator[pl.DataFrame], **more: object) -> Response:
        if self.form.name == "xlsx":
            content = as_workbook(self.source, parts)
            return Response(content, media_type=self.form.media_type, headers=self.headers)
        streams = {"csv": written.as_csv, "ndjson": written.as_lines, "arrow": written.as_arrow}
        stream = streams.get(self.form.name)
        told = written.as_json(self.source.table, parts, **more) if stream is None else stream(parts)
        media = f"{self.form.media_type}; charset=utf-8" if self.form.name == "csv" else self.form.media_type
        return StreamingResponse(ahead(told), media_type=media, headers=self.headers)

    def _file(self) -> Response:
        """The table's own file where all of it is asked for; it may be asked for in ranges."""
        plain = self.question == replace(Question(), columns=tuple(self.source.columns))
        if plain and self.source.file is not None and self.source.keep is None:
            return FileAnswer(self.source.file, media_type=self.form.media_type, headers=self.headers)
        return self._parquet(lazily(self.source, self.question))

    def _parquet(self, rows: pl.LazyFrame) -> Response:
        handle, name = tempfile.mkstemp(prefix="jiedui-", suffix=".parquet")
        os.close(handle)
        file = Path(name)
        try:
            rows.sink_parquet(file)
        except BaseException:
            file.unlink()
            raise
        gone = BackgroundTask(file.unlink, missing_ok=True)
        return FileAnswer(file, media_type=self.form.media_type, headers=self.headers, background=gone)


def disposition(name: str, *, inline: bool = False) -> str:
    """``Content-Disposition`` of a file: its name in ASCII, and as it is (RFC 6266, RFC 8187)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\/%' else "_" for c in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
