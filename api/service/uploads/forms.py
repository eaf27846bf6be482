"""Which form a file has, told by its own bytes; what pretends to be another, or is two at once, is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from api.service.refusals import UnknownForm
from graph.errors import InputError

Form = Literal["csv", "json", "parquet", "xlsx"]
ENDINGS: dict[str, Form] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".parquet": "parquet", ".xlsx": "xlsx",
}  # fmt: skip
MEDIA: dict[str, Form] = {
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/json": "json",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
ZIP, PARQUET = b"PK\x03\x04", b"PAR1"
OTHERS = {
    b"\xd0\xcf\x11\xe0": ("旧式 Excel 或加密的工作簿", "an old or encrypted Excel workbook"),
    b"%PDF": ("PDF", "a PDF"),
    b"\x1f\x8b": ("gzip 压缩包", "a gzip archive"),
    b"7z\xbc\xaf": ("7z 压缩包", "a 7z archive"),
    b"Rar!": ("RAR 压缩包", "a RAR archive"),
    b"\x7fELF": ("程序", "a program"),
    b"MZ": ("程序", "a program"),
    b"PK\x05\x06": ("空的压缩包", "an empty archive"),
    b"PK\x07\x08": ("分卷压缩包", "a part of an archive"),
}


def form_named(filename: str, media: str) -> Form:
    """The form that a file's name or media type says it has.

    Raises
    ------
    UnknownForm
        When neither says one that is read here.
    """
    ending = Path(filename).suffix.lower()
    if ending == ".xlsm":
        raise UnknownForm(
            "不接受带宏的工作簿；请另存为 .xlsx", "workbooks with macros are not taken; save it as .xlsx"
        )
    found = ENDINGS.get(ending) or MEDIA.get(media.partition(";")[0].strip().lower())
    if found is None:
        known = ", ".join(sorted(ENDINGS))
        raise UnknownForm(
            f"不认识 {(filename or media)[:80]!r}；文件名以 {known} 之一结尾，或给出相应的 Content-Type",
            f"{(filename or media)[:80]!r} is of no form that is read; end its name in one of {known}, or give that Content-Type",
        )
    return found


def demand_form(file: Path, form: Form) -> None:
    """Let a file pass that is what it says, and only that.

    Raises
    ------
    InputError
        When its bytes are of another form, it is cut off, or an archive is hidden in it.
    """
    with file.open("rb") as opened:
        head = opened.read(8)
        opened.seek(0, 2)
        size = opened.tell()
        opened.seek(max(0, size - 4))
        tail = opened.read()
    found = _told_by(head)
    wanted = {"xlsx": ZIP, "parquet": PARQUET}.get(form)
    if (wanted is not None and not head.startswith(wanted)) or (wanted is None and found is not None):
        zh, en = found or ("文本", "text")
        raise InputError(
            f"文件说是 {form}，内容却是{zh}；请另存为正确的格式",
            f"the file says it is {form}, but it is {en}; save it in the right form",
        )
    if form == "parquet" and (tail != PARQUET or size < 12):
        raise InputError(
            "Parquet 文件不完整（结尾不是 PAR1）；请重新导出",
            "the Parquet file is cut off (it does not end in PAR1); write it again",
        )
    if form != "xlsx" and zipfile.is_zipfile(file):
        raise InputError(
            f"{form} 文件里藏着压缩包；请只发送数据",
            f"an archive is hidden in the {form} file; send the data alone",
        )


def _told_by(head: bytes) -> tuple[str, str] | None:
    """What other form than text bytes begin."""
    if head.startswith(ZIP):
        return "压缩包或工作簿", "an archive or a workbook"
    if head.startswith(PARQUET):
        return "Parquet", "Parquet"
    return next((words for magic, words in OTHERS.items() if head.startswith(magic)), None)
