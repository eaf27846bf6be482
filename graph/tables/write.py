"""Write tables as CSV, Parquet or one Excel workbook, so that reading gives the same back."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import polars as pl

from graph.errors import InputError, OutsideError, reason_of
from graph.tables.rows import ROW

Form = Literal["csv", "parquet", "xlsx"]

SHEET_ROWS = 1_048_576  # an .xlsx sheet has no more, the header among them
CELL_CHARACTERS = 32_767
HALF_WRITTEN = re.compile(r"\..+-[a-z0-9_]{8}(\.\w+)?")
"""Names of files that :func:`write_atomically` is at work on, or had begun when its process was killed."""
FORMULA = r"^('*[=+\-@\t\r])"
"""Beginning of a text that a spreadsheet would take for a formula, behind any number of ``'``."""
EXACT_DIGITS = 10**15  # Excel keeps 15 digits; larger whole numbers are written as text


def write_tables(frames: Mapping[str, pl.DataFrame], path: Path | str, *, form: Form) -> None:
    """Write each table: ``csv`` and ``parquet`` into the folder ``path``, ``xlsx`` into the file ``path``.

    Reading it again gives the same frames: dates, empty cells, empty text, lists, codes with leading
    zeros and whole numbers of any size. Text that a spreadsheet would run as a formula (it begins with
    ``=``, ``+``, ``-`` or ``@``) gets a ``'`` in front in CSV, which reading takes off, and is a plain
    text cell in Excel. Everything is written under a temporary name, synced, then renamed: a reader never
    sees half a file. Files of tables that are not in ``frames`` stay.

    Raises
    ------
    InputError
        When a table or a cell does not fit into an Excel sheet, or ``path`` is not what ``form`` needs.
    OutsideError
        When the disk is full or the place cannot be written.
    """
    target = Path(path)
    shown = {name: frame.drop(ROW, strict=False) for name, frame in frames.items()}
    if form == "xlsx":
        check_sheet_sizes(shown)
    if (form == "xlsx") == target.is_dir() and target.exists():
        need = ("文件", "a file") if form == "xlsx" else ("文件夹", "a folder")
        raise InputError(
            f"{target} 应为{need[0]}；请换一个路径", f"{target} should be {need[1]}; name another path"
        )
    with disk_told(target):
        if form == "xlsx":
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, lambda temporary: _write_workbook(shown, temporary))
        else:
            _write_folder(shown, target, form)


@contextmanager
def disk_told(path: Path) -> Iterator[None]:
    """Turn errors of the disk, also those that Polars wraps, into one clear line.

    Raises
    ------
    OutsideError
        When writing failed.
    """
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error
    except pl.exceptions.PolarsError as error:
        if "os error" not in str(error).lower():
            raise
        raise unwritable(path, OSError(str(error))) from error


def unwritable(path: Path, error: OSError) -> OutsideError:
    """One clear line for a full disk, a read-only folder and the like."""
    why = reason_of(error)
    return OutsideError(
        f"无法写入 {path}：{why.zh}；请检查磁盘空间和权限",
        f"cannot write {path}: {why.en}; check free space and permissions",
    )


def write_atomically(target: Path, write: Any) -> None:
    """Call ``write(temporary path)`` beside ``target``, sync, rename; leaves nothing behind when it fails."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _write_folder(frames: Mapping[str, pl.DataFrame], target: Path, form: Form) -> None:
    """All files first under a temporary folder, then renamed one by one: a full disk leaves nothing."""
    target.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=target))
    try:
        for name, frame in frames.items():
            file = temporary / f"{name}.{form}"
            with file.open("wb") as handle:
                if form == "csv":
                    guarded(frame).write_csv(handle)
                else:
                    frame.write_parquet(handle)
                handle.flush()
                os.fsync(handle.fileno())
        for file in sorted(temporary.iterdir()):
            file.replace(target / file.name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet would take for a formula, with a ``'`` in front; undone by ``csv_file``."""
    return frame.with_columns(pl.col(pl.String).str.replace(FORMULA, "'${1}"))


def guarded_text(text: str) -> str:
    """One text as :func:`guarded` writes it, for what is written without frames."""
    return re.sub(FORMULA, r"'\1", text)


def check_sheet_sizes(frames: Mapping[str, pl.DataFrame]) -> None:
    """Refuse what Excel cannot hold.

    Raises
    ------
    InputError
        When a table has too many rows, or a cell too many characters.
    """
    for name, frame in frames.items():
        if frame.height >= SHEET_ROWS:
            raise InputError(
                f"{name} 有 {frame.height} 行，Excel 工作表最多 {SHEET_ROWS - 1} 行；请改用 csv 或 parquet",
                f"{name} has {frame.height} rows, an Excel sheet holds {SHEET_ROWS - 1}; "
                "write csv or parquet instead",
            )
        for column in frame.columns:
            longest = frame[column].str.len_chars().max() if frame[column].dtype == pl.String else 0
            if isinstance(longest, int) and longest > CELL_CHARACTERS - 2:
                raise InputError(
                    f"{name}.{column} 有 {longest} 个字符的单元格，"
                    f"Excel 最多 {CELL_CHARACTERS}；请改用 csv 或 parquet",
                    f"{name}.{column} has a cell of {longest} characters, Excel holds {CELL_CHARACTERS}; "
                    "write csv or parquet instead",
                )


def _write_workbook(frames: Mapping[str, pl.DataFrame], file: Path) -> None:
    import xlsxwriter

    # In memory first: on a full disk the library would leave an open archive that complains when it is freed.
    whole = BytesIO()
    book = xlsxwriter.Workbook(
        whole, {"constant_memory": True, "strings_to_formulas": False, "nan_inf_to_errors": False}
    )
    try:
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text = book.add_format({"num_format": "@"})
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, title in enumerate(frame.columns):
                sheet.set_column(column, column, 16, text if frame.dtypes[column] == pl.String else None)
                sheet.write_string(0, column, title, head)
            for row, cells in enumerate(frame.iter_rows(), start=1):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        write_cell(sheet, row, column, cell, day)
        if not frames:
            book.add_worksheet("说明")
    finally:
        book.close()
    file.write_bytes(whole.getvalue())


def write_cell(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    """Write one cell so that reading gives it back: ``cell`` is not None, ``day`` the format of dates."""
    if isinstance(cell, str):
        sheet.write_string(row, column, cell if cell.strip('"') or cell == '"' else cell + '""')
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int):
        exact = abs(cell) < EXACT_DIGITS
        sheet.write_number(row, column, cell) if exact else sheet.write_string(row, column, str(cell))
    elif isinstance(cell, float):
        exact = cell == float(f"{cell:.16G}")  # what the writer puts into the file
        sheet.write_number(row, column, cell) if exact and abs(cell) < 1e300 else sheet.write_string(
            row, column, repr(cell)
        )
    elif (
        isinstance(cell, date)
        and not isinstance(cell, datetime)
        and cell.year >= 1900
        and cell > date(1900, 3, 1)
    ):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
    else:
        sheet.write_string(row, column, cell.isoformat() if isinstance(cell, date) else str(cell))


def umask() -> int:
    """The process's mask for the modes of new files; temporary ones are private, finished ones follow it."""
    current = os.umask(0)
    os.umask(current)
    return current
