"""Written and read again, in all three forms, tables are what they were."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from python_calamine import CalamineWorkbook

from graph.errors import InputError, OutsideError
from graph.schema import TABLES
from graph.tables import cast_tables, find_tables, write, write_tables
from graph.tables.template import example_cell

FORMS = ["csv", "parquet", "xlsx"]
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r�", exclude_categories=("Cs", "Cn", "Cc")),
    max_size=12,
)
TRICKY = st.sampled_from(
    [
        "",
        '"',
        '""',
        '"""',
        "'",
        "'=1",
        "=1+1",
        "+86",
        "-",
        "@x",
        "''=",
        " a ",
        "a\nb",
        "a,b",
        "00123",
        "null",
        "NaN",
        "true",
        "_x0041_",
    ]
)
DATES = st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31))


def again(frames: dict[str, pl.DataFrame], place: Path, form: str) -> dict[str, pl.DataFrame]:
    target = place / "book.xlsx" if form == "xlsx" else place
    write_tables(frames, target, form=form)
    read, findings = cast_tables(find_tables(target).tables)
    assert [f.text.en for f in findings if f.severity == "error"] == []
    return {name: frame.drop("_row") for name, frame in read.items()}


def units(rows: list[dict]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={k: v for k, v in TABLES["units"].dtypes.items() if k in ROW})
    fixed = {"kind": "other", "source": "s"}
    rest = [pl.lit(fixed.get(c), dtype=k).alias(c) for c, k in TABLES["units"].dtypes.items() if c not in ROW]
    return frame.with_columns(rest).select(list(TABLES["units"].dtypes))


ROW = {
    "id": st.integers(0, 10**6).map(lambda n: f"{n:09d}"),
    "name": WORDS | TRICKY,
    "system": st.none() | WORDS | TRICKY,
    "capacity": st.none() | st.integers(-(2**63), 2**63 - 1),
    "strength": st.none() | st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0),
    "profile": st.none() | st.sampled_from(["agriculture", "agriculture;health"]),
    "since": DATES,
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries(ROW), max_size=6))
def test_nothing_is_lost(form, rows):
    frames = {"units": units(rows)}
    with tempfile.TemporaryDirectory() as place:
        assert_frame_equal(again(frames, Path(place), form)["units"], frames["units"], check_exact=True)


@pytest.mark.parametrize("form", FORMS)
def test_every_declared_table_comes_back(tmp_path, form):
    frames = {}
    for name, table in TABLES.items():
        cells = {c.name: [example_cell(c) or "x"] for c in table.columns}
        raw = pl.DataFrame(cells)
        (tmp_path / "raw").mkdir(exist_ok=True)
        raw.write_csv(tmp_path / "raw" / f"{name}.csv")
    frames, findings = cast_tables(find_tables(tmp_path / "raw").tables)
    assert findings == [] and len(frames) == len(TABLES)
    frames = {name: frame.drop("_row") for name, frame in frames.items()}
    read = again(frames, tmp_path / "out", form) if (tmp_path / "out").mkdir() is None else {}
    for name, frame in frames.items():
        assert_frame_equal(read[name], frame)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_table_comes_back_empty(tmp_path, form):
    assert again({"units": TABLES["units"].empty()}, tmp_path, form)["units"].height == 0


def test_a_formula_is_text_in_excel_and_guarded_in_csv(tmp_path):
    frames = {"units": units([{"id": "1", "name": "=HYPERLINK(1)", "system": "'=x"}])}
    write_tables(frames, tmp_path / "b.xlsx", form="xlsx")
    write_tables(frames, tmp_path, form="csv")
    assert (
        CalamineWorkbook.from_path(str(tmp_path / "b.xlsx")).get_sheet_by_name("units").to_python()[1][1]
        == "=HYPERLINK(1)"
    )
    text = (tmp_path / "units.csv").read_text(encoding="utf-8")
    assert ",'=HYPERLINK(1)," in text and ",''=x," in text


def test_too_many_rows_for_a_sheet_is_said_before_anything_is_written(tmp_path):
    frame = pl.DataFrame({"id": pl.int_range(1_048_576, eager=True)})
    with pytest.raises(InputError, match="1048575"):
        write_tables({"units": frame}, tmp_path / "b.xlsx", form="xlsx")
    assert list(tmp_path.iterdir()) == []


def test_too_long_a_cell_for_excel(tmp_path):
    with pytest.raises(InputError, match="32767"):
        write_tables({"units": pl.DataFrame({"id": ["x" * 40_000]})}, tmp_path / "b.xlsx", form="xlsx")


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch, form):
    target = tmp_path / "b.xlsx" if form == "xlsx" else tmp_path
    write_tables({"units": units([{"id": "1", "name": "old"}])}, target, form=form)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(write.os, "fsync", full)
    with pytest.raises(OutsideError, match="No space left"):
        write_tables({"units": units([{"id": "1", "name": "new"}])}, target, form=form)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="folder"):
        write_tables({}, tmp_path / "x", form="csv")
    with pytest.raises(InputError, match="file"):
        write_tables({}, tmp_path, form="xlsx")
