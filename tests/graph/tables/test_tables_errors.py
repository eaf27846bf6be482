"""Every kind of wrong row is named with its place and with what would be right."""

from __future__ import annotations

import pytest

from graph.errors import TableErrors
from graph.tables import read_network
from tests.graph.tables.conftest import REGIONS

CASES = [
    ("wrong-encoding", {"units": "id,name\nu1,ok\nu2,é\n".encode("latin-1") + b"\xff\n"}, 3, "UTF-8"),
    ("wrong-encoding", {"units": "id,name\n甲,乙乙乙乙\n".encode()[:-3] + b"\n"}, 2, "UTF-8"),
    ("wrong-encoding", {"units": "id,name\n".encode("utf-16")}, 1, "the file is UTF-16"),
    ("wrong-encoding", {"units": "id,name\n甲,乙\nu,\0\n"}, 3, "NUL character"),
    ("wrong-encoding", {"units": "id,name\n甲,乙\n".encode("utf-16-le")}, 1, "NUL character"),
    ("too-long", {"units": "id,name\nu,v\nw," + "长" * 10_001 + "\n"}, 3, "10,001 characters"),
    ("too-long", {"units": "id,capacity\nu," + "1" * 20_000 + "\n"}, 2, "10,000 at most"),
    ("missing-column", {"ledger": "relation,year\nr,2016\n"}, None, "item"),
    ("unknown-column", {"units": "id,capcity\nu,3\n"}, None, "did you mean capacity"),
    ("duplicate-column", {"units": "id,name,名称\nu,a,b\n"}, None, "keep one"),
    ("personal-column", {"cadres": "id,民族\nc,x\n"}, None, "remove"),
    ("unknown-table", {"relation": "id\nr\n"}, None, "did you mean relations"),
    ("empty-file", {"units": "\n\n"}, None, "header"),
    ("duplicate-key", {"units": "id\nu\nv\nu\n"}, 4, "row 2"),
    ("ambiguous-id", {"regions": "code\nA\nB\n", "units": "id\nu\nB\n"}, 3, "another id"),
    ("unknown-parent", {"regions": "code,parent\n533300,\n533325,533390\n"}, 3, "533300"),
    ("parent-cycle", {"regions": "code,parent\nA,A\n"}, 2, "correct one"),
    ("wrong-type", {"units": "id,capacity\nu,many\n"}, 2, "digits"),
    ("wrong-type", {"units": "id,capacity\nu,2.5\n"}, 2, "whole number"),
    ("wrong-type", {"fund_budgets": "source,year,amount\nf,2016,1.5万\n"}, 2, "15000"),
    ("wrong-type", {"fund_budgets": 'source,year,amount\nf,2016,"1,500"\n'}, 2, "1500"),
    ("wrong-type", {"units": "id,strength\nu,60%\n"}, 2, "0.6"),
    ("wrong-type", {"regions": "code,pseudo\nA,maybe\n"}, 2, "true or false"),
    ("wrong-type", {"regions": "code\n533300.0\n"}, 2, "533300"),
    ("wrong-type", {"units": "id,capacity\nu,99999999999999999999\n"}, 2, "unit"),
    ("not-finite", {"units": "id,strength\nu,NaN\n"}, 2, "empty"),
    ("not-finite", {"regions": "code,lon\nA,∞\n"}, 2, "empty"),
    ("not-finite", {"regions": "code,lon\nA,1e999\n"}, 2, "empty"),
    ("negative", {"fund_budgets": "source,year,amount\nf,2016,-5\n"}, 2, "0 or more"),
    ("negative", {"needs": "region,year,programme,quantity\nA,2016,industry,-1\n"}, 2, "0 or more"),
    ("negative", {"region_facts": "region,year,measure,value\nA,2016,gdp,-1\n"}, 2, "0 or more"),
    ("share-range", {"units": "id,strength\nu,60\n"}, 2, "0.6"),
    ("share-range", {"region_facts": "region,year,measure,value\nA,2016,missed,4.5\n"}, 2, "0.045"),
    ("coordinate-range", {"regions": "code,lon,lat\nA,25,98.8\n"}, 2, "swapped"),
    ("impossible-date", {"units": "id,since\nu,2016-02-30\n"}, 2, "year-month-day"),
    ("impossible-date", {"units": "id,since\nu,2016\n"}, 2, "2016-01-01"),
    ("impossible-date", {"units": "id,since\nu,1066-10-14\n"}, 2, "1900"),
    ("reversed-dates", {"units": "id,since,until\nu,2017-01-01,2016-01-01\n"}, 2, "swapped"),
    ("enum", {"units": "id,kind\nu,univercity\n"}, 2, "university"),
    ("enum", {"units": "id,kind\nu,民营企\n"}, 2, "firm"),
    ("enum", {"units": "id,kind\nu,zzzzzz\n"}, 2, "one of"),
    ("enum", {"cadres": "id,roles\nc,member;leeder\n"}, 2, ""),
    ("out-of-range", {"needs": "region,year,programme\nA,20166,industry\n"}, 2, "1949"),
    ("required", {"units": "id,name\n,a\n"}, 2, "fill in"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "tables", "row", "mend"), CASES)
def test_one_wrong_place_is_one_finding(errors, code, tables, row, mend):
    found = errors(**tables)
    assert [(f.code, f.row) for f in found] == [(code, row)], [str(f.text) for f in found]
    assert mend in found[0].text.en
    assert found[0].what.zh and found[0].file


