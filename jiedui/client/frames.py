"""Tables as Polars frames: they come over the wire as Arrow, with their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from jiedui.client.call import Call
from jiedui.client.talk import Talk

ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"


def question(
    where: Mapping[str, Any] | None = None, sort: Sequence[str] = (), columns: Sequence[str] = (), limit: int | None = None
) -> dict[str, Any]:  # fmt: skip
    """What is asked of a table, as parameters of its address.

    Parameters
    ----------
    where : mapping, optional
        Conditions, all of which have to hold: ``{"level": "county", "year__gte": 2016, "name__contains": "怒江"}``; a list: one of these.
        Behind ``__``: ``ne``, ``in``, ``gt``, ``gte``, ``lt``, ``lte``, ``contains``.
    sort : sequence of str
        Columns, ``-`` before one: the largest first.
    columns : sequence of str
        Only these.
    limit : int, optional
        The first so many rows.
    """
    found: dict[str, Any] = {
        **(where or {}),
        "sort": ",".join(sort) or None,
        "columns": ",".join(columns) or None,
    }
    return found | {"limit": limit}


async def read_frame(talk: Talk, path: str, query: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of a table, with their types."""
    answer = await talk.send(Call("GET", f"{path}.arrow", query, accept=ARROW))
    return pl.read_ipc_stream(BytesIO(answer.content))


async def save_table(talk: Talk, path: str, query: Mapping[str, Any], file: str | Path) -> Path:
    """A table into a file, in the format that its ending names (``.xlsx``, ``.csv``, ``.parquet``, ``.arrow``, ``.json``, ``.ndjson``)."""
    target = Path(file)
    await talk.save(Call("GET", f"{path}.{target.suffix.removeprefix('.')}", query, accept="*/*"), target)
    return target


def as_parquet(frame: pl.DataFrame) -> bytes:
    """A frame as it is sent."""
    out = BytesIO()
    frame.write_parquet(out)
    return out.getvalue()
