"""How wide and how large tables are, known before a reader holds them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from api.service.refusals import TooLarge
from graph.errors import InputError

MOST_COLUMNS = 1_000
"""The widest declared table has some thirty."""
LONGEST_HEAD = 1 << 18
"""Bytes of a CSV's first line."""
MOST_ROWS = 20_000_000
LONGEST_FOOTER = 16 << 20


def demand_narrow_csv(file: Path) -> None:
    """Let a CSV pass whose first line is one of names.

    Raises
    ------
    TooLarge
        When it has more columns than any table, or no end.
    """
    with file.open("rb") as opened:
        head = opened.read(LONGEST_HEAD)
    line = head.lstrip(b"\r\n\t \xef\xbb\xbf").partition(b"\n")[0]
    if len(head) == LONGEST_HEAD and b"\n" not in head:
        raise TooLarge(
            f"第一行超过 {LONGEST_HEAD:,} 字节", f"the first line has more than {LONGEST_HEAD:,} bytes"
        )
    _demand_columns(1 + max(line.count(sign) for sign in (b",", b";", b"\t")))


def demand_flat_parquet(file: Path) -> None:
    """Let a Parquet file pass whose columns are plain and whose sizes are possible.

    Raises
    ------
    TooLarge
        When it says that it has more columns or rows than are taken.
    InputError
        When it cannot be read, or a column holds other than plain values.
    """
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(size - 8)
        footer = int.from_bytes(opened.read(4), "little")
    if footer > min(size - 12, LONGEST_FOOTER):
        raise InputError(
            "Parquet 文件的尾部长度不可能；请重新导出",
            "the Parquet file's footer cannot be as long as it says; write it again",
        )
    schema = pl.read_parquet_schema(file)
    _demand_columns(len(schema))
    nested = next(
        (n for n, kind in schema.items() if isinstance(kind, pl.Struct | pl.Array | pl.Object | pl.Binary)),
        None,
    )
    if nested is not None:
        raise InputError(
            f"列 {nested[:80]!r} 不是普通的值", f"the column {nested[:80]!r} holds other than plain values"
        )
    rows = int(pl.scan_parquet(file, hive_partitioning=False).select(pl.len()).collect().item())
    if rows > MOST_ROWS:
        raise TooLarge(
            f"有 {rows:,} 行，至多 {MOST_ROWS:,}", f"it has {rows:,} rows, at most {MOST_ROWS:,} are taken"
        )


def _demand_columns(count: int) -> None:
    if count > MOST_COLUMNS:
        raise TooLarge(
            f"有 {count:,} 列，至多 {MOST_COLUMNS:,}",
            f"it has {count:,} columns, at most {MOST_COLUMNS:,} are taken",
        )
