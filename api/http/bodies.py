"""Bodies of requests, taken piece by piece into a file; :mod:`api.http.middleware.bounds` lets no more of them come than is allowed."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.http.middleware.bounds import too_large
from graph.errors import InputError, UsageError

STEP = 1 << 20


async def received(request: Request, target: Path) -> int:
    """Take a body into a file.

    Parameters
    ----------
    request : Request
    target : Path
        Made anew.

    Returns
    -------
    int
        Bytes that came.

    Raises
    ------
    TooLarge
        When more comes than the route takes.
    """
    count = 0
    with target.open("xb") as file:
        async for piece in request.stream():
            count += len(piece)
            await run_in_threadpool(file.write, piece)
    return count


async def received_form(request: Request, target: Path) -> tuple[int, str, str]:
    """Take the file of a form into a file; how many bytes, its name and media type.

    Raises
    ------
    TooLarge
        When more comes than the route takes.
    UsageError
        When the form has not exactly one file, in the field ``file``.
    InputError
        When it is no form.
    """
    try:
        async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
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
            return count, file.filename or "", file.content_type or ""
    except HTTPException as error:  # Starlette's, in an app
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
