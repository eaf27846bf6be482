"""Find and read the files of a network, CSV, Parquet or Excel, as they stand: nothing is cast yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.errors import InputError, OutsideError, TableErrors
from graph.findings import Finding
from graph.language import Text
from graph.schema import TABLES
from graph.tables.suggest import nearest_word

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm")
SLIP = 85.0  # of 100: as near as ``relation`` is to ``relations``
HELP_SHEETS = ("说明", "help", "示例", "examples", "选项", "lists")


@dataclass(frozen=True)
class RawTable:
    """One table as found.

    Parameters
    ----------
    table : str
        Declared name of the table.
    frame : DataFrame
        Columns as found: text from CSV and Excel, typed from Parquet. Rows without any value are still there.
    file : str
        The file's name (for Excel ``file.xlsx#sheet``).
    first_row : int
        Row number, as a person sees it, of the first data row.
    problems : tuple of Finding
        What was wrong with the file itself (encoding, rows with too many cells).
    """

    table: str
    frame: pl.DataFrame
    file: str
    first_row: int = 2
    problems: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a folder or file holds: ``tables`` by name, and ``findings`` about files that are no table."""

    tables: dict[str, RawTable]
    findings: list[Finding]


def read_frames(path: Path, *, only: Collection[str] | None = None) -> dict[str, RawTable]:
    """Read the tables of a folder (CSV, Parquet, workbooks) or of one such file as they stand.

    Parameters
    ----------
    path : Path
        A folder, a scenario's folder (its ``data/`` is taken), or one file.
    only : collection of str, optional
        Names of the tables to read; all others are left alone.

    Raises
    ------
    InputError
        When there is no such path, or no table in it.
    TableErrors
        When one table is there twice, or a single file is named like no table.
    """
    found = find_tables(path, only=only)
    errors = [f for f in found.findings if f.severity == "error"]
    if errors:
        raise TableErrors(errors)
    return found.tables


def find_tables(path: Path, *, only: Collection[str] | None = None) -> Found:
    """As :func:`read_frames`, with the findings about files and sheets beside the tables."""
    tables: dict[str, RawTable] = {}
    findings: list[Finding] = []
    files = list_files(path)
    try:
        for file in files:
            for item in _read_file(file, only):
                if isinstance(item, Finding):
                    findings.append(item)
                elif item.table in tables:
                    findings.append(_twice(item, tables[item.table]))
                else:
                    tables[item.table] = item
    except OSError as error:
        raise OutsideError(f"读取 {path} 失败：{error}", f"cannot read {path}: {error}") from error
    if path.is_file() and not tables and only is None:
        findings = [_refuse(f) for f in findings]
    else:
        findings = [_refuse(f) if _is_slip(f, tables, only) else f for f in findings]
    return Found(tables, findings)


def list_files(path: Path) -> list[Path]:
    """The table files of a folder in order of name, or the file itself.

    Raises
    ------
    InputError
        When there is no such path, no file of a known form in it, or a file of an unknown form.
    """
    if not path.exists():
        raise InputError(f"找不到 {path}；请检查路径", f"there is no {path}; check the path")
    if path.is_file():
        if path.suffix.lower() not in SUFFIXES:
            raise InputError(
                f"{path} 不是可读的格式；请存为 .csv、.parquet 或 .xlsx",
                f"{path} is of no form that can be read; save it as .csv, .parquet or .xlsx",
            )
        return [path]
    files = _table_files(path)
    if not files and (path / "data").is_dir():
        files = _table_files(path / "data")
    if not files:
        raise InputError(
            f"{path} 里没有数据表；需要以表名为名的 .csv、.parquet 或 .xlsx 文件，如 regions.csv",
            f"there are no tables in {path}; put files there that are named as tables: regions.csv",
        )
    return files


