"""Changes as a store takes them: declared columns and types, each row once. The same for every store."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from graph.errors import InputError
from graph.schema import TABLES
from graph.store.changes import Changes
from graph.store.keyring import seal_changes
from graph.store.rows import row_keys

SHOWN = 10


def incoming(changes: Changes, place: str) -> Changes:
    """The same changes with declared columns in their order and types, names sealed for a place; tables without rows are left out.

    Where nothing has to be mended it is the very object that was given, so that what it has worked out stays known.

    Raises
    ------
    InputError
        When a table or column is not declared or missing, a cell does not fit its type, a key cell that must be filled is
        empty, a row stands twice among those that are put, or a row is put and removed at once.
    """
    put = {t: _whole(t, frame) for t, frame in changes.put.items()}
    gone = {t: _keys(t, frame) for t, frame in changes.removed.items()}
    for table, frame in put.items():
        keys = row_keys(table, frame)
        if keys.is_duplicated().any():
            _refuse_twice(table, keys.filter(keys.is_duplicated()).unique(maintain_order=True).to_list())
        both = keys.filter(keys.is_in(row_keys(table, gone[table]).implode())) if table in gone else keys[:0]
        if both.len():
            _refuse_both(table, both.to_list())
    made = Changes({t: f for t, f in put.items() if f.height}, {t: f for t, f in gone.items() if f.height})
    same = _alike(changes.put, made.put) and _alike(changes.removed, made.removed)
    return seal_changes(place, changes if same else made)


def given_tables(changes: Changes, tables: Collection[str]) -> list[str]:
    """Tables that a change gives: those of which it puts rows and those that are named, in the schema's order.

    Raises
    ------
    InputError
        When one is not declared.
    """
    named = {*(t for t, rows in changes.put.items() if rows.height), *tables}
    for table in named:
        _known(table)
    return [t for t in TABLES if t in named]


def _alike(asked: Mapping[str, pl.DataFrame], made: Mapping[str, pl.DataFrame]) -> bool:
    return {t: (f.schema, f.height) for t, f in asked.items()} == {
        t: (f.schema, f.height) for t, f in made.items()
    }


def _known(table: str) -> None:
    if table not in TABLES:
        raise InputError(f"没有表 {table}", f"there is no table {table}")


def _whole(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    _known(table)
    return _typed(table, frame, list(TABLES[table].by_name))


def _keys(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    _known(table)
    return _typed(table, frame, list(TABLES[table].key)).unique(maintain_order=True)


def _typed(table: str, frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        told = ", ".join(missing)
        raise InputError(f"{table}：缺少列 {told}", f"{table}: columns are missing: {told}")
    declared = TABLES[table].by_name
    try:
        typed = frame.select(pl.col(c).cast(declared[c].dtype) for c in columns)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"{table}：有的列类型不符，应如数据字典所列",
            f"{table}: a column is of another type than the schema declares",
        ) from error
    empty = [c for c in TABLES[table].key if declared[c].required and typed[c].null_count()]
    if empty:
        told = ", ".join(empty)
        raise InputError(f"{table}：主键列 {told} 不能为空", f"{table}: key columns must be filled: {told}")
    return typed


def _refuse_twice(table: str, rows: list[str]) -> None:
    told = ", ".join(rows[:SHOWN])
    raise InputError(
        f"{table}：主键重复：{told}；每行只能写一次",
        f"{table}: keys stand twice: {told}; write each row once",
    )


def _refuse_both(table: str, rows: list[str]) -> None:
    told = ", ".join(rows[:SHOWN])
    raise InputError(
        f"{table}：同时写入又删除：{told}；两者取一",
        f"{table}: put and removed at once: {told}; do one of the two",
    )
