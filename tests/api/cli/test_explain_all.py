"""``jiedui explain --all``: where it writes, and what cannot stand beside it."""

from __future__ import annotations

import json
from pathlib import Path

from planner.plan import Plan
from tests.api.cli.conftest import Typed
from tests.planner.cadre_land import cadre, first
from tests.planner.otherwise.test_postings import made


def test_a_workbook_and_folders(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    book = tmp_path / "why.xlsx"
    code, out, _ = typed("explain", small_plan.folder, "--all", "designation", "-o", book, "-q")
    assert code == 0 and book.is_file() and "rows and" in out
    code, out, _ = typed(
        "explain",
        small_plan.folder,
        "--all",
        "designation",
        "-o",
        tmp_path / "c",
        "--format",
        "csv",
        "--json",
        "-q",
    )
    told = json.loads(out)
    assert code == 0 and told["rows"] == small_plan.table("pairs").height
    assert [Path(f).name for f in told["files"]] == ["reasons.csv", "open.csv"]


def test_what_is_wrong_is_told(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    plan, book = small_plan.folder, tmp_path / "why.xlsx"
    wrong = {
        ("--all", "designation"): "--all needs a file: -o reasons.xlsx",
        ("A", "--all", "designation", "-o", book): "no subject",
        (
            "--all",
            "funds",
            "-o",
            book,
        ): "the plan has no stage funds whose rows could be explained; it has: designation",
        ("--all", "designation", "-o", tmp_path / "why.csv"): "name a folder, as in -o",
        ("--all", "designation", "-o", tmp_path, "--format", "xlsx"): "should be a file that ends in .xlsx",
        (
            "--all",
            "designation",
            "-o",
            book,
            "--format",
            "html",
        ): "--all writes xlsx, csv or parquet, not html",
        (): "for every row of a stage use --all STAGE",
        ("A", "--format", "csv"): "for every row of a stage use --all STAGE",
    }
    for words, message in wrong.items():
        code, _, err = typed("explain", plan, *words, "-q")
        assert code == 2 and message in err, words
    assert not book.exists()


def test_the_dearest_pairs_and_what_would_swap_one(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    plan, rows = small_plan.folder, small_plan.table("pairs")
    code, out, _ = typed("explain", plan, "--dearest", "designation", "-n", "2", "--json", "-q")
    told = json.loads(out)
    assert code == 0 and len(told) == 2
    assert all(
        t["status"] == "INFEASIBLE" and t["forbidden"] for t in told
    )  # nobody else has room for these two
    out = typed("explain", plan, "--dearest", "designation", "-n", "1", "-q")[1]
    assert "1 of 4 pairs, the dearest to lose" in out and "not possible, by these rules" in out
    pairs = [f"{s}>{r}" for s, r in rows.select("supporter", "recipient").iter_rows()]
    told = {p: json.loads(typed("explain", plan, p, "--swap", "--json", "-q")[1])[0] for p in pairs}
    pair = next(p for p, one in told.items() if one["points"] is not None)
    code, out, _ = typed("explain", plan, pair, "--swap", "-q")
    assert code == 0 and "longer" in out and "solved again on both sides: so it is" in out
    assert "no value swaps it (proved) of: " in out and "designation.need_weight" in out
    assert (
        all({"number", "state", "at", "sure"} <= turn.keys() for turn in told[pair]["turns"])
        and told[pair]["turns"]
    )
    assert "已证实" in typed("--lang", "zh", "explain", plan, pair, "--swap", "-q")[1]
    letter, page = tmp_path / "letter.txt", tmp_path / "page.html"
    for form, file in (("text", letter), ("html", page)):
        assert typed("explain", plan, pair, "--swap", "--format", form, "-o", file, "-q")[0] == 0
        written = file.read_text(encoding="utf-8")
        assert "so it is" in written and small_plan.id in written
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert typed("explain", plan, pair, "--swap", "-o", letter, "-q")[0] == 2
    for words, message in {
        ("--dearest", "cadres"): "no stage cadres that decides pairs; it has: designation",
        ("A", "--dearest", "designation"): "about a whole stage",
        ("A", "--swap"): "--swap is about a pair: supporter>recipient",
    }.items():
        code, _, err = typed("explain", plan, *words, "-q")
        assert code == 2 and message in err, words


def test_what_would_post_a_cadre_otherwise(typed: Typed, tmp_path: Path) -> None:
    plan = made(tmp_path, [cadre("c1"), cadre("c3", "b1")], [first("v0")]).folder
    code, out, _ = typed("explain", plan, "c1>v0", "--swap", "-q")
    assert code == 0 and "if it cost 10.000 points more and a little" in out and "so it is" in out
    (told,) = json.loads(typed("explain", plan, "c1>v0", "--swap", "--json", "-q")[1])
    assert (told["has"], told["points"], told["confirmed"]) == (True, 10.0, True)


def test_a_unit_is_recommended_counties_stage_by_stage(typed: Typed, small_plan: Plan) -> None:
    code, out, _ = typed("recommend", small_plan.folder, "u3", "-n", "2", "-q")
    assert code == 0 and "designated assistance" in out and "with 第三校" in out
    told = json.loads(typed("recommend", small_plan.folder, "u3", "--json", "-q")[1])
    assert told and {t["stage"] for t in told} == {"designation"}
    changes = [t["change"] for t in told]
    assert changes == sorted(changes) and all(t["supporter"] == "u3" and t["forced"] for t in told)
    code, _, err = typed("recommend", small_plan.folder, "u3", "--stage", "funds", "-q")
    assert code == 2 and "nothing to recommend for 第三校" in err
