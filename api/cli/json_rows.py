"""JSON of long frames, a row per line, piece by piece: nothing of it is held as plain values, nor as one text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

PIECE = 20_000
"""Rows that are written at a time."""


def json_pieces(data: Any) -> Iterator[str]:
    """Text of a JSON document; frames in ``data``, itself or below its keys, become lists of rows.

    Chinese stands as it is, dates are ISO text, and what is no number is null.
    """
    if isinstance(data, pl.DataFrame):
        yield from _rows(data)
    elif isinstance(data, Mapping):
        yield "{"
        for n, (key, value) in enumerate(data.items()):
            yield f"{',' * (n > 0)}\n{json.dumps(str(key), ensure_ascii=False)}: "
            yield from json_pieces(value)
        yield "\n}"
    else:
        yield json.dumps(data, ensure_ascii=False, default=str)


def _rows(frame: pl.DataFrame) -> Iterator[str]:
    yield "["
    for start in range(0, frame.height, PIECE):
        lines = frame.slice(start, PIECE).write_ndjson().rstrip("\n")
        yield ("," if start else "") + "\n" + lines.replace("\n", ",\n")
    yield "\n]" if frame.height else "]"
