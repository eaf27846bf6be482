"""Read tables out of their snapshots: the whole of one as of a version, or the rows of some keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl

from graph.schema import RESULTS, TABLES
from graph.schema.model import POSITION
from graph.store.workspace.faults import damaged_snapshot
from graph.store.workspace.files import FOLDER
from graph.store.workspace.layers import Layer, in_order, standing
from graph.store.workspace.snapshot import Snapshot, chain, columns_of

FEW = 1_000
"""Keys up to which a file is searched for them while it is read."""
_AGE = "_age"


class Reader:
    """Reads the snapshots of a workspace's folder.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder / FOLDER

    def table(
        self, table: str, snapshots: list[Snapshot], columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """A table as its snapshots up to some version say, in order of positions.

        Raises
        ------
        OutsideError
            When a file is missing or damaged.
        """
        return self.placed(table, snapshots, columns)[0]

    def placed(
        self, table: str, snapshots: list[Snapshot], columns: Sequence[str] | None = None
    ) -> tuple[pl.DataFrame, np.ndarray]:
        """The same with the position of each row, (n,) int64. Raises as :meth:`table`."""
        wanted = list(columns or TABLES[table].by_name)
        needed = [s for s in chain(snapshots) if s.height]
        if not needed:
            return TABLES[table].empty().select(wanted), np.empty(0, np.int64)
        places = [self._positions(s) for s in needed]
        layers: list[Layer] = []
        touched = np.zeros(
            1 + max(int(p[-1]) for p in places), bool
        )  # places that later snapshots say something about
        for snapshot, place in zip(reversed(needed), reversed(places), strict=True):
            if snapshot.kind != "gone":
                layers.append(Layer(self._read(snapshot, wanted), place, standing(place, touched)))
            touched[place] = True
        return in_order(layers[::-1])

    def rows(
        self, table: str, snapshots: list[Snapshot], keys: pl.DataFrame, columns: Sequence[str] = ()
    ) -> pl.DataFrame:
        """Rows that stand and have one of some keys, in order of their ``position``, with it.

        Parameters
        ----------
        table : str
            The table.
        snapshots : list of Snapshot
            Its snapshots up to some version.
        keys : DataFrame
            Some of the key columns, or all.
        columns : sequence of str
            Columns to read; all declared ones by default.

        Raises
        ------
        OutsideError
            When a file is missing or damaged.
        """
        key = list(TABLES[table].key)
        wanted = list(dict.fromkeys([*key, *(columns or TABLES[table].by_name)]))
        found: list[pl.DataFrame] = []
        gone: list[pl.DataFrame] = []
        for age, snapshot in enumerate(chain(snapshots)):
            have = key if snapshot.kind == "gone" else wanted
            hits = self.search(snapshot, keys, have).with_columns(pl.lit(age, pl.Int32).alias(_AGE))
            (gone if snapshot.kind == "gone" else found).append(hits)
        if not found:
            return TABLES[table].empty().select(wanted).with_columns(pl.lit(None, pl.Int64).alias(POSITION))
        latest = pl.concat(found)
        if len(found) + len(gone) > 1:
            last = (
                pl.concat([f.select(POSITION, _AGE) for f in (*found, *gone)])
                .group_by(POSITION)
                .agg(pl.col(_AGE).max())
            )
            latest = latest.join(last, on=[POSITION, _AGE], how="semi", maintain_order="left")
        return latest.drop(_AGE).sort(POSITION)

    def search(self, snapshot: Snapshot, keys: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        """Rows of one snapshot that have one of some keys, with their ``position``. Raises as :meth:`rows`."""
        return self._read(snapshot, columns, lambda rows: _with_keys(rows, snapshot.table, keys), place=True)

    def keys(self, snapshot: Snapshot) -> pl.DataFrame:
        """Key columns of all rows of one snapshot. Raises as :meth:`rows`."""
        return self._read(snapshot, TABLES[snapshot.table].key)

    def naming(self, table: str, snapshots: list[Snapshot], column: str, values: pl.Series) -> pl.DataFrame:
        """Key columns and ``column`` of the rows that stand and have one of some values there. Raises as :meth:`table`."""
        key = list(TABLES[table].key)
        hit = pl.col(column).is_in(values.implode())
        needed = [s for s in chain(snapshots) if s.kind != "gone"]
        keys = [
            self._read(s, list(dict.fromkeys([*key, column])), lambda rows: rows.filter(hit)).select(key)
            for s in needed
        ]
        if not any(found.height for found in keys):
            return TABLES[table].empty().select(list(dict.fromkeys([*key, column])))
        return self.rows(table, snapshots, pl.concat(keys).unique(maintain_order=True), [column]).filter(hit)

    def proposed(self, file: Path, size: int, table: str) -> pl.DataFrame:
        """A result table of a proposal; ``file`` is seen from the workspace's folder. Raises as :meth:`table`."""
        path = self._root.parent / file
        with damage_told(path):
            check_size(path, size)
            rows = pl.read_parquet(path)
        lacking = [c for c in RESULTS[table].columns if c.name not in rows.columns]
        return rows.with_columns(pl.lit(c.default, dtype=c.dtype).alias(c.name) for c in lacking).select(
            list(RESULTS[table].by_name)
        )

    def _positions(self, snapshot: Snapshot) -> np.ndarray:
        if snapshot.first is not None:
            return np.arange(snapshot.first, snapshot.first + snapshot.height)
        return self._read(snapshot, [POSITION])[POSITION].to_numpy()

    def _read(
        self,
        snapshot: Snapshot,
        columns: Collection[str],
        choose: Callable[[pl.LazyFrame], pl.LazyFrame] = lambda rows: rows,
        *,
        place: bool = False,
    ) -> pl.DataFrame:
        """Some columns of a file, with ``position`` if asked; what an older jiedui did not write has its default."""
        file = self._root / snapshot.file
        with damage_told(file):
            check_size(file, snapshot.size)
            if place and snapshot.first is not None:
                rows = pl.scan_parquet(file, row_index_name=POSITION, row_index_offset=snapshot.first)
                rows = rows.with_columns(pl.col(POSITION).cast(pl.Int64))
            else:
                rows = pl.scan_parquet(file)
            wanted = [*columns, POSITION] if place and POSITION not in columns else list(columns)
            there = set(rows.collect_schema().names())
            declared = TABLES[snapshot.table].by_name
            lacking = [declared[c] for c in wanted if c not in there and c in columns_of(snapshot)]
            added = [pl.lit(c.default, dtype=c.dtype).alias(c.name) for c in lacking]
            read = choose(rows.with_columns(added).select(wanted) if added else rows.select(wanted)).collect()
        return read


@contextmanager
def damage_told(file: Path) -> Iterator[None]:
    """Turn what happens with a broken file into one clear line.

    Raises
    ------
    OutsideError
        When the file is missing or cannot be read.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise damaged_snapshot(file, "缺失", "is missing") from error
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise damaged_snapshot(file, "已损坏", "is damaged") from error


def check_size(file: Path, size: int) -> None:
    """Whether the file is as long as it was written.

    Raises
    ------
    OSError
        When it is missing.
    OutsideError
        When it is longer or shorter.
    """
    if file.stat().st_size != size:
        raise damaged_snapshot(file, "大小不对", "has another size than was written")


def _with_keys(rows: pl.LazyFrame, table: str, keys: pl.DataFrame) -> pl.LazyFrame:
    names = [c for c in TABLES[table].key if c in keys.columns]
    if keys.height <= FEW:
        rows = rows.filter(*(_one_of(c, keys[c]) for c in names))
        if len(names) == 1:
            return rows
    same = [_filled(c, keys.schema[c]) for c in names]
    return rows.join(
        keys.lazy().select(names),
        left_on=same,
        right_on=same,
        how="semi",
        nulls_equal=True,
        maintain_order="left",
    )


def _one_of(column: str, values: pl.Series) -> pl.Expr:
    """Whether a cell is among the values; an empty one among empty ones."""
    known = values.fill_null("") if values.dtype == pl.String else values.drop_nulls()
    hit = pl.col(column).is_in(known.unique().implode())
    empty = values.null_count() > 0 or (values.dtype == pl.String and bool((known == "").any()))
    return hit | pl.col(column).is_null() if empty else hit


def _filled(column: str, dtype: pl.DataType) -> pl.Expr:
    """As keys are told apart: an empty text is as good as none."""
    return pl.col(column).fill_null("") if dtype == pl.String else pl.col(column)
