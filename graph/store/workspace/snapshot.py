"""A snapshot: one immutable Parquet file with rows of one table as one version left them.

Rows are known by their *position*: a place in the table that a row is given when it comes and that no other row ever
gets. A changed row keeps it; one that went and comes again gets a new one.

- ``rows``: rows that a version put (new ones and new states)
- ``gone``: keys and positions of those that it removed
- ``whole``: all rows as of a version, written now and then so that reading stays fast
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from graph.schema import TABLES
from graph.schema.model import POSITION

Kind = Literal["rows", "gone", "whole"]


@dataclass(frozen=True)
class Snapshot:
    """What the database knows of a file.

    Parameters
    ----------
    network, version : int
        The network's number in the database, and the version that wrote it.
    table : str
        The table.
    kind : {"rows", "gone", "whole"}
        What it holds.
    height : int
        Number of rows.
    first : int or None
        Position of the first row where positions follow one another, and the file has no column of them.
    size : int
        Bytes of the file.
    sha256 : str
        Digest of its bytes.
    """

    network: int
    version: int
    table: str
    kind: Kind
    height: int
    first: int | None
    size: int
    sha256: str

    @property
    def file(self) -> Path:
        """Its file, seen from the folder of snapshots."""
        ending = "" if self.kind == "rows" else f".{self.kind}"
        return version_folder(self.network, self.version) / f"{self.table}{ending}.parquet"


def version_folder(network: int, version: int) -> Path:
    """Where a version's files lie, seen from the folder of snapshots."""
    return Path(str(network), str(version))


def encoded(
    network: int, version: int, table: str, kind: Kind, rows: pl.DataFrame, positions: np.ndarray
) -> tuple[Snapshot, bytes]:
    """Rows in order of their positions, (n,) int64, as the bytes of a file; the same rows give the same bytes."""
    first = _first(positions)
    frame = rows if first is not None else rows.with_columns(pl.Series(POSITION, positions, pl.Int64))
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    content = buffer.getvalue()
    told = Snapshot(
        network, version, table, kind, rows.height, first, len(content), hashlib.sha256(content).hexdigest()
    )
    return told, content


def chain(snapshots: list[Snapshot]) -> list[Snapshot]:
    """Those of one table, given in order of versions, that a read needs: the last whole one and what came after."""
    wholes = [s for s in snapshots if s.kind == "whole"]
    if not wholes:
        return snapshots
    last = wholes[-1]
    return [last, *(s for s in snapshots if s.version > last.version)]


def columns_of(snapshot: Snapshot) -> list[str]:
    """Declared columns that its file may have; a file of an older jiedui can lack some."""
    table = TABLES[snapshot.table]
    return list(table.key) if snapshot.kind == "gone" else list(table.by_name)


def _first(positions: np.ndarray) -> int | None:
    if not positions.size:
        return 0
    first = int(positions[0])
    follows = bool((positions == np.arange(first, first + positions.size)).all())
    return first if follows else None
