"""Own scores name rows of other tables: checked where those are there, identifiers where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import TableErrors
from planner.scenario import read_scenario

SCORES = "stage,supporter,recipient,cost\ndesignation,u1,x,1\ndesignation,u9,y,2\n"


def place(folder: Path, **tables: str) -> Path:
    for name, text in {"pair_scores": SCORES, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "scenario.toml").write_text('format = 1\nstages = ["designation"]\n', encoding="utf-8")
    return folder


def test_unknown_unit_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableErrors) as error:
        read_scenario(place(tmp_path, units="id,capacity\nu1,3\nu2,3\n"))
    [found] = [f for f in error.value.findings if f.severity == "error"]
    assert (found.code, found.table, found.row, found.column) == (
        "foreign-key",
        "pair_scores",
        3,
        "supporter",
    )
    assert "no unit u9" in found.what.en


def test_unknown_county_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableErrors, match="y"):
        read_scenario(place(tmp_path, regions="code,name\nx,X\n"))


def test_without_the_other_table_they_are_identifiers(tmp_path: Path) -> None:
    assert read_scenario(place(tmp_path)).network.frame("pair_scores").height == 2
    both = place(tmp_path, units="id\nu1\nu9\n", regions="code,name\nx,X\ny,Y\n")
    assert read_scenario(both).network.frame("units").height == 2


def test_words_are_made_once_per_value_and_every_row_is_told(tmp_path: Path) -> None:
    rows = "".join(f"designation,u{9 - i % 2},c{i},1\n" for i in range(40))
    with pytest.raises(TableErrors) as error:
        read_scenario(
            place(tmp_path, pair_scores="stage,supporter,recipient,cost\n" + rows, units="id\nu1\nu2\n")
        )
    found = [f for f in error.value.findings if f.severity == "error"]
    assert [(f.row, f.value) for f in found] == [(i + 2, f"u{9 - i % 2}") for i in range(40)]
    assert found[0].text.en == "pair_scores, row 2, supporter: no unit u9 — nearest known: u1"
    assert len({id(f.what) for f in found}) == len({id(f.mend) for f in found}) == 2
