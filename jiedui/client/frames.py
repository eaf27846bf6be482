"""Tables as Polars frames: they come over the wire as Arrow, with their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from graph.errors import UsageError
from jiedui.client.call import Call, several
from jiedui.client.talk import Talk

ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"


class ArrowStream(Protocol):
    """A frame of another library that gives its rows as Arrow, as those of pandas do."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """See the Arrow PyCapsule interface."""


Frame = pl.DataFrame | ArrowStream


def question(
    where: Mapping[str, Any] | None = None, sort: str | Sequence[str] = (), columns: str | Sequence[str] = (), limit: int | None = None
) -> dict[str, Any]:  # fmt: skip
    """What is asked of a table, as parameters of its address.

    Parameters
    ----------
    where : mapping, optional
        Conditions, all of which have to hold: ``{"level": "county", "year__gte": 2016, "name__contains": "怒江"}``; a list: one of these.
        Behind ``__``: ``ne``, ``in``, ``gt``, ``gte``, ``lt``, ``lte``, ``contains``.
    sort : str or sequence of str
        Columns, ``-`` before one: the largest first.
    columns : str or sequence of str
        Only these.
    limit : int, optional
        The first so many rows.
    """
    found: dict[str, Any] = {
        **(where or {}),
        "sort": ",".join(several(sort)) or None,
        "columns": ",".join(several(columns)) or None,
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


def as_parquet(frame: Frame) -> bytes:
    """A frame as it is sent.

    Raises
    ------
    UsageError
        When it is no frame.
    """
    try:
        rows = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    except (TypeError, ValueError) as error:
        raise UsageError(f"这不是表：{error}", f"this is no frame: {error}") from error
    out = BytesIO()
    rows.write_parquet(out)
    return out.getvalue()
