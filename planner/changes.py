"""Apply a scenario's ``[[change]]`` entries to typed tables, in order."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import polars as pl

from graph.errors import ScenarioError
from graph.language import Text
from graph.schema import TABLES, Column, Table
from graph.tables.suggest import did_you_mean

ACTIONS = ("set", "scale", "add", "remove")
NUMERIC = ("integer", "money", "number", "share")
WANTED = {
    "integer": Text("应为整数", "must be a whole number"),
    "money": Text("应为整数（元）", "must be a whole number of yuan"),
    "number": Text("应为数值", "must be a number"),
    "share": Text("应为 0–1 的数值", "must be a number from 0 to 1"),
    "date": Text("应为 年-月-日", "must be year-month-day"),
    "boolean": Text("应为 true 或 false", "must be true or false"),
    "list": Text("应为文本或文本列表", "must be text or a list of texts"),
}
LARGEST = 2**63  # what a column of whole numbers can hold
PLAIN = Text("应为文本", "must be text")


def apply_changes(
    frames: Mapping[str, pl.DataFrame],
    changes: Iterable[Mapping[str, Any]],
    file: str,
    *,
    lines: Sequence[int] = (),
    only: Collection[str] | None = None,
) -> dict[str, pl.DataFrame]:
    """Apply changes in order; changed rows name ``file`` as their source.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables; other columns than declared ones (hidden row numbers) are kept.
    changes : iterable of mapping
        ``table``, ``where`` (column → value or list of values) and one of ``set`` (column → value),
        ``scale`` (column → factor; whole numbers are rounded half to even), ``add`` (list of rows),
        ``remove`` (true). An empty text stands for an empty cell.
    file : str
        File of the changes, for messages and ``source``.
    lines : sequence of int
        Line on which each change begins, for messages.
    only : collection of str, optional
        Tables whose changes are applied.

    Raises
    ------
    ScenarioError
        When a change is malformed, names an unknown table or column, matches no row, adds a row that is there,
        or changes a cell that an earlier change of the same file has changed.
    """
    changed = dict(frames)
    touched: set[tuple[str, tuple[Any, ...], str]] = set()
    for number, change in enumerate(changes, 1):
        line = lines[number - 1] if number <= len(lines) else 0
        place = Text(
            f"{file}" + (f"，第 {line} 行" if line else "") + f"，第 {number} 个 [[change]]",
            f"{file}" + (f", line {line}" if line else "") + f", [[change]] number {number}",
        )
        table = _table(change, place)
        if only is None or table.name in only:
            frame = changed.get(table.name, table.empty())
            changed[table.name] = _apply(frame, table, change, place, f"{file} [[change]] {number}", touched)
    return changed


def _table(change: Mapping[str, Any], place: Text) -> Table:
    if not isinstance(change, Mapping):
        raise _error(place, "应写成 [[change]] 一节", "must be a section [[change]]")
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
        hint = did_you_mean(name, {n: t.title for n, t in TABLES.items()})
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
    matches = pl.lit(True)
    for column, value in where.items():
        matches &= matching(table.by_name[column], value, place)
    hit = frame.filter(matches)
    if hit.is_empty():
        near = _meant(frame, where)
        raise _error(
            place,
            f"{table.name} 中没有符合 {dict(where)} 的行{near.zh}",
            f"no row of {table.name} matches {dict(where)}{near.en}",
        )
    if "remove" in change:
        if change["remove"] is not True:
            raise _error(place, "remove 只能是 true", "remove can only be true")
        return frame.filter(~matches.fill_null(False))
    columns = change["set"] if "set" in change else change["scale"]
    _known(columns, table, place)
    if not columns:
        raise _error(place, "没有写要改的列", "names no column to change")
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
    try:
        return frame.with_columns(values)
    except pl.exceptions.PolarsError as error:
        raise _error(place, "结果太大，放不下", "the result is too large to hold") from error


def _meant(frame: pl.DataFrame, where: Mapping[str, Any]) -> Text:
    """What the first text of a condition that stands in no row may have meant."""
    for column, value in where.items():
        if frame.schema[column] == pl.String and isinstance(value, str):
            there = frame[column].drop_nulls().unique(maintain_order=True)
            if value not in there:
                return did_you_mean(value, there.to_list())
    return Text("", "")


def matching(column: Column, value: Any, place: Text) -> pl.Expr:
    """Rows whose cell is ``value`` or, for a list, one of its members; an empty text finds empty cells."""
    wanted = [_cell(column, v, place) for v in (value if isinstance(value, list) else [value])]
    here = pl.col(column.name).is_in(pl.Series([w for w in wanted if w is not None], dtype=column.dtype))
    return here | pl.col(column.name).is_null() if None in wanted else here


def _cell(column: Column, value: Any, place: Text) -> Any:
    """A value of the file as the column holds it; ``None`` for an empty text where the column is no plain text.

    Raises
    ------
    ScenarioError
        When the value is of another kind.
    """
    if value == "" and column.kind != "text":
        return None
    found = _converted(column.kind, value)
    if found is None:
        wanted = WANTED.get(column.kind, PLAIN)
        raise _error(
            place,
            f"{column.name} 不能是 {value!r}：{wanted.zh}",
            f"{column.name} cannot be {value!r}: it {wanted.en}",
        )
    return found


def _converted(kind: str, value: Any) -> Any:
    """``value`` as this kind of column holds it; ``None`` where it cannot."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match kind:
        case "integer" | "money":
            whole = number and math.isfinite(value) and value == int(value) and abs(value) < LARGEST
            return int(value) if whole else None
        case "number" | "share":
            return float(value) if number else None
        case "boolean":
            return value if isinstance(value, bool) else None
        case "date":
            return _day(value)
        case "list":
            if isinstance(value, list):
                return ";".join(value) if all(isinstance(v, str) for v in value) else None
            return value if isinstance(value, str) else None
    plain_number = isinstance(value, int) and not isinstance(value, bool)  # a code without its quotes
    return str(value) if plain_number or isinstance(value, str) else None


