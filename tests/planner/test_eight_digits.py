"""Places with codes of eight digits, some with a nought in front and some that look like days: they stay codes everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from api.cli.main import Everywhere, run
from graph.language import use_language
from planner.run import make_plan
from planner.scenario import read_scenario

FILE = """format = 1
title = "八位代码"
title_en = "eight digits"
date = 2030-06-01
stages = ["pairing", "cadres", "funds"]
[regions]
levels = ["district", "municipality"]
[enums]
role = ["officer"]
programme = ["exchange"]
[titles.currency]
zh = "克朗"
en = "crown"
[pairing]
recipients_tag = "recipient"
county_pairs = false
pins = ["20160101>01001001"]
bans = ["20160101>20170101"]
[cadres]
leader_role = "officer"
posting_area = "district"
own_county_area = "off"
"""
TABLES = {
    "regions": """code,name,level,parent,lon,lat
01000000,North,district,,5,53
01001000,Harrow Bay,municipality,01000000,4.10,51.00
20160101,Millbrook,municipality,20160000,4.60,51.20
20160000,South,district,,5,50
20170101,Stonefield,municipality,20160000,5.90,50.10
01001001,Upper Vale,municipality,01000000,6.30,49.80
""",
    "region_tags": "region,tag\n01001000,supporter\n20160101,supporter\n20170101,recipient\n01001001,recipient\n",
    "cadres": "id,home_region,skill,roles\n20300001,01001000,engineering,officer\n00000002,20160101,general,officer\n",
    "village_posts": "village,post,role,skill,minimum,target\n01001001,liaison,officer,,1,1\n20170101,liaison,officer,,1,1\n",
    "needs": "region,year,programme,amount\n01001001,2031,exchange,1000\n20170101,2031,exchange,500\n",
    "fund_sources": "id,name,level,owner_region,programmes\n10000001,Fund,east_west,20160101,\n10000002,Union,social,,\n",
    "fund_budgets": "source,year,amount\n10000001,2031,700\n10000002,2031,300\n",
}
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eight") / "eight"
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text(FILE, encoding="utf-8")
    for name, rows in TABLES.items():
        (folder / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return folder


@pytest.fixture
def ask(capfd: pytest.CaptureFixture[str]) -> Iterator[Ask]:
    """Type a line in this process; the JSON that it prints."""

    def type_line(*words: str | Path, form: bool = True) -> Any:
        capfd.readouterr()
        code = run([str(w) for w in (*words, *(["--json"] if form else []))])
        out, err = capfd.readouterr()
        assert code == 0 and "Traceback" not in out + err, out + err
        return json.loads(out) if form else out

    yield type_line
    use_language(None)
    Everywhere.as_json = Everywhere.quiet = False


@pytest.fixture(scope="module")
def plan(land: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_plan(read_scenario(land), tmp_path_factory.mktemp("plans")).folder


def test_the_tables_are_right_as_they_are(land: Path, ask: Ask) -> None:
    report = ask("check", land)
    assert report["valid"] and report["stats"] == {
        "tasks": 1,
        "errors": 0,
        "warnings": 1,
    }  # codes are taken as free
    network = read_scenario(land).network
    assert network.settings.codes == "free"
    assert network.frame("regions")["code"].to_list() == [
        r.partition(",")[0] for r in TABLES["regions"].splitlines()[1:]
    ]
    assert list(network.ancestors("01001001")) == ["01000000"]
    assert network.at_level("20170101", "district") == "20160000"


def test_codes_are_found_by_themselves(land: Path, ask: Ask) -> None:
    for code, name, parent in (("01001001", "Upper Vale", "North"), ("20160101", "Millbrook", "South")):
        card = json.dumps(ask("ask", code, "--on", land), ensure_ascii=False)
        assert name in card and code in card and parent in card


def test_decisions_are_by_code_in_the_order_of_codes(plan: Path, ask: Ask) -> None:
    """Pinned and banned pairs hold; people stay in their district; money follows the pair."""
    pairs = pl.read_parquet(plan / "tables" / "pairs.parquet")
    assert pairs.select("supporter", "recipient").sort("supporter").rows() == [
        ("01001000", "20170101"),
        ("20160101", "01001001"),
    ]
    people = pl.read_parquet(plan / "tables" / "postings.parquet").sort("cadre")
    assert people.select("cadre", "village").rows() == [("00000002", "20170101"), ("20300001", "01001001")]
    money = (
        pl.read_parquet(plan / "tables" / "allocations.parquet").filter(pl.col("amount") > 0).sort("source")
    )
    assert money.select("source", "region", "amount").rows() == [
        ("10000001", "01001001", 700),
        ("10000002", "20170101", 300),
    ]
    assert ask("verify", plan)["ok"]


@pytest.mark.parametrize(
    ("subject", "about"),
    [("20170101", "Stonefield: 1 pair chosen"), ("20160101>01001001", "Millbrook, Upper Vale: 1 pair"), ("20300001", "20300001 goes to Upper Vale"),
     ("01001001:exchange:2031", "Upper Vale gets 700 crowns"), ("10000001", "Fund: 700 crowns")],
)  # fmt: skip
def test_explanations_are_found_by_code(subject: str, about: str, plan: Path, ask: Ask) -> None:
    assert about in ask("explain", plan, subject, "--lang", "en", form=False)


def test_in_a_workbook_they_are_text(plan: Path, ask: Ask, tmp_path: Path) -> None:
    ask("export", plan, "--to", tmp_path / "plan.xlsx", form=False)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    cells = {c for s in book for row in s.iter_rows(values_only=True) for c in row}
    assert {"01001001", "20160101"} <= cells and not {1001001, 20160101} & cells


def test_a_store_gives_them_back(
    land: Path, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path / "home"))
    place = f"workspace:{tmp_path / 'store'}#eight"
    ask("graph", "load", land, "--on", place)
    card = json.dumps(ask("ask", "01001001", "--on", place), ensure_ascii=False)
    assert "Upper Vale" in card and "North" in card
    assert (
        ask("plan", land, "--network", place, "-q", "-o", tmp_path / "plans")["stages"]["funds"]["status"]
        == "OPTIMAL"
    )
