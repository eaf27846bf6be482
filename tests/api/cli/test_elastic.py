"""``jiedui plan --elastic`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from tests.api.cli.conftest import Typed
from tests.planner.small import FILE, write_small


def test_the_word_for_it_is_never_feasible_alone(typed: Typed, tmp_path: Path) -> None:
    tight = write_small(tmp_path / "tight", FILE.replace("[1, 2]", "[2, 2]"))
    plans = tmp_path / "plans"
    code, _, err = typed("plan", tight, "-o", plans, "--workers", "1")
    assert code == 3 and "cannot hold together" in err
    code, out, err = typed("plan", tight, "-o", plans, "--workers", "1", "--elastic")
    assert code == 0 and "✓ designation  2 promises broken" in err
    (line,) = [ln for ln in out.splitlines() if ln.startswith("designated assistance  ") and "promises" in ln]
    assert "2 promises broken (proved least)" in line and "optimal" not in line and "feasible" not in line
    assert "breaks as few promises as can be" in out and "solved again" in out and "1 broken, " in out
    code, out, _ = typed("--lang", "zh", "show", plans)
    assert code == 0 and "违约 2 处（已证最少）" in out and "以下承诺没有守住" in out
    code, out, _ = typed("show", plans, "--json")
    assert code == 0 and json.loads(out)["elastic"] is True
    code, out, _ = typed("explain", plans, "甲县")
    assert (
        code == 0
        and "designation.units_per_county" in out
        and "丁县" not in out.partition("where")[2].split("why")[0]
    )
    assert "breaks as few promises as can be" in out and "--price" not in out
    code, out, _ = typed("verify", plans)
    assert code == 0 and "1 is broken, as told" in out
    code, out, _ = typed("show", plans, "--html", tmp_path / "page.html")
    assert code == 0 and "promises broken" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_json_and_every_row_tell_the_promises_that_are_broken(typed: Typed, tmp_path: Path) -> None:
    tight = write_small(tmp_path / "tight", FILE.replace("[1, 2]", "[2, 2]"))
    code, out, err = typed(
        "-q", "plan", tight, "-o", tmp_path / "plans", "--workers", "1", "--elastic", "--json"
    )
    assert code == 0, err
    plan = json.loads(out)["folder"]
    broken = json.loads(out)["stages"]["designation"]["details"]["elastic"]["broken"]
    short = {p["about"] for p in broken}
    for county in "ABCD":
        (told,) = json.loads(typed("explain", plan, county, "--json", "-q")[1])
        assert [p["about"] for p in told["broken"]] == ([county] if county in short else [])
    assert told.keys() >= {"what", "broken"}
    code, _, err = typed(
        "-q", "explain", plan, "--all", "designation", "-o", tmp_path / "rows", "--format", "parquet"
    )
    assert code == 0, err
    left = pl.read_parquet(tmp_path / "rows" / "open.parquet")
    named = left.filter(pl.col("kind_en").str.starts_with("broken promise: "))
    assert named["code"].to_list() == [p["about"] for p in broken] and set(named["missing"]) == {1}
    for reason, promise in zip(named["reason_en"], broken, strict=True):
        assert reason.startswith("required 2, there is 1; ") and reason.endswith(promise["why"]["en"])