def _day(value: Any) -> date | None:
    """A day: a TOML date, a date and time at midnight, or a text year-month-day."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _new(table: Table, column: str, value: Any, scaled: bool, place: Text) -> pl.Expr:
    declared = table.by_name[column]
    if not scaled:
        return pl.lit(_cell(declared, value, place), dtype=declared.dtype)
    if declared.kind not in NUMERIC or _converted("number", value) is None or not math.isfinite(value):
        raise _error(place, f"{column} 不能乘以 {value!r}", f"{column} cannot be scaled by {value!r}")
    product = pl.col(column).cast(pl.Float64) * float(value)
    return product.round().cast(pl.Int64) if declared.kind in ("integer", "money") else product


def _add(frame: pl.DataFrame, table: Table, rows: Any, place: Text, origin: str) -> pl.DataFrame:
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise _error(place, "add 应为行的列表", "add must be a list of rows")
    source = "fact_source" if "fact_source" in table.by_name else "source"
    defaults = {c.name: c.default for c in table.columns} | {source: origin}
    made = []
    for row in rows:
        _known(row, table, place)
        made.append({**defaults, **{k: _cell(table.by_name[k], v, place) for k, v in row.items()}})
    added = pl.DataFrame(made, schema=table.dtypes)
    both = pl.concat([frame, added], how="diagonal")
    doubled = added.filter(both.select(table.key).is_duplicated().tail(added.height))
    if doubled.height:
        shown = "/".join(map(str, doubled.select(table.key).row(0)))
        raise _error(
            place,
            f"{table.name} 已有 {shown}；要改它请用 set",
            f"{table.name} already has {shown}; change it with set",
        )
    return both


def _known(columns: Mapping[str, Any], table: Table, place: Text) -> None:
    if not isinstance(columns, Mapping):
        raise _error(place, "应为 { 列 = 值 }", "must be { column = value }")
    for column in columns:
        if column not in table.by_name:
            hint = did_you_mean(column, {n: c.title for n, c in table.by_name.items()})
            raise _error(
                place,
                f"{table.name} 没有列 {column}{hint.zh}",
                f"{table.name} has no column {column}{hint.en}",
            )


def _error(place: Text, zh: str, en: str) -> ScenarioError:
    return ScenarioError(f"{place.zh}：{zh}", f"{place.en}: {en}")
