"""``jiedui repair``: the clash, the ways out, and the overlay of one of them, which plans and verifies."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api.cli.repair import members_heading
from graph.language import Text
from planner.plan import read_plan
from planner.policy import toml
from planner.stages import STAGES
from tests.api.cli.conftest import Typed
from tests.planner.clash.infeasible_cases import CASES, case
from tests.planner.small import FILE, MORE, TWO, write_small

CLASH = FILE.replace("units_per_county = [1, 2]", "units_per_county = [2, 2]")
FIRST = {stage: next(n for n, c in CASES.items() if c[0] == stage) for stage in STAGES}


def as_files(name: str, folder: Path) -> Path:
    """One of the cases as a scenario's folder."""
    stage, context, _ = case(name)
    defaults = {s.key: s.default for s in stage.settings}
    values: Mapping[str, Any] = {k: v for k, v in context.policy.values.items() if v != defaults[k]}
    lines = [
        "format = 1",
        f"date = {context.on}",
        f'stages = ["{stage.name}"]',
        "[regions]",
        'codes = "free"',
    ]
    lines += [f"[{stage.name}]", *(f"{k} = {toml(v)}" for k, v in values.items())]
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for table, frame in context.network.frames.items():
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(frame.columns)
        writer.writerows(frame.iter_rows())
        (folder / "data" / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder


@pytest.mark.parametrize("stage", list(STAGES))
def test_the_first_way_out_of_each_stage_leads_to_a_verified_plan(
    typed: Typed, tmp_path: Path, stage: str
) -> None:
    folder, plans, mended = as_files(FIRST[stage], tmp_path / "sc"), tmp_path / "plans", tmp_path / "mended"
    code, _, err = typed("-q", "plan", folder, "-o", plans)
    assert code == 3 and f"the cheapest ways out: jiedui repair {folder}" in err
    code, out, err = typed("-q", "repair", folder, "--apply", 1, "--to", mended, "--workers", 1)
    assert code == 0, err
    assert "cannot hold together, and without any one of them the others can" in out
    assert "  1. " in out and f"next: jiedui plan {mended}" in out
    code, _, err = typed("-q", "plan", mended, "-o", plans)
    assert code == 0, err
    code, _, err = typed("-q", "verify", plans)
    assert code == 0, err


@pytest.mark.parametrize("stage", list(STAGES))
def test_each_member_is_listed_once(typed: Typed, tmp_path: Path, stage: str) -> None:
    folder = as_files(FIRST[stage], tmp_path / "sc")
    told = json.loads(typed("-q", "repair", folder, "--json", "--workers", 1)[1])
    _, out, _ = typed("-q", "repair", folder, "--workers", 1)
    lines = [line.strip() for line in out.splitlines() if line.strip().startswith("·")]
    assert len(lines) == len(set(lines))
    listed = out.partition("cannot hold together, and without")[2].partition("Ways out")[0]
    for member in told["members"]:
        assert member["title"]["en"] in listed
        lone = f"({stage}.{member['key']} = "  # of a rule as a whole: in its own line alone
        assert out.partition("Ways out")[0].count(lone) <= sum(
            m["key"] == member["key"] for m in told["members"]
        )


def test_json_names_members_with_where_they_were_set(typed: Typed, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "sc", CLASH)
    code, out, _ = typed("-q", "repair", folder, "--json", "--set", "designation.same_kind_max=1")
    told = json.loads(out)
    assert code == 0 and not told["feasible"] and told["stage"] == "designation" and told["irreducible"]
    origin = {m["key"]: m["origin"] for m in told["members"]}
    assert origin["units_per_county"] == {"file": "scenario.toml", "line": 11, "cites": ""}
    assert origin["unit_capacity"]["file"] == ""
    first = told["repairs"][0]
    assert (
        first["words"][0]["en"]
        == "lower units per county (designation.units_per_county) from [2, 2] to [1, 2]"
    )
    assert first["words"][0]["zh"].startswith("降低 每县单位数") and first["sense"] == "min"
    code, out, _ = typed("-q", "plan", folder, "-o", tmp_path / "plans", "--json")
    error = json.loads(out)["error"]
    assert code == 3 and {m["key"] for m in error["members"]} == set(origin)


def test_the_overlay_holds_what_differs_and_the_values_of_the_line(typed: Typed, tmp_path: Path) -> None:
    folder, mended = write_small(tmp_path / "sc", CLASH), tmp_path / "out" / "mended"
    code, out, _ = typed(
        "-q", "repair", folder, "--set", "designation.distance_weight=2", "--apply", 1, "--to", mended
    )
    assert code == 0 and "written to" in out
    text = (mended / "scenario.toml").read_text(encoding="utf-8")
    assert (
        'base = "../../sc"' in text and "units_per_county = [1, 2]" in text and "distance_weight = 2" in text
    )
    assert "# instead of [2, 2]: the rules could not hold together" in text
    code, _, err = typed("repair", folder, "--apply", 1, "--to", mended)
    assert code == 2 and "is there and not empty" in err
    assert "designat" not in err  # no stage was begun: it is seen before any solve


def test_nothing_to_mend_and_wrong_use(typed: Typed, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "sc")
    code, out, _ = typed("-q", "repair", folder)
    assert code == 0 and "nothing to mend" in out
    code, _, err = typed("-q", "repair", folder, "--to", tmp_path / "x")
    assert code == 2 and "--to goes with --apply" in err
    clash = write_small(tmp_path / "clash", CLASH)
    code, _, err = typed("-q", "repair", clash, "--most", 1, "--apply", 3)
    assert code == 2 and "there are only 1 way out" in err


def test_whole_says_which_stage_fails_afterwards(typed: Typed, tmp_path: Path) -> None:
    text = CLASH.replace('["designation"]', '["designation", "inspection"]')
    team = "id,unit,home_region,size,days_max\nt,u1,P,1,1\n"
    folder = write_small(tmp_path / "sc", text + '[inspection]\nregion_level = "province"\ncounty_tag = "key_county_592"\nkinds = ["check"]\n', inspection_teams=team, assessments="region,year,category\nP,2016,plain\n")  # fmt: skip
    code, out, err = typed("-q", "repair", folder, "--whole")
    assert code == 0, err
    assert "but inspection after it has no answer then" in out


def test_a_clash_of_rules_that_must_not_give_has_no_way_out(typed: Typed, tmp_path: Path) -> None:
    text = 'format = 1\ndate = 2016-12-31\nstages = ["inspection"]\n[regions]\ncodes = "free"\n[inspection]\nkinds = ["check"]\nteams_per_visit = [1, 1]\n'
    folder = write_small(tmp_path / "sc", text, inspection_teams="id,unit,home_region,size,days_max\nt,u1,P,9,90\n", assessments="region,year,category\nP,2016,plain\n")  # fmt: skip
    code, out, _ = typed(
        "-q",
        "repair",
        folder,
        "--set",
        "inspection.led_by=off",
        "--set",
        "inspection.county_tag=key_county_592",
    )
    assert code == 0 and "no_own" in out and "(must not give)" in out
    assert "switch off nobody inspects" not in out


def test_the_last_line_can_be_typed_and_keeps_what_was_given(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings alone make it clash: without them the line would find nothing to mend."""
    folder = write_small(tmp_path / "a land", TWO, **MORE)
    given = ("--set", "designation.units_per_county=[2, 2]", "--stage", "designation")
    code, out, err = typed("-q", "repair", folder, *given, "--workers", 1)
    assert code == 0, err
    line = next(ln for ln in out.splitlines() if ln.startswith("Take the first")).partition(": ")[2]
    words = shlex.split(line)
    assert words[:3] == ["jiedui", "repair", str(folder)] and words[-2:] == ["--apply", "1"]
    monkeypatch.chdir(tmp_path)
    code, out, err = typed("-q", *words[1:])
    assert code == 0 and "written to" in out, err
    (mended,) = tmp_path.glob("*-repaired")
    text = (mended / "scenario.toml").read_text(encoding="utf-8")
    assert 'stages = ["designation"]' in text
    code, _, err = typed("-q", "plan", mended, "-o", tmp_path / "plans", "--workers", 1)
    assert code == 0, err
    hint = typed("-q", "plan", folder, *given, "-o", tmp_path / "plans", "--workers", 1)[2]
    assert shlex.join(["jiedui", "repair", str(folder), *given]) in hint


def test_nothing_to_mend_writes_nothing_and_says_so(typed: Typed, tmp_path: Path) -> None:
    folder, target = write_small(tmp_path / "sc"), tmp_path / "mended"
    code, out, _ = typed("-q", "repair", folder, "--apply", 2, "--to", target, "--workers", 1)
    assert code == 0 and "--apply 2: there is nothing to mend, so nothing was written" in out
    assert not target.exists()
    code, out, _ = typed("-q", "repair", folder, "--apply", 2, "--to", target, "--workers", 1, "--json")
    assert code == 0 and json.loads(out)["feasible"] and json.loads(out)["written"] == ""


def unit_of_a(published: str) -> str:
    """The unit that county A has in the plan."""
    return str(dict(read_plan(published).table("pairs").select("recipient", "supporter").iter_rows())["A"])


def against(typed: Typed, folder: Path, text: str = FILE, **tables: str) -> tuple[Path, tuple[str, ...]]:
    """A scenario with one unit for each county, its plan published, and a pin of another unit for county A."""
    one = text.replace("units_per_county = [1, 2]", 'units_per_county = [1, 1]\nkeep_share = "off"')
    scenario = write_small(folder / "sc", one, **tables)
    code, out, err = typed("-q", "plan", scenario, "-o", folder / "plans", "--workers", 1, "--json")
    assert code == 0, err
    published = json.loads(out)["folder"]
    has = unit_of_a(published)
    other = next(u for u in ("u1", "u2", "u3") if u != has)
    return scenario, ("--published", published, "--set", f'designation.pins=["{other}>A"]')


def test_a_freeze_that_clashes_with_a_pin_can_be_lifted(typed: Typed, tmp_path: Path) -> None:
    """County A is frozen with the unit that it has, and a county has one unit."""
    folder, given = against(typed, tmp_path)
    code, out, err = typed("-q", "repair", folder, *given, "--freeze", "甲县", "--workers", 1)
    assert code == 0, err
    assert "published_frozen" in out and "lift the freeze of A" in out and "take back u" in out
    line = next(ln for ln in out.splitlines() if ln.startswith("Take the first")).partition(": ")[2]
    code, out, err = typed("-q", *shlex.split(line)[1:], "--to", tmp_path / "mended")
    assert code == 0, err
    code, _, err = typed("-q", "plan", tmp_path / "mended", "-o", tmp_path / "plans", "--workers", 1)
    assert code == 0, err


def test_a_limit_on_changes_that_is_too_tight_can_be_raised(typed: Typed, tmp_path: Path) -> None:
    folder, given = against(typed, tmp_path)
    code, out, err = typed("-q", "repair", folder, *given, "--changes", "designation=0", "--workers", 1)
    assert code == 0, err
    assert (
        "raise changes against the published plan at most (designation.published_changes_max) from 0" in out
    )
    code, out, err = typed("-q", "repair", folder, *given, "--changes", "designation=4", "--workers", 1)
    assert code == 0 and "nothing to mend" in out


def test_plan_and_repair_name_the_same_clash_with_a_ban_in_it(typed: Typed, tmp_path: Path) -> None:
    """Frozen county A may have no other unit than its own, which is banned: a ban has no rows, yet without it there is a plan."""
    folder, (_, published, *_) = against(typed, tmp_path, TWO, **MORE)
    ban = f'designation.bans=["{unit_of_a(published)}>A"]'
    given = ("--published", published, "--workers", 1, "--stage", "designation")
    frozen = (*given, "--set", ban, "--freeze", "A")
    code, _, err = typed("-q", "plan", folder, *frozen, "-o", tmp_path / "plans")
    assert code == 3 and "without any one of these the others can hold together" in err
    lines = err.splitlines()
    named = {k for k in ("bans", "units_per_county", "published_frozen", "keep_share") if any(f"designation.{k} =" in x for x in lines if "·" in x)}  # fmt: skip
    assert named == {"bans", "units_per_county", "published_frozen"}
    hint = lines[-1].partition(": ")[2]
    assert "published_frozen" not in hint and hint.endswith("--freeze A"), hint
    code, out, _ = typed("-q", "repair", folder, *frozen, "--json")
    told = json.loads(out)
    code, out, _ = typed("-q", "repair", folder, *frozen, "--apply", 1, "--to", tmp_path / "mended")
    text = (tmp_path / "mended" / "scenario.toml").read_text(encoding="utf-8")
    assert code == 0 and "[designation]" in text and "[cadres]" not in text
    assert {m["key"] for m in told["members"]} == named and "designation.bans" in told["told"]["en"]
    for fewer in (("--freeze", "A"), ("--set", ban), (*frozen[len(given):], "--set", "designation.units_per_county=[0, 1]")):  # fmt: skip
        code, _, err = typed("-q", "plan", folder, *given, *fewer, "-o", tmp_path / "plans")
        assert code == 0, err


def test_one_member_is_not_told_as_many() -> None:
    assert members_heading(1, True, True) == Text("这一条自身就不能成立", "This one cannot hold by itself")
    assert members_heading(2, False, False).en == "These 2 cannot hold together"
    assert members_heading(2, True, True).zh == "不能同时成立的 2 条，缺一条即可成立"
    assert members_heading(2, True, False).en.endswith(
        "the others can, every other rule of the stage being off"
    )


def test_another_clash_is_told_beside_the_first(typed: Typed, tmp_path: Path) -> None:
    """u1 can carry one county and is pinned to two, and u2 is banned from where it is pinned: neither clash mends the other."""
    folder = as_files("designation: two pins at a unit that can carry one", tmp_path / "sc")
    both = ("--set", 'designation.bans=["u2>C"]', "--workers", 1)
    code, out, err = typed("-q", "repair", folder, *both)
    assert code == 0, err
    assert "without any one of them the others can, every other rule of the stage being off:" in out
    assert "Besides, these" in out.partition("Ways out")[0]
    told = json.loads(typed("-q", "repair", folder, *both, "--json")[1])
    assert not told["enough"] and len(told["others"]) == 1
    code, out, _ = typed("-q", "repair", folder, "--workers", 1)
    assert "the others can:" in out and "Besides" not in out
    error = json.loads(typed("-q", "plan", folder, *both, "-o", tmp_path / "plans", "--json")[1])["error"]
    assert not error["enough"] and len(error["others"]) == 1
