"""Bodies of requests, taken piece by piece into a file; :mod:`api.http.middleware.bounds` lets no more of them come than is allowed."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.http.middleware.bounds import too_large
from graph.errors import InputError, UsageError
from graph.language import Text

STEP = 1 << 20
FIELDS, FIELD_BYTES = 8, 4096
"""Fields beside the file, and bytes of each, at most."""
REFUSED_FORMS = {
    "Too many files": Text(
        "表单里有多个文件；一次上传只收一个：请分次上传，或放进一个工作簿（.xlsx，每个表一张工作表）",
        "the form has several files, and an upload takes one: send each by itself, or all as one workbook (.xlsx, a sheet per table)",
    ),
    "Too many fields": Text(
        f"表单里除文件外最多 {FIELDS} 个字段；其他参数写在地址里",
        f"the form may have {FIELDS} fields beside its file; parameters go into the address",
    ),
    "Part exceeded maximum size": Text(
        f"表单的一个字段超过 {FIELD_BYTES} 字节；文件的部分要写明 filename",
        f"a field of the form is larger than {FIELD_BYTES} bytes; the part with the file has to give its filename",
    ),
    "Missing boundary": Text(
        "Content-Type 缺少 boundary；请让客户端自己写这个头",
        "its Content-Type lacks the boundary; leave that header to the client",
    ),
}  # fmt: skip
"""How Starlette's refusal of a form begins → what to say of it."""


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
        When the form has not exactly one file, in the field ``file``, or more beside it than is read.
    InputError
        When it is no form.
    """
    try:
        async with request.form(max_files=1, max_fields=FIELDS, max_part_size=FIELD_BYTES) as form:
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
        raise _formless(str(error.detail)) from error


def _formless(why: str) -> UsageError | InputError:
    """What to say of a form that Starlette refuses."""
    for begins, words in REFUSED_FORMS.items():
        if why.startswith(begins):
            return UsageError(words.zh, words.en)
    return InputError(f"表单读不出来：{why}", f"the form cannot be read: {why}")


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
