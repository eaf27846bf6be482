"""Checks of single cells: filled, finite, within bounds, a known value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import ENUMS, MEASURES, TABLES, Column
from graph.tables.cast import Values, known_values
from graph.tables.cells import not_finite
from graph.tables.rows import Say, as_text, findings_where
from graph.tables.suggest import nearest_word


def check_cells(
    frames: Mapping[str, pl.DataFrame],
    enums: Values,
    settings: RegionSettings,
    files: Mapping[str, str],
    broken: Mapping[str, Collection[str]] | None = None,
) -> list[Finding]:
    """Empty required cells, NaN and ∞, figures out of bounds, values that no enumeration has.

    A column whose header is wrong (``broken``, by table) and that is therefore empty is not looked at.
    """
    found: list[Finding] = []
    for name, frame in frames.items():
        wrong = (broken or {}).get(name, ())
        for column in TABLES[name].columns:
            if column.name in wrong and frame[column.name].null_count() == frame.height:
                continue
            found += check_column(frame, name, column, enums=enums, settings=settings, file=files.get(name))
    if "region_facts" in frames:
        found += _check_measures(frames["region_facts"], files.get("region_facts"))
    return found


def check_column(
    frame: pl.DataFrame,
    table: str,
    column: Column,
    *,
    enums: Values,
    settings: RegionSettings,
    file: str | None,
) -> list[Finding]:
    """The same for one column of a frame that has row numbers."""
    cell, found = pl.col(column.name), []
    series = frame[column.name]

    def report(where: pl.Expr, code: str, say: Say) -> None:
        found.extend(
            findings_where(frame, where, table=table, column=column.name, code=code, say=say, file=file)
        )

    if column.required:
        empty = cell.is_null() | (cell == "") if column.dtype == pl.String else cell.is_null()
        if series.null_count() or (column.dtype == pl.String and (series == "").any()):
            report(empty, "required", lambda _: _must_be_filled(column))
    if column.dtype.is_float() and not series.is_finite().all():
        report(~cell.is_finite(), "not-finite", lambda v: not_finite(str(v))[1:])
    low, high = bounds(column)
    if low is not None and ((least := series.min()) is not None) and least < low:  # type: ignore[operator] # a figure
        report(cell < low, bound_code(column), lambda v: out_of_bounds(v, column, low, high))
    if high is not None and ((most := series.max()) is not None) and most > high:  # type: ignore[operator] # a figure
        report(
            (cell > high) & cell.is_finite(),
            bound_code(column),
            lambda v: out_of_bounds(v, column, low, high),
        )
    if column.enum:
        levels = settings.levels if column.enum == "level" and table == "regions" else ()
        values = list(known_values(column.enum, enums) if not levels else (*levels, *enums.get("level", ())))
        if column.kind == "enum" and not series.drop_nulls().is_in(values).all():
            report(cell.is_not_null() & ~cell.is_in(values), "enum", lambda v: not_a_value(v, column, values))
        elif column.kind == "list" and (wrong := _wrong_lists(series, values)):
            report(cell.is_in(list(wrong)), "enum", lambda v: not_a_value(wrong[v], column, values))
    return found


def bounds(column: Column) -> tuple[float | None, float | None]:
    """Inclusive bounds of a column; a share is 0–1 also where none are declared."""
    if column.kind == "share":
        return column.minimum or 0.0, 1.0 if column.maximum is None else column.maximum
    return column.minimum, column.maximum


def bound_code(column: Column) -> str:
    """Finding code for a figure out of bounds."""
    if column.kind == "share":
        return "share-range"
    if column.name in ("lon", "lat"):
        return "coordinate-range"
    return "negative" if column.minimum == 0 and column.maximum is None else "out-of-range"


def out_of_bounds(value: Any, column: Column, low: float | None, high: float | None) -> tuple[Text, Text]:
    """What is wrong with a figure out of bounds, and what it may have been meant as."""
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    if bound_code(column) == "negative":
        return Text(f"不得为负：{shown}", f"must not be negative: {shown}"), Text(
            "请写非负数；退回另记一行", "write a figure of 0 or more"
        )
    if column.kind == "share":
        return say_share(float(value))
    span = f"{'' if low is None else f'{low:.12g}'}–{'' if high is None else f'{high:.12g}'}"
    what = Text(f"{shown} 超出范围 {span}", f"{shown} is outside {span}")
    if column.name == "lat" and abs(float(value)) <= 180:
        return what, Text("经度和纬度是否写反了？", "are longitude and latitude swapped?")
    return what, Text(f"请写 {span} 之间的数（{column.zh}）", f"write a figure within {span} ({column.en})")


def say_share(value: float) -> tuple[Text, Text]:
    """A share outside 0–1 is often meant as per cent."""
    what = Text(f"份额应在 0–1 之间：{value:g}", f"a share is 0–1: {value:g}")
    if 1 < value <= 100:
        return what, Text(f"若是百分数，请写 {value / 100:g}", f"if it is per cent, write {value / 100:g}")
    return what, Text("请写 0–1 之间的数", "write a figure from 0 to 1")


def not_a_value(value: str, column: Column, values: list[str]) -> tuple[Text, Text]:
    """An unknown value of an enumeration, with the nearest known one or all of them."""
    what = Text(f"“{value}”不是已知的取值", f"“{value}” is no known value")
    declared: Mapping[str, Text] = ENUMS.get(column.enum, {})
    titles = {t.zh: v for v, t in declared.items() if v in values}
    near = nearest_word(value, [*values, *titles])
    near = titles.get(near, near) if near else None
    if near:
        title = declared.get(near)
        return what, Text(
            f"是否应为 {near}" + (f"（{title.zh}）？" if title else "？"), f"did you mean {near}?"
        )
    shown = "、".join(values[:12]) + ("……" if len(values) > 12 else "")
    listed = ", ".join(values[:12]) + (", …" if len(values) > 12 else "")
    if column.enum == "level":
        return what, Text(
            f"可用：{shown}；层级由场景的 [regions] levels 写明，从大到小",
            f"one of {listed}; a scenario names its own levels in [regions] levels, the widest first",
        )
    return what, Text(
        f"可用：{shown}；也可在 [enums] 中扩充", f"one of {listed}; a scenario may add to it in [enums]"
    )


def _must_be_filled(column: Column) -> tuple[Text, Text]:
    example = f"，如 {column.example}" if column.example else ""
    for_example = f", for example {column.example}" if column.example else ""
    return Text("不能为空", "must not be empty"), Text(
        f"请填写{column.zh}{example}", f"fill in the {column.en}{for_example}"
    )


def _wrong_lists(series: pl.Series, values: list[str]) -> dict[str, str]:
    """List cells with an unknown member → that member."""
    known = set(values)
    cells = series.drop_nulls().unique().to_list()
    return {c: m for c in cells for m in reversed(c.split(";")) if m not in known}


def _check_measures(facts: pl.DataFrame, file: str | None) -> list[Finding]:
    """Figures of ``region_facts`` by the unit of their measure."""
    found: list[Finding] = []
    units = {m: unit for m, (_, unit) in MEASURES.items()}
    shares = [m for m, unit in units.items() if unit == "share"]
    counts = [m for m, unit in units.items() if unit in ("persons", "yuan", "km")]
    value, measure = pl.col("value"), pl.col("measure")
    finite = value.is_finite()
    column = TABLES["region_facts"].by_name["value"]
    found += findings_where(
        facts, measure.is_in(shares) & finite & ~value.is_between(0, 1),
        table="region_facts", column="value", code="share-range", say=say_share, file=file,
    )  # fmt: skip
    found += findings_where(
        facts, measure.is_in(counts) & finite & (value < 0),
        table="region_facts", column="value", code="negative", file=file,
        say=lambda v: (Text(f"不得为负：{as_text(v)}", f"must not be negative: {as_text(v)}"),
                       Text("请写非负数", "write a figure of 0 or more")),
    )  # fmt: skip
    found += findings_where(
        facts, (measure == "exit_year") & finite & ~value.is_between(1949, 2100),
        table="region_facts", column="value", code="out-of-range", file=file,
        say=lambda v: out_of_bounds(v, column, 1949, 2100),
    )  # fmt: skip
    return found
