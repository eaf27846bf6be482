"""What a sweep varies: a policy value, or cells of a table; read from words such as ``funds.deep_poverty_share=0.2:0.5:4``."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from graph.errors import ScenarioError, UsageError
from graph.language import Text
from graph.schema import TABLES, Column
from planner.changes import apply_changes
from planner.policy import Setting
from planner.scenario import Scenario
from planner.stages import SETTINGS
from planner.sweep.values import RANGE, Form, Listed, Spaced, Span, Values, fraction, listed, parts

OPTION = "--vary"
FORMS: dict[str, Form] = {"integer": "whole", "money": "whole", "number": "number", "share": "number"}
"""Form of a setting, or kind of a column → what its axis may hold; all others may only be listed."""


@dataclass(frozen=True)
class Axis:
    """One thing that is varied.

    Parameters
    ----------
    key : str
        As it was typed, left of ``=``; the name of its column in ``runs.parquet``.
    values : Values
        What it takes.
    stage, setting : str
        The policy value; empty for cells of a table.
    table, column : str
        The cells; empty for a policy value.
    where : mapping of str to object
        Column → value of the rows that are changed; empty: all rows.
    scale : bool
        Whether cells are multiplied by the value; else they are set to it.
    """

    key: str
    values: Values
    stage: str = ""
    setting: str = ""
    table: str = ""
    column: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    scale: bool = False

    def change(self, value: Any) -> dict[str, Any]:
        """The ``[[change]]`` that gives the cells a value."""
        action = "scale" if self.scale else "set"
        return {"table": self.table, "where": dict(self.where), action: {self.column: value}}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: all that decides which runs there are."""
        values: dict[str, Any] = {}
        match self.values:
            case Listed(found):
                values = {"values": [plain(v) for v in found]}
            case Spaced(low, high, count, whole):
                values = {"from": str(low), "to": str(high), "count": count, "whole": whole}
            case Span(low, high, whole):
                values = {"from": str(low), "to": str(high), "whole": whole}
        return {"key": self.key, **values}


def plain(value: Any) -> Any:
    """A value as JSON holds it: days as text."""
    return json.loads(json.dumps(value, default=_as_text))


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def read_axes(scenario: Scenario, words: Sequence[str], sampled: bool = False) -> tuple[Axis, ...]:
    """The axes of a sweep.

    Parameters
    ----------
    scenario : Scenario
        What is varied; keys, tables, columns and rows must be there.
    words : sequence of str
        ``stage.key=VALUES``, ``table[column=value,…].column=VALUES`` (set) or ``….column*=VALUES`` (scale). VALUES: ``a:b:n``
        (n evenly spaced numbers) or values as in TOML between commas; where ``sampled`` also ``a:b``.
    sampled : bool
        Whether values are drawn.

    Raises
    ------
    UsageError
        When a key, table, column or stage is unknown, no row matches, a value is not right there, or two axes change the same.
    """
    if not words:
        raise UsageError(
            f"没有要变的值：请给出 {OPTION} 阶段.键=a:b:n",
            f"nothing is varied: give {OPTION} STAGE.KEY=a:b:n",
        )
    axes = tuple(_axis(scenario, word, sampled) for word in words)
    twice = [a.key for i, a in enumerate(axes) if a.key in [b.key for b in axes[:i]]]
    if twice:
        raise _wrong(twice[0], Text("给出了两次", "is given twice"))
    _try_cells(scenario, axes)
    return axes


def cells(axes: Iterable[Axis]) -> list[Axis]:
    """Those that change cells of a table."""
    return [a for a in axes if a.table]


def _axis(scenario: Scenario, word: str, sampled: bool) -> Axis:
    key, told = _halves(word)
    scale = key.endswith("*")
    name = key.removesuffix("*").strip()
    if "[" in name:
        axis, form = _of_cells(key, name, scale)
        column = TABLES[axis.table].by_name[axis.column]
        values = _values(key, told, "number" if scale else form, sampled)
        _in_bounds(key, factor_of(column) if scale else column, values)
        return Axis(key, values, table=axis.table, column=axis.column, where=axis.where, scale=scale)
    if scale:
        raise _wrong(
            key,
            Text(
                "只有表的单元格可以乘；写作 表[列=值].列*=…",
                "only cells of a table are scaled; write table[column=value].column*=…",
            ),
        )
    setting, stage = _setting(scenario, key, name)
    values = _values(key, told, FORMS.get(setting.form, "other"), sampled)
    for value in values.ends():
        problem = setting.problem(value)
        if problem is not None:
            raise _wrong(f"{key}={value}", problem)
    return Axis(key, values, stage=stage, setting=setting.key)


