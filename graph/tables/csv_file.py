"""Read one CSV file as text: UTF-8 with or without BOM, or GB18030; commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.tables.raw import RawTable
from graph.tables.write import FORMULA

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LEADING_LINES = re.compile(rb"^(?:[ \t]*\r?\n)+")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def read_csv(file: Path, table: str) -> RawTable:
    """Read a CSV as text. What is wrong with the file itself stands in ``problems``."""
    data = file.read_bytes()
    decoded = decode(data)
    if isinstance(decoded, int):
        return _failed(table, file.name, _wrong_encoding(table, file.name, data, decoded))
    leading = _LEADING_LINES.match(decoded)
    above = leading.group().count(b"\n") if leading else 0
    body = decoded[leading.end() :] if leading else decoded
    if not body.strip():
        return _failed(table, file.name, _nothing(table, file.name))
    header = _header(body)
    separator = next((s for s in "\t;" if len(header) == 1 and s in header[0]), ",")
    if separator != ",":
        header = _header(body, separator)
    frame, problems = _parse(body, separator, len(header), 2 + above, table=table, file=file.name)
    if frame.width == len(header):
        frame.columns = unique_headers(header)
    # text that a spreadsheet would take for a formula has one more ' in front (see ``write.guarded``)
    frame = frame.with_columns(pl.col(pl.String).str.replace(f"^'{FORMULA.removeprefix('^')}", "$1"))
    return RawTable(table, frame, file.name, 2 + above, tuple(problems))


def decode(data: bytes) -> bytes | int:
    """The text as UTF-8 bytes without BOM, or the position of the first byte that fits no encoding."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if data.startswith(UTF_16):
        return 0
    if b"\0" in data:  # a part of no other character in either encoding
        return data.index(b"\0")
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError as error:
        broken = error.start
    valid = len(_MULTIBYTE.findall(data))
    wrong = data.decode("utf-8", errors="replace").count("�")
    if valid > wrong:  # mostly good UTF-8 with a few broken bytes: GB18030 would read it as rubbish
        return broken
    try:
        return data.decode("gb18030").encode("utf-8")
    except UnicodeDecodeError as error:
        return error.start


def unique_headers(header: list[str]) -> list[str]:
    """Headers made unique by a suffix that no title has; ``headers`` reports the doubles."""
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(header):
        name = cell.strip() or f"\0{position}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}\0{seen[name]}")
    return names


def _header(body: bytes, separator: str = ",") -> list[str]:
    limit = 1 << 20
    return next(
        csv.reader(
            io.StringIO(body[:limit].decode("utf-8", errors="ignore"), newline=""), delimiter=separator
        ),
        [],
    )


def _parse(
    body: bytes, separator: str, width: int, first_row: int, *, table: str, file: str
) -> tuple[pl.DataFrame, list[Finding]]:
    try:
        return _read(body, separator), []
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema={f"c{i}": pl.String() for i in range(width)}), []
    except pl.exceptions.PolarsError:
        return _parse_slowly(body, separator, width, first_row, table=table, file=file)


def _read(body: bytes, separator: str) -> pl.DataFrame:
    return pl.read_csv(body, separator=separator, infer_schema=False)


def _parse_slowly(
    body: bytes, separator: str, width: int, first_row: int, *, table: str, file: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Row by row, for a file in which some rows do not fit: says which."""
    csv.field_size_limit(1 << 26)
    rows: list[list[str | None]] = []
    problems: list[Finding] = []
    reader = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), delimiter=separator, strict=True)
    try:
        next(reader)
        for number, cells in enumerate(reader, start=first_row):
            if len(cells) > width and any(c.strip() for c in cells[width:]):
                problems.append(_too_long(table, file, number, cells, width, separator))
            rows.append([c or None for c in cells[:width]] + [None] * (width - len(cells)))
    except csv.Error as error:
        what = Text(f"引号没有配对（{error}）", f"a quotation mark is not closed or not doubled ({error})")
        mend = Text("单元格里的引号要写两个", 'write a quotation mark inside a cell twice: ""')
        problems.append(
            Finding("broken-quotes", "error", table, first_row + len(rows), None, None, what, mend, file)
        )
    columns = {f"c{i}": pl.String() for i in range(width)}
    return pl.DataFrame(rows, schema=columns, orient="row"), problems


def _too_long(table: str, file: str, number: int, cells: list[str], width: int, separator: str) -> Finding:
    return Finding(
        "too-many-cells",
        "error",
        table,
        number,
        None,
        separator.join(cells[width:])[:80],
        Text(
            f"这一行有 {len(cells)} 格，表头只有 {width} 格",
            f"the row has {len(cells)} cells, the header {width}",
        ),
        Text(
            "含逗号的单元格要加引号；金额不要写千分位",
            'put a cell with a comma in "quotes"; write money without thousands marks',
        )
        if separator == ","
        else Text(
            f"列以 {separator!r} 分隔；含它的单元格要加引号",
            f'columns are separated by {separator!r} here; put a cell with one in "quotes"',
        ),
        file,
    )


def _failed(table: str, file: str, problem: Finding) -> RawTable:
    return RawTable(table, pl.DataFrame(), file, 2, (problem,))


def _nothing(table: str, file: str) -> Finding:
    return Finding(
        "empty-file",
        "error",
        table,
        None,
        None,
        None,
        Text("文件是空的，连表头也没有", "the file is empty, it has not even a header"),
        Text(
            "第一行写列名；用不到的表请删除文件", "put the column names in the first row, or remove the file"
        ),
        file,
    )


def _wrong_encoding(table: str, file: str, data: bytes, position: int) -> Finding:
    return Finding(
        "wrong-encoding",
        "error",
        table,
        data[:position].count(b"\n") + 1,
        None,
        None,
        _encoding(data),
        Text("请另存为“CSV UTF-8”", "save it as “CSV UTF-8”"),
        file,
    )


def _encoding(data: bytes) -> Text:
    """What is wrong with an encoding that is none of those that are read."""
    if data.startswith(UTF_16):
        return Text("文件编码是 UTF-16（“Unicode 文本”）", "the file is UTF-16 (“Unicode text”)")
    if b"\0" in data:
        return Text(
            "文件里有 NUL 字符（字节 0）：已损坏，或是没有标记的 UTF-16",
            "the file has a NUL character (byte 0): it is damaged, or UTF-16 without its mark",
        )
    return Text(
        "文件编码既不是 UTF-8 也不是 GB18030，或含有损坏的字符",
        "the file is neither UTF-8 nor GB18030, or has broken characters",
    )
