"""Reads what was sent into tables, in a process of its own: looked at first, then cast and checked as every file of jiedui's is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from api.service.bounded.told import MOST, in_own_words
from api.service.uploads.archive import demand_workbook
from api.service.uploads.forms import Form, demand_form
from api.service.uploads.json_rows import rows_to_csv
from api.service.uploads.names import Seal, untold
from api.service.uploads.sizes import demand_flat_parquet, demand_narrow_csv
from graph.errors import InputError
from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.store.keyring import TABLE
from graph.tables.cast import Values, cast_tables
from graph.tables.checks import finish_tables
from graph.tables.raw import find_tables
from graph.tables.read import in_order
from graph.tables.report import report_csv
from graph.tables.rows import without_rows
from graph.tables.write import write_tables

TABLES, REPORT = "tables", "report.csv"


@dataclass(frozen=True)
class Reading:
    """What came of a file.

    Parameters
    ----------
    rows : mapping of str to int
        Table → rows.
    findings : list of Finding
        The first of them, errors first.
    errors, others : int
        How many errors, and how many warnings and notices.
    left_out : bool
        Whether columns were left out because no table has them.
    """

    rows: Mapping[str, int]
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0
    others: int = 0
    left_out: bool = False


def read_sent(
    file: Path,
    form: Form,
    target: Path,
    enums: Values,
    settings: RegionSettings,
    unpacked: int,
    names: Seal | Text,
) -> Reading:
    """Read a file and write its tables (Parquet) and its report beside each other.

    Parameters
    ----------
    file : Path
        The file, named as its table where it is no workbook.
    form : str
        What it says it is.
    target : Path
        Folder for ``tables/`` (where nothing is wrong) and ``report.csv``.
    enums, settings
        Of the network that it is for.
    unpacked : int
        Bytes that a workbook may unpack to.
    names : Seal or Text
        How names of cadres are sealed before they are written; or why they are not taken.

    Raises
    ------
    InputError, UnknownForm, TooLarge
        When it is not read at all.
    OutsideError
        When names are to be sealed and the file of keys cannot be used.
    """
    found = find_tables(_looked_at(file, form, unpacked))
    if not found.tables and not any(f.severity == "error" for f in found.findings):
        raise InputError(
            "里面没有任何表；工作表应以表名为名", "there is no table in it; name the sheets as tables"
        )
    if TABLE in found.tables and isinstance(names, Text):
        raise InputError(*names)
    frames, cast = cast_tables(found.tables, enums=enums, settings=settings)
    files = {t: raw.file for t, raw in found.tables.items()}
    checked = finish_tables(
        frames, settings=settings, enums=enums, files=files, before=[*found.findings, *cast]
    )
    errors, findings = len(checked.errors), [untold(f) for f in checked.findings]
    if not errors and TABLE in frames and isinstance(names, Seal):
        frames, forgotten = names.sealed(frames)
        findings += forgotten
    told = in_order(findings)
    report_csv(told, target / REPORT)
    if not errors:
        write_tables(without_rows(frames), target / TABLES, form="parquet")
    rows = {t: f.height for t, f in frames.items()}
    left_out = any(f.code == "unknown-column" for f in told)
    return Reading(rows, [in_own_words(f) for f in told[:MOST]], errors, len(told) - errors, left_out)


def _looked_at(file: Path, form: Form, unpacked: int) -> Path:
    """The file once it was looked at; JSON as CSV."""
    demand_form(file, form)
    if form == "xlsx":
        demand_workbook(file, unpacked)
    elif form == "parquet":
        demand_flat_parquet(file)
        _demand_possible(file)
    elif form == "csv":
        demand_narrow_csv(file)
    else:
        rows_to_csv(file, file.with_suffix(".csv"))
        return file.with_suffix(".csv")
    return file


def _demand_possible(file: Path) -> None:
    """A Parquet file has to give as many rows as its footer says, in every column."""
    counted = pl.scan_parquet(file, hive_partitioning=False).select(pl.all().len()).collect()
    if counted.height and len(set(counted.row(0))) > 1:
        raise InputError(
            "Parquet 文件各列行数不同；请重新导出",
            "columns of the Parquet file differ in rows; write it again",
        )
