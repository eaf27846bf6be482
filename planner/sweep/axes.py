"""What a sweep varies: a policy value, or cells of a table; read from words such as ``funds.deep_poverty_share=0.2:0.5:4``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from graph.errors import UsageError
from graph.language import Text
from graph.schema import TABLES, Column
from graph.tables.suggest import no_such_table, unknown
from graph.titles import titled_values
from planner.odd_values import not_there
from planner.policy import Setting
from planner.scenario import Scenario
from planner.stages import SETTINGS
from planner.sweep.axis import OPTION, Axis, factor_of, plain, wrong
from planner.sweep.tried_cells import out_of_bounds, try_cells
from planner.sweep.values import RANGE, Form, Listed, Spaced, Span, Values, fraction, listed, parts

FORMS: dict[str, Form] = {"integer": "whole", "money": "whole", "number": "number", "share": "number"}
"""Form of a setting, or kind of a column → what its axis may hold; all others may only be listed."""


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
        raise wrong(twice[0], Text("给出了两次", "is given twice"))
    try_cells(scenario, axes)
    return axes


def _axis(scenario: Scenario, word: str, sampled: bool) -> Axis:
    key, told = _halves(word)
    scale = key.endswith("*")
    name = key.removesuffix("*").strip()
    if "[" in name:
        axis, form = _of_cells(scenario, key, name, scale)
        column = TABLES[axis.table].by_name[axis.column]
        values = _values(key, told, "number" if scale else form, sampled)
        for value in values.ends():
            problem = out_of_bounds(factor_of(column) if scale else column, value)
            if problem is not None:
                raise wrong(f"{key}={value}", problem)
        return Axis(key, values, table=axis.table, column=axis.column, where=axis.where, scale=scale)
    if scale:
        raise wrong(
            key,
            Text(
                "只有表的单元格可以乘；写作 表[列=值].列*=…",
                "only cells of a table are scaled; write table[column=value].column*=…",
            ),
        )
    setting, stage = _setting(scenario, key, name)
    values = _values(key, told, FORMS.get(setting.form, "other"), sampled)
    for value in values.ends():
        problem = setting.problem(value) or not_there(scenario, setting, value)
        if problem is not None:
            raise wrong(f"{key}={plain(value)}", problem)
    return Axis(key, values, stage=stage, setting=setting.key)


def _halves(word: str) -> tuple[str, str]:
    """Key and values: at the first ``=`` that is in no brackets."""
    found = list(parts(word, "="))
    key, told = found[0].strip(), "=".join(found[1:]).strip()
    if not key or not told:
        raise wrong(word, Text("应为 键=值", "must be KEY=VALUES"))
    return key, told


def _setting(scenario: Scenario, key: str, name: str) -> tuple[Setting, str]:
    stage, dot, wanted = name.partition(".")
    if not dot:
        raise wrong(
            key, Text("应为 阶段.键，或 表[列=值].列", "must be STAGE.KEY, or TABLE[COLUMN=VALUE].COLUMN")
        )
    if stage not in SETTINGS:
        if stage in TABLES:
            raise wrong(key, Text(
                f"{stage} 是表：写作 {stage}[列=值].{wanted}，全部的行写作 {stage}[].{wanted}",
                f"{stage} is a table: write {stage}[column=value].{wanted}, for all rows {stage}[].{wanted}"))  # fmt: skip
        raise wrong(key, unknown(Text("没有阶段", "no stage"), stage, list(SETTINGS)))
    if stage not in scenario.stages:
        listed_ = ", ".join(scenario.stages)
        raise wrong(
            key,
            Text(
                f"阶段 {stage} 不在此次规划之中：{listed_}",
                f"stage {stage} is not among those that are planned: {listed_}",
            ),
        )
    declared = {s.key: s for s in SETTINGS[stage]}
    if wanted not in declared:
        raise wrong(key, unknown(Text("没有键", "no key"), wanted, {k: s.title for k, s in declared.items()}))
    return declared[wanted], stage


def _of_cells(scenario: Scenario, key: str, name: str, scale: bool) -> tuple[Axis, Form]:
    """An axis of cells without its values, and what it may hold."""
    table_name, _, rest = name.partition("[")
    inside, closed, column = rest.rpartition("].")
    if not closed or not column:
        raise wrong(key, Text("应为 表[列=值,…].列", "must be TABLE[COLUMN=VALUE,…].COLUMN"))
    if table_name not in TABLES:
        raise wrong(key, no_such_table(table_name))
    table = TABLES[table_name]
    where: dict[str, Any] = {}
    for condition in (c for c in parts(inside) if c.strip()):
        left, equals, value = condition.partition("=")
        if not equals:
            raise wrong(key, Text(f"{condition}：应为 列=值", f"{condition}: must be COLUMN=VALUE"))
        found = _column(key, table_name, left.strip())
        where[found.name] = _condition(found, value.strip())
        _demand_value(scenario, key, found, where[found.name])
    declared = _column(key, table_name, column)
    if column in table.key:
        raise wrong(
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
        titled = {name: c.title for name, c in TABLES[table].by_name.items()}
        raise wrong(key, unknown(Text(f"表 {table} 没有列", f"no column of {table}"), column, titled))
    return found


def _demand_value(scenario: Scenario, key: str, column: Column, value: Any) -> None:
    """What a condition names is a value of its enumeration."""
    known = titled_values(scenario.network, column.enum) if column.kind == "enum" else {}
    if known and value not in (*known, ""):
        raise wrong(
            key, unknown(Text(f"{column.name} 没有取值", f"{column.name} has no value"), value, known)
        )


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
        raise wrong(f"{key}={told}", Text("数太大", "a number is too large"))
    if form == "whole" and (low.denominator > 1 or high.denominator > 1):
        raise wrong(f"{key}={told}", Text("应为整数", "must be whole numbers"))
    if match[3] is None:
        if not sampled:
            raise wrong(f"{key}={told}", Text(
                f"取几个值？写作 {told}:n；或用 --sample 抽样", f"how many values? write {told}:n, or draw some with --sample"))  # fmt: skip
        if low >= high:
            raise wrong(
                f"{key}={told}", Text("前一个数应小于后一个", "the first number must be below the second")
            )
        return Span(low, high, form == "whole")
    return _spaced(key, told, low, high, int(match[3].replace("_", "")), form)


def _spaced(key: str, told: str, low: Fraction, high: Fraction, count: int, form: Form) -> Spaced:
    if count < 2 or low == high:
        raise wrong(
            f"{key}={told}",
            Text("应有至少两个不同的值：a:b:n", "must be two different values at least: a:b:n"),
        )
    step = (high - low) / (count - 1)
    if form == "whole" and step.denominator > 1:
        raise wrong(f"{key}={told}", Text(
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
        raise wrong(f"{key}={told}", Text("逗号之间是空的", "there is nothing between two commas"))
    shown = [json.dumps(plain(v), sort_keys=True) for v in found.values]
    if len(set(shown)) < len(shown):
        raise wrong(f"{key}={told}", Text("同一个值列了两次", "lists a value twice"))
    return found
