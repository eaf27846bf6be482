"""Conditions on columns: ``column=value``, ``column__gte=value`` and so on, each value of its column's type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from api.http.frames.source import Source
from graph.errors import UsageError
from graph.language import Text
from graph.schema import Column
from graph.tables.cells import READERS, Bad
from graph.tables.suggest import meant_or_all

ORDERED = ("integer", "number", "share", "money", "date", "text", "code")
WRITTEN = ("text", "code", "list")
VALUES = 1_000
"""Values of one condition at most."""
VALUE_CHARACTERS = 2_000

Make = Callable[[Column, list[Any]], pl.Expr]


@dataclass(frozen=True)
class Operator:
    """How a column is held against values.

    Parameters
    ----------
    name : str
        Behind ``__``; empty: equal to one of them.
    title : Text
        What it asks.
    make : callable
        Gives the condition.
    kinds : sequence of str
        Kinds of columns that it is for; empty: all.
    """

    name: str
    title: Text
    make: Make
    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class Filter:
    """One condition.

    Parameters
    ----------
    column : str
        The column that it is about.
    words : str
        The same for the same condition.
    expression : Expr
        Whether it holds, never null.
    """

    column: str
    words: str
    expression: pl.Expr


def _one_of(column: Column, values: list[Any]) -> pl.Expr:
    cell, given = pl.col(column.name), [v for v in values if v is not None]
    found = cell.is_in(pl.Series(given, dtype=column.dtype).implode()).fill_null(value=False)
    return found | cell.is_null() if None in values else found


def _none_of(column: Column, values: list[Any]) -> pl.Expr:
    return ~_one_of(column, values)


def _against(compare: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Make:
    def make(column: Column, values: list[Any]) -> pl.Expr:
        each = [compare(pl.col(column.name), pl.lit(v, dtype=column.dtype)) for v in values]
        return pl.all_horizontal(each).fill_null(value=False)

    return make


def _contains(column: Column, values: list[Any]) -> pl.Expr:
    """All of the values: as parts of a text, as members of a list."""
    cell = pl.col(column.name)
    if column.kind == "list":
        cell, values = pl.concat_str(pl.lit(";"), cell, pl.lit(";")), [f";{v};" for v in values]
    return pl.all_horizontal(cell.str.contains(v, literal=True) for v in values).fill_null(value=False)


OPERATORS = {
    o.name: o
    for o in (
        Operator("", Text("等于（写几次：其中之一；空：空单元格）", "equal (several times: to one of them; empty: an empty cell)"), _one_of),
        Operator("ne", Text("不等于", "not equal"), _none_of),
        Operator("in", Text("逗号分隔的值之一", "one of several values, with commas between"), _one_of),
        Operator("gt", Text("大于", "greater"), _against(lambda cell, value: cell > value), ORDERED),
        Operator("gte", Text("大于或等于", "greater or equal"), _against(lambda cell, value: cell >= value), ORDERED),
        Operator("lt", Text("小于", "less"), _against(lambda cell, value: cell < value), ORDERED),
        Operator("lte", Text("小于或等于", "less or equal"), _against(lambda cell, value: cell <= value), ORDERED),
        Operator("contains", Text("含有这段文字；列表：含有这一项", "contains the text; of a list: the member"), _contains, WRITTEN),
    )
}  # fmt: skip
"""By name."""


def read_filter(source: Source, key: str, given: Sequence[str]) -> Filter:
    """A condition as a request writes it.

    Parameters
    ----------
    source : Source
        What it is about.
    key : str
        ``column`` or ``column__operator``.
    given : sequence of str
        The values.

    Raises
    ------
    UsageError
        When there is no such column or operator, the operator is not for its kind, or a value is not of its type.
    """
    name, _, word = (key, "", "") if key in source.columns else key.partition("__")
    column = source.column(name)
    operator = _operator(column, word)
    texts = [part for text in given for part in (text.split(",") if word == "in" else [text])]
    if len(texts) > VALUES or any(len(t) > VALUE_CHARACTERS for t in texts):
        raise UsageError(
            f"{key}：最多 {VALUES} 个值，每个最多 {VALUE_CHARACTERS} 个字符",
            f"{key}: no more than {VALUES} values of {VALUE_CHARACTERS} characters each",
        )
    empties = word in ("", "ne", "in")
    values = [None if empties and not t else _value(source, column, key, t) for t in texts]
    return Filter(name, repr((name, word, values)), operator.make(column, values))


def operators_of(column: Column) -> list[str]:
    """Operators that a column may be asked with; the empty one is equality."""
    return [o.name for o in OPERATORS.values() if not o.kinds or column.kind in o.kinds]


def _operator(column: Column, word: str) -> Operator:
    there = operators_of(column)
    if word not in there:
        shown = [f"{column.name}__{o}" if o else column.name for o in there]
        near = meant_or_all(f"{column.name}__{word}"[:80], shown)
        raise UsageError(
            f"列 {column.name}（{column.zh}）不能用 __{word[:40]}{near.zh}",
            f"column {column.name} ({column.en}) cannot be asked with __{word[:40]}{near.en}",
        )
    return OPERATORS[word]


def _value(source: Source, column: Column, key: str, text: str) -> Any:
    """The value that a text means in a column."""
    if column.kind in READERS:
        found = READERS[column.kind](text.strip(), column)
        if isinstance(found, Bad):
            raise _refused(
                column, key, Text(f"{found.what.zh}；{found.mend.zh}", f"{found.what.en}; {found.mend.en}")
            )
        return found
    if column.enum and column.kind == "enum":
        there = source.values(column.enum)
        if text not in there:
            near = meant_or_all(text[:80], there)
            raise _refused(
                column,
                key,
                Text(f"没有值“{text[:80]}”{near.zh}", f"there is no value “{text[:80]}”{near.en}"),
            )
    return text


def _refused(column: Column, key: str, why: Text) -> UsageError:
    unit = Text(f"，单位 {column.unit}", f", in {column.unit}") if column.unit else Text("", "")
    return UsageError(f"{key}（{column.zh}{unit.zh}）：{why.zh}", f"{key} ({column.en}{unit.en}): {why.en}")