def no_table(folder: Path, places: Sequence[Path], findings: Sequence[Finding]) -> InputError:
    """What to say where no table was found in ``places``: workbooks that are still empty are named."""
    strange = {f.file for f in findings if f.code == "unknown-table"}
    books = [f for p in places for f in list_files(p) if f.suffix.lower() in (".xlsx", ".xlsm")]
    empty = [str(book) for book in books if book.name not in strange]
    if empty:
        return InputError(
            f"{'、'.join(empty)}：所有工作表都还是空的；请至少填一张表",
            f"all sheets of {', '.join(empty)} are still empty; fill in at least one table",
        )
    return InputError(
        f"{folder}：没有任何表（CSV、Parquet 或 Excel）",
        f"{folder}: no table in it (CSV, Parquet or Excel)",
    )


def table_named(name: str) -> str | None:
    """Declared table with this name or title, ``None`` where there is none."""
    return _NAMES.get(_plain(name))


def unknown_table(name: str, file: str) -> Finding:
    """Say that a file or sheet is no table, and which one its name is like."""
    like = nearest_word(_plain(name), list(_NAMES))
    mend = Text("", "")
    if like:
        title = TABLES[_NAMES[like]]
        mend = Text(f"是否应为“{title.name}”（{title.zh}）？", f"did you mean {title.name} ({title.zh})?")
    return Finding(
        "unknown-table",
        "warning",
        name,
        None,
        None,
        None,
        Text("没有这样的表，已忽略", "no such table, it was left out"),
        mend,
        file,
    )


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


_NAMES = {_plain(word): t.name for t in TABLES.values() for word in (t.en, t.zh, t.name)}


def _table_files(folder: Path) -> list[Path]:
    return sorted(
        p
        for p in folder.iterdir()
        if p.is_file() and p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~$"))
    )


def _read_file(file: Path, only: Collection[str] | None) -> Iterator[RawTable | Finding]:
    suffix = file.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        from graph.tables.workbook import read_workbook

        yield from read_workbook(file, only)
        return
    table = table_named(file.stem)
    if table is None:
        if suffix != ".txt":
            yield unknown_table(file.stem, file.name)
    elif only is None or table in only:
        if suffix == ".parquet":
            yield _read_parquet(file, table)
        else:
            from graph.tables.csv_file import read_csv

            yield read_csv(file, table)


def _read_parquet(file: Path, table: str) -> RawTable:
    try:
        return RawTable(table, pl.read_parquet(file, hive_partitioning=False), file.name)
    except (pl.exceptions.PolarsError, OSError) as error:
        what = Text(f"不是可读的 Parquet 文件（{error}）", f"this is no readable Parquet file ({error})")
        mend = Text("请重新导出该文件", "write the file again")
        return RawTable(
            table,
            pl.DataFrame(),
            file.name,
            2,
            (Finding("unreadable-file", "error", table, None, None, None, what, mend, file.name),),
        )


def _twice(item: RawTable, before: RawTable) -> Finding:
    return Finding(
        "duplicate-table",
        "error",
        item.table,
        None,
        None,
        None,
        Text(
            f"同一张表出现两次：{before.file} 和 {item.file}",
            f"the table is there twice: {before.file} and {item.file}",
        ),
        Text("请只保留一个", "keep one of them"),
        item.file,
    )


def _is_slip(finding: Finding, tables: Mapping[str, RawTable], only: Collection[str] | None) -> bool:
    """Whether an unknown file is named nearly like a table that is not there: a typing error."""
    if finding.code != "unknown-table":
        return False
    like = nearest_word(_plain(finding.table), list(_NAMES), SLIP)
    return like is not None and _NAMES[like] not in tables and (only is None or _NAMES[like] in only)


def _refuse(finding: Finding) -> Finding:
    return Finding(
        finding.code,
        "error",
        finding.table,
        None,
        None,
        None,
        Text("没有这样的表", "no such table"),
        finding.mend
        if finding.mend.zh
        else Text(
            f"文件名应为表名，如 {'、'.join(list(TABLES)[:4])} 等",
            f"name the file as its table: {', '.join(list(TABLES)[:4])}, …",
        ),
        finding.file,
    )
