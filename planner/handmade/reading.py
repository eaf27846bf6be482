"""Read result tables that people wrote: CSV or Excel, by name or by columns, every bad row named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from graph.errors import InputError, TableErrors
from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import RESULTS, Table
from graph.tables.cast import BLANKS, cast_column
from graph.tables.check_cells import check_column
from graph.tables.csv_file import read_csv
from graph.tables.headers import match_headers
from graph.tables.raw import RawTable
from graph.tables.rows import ROW, as_text
from graph.tables.workbook import read_workbook
from planner.scenario import Scenario
from planner.sheets import MARK, NAME, OF_IT, PINYIN

MAY_LACK = (
    "stage",
    "cost",
    "load",
    "terms",
    "kind",
    "role",
    "announced_year",
    "incidence",
    "days",
    "sample",
    "quantity",
)
"""Columns that people need not write."""
JSON_COLUMNS = ("terms", "sample")
PAIR_STAGES = ("pairing", "designation")


@dataclass(frozen=True)
class Handmade:
    """What a file holds.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Result tables with every declared column; what the file lacks is null.
    rows : mapping of str to list of int
        Row of the file of each row of a table.
    given : mapping of str to frozenset of str
        Columns that the file has, by table.
    files : mapping of str to str
        File (and sheet) of each table.
    findings : list of Finding
        Warnings: columns and rows that were left out.
    """

    tables: Mapping[str, pl.DataFrame]
    rows: Mapping[str, list[int]]
    given: Mapping[str, frozenset[str]]
    files: Mapping[str, str]
    findings: list[Finding]


def read_handmade(path: Path | str, scenario: Scenario) -> Handmade:
    """Read a hand-made plan.

    Raises
    ------
    InputError
        When the file cannot be read or holds no result table.
    TableErrors
        When rows are bad: every one is named.
    """
    raws = _raw_tables(Path(path))
    tables, rows, given, findings = {}, {}, {}, list[Finding]()
    for raw in raws:
        frame, columns, found = _cast(raw, scenario)
        findings += found
        if frame is not None:
            rows[raw.table] = frame[ROW].to_list()
            tables[raw.table], given[raw.table] = frame.drop(ROW), columns
    if any(f.severity == "error" for f in findings):
        raise TableErrors(findings)
    return Handmade(tables, rows, given, {r.table: r.file for r in raws}, findings)


def _raw_tables(path: Path) -> list[RawTable]:
    if not path.is_file():
        raise InputError(f"找不到文件 {path}", f"there is no file {path}")
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        found = [r for r in read_workbook(path, None, result_named) if isinstance(r, RawTable)]
        if not found:
            zh, en = "、".join(t.zh for t in RESULTS.values()), ", ".join(RESULTS)
            raise InputError(
                f"{path} 中没有方案的工作表；应名为 {zh}", f"{path} has no sheet of a plan; name it {en}"
            )
        return found
    if suffix in (".csv", ".tsv", ".txt"):
        raw = read_csv(path, path.stem)
        return [replace(raw, table=result_named(path.stem) or _by_columns(raw, path))]
    raise InputError(
        f"{path}：手工方案应为 .csv 或 .xlsx", f"{path}: a hand-made plan is a .csv or an .xlsx file"
    )


def result_named(name: str) -> str | None:
    """The result table with this name or title."""
    plain = name.strip().casefold()
    return next((t.name for t in RESULTS.values() if plain in (t.name, t.zh, t.en.casefold())), None)


def _by_columns(raw: RawTable, path: Path) -> str:
    """The one result table whose key the header has (``stage`` apart)."""
    header = {h.split("\0", 1)[0].strip().casefold() for h in raw.frame.columns}
    fits = [
        t
        for t in RESULTS.values()
        if all({t.by_name[k].name, t.by_name[k].zh, t.by_name[k].en} & header for k in t.key if k != "stage")
    ]
    best = max((len(t.key) for t in fits), default=0)
    fits = [t for t in fits if len(t.key) == best]
    if len(fits) == 1:
        return fits[0].name
    if raw.problems:
        raise TableErrors(list(raw.problems))
    listed = "；".join(f"{t.name}.csv（{'、'.join(t.key)}）" for t in RESULTS.values())
    plain = "; ".join(f"{t.name}.csv ({', '.join(t.key)})" for t in RESULTS.values())
    raise InputError(
        f"{path}：看不出是方案的哪张表；请用表名作文件名：{listed}",
        f"{path}: cannot tell which table of a plan it is; name the file as its table: {plain}",
    )


def _cast(raw: RawTable, scenario: Scenario) -> tuple[pl.DataFrame | None, frozenset[str], list[Finding]]:
    """One table, typed, with the row numbers of its file; its given columns; what is wrong with it."""
    declared = lenient(RESULTS[raw.table])
    columns, findings = match_headers(raw, declared)
    findings = [*raw.problems, *(f for f in findings if not _is_ours(f))]
    if not columns.width or any(f.code == "missing-column" for f in findings):
        return None, frozenset(), findings
    rows = pl.int_range(columns.height, dtype=pl.Int64, eager=True).alias(ROW) + raw.first_row
    filled = ~columns.select(pl.all_horizontal(pl.all().is_null())).to_series()
    columns, rows = columns.filter(filled), rows.filter(filled)
    series = []
    for column in declared.columns:
        if column.name not in columns.columns:
            series.append(pl.Series(column.name, [None] * columns.height, dtype=column.dtype))
            continue
        cells = columns[column.name].cast(pl.String).str.strip_chars(BLANKS).replace("", None)
        typed, bad = cast_column(cells, column, scenario.network.enums)
        series.append(typed.cast(column.dtype))
        findings += [Finding(b.code, "error", raw.table, int(rows[i]), column.name, as_text(c), b.what, b.mend, raw.file)
                     for i, c, b in bad]  # fmt: skip
    frame = pl.DataFrame([*series, rows])
    if not any(f.severity == "error" for f in findings):
        findings += _cells(frame, declared, scenario, raw.file)
    return frame, frozenset(columns.columns), findings


def lenient(table: Table) -> Table:
    """The declared table with the columns that people need not write made optional."""
    columns = tuple(replace(c, required=c.required and c.name not in MAY_LACK) for c in table.columns)
    return replace(table, columns=columns)


def _cells(frame: pl.DataFrame, declared: Table, scenario: Scenario, file: str) -> list[Finding]:
    """Empty cells that must be filled, values that are unknown, JSON that is none."""
    settings, enums = RegionSettings(levels=scenario.network.settings.levels), scenario.network.enums
    found = [
        f
        for column in declared.columns
        for f in check_column(frame, declared.name, column, enums=enums, settings=settings, file=file)
    ]
    for column in JSON_COLUMNS:
        if column in frame.columns:
            found += [
                Finding(
                    "wrong-type",
                    "error",
                    declared.name,
                    row,
                    column,
                    as_text(cell),
                    _NO_JSON,
                    _JSON_MEND,
                    file,
                )
                for row, cell in frame.select(ROW, column).drop_nulls().iter_rows()
                if not _is_object(cell, whole=column == "terms")
            ]
    return found


_NO_JSON = Text("不是 JSON 对象", "this is no JSON object")
_JSON_MEND = Text("请留空，由程序计算", "leave the cell empty: it is computed")


def _is_object(cell: str, whole: bool) -> bool:
    try:
        found = json.loads(cell)
    except ValueError:
        return False
    return isinstance(found, dict) and (not whole or all(type(v) is int for v in found.values()))


def with_stage(pairs: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Pairs with their stage filled in: the scenario's only one that makes pairs, or the one whose supporters these are.

    Raises
    ------
    InputError
        When it has several that fit, and some row does not name its own.
    """
    if not pairs["stage"].null_count():
        return pairs
    own = [s for s in scenario.stages if s in PAIR_STAGES]
    named = pairs.filter(pl.col("stage").is_null())["supporter"]
    fitting = own if len(own) == 1 else [s for s in own if named.is_in(_supporters(scenario, s)).all()]
    if len(fitting) != 1:
        raise InputError(
            f"pairs：请加上列 stage；本场景的结对阶段：{'、'.join(own) or '无'}",
            f"pairs: add the column stage; the scenario's stages that make pairs: {', '.join(own) or 'none'}",
        )
    return pairs.with_columns(pl.col("stage").fill_null(fitting[0]))


def _supporters(scenario: Scenario, stage: str) -> list[str]:
    """Who could be a supporter in a stage: units, regions, or whom its own scores list."""
    if scenario.policies[stage]["objective"] == "scores":
        scores = scenario.network.frame("pair_scores").filter(pl.col("stage") == stage)
        return scores["supporter"].unique().to_list()
    table, key = ("units", "id") if stage == "designation" else ("regions", "code")
    return scenario.network.frame(table)[key].to_list()


def _is_ours(finding: Finding) -> bool:
    """Whether a column that was left out is one that our own export writes beside the codes."""
    header = finding.column or ""
    endings = (NAME, PINYIN, MARK)
    return (
        finding.code == "unknown-column"
        and finding.severity == "warning"
        and (
            header.startswith(("term_", OF_IT.zh, OF_IT.en))
            or header.endswith(tuple(w for e in endings for w in (e.zh, f" {e.en}", f"_{e.en}")))
        )
    )
