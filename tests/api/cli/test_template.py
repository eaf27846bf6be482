"""``jiedui template``: an empty workbook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl

from graph.schema import TABLES
from graph.tables.raw import table_named

Typed = Callable[..., tuple[int, str, str]]


def sheets(file: Path) -> set[str]:
    """Tables that have a sheet."""
    return {name for title in openpyxl.load_workbook(file).sheetnames if (name := table_named(title))}


def test_a_sheet_for_every_table(typed: Typed, tmp_path: Path) -> None:
    """All declared tables, and the way on."""
    code, out, _ = typed("template", "--to", tmp_path / "t.xlsx")
    assert code == 0
    assert "jiedui check" in out
    assert sheets(tmp_path / "t.xlsx") == set(TABLES)


def test_only_some_tables(typed: Typed, tmp_path: Path) -> None:
    """By name or Chinese title."""
    words = ("--table", "units", "--table", TABLES["regions"].zh)
    _, out, _ = typed("template", "--to", tmp_path / "t.xlsx", *words, "--json")
    assert json.loads(out)["tables"] == ["units", "regions"]
    assert sheets(tmp_path / "t.xlsx") == {"units", "regions"}


def test_a_filled_workbook_is_not_lost(typed: Typed, tmp_path: Path) -> None:
    """A file that is there is replaced only when that is said."""
    file = tmp_path / "t.xlsx"
    file.write_bytes(b"my work")
    code, _, err = typed("template", "--to", file)
    assert (code, file.read_bytes()) == (2, b"my work")
    assert "--force" in err
    assert typed("template", "--to", file, "--force")[0] == 0
    assert sheets(file) == set(TABLES)


def test_only_excel(typed: Typed, tmp_path: Path) -> None:
    """A template needs drop-down lists, which CSV has not."""
    code, _, err = typed("template", "--to", tmp_path / "t.csv")
    assert code == 2
    assert ".xlsx" in err


def test_unknown_table_gets_a_suggestion(typed: Typed, tmp_path: Path) -> None:
    """And nothing is written."""
    code, _, err = typed("template", "--to", tmp_path / "t.xlsx", "--table", "region")
    assert code == 2
    assert "did you mean regions?" in err
    assert list(tmp_path.iterdir()) == []