def test_an_unknown_region_names_the_nearest_with_its_name(errors):
    relations = "id,kind,supporter,recipient\n" + "".join(
        f"r{i},east_west,440400,533300\n" for i in range(15)
    )
    found = errors(regions=REGIONS, units="id\nu\n", relations=relations + "r15,east_west,440400,533390\n")
    assert [str(f.text) for f in found] == [
        "relations, row 17, recipient: no region 533390 — nearest known: 533300 怒江傈僳族自治州"
    ]
    assert (
        found[0].text.zh
        == "relations，第 17 行，recipient：没有地区 533390 —— 最接近的是：533300 怒江傈僳族自治州"
    )


def test_a_reference_may_be_to_either_of_two_tables(errors):
    head = "id,kind,supporter,recipient\n"
    relations = head + "1,designated,u1,533325\n2,east_west,440400,533300\n3,designated,u2,533325\n"
    found = errors(regions=REGIONS, units="id\nu1\n", relations=relations)
    assert [(f.code, f.row, f.value) for f in found] == [("foreign-key", 4, "u2")]


def test_a_table_that_is_not_there_is_not_checked_and_that_is_said(accepted):
    found = accepted(cadres="id,unit,home_region\nc,u9,A\n").findings
    assert {f.code for f in found} == {"foreign-unchecked"}
    assert any("cadres.unit" in f.what.en for f in found)


def test_ten_kinds_of_broken_rows_give_ten_findings_at_once(folder):
    place = folder(
        regions=REGIONS + "533300,again,prefecture,\n533401,x,county,539999\n",
        units="id,kind,capacity,strength\nu1,banc,1,0.5\nu2,bank,-1,0.5\nu3,bank,x,0.5\nu4,bank,1,50\n",
        relations="id,kind,supporter,recipient,since,until\n1,designated,u1,533390,,\n"
        "2,designated,u2,533325,2016-13-01,\n3,designated,u2,533325,2017-01-01,2016-01-01\n",
        documents="id,title\nd,电话 13812345678\n",
    )
    with pytest.raises(TableErrors) as refused:
        read_network(place)
    errors = [f for f in refused.value.findings if f.severity == "error"]
    assert sorted(f.code for f in errors) == sorted([
        "duplicate-key", "unknown-parent", "enum", "negative", "wrong-type", "share-range", "foreign-key",
        "impossible-date", "reversed-dates", "personal-number",
    ])  # fmt: skip
    assert refused.value.exit_code == 2
    assert str(refused.value).startswith("10 bad rows, nothing imported")


def test_a_column_that_no_table_has_is_left_out_with_a_warning(remarks):
    assert [(f.code, f.column) for f in remarks(units="id,weather\nu,fine\n")] == [
        ("unknown-column", "weather")
    ]


def test_an_empty_table_is_named_and_kept(accepted):
    read = accepted(units="id,name\n")
    assert [f.code for f in read.findings] == ["empty-table"]
    assert read.network.has("units") and read.network.frame("units").height == 0


def test_empty_dates_in_a_key_are_no_error_but_the_same_key(errors):
    assert errors(region_tags="region,tag,since\nA,t,\nA,t,2016-01-01\n") == []
    assert [f.code for f in errors(region_tags="region,tag,since\nA,t,\nA,t,\n")] == ["duplicate-key"]


@pytest.mark.parametrize(
    "written", ["2016-12-07", "2016/12/7", "2016.12.7", "2016年12月7日", "20161207", "2016-12-07 00:00:00"]
)
def test_dates_with_the_year_first_are_read(accepted, written):
    frame = accepted(units=f"id,since\nu,{written}\n").network.frame("units")
    assert frame["since"].dt.to_string("%Y-%m-%d").to_list() == ["2016-12-07"]


@pytest.mark.parametrize(
    ("written", "read"),
    [("5", 5), (" 5 ", 5), ("5.0", 5), ("1e3", 1000), ("9007199254740993", 9007199254740993)],
)
def test_whole_numbers_are_read_exactly(accepted, written, read):
    assert accepted(units=f"id,capacity\nu,{written}\n").network.frame("units")["capacity"].to_list() == [
        read
    ]


def test_a_column_without_a_name_is_remarked_unless_it_is_empty(remarks):
    assert [(f.code, f.column) for f in remarks(units="id,,\nu,,note\n")] == [("unknown-column", None)]


def test_without_a_key_every_other_cell_is_checked_in_the_same_go(errors):
    found = errors(
        regions="code\nA\n",
        units="name,kind,capacity\nOne,univercity,4\nTwo,bank,many\n",
        relations="id,kind,supporter,recipient\nr,designated,u1,B\n",
    )
    assert [(f.table, f.column, f.code, f.row) for f in found] == [
        ("units", "id", "missing-column", None),
        ("units", "capacity", "wrong-type", 3),
        ("units", "kind", "enum", 2),
        ("relations", "recipient", "foreign-key", 2),  # the supporter cannot be looked up, so it is not
    ]


@pytest.mark.parametrize("units", ["id,id\nu1,u2\n", "idd\nu2\n", 'id,name\nu1,"a\nu2,b\n'])
def test_keys_that_could_not_be_read_are_missed_by_no_other_table(errors, units):
    found = errors(
        regions="code\nA\n", units=units, relations="id,kind,supporter,recipient\nr,designated,u2,A\n"
    )
    assert {f.table for f in found} == {"units"}
    assert len(found) == 1


def test_a_code_of_an_older_list_is_known_without_a_table_of_ones_own(errors):
    regions = REGIONS + "533301,泸水市,county,533300\n"
    facts = "region,year,measure,value\n533321,2014,gdp,1e9\n"
    found = errors(regions=regions, region_facts=facts)
    assert [f.mend.en for f in found] == ["the code was retired; now 533301 泸水市"]