def _halves(word: str) -> tuple[str, str]:
    """Key and values: at the first ``=`` that is in no brackets."""
    found = list(parts(word, "="))
    key, told = found[0].strip(), "=".join(found[1:]).strip()
    if not key or not told:
        raise _wrong(word, Text("应为 键=值", "must be KEY=VALUES"))
    return key, told


def _setting(scenario: Scenario, key: str, name: str) -> tuple[Setting, str]:
    stage, dot, wanted = name.partition(".")
    if not dot:
        raise _wrong(
            key, Text("应为 阶段.键，或 表[列=值].列", "must be STAGE.KEY, or TABLE[COLUMN=VALUE].COLUMN")
        )
    if stage not in SETTINGS:
        if stage in TABLES:
            raise _wrong(key, Text(
                f"{stage} 是表：写作 {stage}[列=值].{wanted}，全部的行写作 {stage}[].{wanted}",
                f"{stage} is a table: write {stage}[column=value].{wanted}, for all rows {stage}[].{wanted}"))  # fmt: skip
        raise _wrong(key, _unknown("阶段", "stage", stage, list(SETTINGS)))
    if stage not in scenario.stages:
        listed_ = ", ".join(scenario.stages)
        raise _wrong(
            key,
            Text(
                f"阶段 {stage} 不在此次规划之中：{listed_}",
                f"stage {stage} is not among those that are planned: {listed_}",
            ),
        )
    declared = {s.key: s for s in SETTINGS[stage]}
    if wanted not in declared:
        raise _wrong(key, _unknown("键", "key", wanted, list(declared)))
    return declared[wanted], stage


def _of_cells(key: str, name: str, scale: bool) -> tuple[Axis, Form]:
    """An axis of cells without its values, and what it may hold."""
    table_name, _, rest = name.partition("[")
    inside, closed, column = rest.rpartition("].")
    if not closed or not column:
        raise _wrong(key, Text("应为 表[列=值,…].列", "must be TABLE[COLUMN=VALUE,…].COLUMN"))
    if table_name not in TABLES:
        raise _wrong(key, _unknown("表", "table", table_name, list(TABLES)))
    table = TABLES[table_name]
    where: dict[str, Any] = {}
    for condition in (c for c in parts(inside) if c.strip()):
        left, equals, value = condition.partition("=")
        if not equals:
            raise _wrong(key, Text(f"{condition}：应为 列=值", f"{condition}: must be COLUMN=VALUE"))
        where[left.strip()] = _condition(_column(key, table_name, left.strip()), value.strip())
    declared = _column(key, table_name, column)
    if column in table.key:
        raise _wrong(
            key,
            Text(
                f"{column} 是 {table_name} 的主键，不能改",
                f"{column} is part of the key of {table_name} and stays",
            ),
        )
    return Axis(key, Listed(()), table=table_name, column=column, where=where, scale=scale), FORMS.get(
        declared.kind, "other"
    )


def _column(key: str, table: str, column: str) -> Column:
    found = TABLES[table].by_name.get(column)
    if found is None:
        raise _wrong(
            key, _unknown(f"列（表 {table}）", f"column of {table}", column, list(TABLES[table].by_name))
        )
    return found


def _condition(column: Column, text: str) -> Any:
    """A value of a condition: numbers and truth values as in TOML, all else as text."""
    bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    return listed(text).values[0] if column.kind in (*FORMS, "boolean") else bare


def _values(key: str, told: str, form: Form, sampled: bool) -> Values:
    match = RANGE.fullmatch(told) if form != "other" else None
    if match is None:
        return _listed(key, told, form)
    low, high = fraction(match[1]), fraction(match[2])
    if low is None or high is None:
        raise _wrong(f"{key}={told}", Text("数太大", "a number is too large"))
    if form == "whole" and (low.denominator > 1 or high.denominator > 1):
        raise _wrong(f"{key}={told}", Text("应为整数", "must be whole numbers"))
    if match[3] is None:
        if not sampled:
            raise _wrong(f"{key}={told}", Text(
                f"取几个值？写作 {told}:n；或用 --sample 抽样", f"how many values? write {told}:n, or draw some with --sample"))  # fmt: skip
        if low >= high:
            raise _wrong(
                f"{key}={told}", Text("前一个数应小于后一个", "the first number must be below the second")
            )
        return Span(low, high, form == "whole")
    return _spaced(key, told, low, high, int(match[3].replace("_", "")), form)


