"""Read a comparison's workbook back, and what LibreOffice makes of it: every sheet must hold what was compared.

``python -m tests.api.read_back WORKBOOK PLAN…`` does so for a workbook that ``jiedui compare PLAN… --to WORKBOOK`` wrote.
"""

from __future__ import annotations

import math
import operator
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from api.comparison_workbook import comparison_sheets
from api.workbook import spoken_columns, worded
from planner.compare import compare
from planner.plan import read_plan
from planner.sheets import Sheet

SECONDS = 600


def converted(file: Path, folder: Path) -> Path:
    """The workbook as LibreOffice writes it to ``folder``, as an OpenDocument sheet.

    A profile of its own, so that no office that somebody has open takes the work over.
    """
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "ods", "--outdir", str(folder), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    told = done.stdout + done.stderr
    made = folder / f"{file.stem}.ods"
    assert "error" not in told.lower() and made.is_file(), told
    return made


def differing(sheets: Sequence[Sheet], file: Path) -> list[str]:
    """What is not in the file as it was meant: nothing where all is well.

    Our own files hold every number to its last digit, LibreOffice keeps fifteen.
    """
    same = operator.eq if file.suffix == ".xlsx" else alike
    book = CalamineWorkbook.from_path(file)
    names = [str(s.title) for s in sheets]
    if book.sheet_names != names:
        return [f"sheets: {book.sheet_names}"]
    found = []
    for sheet in sheets:
        head, *rows = book.get_sheet_by_name(str(sheet.title)).to_python()
        columns = [c for c, _ in spoken_columns(sheet.frame)]
        meant = pl.DataFrame([worded(sheet.frame[c]) for c in columns]).rows()
        if len(head) != len(columns) or not all(head):
            found.append(f"{sheet.title}: header {head}")
        there = [cell for row in rows for cell in _cells(row, columns)]
        wanted = [cell for row in meant for cell in _cells(row, columns)]
        if len(there) != len(wanted) or not all(map(same, there, wanted)):
            found.append(f"{sheet.title}: rows")
    return found


def alike(there: Any, wanted: Any) -> bool:
    """Whether a cell holds what was meant, a number to fifteen digits."""
    if isinstance(there, float) and isinstance(wanted, int | float):
        return math.isclose(there, wanted, rel_tol=1e-14)
    return bool(there == wanted)


def _cells(row: Sequence[Any], columns: Sequence[str]) -> list[Any]:
    """A row as any sheet can hold it: no text is no cell, a number is a number, a day is its ISO text."""
    told = ["" if c is None else c.isoformat() if isinstance(c, date) else c for c in row]
    return told + [""] * (len(columns) - len(told))


def main(workbook: str, *plans: str) -> int:
    """Compare again, and read both files; the exit status."""
    sheets = comparison_sheets(compare([read_plan(p) for p in plans]))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(workbook), converted(Path(workbook), Path(folder))]
        for file in files:
            wrong = differing(sheets, file)
            rows = sum(s.frame.height for s in sheets)
            print(
                f"{file.name}: {len(sheets)} sheets, {rows:,} rows: {'; '.join(wrong) or 'all as compared'}"
            )
            if wrong:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
