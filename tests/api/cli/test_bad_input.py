"""What a stranger types wrongly: each a clear answer with the right status, JSON alone where JSON was asked for, nothing half-written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, ScenarioError
from planner.export import write_pairs
from planner.plan import Plan, read_plan
from planner.scenario import read_scenario
from tests.api.cli.conftest import Typed
from tests.planner.small import FILE, write_small

Spoil = Callable[[Path], object]


def head(**changes: Any) -> Spoil:
    """Spoil ``plan.json``: other values, ``None`` for a key that is gone."""

    def spoil(folder: Path) -> None:
        told = json.loads((folder / "plan.json").read_text(encoding="utf-8")) | changes
        kept = {k: v for k, v in told.items() if v is not None}
        (folder / "plan.json").write_text(json.dumps(kept), encoding="utf-8")

    return spoil


SPOILED: dict[str, tuple[Spoil, str]] = {
    "an empty head": (lambda f: (f / "plan.json").write_text(""), "plan.json is damaged"),
    "a head of bytes": (lambda f: (f / "plan.json").write_bytes(b"\xff\xfe\x00"), "plan.json is damaged"),
    "a head without stages": (head(stages=None), "it has no id, inputs or stages"),
    "stages of something else": (head(stages=[1, 2]), "it has no id, inputs or stages"),
    "an older format": (head(format=0), "plan format 0 is unknown to this version"),
    "a newer format": (head(format=99), "plan format 99 is unknown to this version"),
    "tables that are gone": (lambda f: shutil.rmtree(f / "tables"), "the plan is not whole, tables/pairs.parquet is missing"),
    "inputs that are gone": (lambda f: shutil.rmtree(f / "resolved"), "the plan is not whole, resolved/"),
    "a table that is empty": (lambda f: (f / "tables" / "pairs.parquet").write_text(""), "pairs.parquet: the file is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_plan_is_told_by_every_command(
    typed: Typed, small_plan: Plan, tmp_path: Path, name: str
) -> None:
    spoil, said = SPOILED[name]
    shutil.copytree(small_plan.folder, tmp_path / "spoiled")
    spoil(tmp_path / "spoiled")
    whole, spoiled = small_plan.folder, tmp_path / "spoiled"
    for line in (
        ("explain", spoiled, "A"),
        ("recommend", spoiled, "A"),
        ("compare", spoiled, whole),
        ("alternatives", spoiled, "--stage", "designation", "--workers", "1"),
        ("plan", "nowhere", "--published", spoiled, "--freeze", "A"),
    ):
        code, out, _ = typed(*line, "-q", "--json")
        told = json.loads(out)["error"]
        assert code == told["exit"] == 2 and said in told["message"]["en"], line


def test_a_seal_or_run_that_is_damaged_is_told(small_plan: Plan, tmp_path: Path) -> None:
    for name in ("seal.json", "run.json"):
        folder = shutil.copytree(small_plan.folder, tmp_path / name)
        for text in ("{", "[]"):
            (folder / name).write_text(text)
            with pytest.raises(InputError, match=rf"{name} (is damaged|已损坏)"):
                _ = read_plan(folder).sealed, read_plan(folder).run


def test_plans_of_a_folder_that_is_a_plan_and_words_that_fit_none(
    typed: Typed, small_plan: Plan, tmp_path: Path
) -> None:
    folder = small_plan.folder
    assert [p["id"] for p in json.loads(typed("plans", folder, "--json")[1])["plans"]] == [small_plan.id]
    for words, said in (
        (
            ("--kpi", "designation.csot"),
            "no plan has a key figure designation.csot; did you mean designation.cost",
        ),
        (("--kpi", "zzz"), "no plan has a key figure zzz; there are: "),
        (("--scenario", "smal"), "no plan is of a scenario smal; did you mean small?"),
    ):
        code, _, err = typed("plans", folder, *words)
        assert code == 2 and said in err
    code, out, _ = typed("plans", folder, "--kpi", "designation.cost", "--scenario", "small")
    assert code == 0 and "designation.cost" in out
    code, _, err = typed("plans", "")
    assert code == 2 and "there is no folder (an empty name)" in err
    (tmp_path / "empty").mkdir()
    code, out, _ = typed(
        "plans", tmp_path / "empty", "--kpi", "zzz"
    )  # where there is no plan, nothing is known to be wrong
    assert code == 0 and "no plans in" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("explain", "PLAN", ""), "a name is empty"),
        (("explain", "PLAN", "A>"), "a name is empty"),
        (("explain", "PLAN", "第"), "第 means several things, give the code: u1 第一局, u2 第二行, u3 第三校"),
        (("explain", "PLAN", "甲县县"), "did you mean 甲县"),
        (("explain", "PLAN", "A", "--stage", "nowhere"), "the plan has no stage nowhere; it has: `designation`"),
        (("recommend", "PLAN", "A", "--stage", "nowhere"), "the plan has no stage nowhere; it has: `designation`"),
        (("recommend", "PLAN", "A=2016"), "there is nothing to recommend for A=2016"),
        (("explain", "PLAN", "A", "--format", "html"), "--json and --format html cannot both be printed"),
        (("explain", "PLAN", "A", "--format", "xlsx", "-o", "FILE"), "--format xlsx is for whole tables"),
        (("explain", "PLAN", "A", "-o", "FILE"), "-o goes with --format text or html"),
        (("alternatives", "PLAN", "--stage", "designation", "--within", "1e400"), "--within 1e400: must be such as 1%"),
        (("alternatives", "PLAN", "--stage", "designation", "--within", "1e-999999999"), "must be such as 1%"),
        (("sweep", "SCENARIO", "--vary", "designation.change_weight=1:1e400:3"), "1:1e400:3: a number is too large"),
        (("sweep", "SCENARIO", "--vary", "designation.change_weight=1:1e999999999:3"), "must be a number"),
        (("sweep", "SCENARIO", "--vary", "designation.change_weight=1:2:1000000"), "there are 1,000,000 runs"),
        (("sweep", "SCENARIO", "--vary", "designation.change_weigth=1,2"), "did you mean change_weight?"),
        (("robust", "SCENARIO", "--uncertain", "needs[].amount*=0.5:1e400"), "a number is too large"),
        (("plan", "SCENARIO", "--set", "designation.change_weight=1e300"), "designation.change_weight: must be at most 1e+06"),
        (("plan", "SCENARIO", "--set", "designation.same_kind_max=1000000000000000000000"), "must be at most 1e+15"),
        (("plan", "SCENARIO", "--time-limit", "nan"), "--time-limit must be above 0 seconds"),
        (("plan", "SCENARIO", "--time-limit", "-1"), "-1.0 is not in the range x>0"),
        (("generate", "national", "-o", "FILE", "--seed", "-1"), "-1 is not in the range x>=0"),
        (("plan", "SCENARIO", "--time-limit", "1e400"), "--time-limit must be above 0 seconds"),
        (("plan", "SCENARIO", "--set", "funds.programme_weights={industry=-1}"), "funds.programme_weights: must be at least 0"),
        (("sweep", "SCENARIO", "--vary", "needs[region=A].amount*=-1,1"), "amount*=-1: must be at least 0"),
        (("explain", "PLAN", "A", "--instead", "5"), "--instead is about an amount"),
        (("verify", "SCENARIO", "--certificate", "nowhere.json"), "cannot read nowhere.json: No such file"),
        (("repair", "PLAN"), "is a plan's folder, not a scenario"),
        (("diff", "FILE", "SCENARIO"), "FILE is of no form that can be read"),
    ],
)  # fmt: skip
def test_wrong_words_are_told_as_json_and_write_nothing(
    typed: Typed, small_plan: Plan, tmp_path: Path, line: tuple[str, ...], said: str
) -> None:
    (tmp_path / "FILE").write_text("precious")
    places = {"PLAN": small_plan.folder, "FILE": tmp_path / "FILE"}
    if "SCENARIO" in line:
        places["SCENARIO"] = write_small(tmp_path / "small")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = typed(*(places.get(word, word) for word in line), "-q", "--json")
    told = json.loads(out)["error"]
    assert code == told["exit"] == 2 and said in told["message"]["en"], told["message"]["en"]
    assert err == "" and told["message"]["zh"] != told["message"]["en"]
    assert sorted(tmp_path.rglob("*")) == before and (tmp_path / "FILE").read_text() == "precious"


def test_solver_threads_have_a_most(tmp_path: Path) -> None:
    """A million of them would be begun before anything is solved."""
    for threads, right in ((256, True), (257, False), (1_000_000, False), (0, False)):
        folder = write_small(tmp_path / str(threads), f"{FILE}[limits]\nsolver_threads = {threads}\n")
        if right:
            assert read_scenario(folder).limits.solver_threads == threads
            continue
        with pytest.raises(ScenarioError, match=r"at most 256|至多 256"):
            read_scenario(folder)


def test_a_plan_without_pairs_goes_into_no_graph(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    told = {s: {**h, "rows": {"exits": 1}} for s, h in small_plan.stages.items()}
    with pytest.raises(InputError, match=r"decides no pairs .* it has: exits|没有结对.*exits"):
        write_pairs(
            replace(small_plan, head={**small_plan.head, "stages": told}), tmp_path / "x.graphml", "graphml"
        )
    assert write_pairs(small_plan, tmp_path / "x.graphml", "graphml").is_file()


def test_a_page_in_a_file_leaves_json_on_the_screen(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    code, out, _ = typed("explain", small_plan.folder, "A", "--format", "html", "-o", page, "--json")
    assert (
        code == 0
        and json.loads(out) == {"file": str(page)}
        and page.read_text().startswith("<!doctype html>")
    )


def test_a_picture_that_cannot_be_written_leaves_one_answer(
    typed: Typed, small_plan: Plan, tmp_path: Path
) -> None:
    code, out, _ = typed("stability", write_small(tmp_path / "small"), "--published", small_plan.folder, "--stage", "designation",
                         "--svg", tmp_path / "small" / "scenario.toml" / "curve.svg", "--workers", "1", "-q", "--json")  # fmt: skip
    assert code == json.loads(out)["error"]["exit"] == 5
