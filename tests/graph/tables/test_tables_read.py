"""What is found in a folder, under which names, in which encodings."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from graph.errors import InputError, TableErrors
from graph.network import RegionSettings
from graph.schema import TABLES
from graph.tables import cast_tables, find_tables, read_frames, read_network
from tests.graph.tables.conftest import REGIONS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_told_apart(folder, encoding):
    place = folder(regions=REGIONS.replace("\n", "\r\n").encode(encoding))
    names = read_network(place).network.frame("regions")["name"].to_list()
    assert names == ["珠海市", "怒江傈僳族自治州", "兰坪白族普米族自治县"]


def test_chinese_headers_file_names_and_values(tmp_path):
    (tmp_path / "村岗位.csv").write_text("村,岗位,职务,最少\nv1,first,第一书记,1\n", encoding="utf-8")
    frame = read_network(tmp_path).network.frame("village_posts")
    assert frame.select("village", "post", "role", "minimum", "target").rows() == [
        ("v1", "first", "first_secretary", 1, 1)
    ]


def test_every_declared_column_with_its_type_default_and_source(accepted):
    frame = accepted(cadres="id,roles\nc1,第一书记； member\nc2,\n").network.frame("cadres")
    assert dict(frame.schema) == TABLES["cadres"].dtypes
    assert frame["roles"].to_list() == ["first_secretary;member", "member"]
    assert frame["skill"].to_list() == ["general", "general"]
    assert frame["source"].to_list() == ["cadres.csv", "cadres.csv"]


def test_where_source_is_a_fund_source_the_provenance_has_its_own_column(accepted):
    frame = accepted(fund_budgets="source,year,amount\nf1,2016,5\n").network.frame("fund_budgets")
    assert frame.select("source", "fact_source").rows() == [("f1", "fund_budgets.csv")]


def test_key_alone_is_enough_for_regions(accepted):
    assert accepted(regions="code\nA\nB\n").network.frame("regions")["name"].to_list() == ["A", "B"]


def test_what_an_active_rule_reads_is_needed(folder):
    place = folder(cadres="id\nc1\n")
    with pytest.raises(TableErrors) as refused:
        read_network(place, needed={"cadres": ["home_region", "skill"]})
    assert [(f.code, f.column) for f in refused.value.findings if f.severity == "error"] == [
        ("missing-column", "home_region")
    ]


def test_row_numbers_are_those_of_the_file(errors):
    blank_lines = "\r\n\r\nid,kind\r\nu1,bank\r\n\r\n,\r\nu2,banc\r\n"
    assert [(f.row, f.value) for f in errors(units=blank_lines)] == [(7, "banc")]


def test_a_quoted_line_break_is_one_row(errors):
    assert [f.row for f in errors(units='id,name,kind\nu1,"a\n\nb",bank\nu2,c,banc\n')] == [3]


def test_excel_cells(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "net.xlsx"))
    book.add_worksheet("关系 draft").write(0, 0, "x")
    sheet = book.add_worksheet("帮扶关系")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, title in enumerate(("id", "kind", "supporter", "recipient", "since")):
        sheet.write(1, place, title)
    for place, cell in enumerate((1.0, "east_west", 440400, "533300")):
        sheet.write(2, place, cell)
    sheet.write_datetime(2, 4, date(2016, 12, 7), day)
    sheet.write_row(4, 0, ["r2", "east_west", "440400", "533300", "2016-02-30"])
    book.close()
    found = find_tables(tmp_path / "net.xlsx")
    frames, findings = cast_tables(found.tables)
    assert frames["relations"].select("_row", "id", "supporter", "since").rows() == [
        (3, "1", "440400", date(2016, 12, 7)),
        (5, "r2", "440400", None),
    ]
    assert [(f.code, f.row, f.file) for f in findings] == [("impossible-date", 5, "net.xlsx#帮扶关系")]
    assert [f.code for f in found.findings] == ["unknown-table"]


def test_parquet_of_other_types_is_cast(tmp_path):
    pl.DataFrame({
        "id": [1, 2], "roles": [["member"], ["member", "first_secretary"]], "seniority_years": [3.0, None],
        "available_from": pl.Series(["2016-01-01", None]).str.to_datetime("%Y-%m-%d"),
    }).write_parquet(tmp_path / "cadres.parquet")  # fmt: skip
    frame = read_network(tmp_path).network.frame("cadres")
    assert frame.select("id", "roles", "seniority_years", "available_from").rows() == [
        ("1", "member", 3, date(2016, 1, 1)),
        ("2", "member;first_secretary", 0, None),
    ]


def test_only_reads_what_is_asked(folder):
    place = folder(regions=REGIONS, units="id,kind\nu1,nonsense\n")
    assert list(read_network(place, only=["regions"]).network.frames) == ["regions"]


def test_a_single_file_and_a_scenario_folder(folder, tmp_path):
    place = folder(regions=REGIONS)
    place.rename(tmp_path / "data")
    assert list(read_frames(tmp_path)) == ["regions"] == list(read_frames(tmp_path / "data" / "regions.csv"))


def test_own_levels_and_values(folder):
    place = folder(regions="code,level\nA,state\nB,\n", units="id,kind\nu,church\n")
    settings = RegionSettings(levels=("state", "district"))
    network = read_network(place, settings=settings, enums={"unit_kind": ("church",)}).network
    assert network.frame("regions")["level"].to_list() == ["state", "district"]


@pytest.mark.parametrize("name", ["missing", "empty", "odd.pdf"])
def test_nothing_to_read_is_said_in_words(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match=name):
        read_network(tmp_path / name)


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_a_broken_file_is_said_in_words(tmp_path, suffix):
    (tmp_path / f"units.{suffix}").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(InputError, match="readable"):
        read_network(tmp_path)


def test_a_table_that_is_there_twice(folder, tmp_path):
    place = folder(regions=REGIONS)
    (place / "地区.csv").write_text(REGIONS, encoding="utf-8")
    with pytest.raises(TableErrors, match="twice"):
        read_network(place)


def test_skipping_bad_rows_drops_exactly_them_and_what_hung_on_them(folder):
    place = folder(
        regions="code,name,parent,lat\nA,a,,1\nB,b,A,91\nC,c,B,1\nD,d,A,1\n",
        relations="id,kind,supporter,recipient\n1,east_west,A,C\n2,east_west,A,D\n",
    )
    (place / "units.csv").write_text("id\nu\n")
    read = read_network(place, skip_bad_rows=True)
    assert read.network.frame("regions")["code"].to_list() == ["A", "D"]
    assert read.network.frame("relations")["id"].to_list() == ["2"]
    skipped = [(f.table, f.row) for f in read.findings if "skipped" in f.what.en]
    assert skipped == [("regions", 3), ("regions", 4), ("relations", 2)]


def test_what_has_no_row_cannot_be_skipped(folder):
    with pytest.raises(TableErrors, match="missing"):
        read_network(folder(ledger="relation,year\nr,2016\n"), skip_bad_rows=True)


def test_titles_name_one_table_and_one_column_each():
    assert len({t.zh for t in TABLES.values()}) == len(TABLES)
    for table in TABLES.values():
        assert len({c.zh for c in table.columns} | {c.name for c in table.columns}) == 2 * len(
            table.columns
        ), table.name


def test_ragged_rows_and_open_quotes(errors):
    assert [(f.code, f.row) for f in errors(units="id,name\nu1,a\nu2,b,c\n")] == [("too-many-cells", 3)]
    assert [f.code for f in errors(units='id,name\nu1,"a\nu2,b\n')] == ["broken-quotes"]


def test_path_may_be_text(folder):
    assert read_network(str(folder(regions=REGIONS)), name="mine").network.name == "mine"
    assert isinstance(folder(), Path)


def test_what_follows_an_open_quote_is_lost_so_it_cannot_be_skipped(folder):
    with pytest.raises(TableErrors, match="quotation"):
        read_network(folder(units='id,name\nu1,ok\nu2,"a\nu3,b\n'), skip_bad_rows=True)


def test_a_notice_is_told_once_when_rows_are_skipped(folder):
    read = read_network(
        folder(regions="code,lat\nA,91\nB,1\n", units="id,weather\nu,fine\n"), skip_bad_rows=True
    )
    assert [f.code for f in read.findings] == ["coordinate-range", "unknown-column", "codes-scheme"]


def test_trusted_tables_are_cast_and_not_checked_again(folder):
    place = folder(regions="code,lat\nA,91\n")
    assert read_network(place, trust=True).network.frame("regions")["lat"].to_list() == [91.0]
    with pytest.raises(TableErrors):
        read_network(folder(regions="code,lat\nA,north\n"), trust=True)


def test_a_blank_sheet_is_passed_over(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "n.xlsx"))
    book.add_worksheet("Sheet1")
    book.add_worksheet("units").write_column(0, 0, ["id", "u1"])
    book.close()
    read = read_network(tmp_path / "n.xlsx")
    assert [f.code for f in read.findings] == [] and read.network.frame("units").height == 1


def test_reading_csv_needs_no_library_for_workbooks(folder):
    place = folder(regions=REGIONS)
    heavy = {"openpyxl", "xlsxwriter", "python_calamine", "rapidfuzz", "networkx", "numpy"}
    code = f"import sys, graph.tables as t; t.read_network({str(place)!r}); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("header", ["id;name;capacity", '"id";"name";"capacity"', "编号;名称;帮扶能力"])
def test_semicolons_between_columns_are_recognised(accepted, header):
    read = accepted(units=f'{header}\nu1;One, Two;3\nu2;"a;b";\n')
    assert read.network.frame("units").select("id", "name", "capacity").rows() == [
        ("u1", "One, Two", 3), ("u2", "a;b", None),
    ]  # fmt: skip


def test_too_many_semicolons_are_told_as_such(errors):
    found = errors(units="id;name\nu1;a;b\n")
    assert [(f.code, f.row, f.value) for f in found] == [("too-many-cells", 2, "b")]
    assert "';'" in found[0].mend.en


def test_a_text_of_10_000_characters_is_taken(accepted):
    long = "长" * 10_000
    assert accepted(units=f"id,name\nu,{long}\n").network.frame("units")["name"].to_list() == [long]
