"""Apply a scenario's ``[[change]]`` entries to typed tables, in order."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from graph.errors import ScenarioError
from graph.language import Text
from graph.schema import TABLES, Table

ACTIONS = ("set", "scale", "add", "remove")
NUMERIC = ("integer", "money", "number", "share")


def apply_changes(
    frames: Mapping[str, pl.DataFrame], changes: Iterable[Mapping[str, Any]], file: str
) -> dict[str, pl.DataFrame]:
    """Apply changes in order; changed rows name ``file`` as their source.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables; other columns than declared ones (hidden row numbers) are kept.
    changes : iterable of mapping
        ``table``, ``where`` (column → value or list of values) and one of ``set`` (column → value),
        ``scale`` (column → factor; whole numbers are rounded half to even), ``add`` (list of rows),
        ``remove`` (true).
    file : str
        File of the changes, for messages and ``source``.

    Raises
    ------
    ScenarioError
        When a change is malformed, names an unknown table or column, matches no row, or changes a cell that
        an earlier change of the same file has changed.
    """
    changed = dict(frames)
    touched: set[tuple[str, tuple[Any, ...], str]] = set()
    for number, change in enumerate(changes, 1):
        place = Text(f"{file}，第 {number} 个 [[change]]", f"{file}, [[change]] number {number}")
        table = _table(change, place)
        frame = changed.get(table.name, table.empty())
        changed[table.name] = _apply(frame, table, change, place, f"{file} [[change]] {number}", touched)
    return changed


def _table(change: Mapping[str, Any], place: Text) -> Table:
    unknown = [k for k in change if k not in ("table", "where", "why", *ACTIONS)]
    if unknown:
        raise _error(place, f"没有 {unknown[0]} 这个键", f"unknown key {unknown[0]}")
    actions = [a for a in ACTIONS if a in change]
    if len(actions) != 1:
        raise _error(
            place, "要且只要 set、scale、add、remove 之一", "needs exactly one of set, scale, add, remove"
        )
    name = str(change.get("table", ""))
    if name not in TABLES:
        near = difflib.get_close_matches(name, TABLES, n=1, cutoff=0.5)
        hint = Text(f"；是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else Text("", "")
        raise _error(place, f"没有表 {name!r}{hint.zh}", f"no table {name!r}{hint.en}")
    return TABLES[name]


def _apply(
    frame: pl.DataFrame,
    table: Table,
    change: Mapping[str, Any],
    place: Text,
    origin: str,
    touched: set[tuple[str, tuple[Any, ...], str]],
) -> pl.DataFrame:
    if "add" in change:
        return _add(frame, table, change["add"], place, origin)
    where = change.get("where", {})
    _known(where, table, place)
    matches = pl.all_horizontal([_matches(table, k, v) for k, v in where.items()]) if where else pl.lit(True)
    hit = frame.filter(matches)
    if hit.is_empty():
        raise _error(
            place,
            f"{table.name} 中没有符合 {dict(where)} 的行",
            f"no row of {table.name} matches {dict(where)}",
        )
    if "remove" in change:
        return frame.filter(~matches.fill_null(False))
    columns = change.get("set") or change.get("scale") or {}
    _known(columns, table, place)
    for key in hit.select(table.key).iter_rows():
        for column in columns:
            cell = (table.name, key, column)
            if cell in touched:
                shown = "/".join(map(str, key))
                raise _error(
                    place,
                    f"{table.name} {shown} 的 {column} 已被本文件前面的 change 改过；合并成一个",
                    f"{column} of {table.name} {shown} was already changed by an earlier change of this file; merge them",
                )
            touched.add(cell)
    values = [
        pl.when(matches.fill_null(False))
        .then(_new(table, c, v, "scale" in change, place))
        .otherwise(pl.col(c))
        .alias(c)
        for c, v in columns.items()
    ]
    source = "fact_source" if "fact_source" in table.by_name else "source"
    values.append(
        pl.when(matches.fill_null(False)).then(pl.lit(origin)).otherwise(pl.col(source)).alias(source)
    )
    return frame.with_columns(values)


def _matches(table: Table, column: str, value: Any) -> pl.Expr:
    if isinstance(value, list):
        return pl.col(column).is_in(pl.Series(value).cast(table.by_name[column].dtype))
    return pl.col(column) == pl.lit(value).cast(table.by_name[column].dtype)


def _new(table: Table, column: str, value: Any, scaled: bool, place: Text) -> pl.Expr:
    declared = table.by_name[column]
    if not scaled:
        try:
            pl.Series([value]).cast(declared.dtype)
        except (pl.exceptions.PolarsError, TypeError) as error:
            raise _error(place, f"{column} 不能是 {value!r}", f"{column} cannot be {value!r}") from error
        return pl.lit(value).cast(declared.dtype)
    if declared.kind not in NUMERIC or isinstance(value, bool) or not isinstance(value, int | float):
        raise _error(place, f"{column} 不能乘以 {value!r}", f"{column} cannot be scaled by {value!r}")
    product = pl.col(column).cast(pl.Float64) * float(value)
    return product.round().cast(pl.Int64) if declared.kind in ("integer", "money") else product


def _add(frame: pl.DataFrame, table: Table, rows: Any, place: Text, origin: str) -> pl.DataFrame:
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise _error(place, "add 应为行的列表", "add must be a list of rows")
    for row in rows:
        _known(row, table, place)
    source = "fact_source" if "fact_source" in table.by_name else "source"
    defaults = {c.name: c.default for c in table.columns} | {source: origin}
    try:
        added = pl.DataFrame([{**defaults, **row} for row in rows], schema=table.dtypes, strict=True)
    except (pl.exceptions.PolarsError, TypeError) as error:
        raise _error(place, f"行的类型不对：{error}", f"a row has a wrong type: {error}") from error
    return pl.concat([frame, added], how="diagonal")


def _known(columns: Mapping[str, Any], table: Table, place: Text) -> None:
    if not isinstance(columns, Mapping):
        raise _error(place, "应为 { 列 = 值 }", "must be { column = value }")
    for column in columns:
        if column not in table.by_name:
            near = difflib.get_close_matches(column, table.by_name, n=1, cutoff=0.5)
            hint = Text(f"；是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else Text("", "")
            raise _error(
                place,
                f"{table.name} 没有列 {column}{hint.zh}",
                f"{table.name} has no column {column}{hint.en}",
            )


def _error(place: Text, zh: str, en: str) -> ScenarioError:
    return ScenarioError(f"{place.zh}：{zh}", f"{place.en}: {en}")
