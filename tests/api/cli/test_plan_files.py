from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from planner.plan import Plan
from planner.reuse import FOLDER
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.cli.conftest import Typed
from tests.planner.small import MORE, TWO, write_small


def test_export_of_a_plan_by_ending(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    for name in ("x.xlsx", "x.geojson", "x.graphml"):
        code, out, _ = typed("export", small_plan.folder, "--to", tmp_path / name)
        assert code == 0 and name in out and (tmp_path / name).stat().st_size > 500
    lines = [
        f
        for f in json.loads((tmp_path / "x.geojson").read_text())["features"]
        if f["geometry"]["type"] == "LineString"
    ]
    assert len(lines) == 4
    assert {f["properties"]["recipient_mark"] for f in lines} == {"", "assumed"}
    assert all(f["properties"]["cost"] > 0 for f in lines)


def test_export_into_a_folder(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        code, out, _ = typed("export", small_plan.folder, "--to", tmp_path / form, "--format", form, "--json")
        assert code == 0
        names = {Path(f).stem for f in json.loads(out)["files"]}
        assert names == {"stages", "kpis", "pairs", "baseline_pairs", "rules", "policy", "marks"}
    text = (tmp_path / "csv" / "pairs.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and "甲县".encode() in text
    frame = pl.read_parquet(tmp_path / "parquet" / "pairs.parquet")
    terms = [c for c in frame.columns if c.startswith("term_")]
    assert (frame.select(pl.sum_horizontal(terms)).to_series() - frame["cost"]).abs().max() < 1e-9


def test_export_says_what_it_needs(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    code, _, err = typed("export", small_plan.folder, "--to", tmp_path / "x.csv")
    assert code == 2 and "folder" in err
    code, _, err = typed("export", small_plan.folder, "--to", tmp_path / "x.xlsx", "--on", "china-2016")
    assert code == 2 and "--on" in err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ending_makes_no_folder(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    code, _, err = typed("export", small_plan.folder, "--to", tmp_path / "x.xlsxx")
    assert code == 2 and ".graphml, .geojson, .csv, .parquet, .xlsx; did you mean .xlsx?" in err
    code, _, err = typed("export", small_plan.folder, "--to", tmp_path / "x.foo")
    assert code == 2 and "known: .graphml" in err and "did you mean" not in err
    assert list(tmp_path.iterdir()) == []
    assert typed("export", small_plan.folder, "--to", tmp_path / "v1.2", "--format", "csv")[0] == 0
    assert (tmp_path / "v1.2" / "pairs.csv").is_file()
    assert typed("export", small_plan.folder, "--to", tmp_path / "v1.2")[0] == 0  # a folder that is there


def test_an_option_is_no_value_of_another(
    typed: Typed, small_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("--to", "--json"), ("--to=--json",), ("--to", "--format")):
        code, out, err = typed("export", small_plan.folder, *words)
        assert code == 2 and "--to has no value: --" in out + err
    assert list(tmp_path.iterdir()) == []
    assert typed("export", small_plan.folder, "--to", "./--json", "--format", "geojson")[0] == 0
    assert (tmp_path / "--json").is_file()


def test_verify_of_a_handmade_plan(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    scenario = write_small(tmp_path / "small")
    mine = tmp_path / "mine.csv"
    mine.write_text("supporter,recipient\nu1,A\nu2,B\nu2,C\nu3,D\n")
    code, out, _ = typed("verify", scenario, "--plan", mine, "--bound", small_plan.folder)
    assert code == 0 and "rules hold" in out and "gap" in out and small_plan.id in out
    mine.write_text("supporter,recipient\nu1,A\nu1,B\nu1,C\nu3,D\n")
    code, out, err = typed("verify", scenario, "--plan", mine)
    assert code == 1 and "unit_capacity" in out and "mine.csv" in err
    code, out, _ = typed("verify", scenario, "--plan", mine, "--json")
    assert code == 1 and json.loads(out)["ok"] is False  # one document, not two
    mine.write_text("supporter,recipient,load\nu1,A,x\n")
    code, _, err = typed("verify", scenario, "--plan", mine)
    assert code == 2 and "row 2" in err


def test_show_as_a_page_and_compare_as_a_workbook(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    code, out, _ = typed("show", small_plan.folder, "--html", tmp_path / "x.html")
    assert code == 0 and "x.html" in out and (tmp_path / "x.html").read_text().startswith("<!doctype html>")
    code, out, _ = typed("compare", small_plan.folder, small_plan.folder, "--to", tmp_path / "c.xlsx")
    assert code == 0 and (tmp_path / "c.xlsx").is_file()


def test_show_lists_the_rows_of_a_result_table(typed: Typed, small_plan: Plan) -> None:
    code, out, _ = typed("show", small_plan.folder, "--table", "pairs", "--limit", "1")
    first = small_plan.table("pairs").row(0, named=True)
    assert code == 0 and small_plan.network.label(first["recipient"]) in out
    assert str(small_plan.table("pairs").height - 1) in out  # how many more there are


def test_show_names_the_tables_there_are(typed: Typed, small_plan: Plan) -> None:
    code, _, said = typed("show", small_plan.folder, "--table", "nothing")
    assert code == 2 and "pairs" in said


def test_rows_of_a_plan_as_json(typed: Typed, small_plan: Plan) -> None:
    code, out, _ = typed("show", small_plan.folder, "--table", "pairs", "--limit", "1", "--json")
    found = json.loads(out)
    assert code == 0 and found["table"] == "pairs" and found["rows"] == small_plan.table("pairs").height
    assert len(found["shown"]) == 1 and {"supporter", "recipient", "cost"} <= set(found["shown"][0])


def test_rows_of_a_plan_are_shown_by_names_and_titles(typed: Typed, small_plan: Plan) -> None:
    frozen = next((Path(__file__).parents[2] / "frozen" / "plan-1").iterdir())
    code, out, _ = typed("show", frozen, "--table", "pairs")
    assert code == 0 and "designated assistance" in out and "designation" in out
    _, out, _ = typed("show", frozen, "--table", "allocations")
    assert "Grant" in out
    _, out, _ = typed("--lang", "zh", "show", frozen, "--table", "allocations")
    assert "教育扶贫" in out and "education" not in out


def test_what_a_handmade_table_rests_on_is_said_in_both_languages(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = write_small(tmp_path / "two", TWO, **MORE)
    plan = make_plan(read_scenario(scenario), tmp_path / "out")
    plan.table("postings").write_csv("postings.csv")
    code, out, _ = typed("verify", scenario, "--plan", "postings.csv")
    assert code == 0 and "✗" not in out
    assert "whether it is wrong rests on designation" in out and "rules that can be judged hold" in out
    code, out, _ = typed("--lang", "zh", "verify", scenario, "--plan", "postings.csv")
    assert code == 0 and "是否违反取决于定点帮扶" in out and "能判定的" in out
    code, out, _ = typed("--lang", "en", "verify", scenario, "--plan", "postings.csv", "--bound", plan.folder)
    assert code == 0 and "?" not in out and "rules hold" in out and "can be judged" not in out


def test_answers_are_kept_beside_plans_unless_told_otherwise(typed: Typed, tmp_path: Path) -> None:
    scenario, out = write_small(tmp_path / "small"), tmp_path / "plans"
    assert typed("plan", scenario, "-o", out, "--no-reuse")[0] == 0
    assert not (out / FOLDER).exists()
    assert typed("plan", scenario, "-o", out, "--again")[0] == 0
    assert (out / FOLDER).exists()
    file = scenario / "scenario.toml"
    file.write_text(file.read_text().replace("小县", "别名"))  # another plan, made of the same tasks
    code, said, err = typed("plan", scenario, "-o", out)
    assert code == 0 and "(1 of 1 task answered before)" in err and "plan written" in said


def test_verify_of_a_plan_without_further_rules(typed: Typed, tmp_path: Path) -> None:
    """By own scores cadres and posts are all there is: it says so, and not that no rule holds."""
    tables = {
        "cadres.csv": "id,home_region\nc1,v\nc2,v\n",
        "regions.csv": "code,name,level,parent\nv,V,village,\n",
        "village_posts.csv": "village,post,role,minimum,target\nv,fs,first_secretary,1,1\n",
        "pair_scores.csv": "stage,supporter,recipient,cost\ncadres,c1,v/fs,2\ncadres,c2,v/fs,1\n",
    }
    home = tmp_path / "s"
    (home / "data").mkdir(parents=True)
    (home / "scenario.toml").write_text(
        'format = 1\nstages = ["cadres"]\n[cadres]\nobjective = "scores"\n', encoding="utf-8"
    )
    for name, text in tables.items():
        (home / "data" / name).write_text(text, encoding="utf-8")
    code, _, err = typed("plan", home, "-o", tmp_path / "p")
    assert code == 0, err
    code, out, _ = typed("--lang", "en", "verify", tmp_path / "p")
    assert code == 0 and "cadres: capacities are kept, no other rule is on, objective recomputed" in out