def _spaced(key: str, told: str, low: Fraction, high: Fraction, count: int, form: Form) -> Spaced:
    if count < 2 or low == high:
        raise _wrong(
            f"{key}={told}",
            Text("应有至少两个不同的值：a:b:n", "must be two different values at least: a:b:n"),
        )
    step = (high - low) / (count - 1)
    if form == "whole" and step.denominator > 1:
        raise _wrong(f"{key}={told}", Text(
            f"这里只能取整数，{count} 个值的间隔却是 {float(step):g}；换一个个数（如 {_fitting(low, high, count)}），或逐个列出",
            f"only whole numbers are right here, but {count} values are {float(step):g} apart; take another number of them "
            f"(such as {_fitting(low, high, count)}), or list them"))  # fmt: skip
    whole = form == "whole" or (step.denominator == 1 and low.denominator == 1 and "." not in told)
    return Spaced(low, high, count, whole)


def _fitting(low: Fraction, high: Fraction, count: int) -> int:
    """The number of values nearest to ``count`` with whole steps."""
    width = abs(int(high - low))
    fits = [n for n in range(2, min(width, 2 * count) + 2) if width % (n - 1) == 0]
    return min(fits, key=lambda n: (abs(n - count), n))


def _listed(key: str, told: str, form: Form) -> Listed:
    found = listed(told)
    if any(v == "" for v in found.values) and '""' not in told and "''" not in told:
        raise _wrong(f"{key}={told}", Text("逗号之间是空的", "there is nothing between two commas"))
    shown = [json.dumps(plain(v), sort_keys=True) for v in found.values]
    if len(set(shown)) < len(shown):
        raise _wrong(f"{key}={told}", Text("同一个值列了两次", "lists a value twice"))
    return found


def factor_of(column: Column) -> Column:
    """What may multiply a column: nothing below 0 where its cells hold nothing below 0."""
    least = 0.0 if column.kind == "share" or (column.minimum is not None and column.minimum >= 0) else None
    return replace(column, kind="number", minimum=least, maximum=None)


def _in_bounds(key: str, column: Column, values: Values) -> None:
    """A number below or above what its column may hold; other wrong cells are found by trying them."""
    for value in values.ends():
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        low = 0.0 if column.kind == "share" and column.minimum is None else column.minimum
        high = 1.0 if column.kind == "share" and column.maximum is None else column.maximum
        if low is not None and value < low:
            raise _wrong(f"{key}={value}", Text(f"不得小于 {low:g}", f"must be at least {low:g}"))
        if high is not None and value > high:
            raise _wrong(f"{key}={value}", Text(f"不得大于 {high:g}", f"must be at most {high:g}"))


def _try_cells(scenario: Scenario, axes: Sequence[Axis]) -> None:
    """Every end of every axis of cells is applied once, and all axes together: whatever is wrong is told before any run."""
    mine = cells(axes)
    for axis in mine:
        for value in axis.values.ends():
            _applied(scenario, [axis], [axis.change(value)])
    if len(mine) > 1:
        _applied(scenario, mine, [a.change(a.values.ends()[0]) for a in mine])


def _applied(scenario: Scenario, axes: Sequence[Axis], changes: Sequence[Mapping[str, Any]]) -> None:
    try:
        apply_changes({a.table: scenario.network.frame(a.table) for a in axes}, changes, OPTION)
    except ScenarioError as error:
        zh, en = error.text
        for number, axis in enumerate(axes, 1):
            zh = zh.replace(f"{OPTION}，第 {number} 个 [[change]]：", f"{OPTION} {axis.key}：", 1)
            en = en.replace(f"{OPTION}, [[change]] number {number}: ", f"{OPTION} {axis.key}: ", 1)
        zh = zh.replace("已被本文件前面的 change 改过；合并成一个", f"已被前面的 {OPTION} 改过")
        en = en.replace(
            "was already changed by an earlier change of this file; merge them",
            f"is changed by an earlier {OPTION}, too",
        )
        raise UsageError(zh, en) from error


def _unknown(zh: str, en: str, name: str, known: Sequence[str]) -> Text:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return Text(f"没有{zh} {name}；是不是 {near[0]}？", f"no {en} {name}; did you mean {near[0]}?")
    return Text(
        f"没有{zh} {name}；可用：{'、'.join(known)}", f"no {en} {name}; there are: {', '.join(known)}"
    )


def _wrong(what: str, told: Text) -> UsageError:
    return UsageError(f"{OPTION} {what}：{told.zh}", f"{OPTION} {what}: {told.en}")
