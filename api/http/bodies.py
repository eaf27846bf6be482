"""Bodies of requests, taken piece by piece into a file, and no more of them than is allowed."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from api.http.middleware.bounds import at_most
from api.http.problems import TOO_LARGE
from api.service.refusals import TooLarge
from graph.errors import InputError, UsageError

STEP = 1 << 20
ROOM = 64 << 10
"""For what a form has beside its file."""


async def received(request: Request, target: Path, most: int) -> int:
    """Take a body into a file.

    Parameters
    ----------
    request : Request
    target : Path
        Made anew.
    most : int
        Bytes that are taken.

    Returns
    -------
    int
        Bytes that came.

    Raises
    ------
    TooLarge
        When more is announced (nothing is read then) or comes.
    """
    demand_announced(request, most)
    count = 0
    with target.open("xb") as file:
        async for piece in request.stream():
            count += len(piece)
            if count > most:
                raise too_large(most)
            await run_in_threadpool(file.write, piece)
    return count


async def received_form(request: Request, target: Path, most: int) -> tuple[int, str, str]:
    """Take the file of a form into a file; how many bytes, its name and media type.

    Raises
    ------
    TooLarge
        When more is announced or comes.
    UsageError
        When the form has not exactly one file, in the field ``file``.
    InputError
        When it is no form.
    """
    demand_announced(request, most + ROOM)
    limited = Request(request.scope, _limited(request, most + ROOM))
    try:
        async with limited.form(max_files=1, max_fields=8, max_part_size=4096) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise UsageError(
                    "表单里要有一个名为 file 的文件", "the form must have one file, in the field file"
                )
            with target.open("xb") as out:
                count = 0
                while piece := await file.read(STEP):
                    count += len(piece)
                    await run_in_threadpool(out.write, piece)
            if count > most:
                raise too_large(most)
            return count, file.filename or "", file.content_type or ""
    except HTTPException as error:  # Starlette's, in an app
        if error.status_code == TOO_LARGE.status:  # of those that count what comes
            raise
        raise InputError(
            f"表单读不出来：{error.detail}", f"the form cannot be read: {error.detail}"
        ) from error


async def text_received(request: Request, most: int) -> str:
    """A short body as text.

    Raises
    ------
    TooLarge
        When it is longer than ``most`` bytes.
    InputError
        When it is no UTF-8.
    """
    demand_announced(request, most)
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > most:
            raise too_large(most)
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"不是 UTF-8：第 {error.start} 个字节", f"this is no UTF-8: byte {error.start}"
        ) from error


def demand_announced(request: Request, most: int) -> None:
    """Refuse a body that announces itself as too large, before any of it is read.

    Raises
    ------
    TooLarge
        When it does.
    """
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        raise too_large(most)


def too_large(most: int) -> TooLarge:
    """What to say of a body that is too large."""
    words = at_most(most)
    return TooLarge(words.zh, words.en)


def _limited(request: Request, most: int):  # type: ignore[no-untyped-def]  # as Starlette's
    """The request's own messages, until they are too many."""
    count = 0

    async def receive() -> Message:
        nonlocal count
        message = await request.receive()
        count += len(message.get("body", b""))
        if count > most:
            raise too_large(most)
        return message

    return receive
