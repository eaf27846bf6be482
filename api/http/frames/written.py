"""Parts of a table as bytes of a stream: JSON, JSON lines, CSV, Arrow record batches."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import polars as pl

from graph.tables.write import guarded

UTF8_MARK = "\ufeff".encode()
"""So that Excel takes a CSV for UTF-8."""
END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_OLDEST = pl.CompatLevel.oldest()
"""Types that every reader of Arrow knows."""


def as_csv(parts: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """CSV with a header; text that a spreadsheet would take for a formula has a ``'`` in front."""
    for number, part in enumerate(parts):
        lines = guarded(part).write_csv(include_header=number == 0).encode()
        yield UTF8_MARK + lines if number == 0 else lines


def as_lines(parts: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """A JSON object a line."""
    for part in parts:
        yield part.write_ndjson().encode()


def as_json(table: str, parts: Iterable[pl.DataFrame], **more: Any) -> Iterator[bytes]:
    """One JSON document: the table's name, its rows, how many they are in all, and what stands beside.

    Parameters
    ----------
    table : str
        Name.
    parts : iterable of DataFrame
        Rows.
    **more
        Behind the rows; ``total`` where it is not the number of those that are here.
    """
    yield f'{{"table":{json.dumps(table)},"rows":['.encode()
    seen = 0
    for part in parts:
        if part.height:
            rows = part.write_ndjson().rstrip("\n").replace("\n", ",\n").encode()
            yield b",\n" + rows if seen else rows
        seen += part.height
    told = json.dumps({"total": seen, "next": None, **more}, ensure_ascii=False)
    yield f"],{told[1:]}".encode()


def as_arrow(parts: Iterable[pl.DataFrame]) -> Iterator[bytes | memoryview]:
    """One Arrow IPC stream: the schema once, a record batch or some for each part, the mark of the end."""
    for number, part in enumerate(parts):
        whole = BytesIO()
        part.write_ipc_stream(whole, compat_level=_OLDEST)
        view = whole.getbuffer()
        begin = 0 if number == 0 else 8 + struct.unpack_from("<i", view, 4)[0]  # behind the schema's message
        yield view[begin : len(view) - len(END_OF_STREAM)]
    yield END_OF_STREAM
