"""The main job on real data, as `make demo` does it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from graph.schema import RESULTS
from planner.handmade import check_handmade
from planner.plan import read_plan
from planner.scenario import read_scenario
from planner.stages import NAMES, STAGES
from planner.verify.plan import check_seals
from planner.verify.rests import RESTS
from tests.demo_plan import answer, jiedui

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("demo")]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but ``run.json``."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "run.json")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def test_all_six_stages_are_decided(demo: Path) -> None:
    stages = read_plan(demo).stages
    assert tuple(stages) == NAMES
    assert {s["status"] for s in stages.values()} <= {"OPTIMAL", "FEASIBLE"}
    assert all(s["gap"] is not None and s["gap"] <= 0.01 for s in stages.values())


def test_every_rule_is_told_as_binding_slack_or_off(demo: Path) -> None:
    for name, head in read_plan(demo).stages.items():
        told = {r["rule"]: r["state"] for r in head["rules"]}
        rules = {s.key for s in STAGES[name].settings if s.rule}
        assert set(told) == rules, name
        assert set(told.values()) <= {"binding", "slack", "off"}
        silent = [r["rule"] for r in head["rules"] if r["state"] != "off" and not all(r["tightest"].values())]
        assert silent == [], name


def test_one_worker_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    jiedui("plan", "china-2016", "-o", tmp_path, "--workers", "1", "-q")
    other = next(tmp_path.glob("[!.]*"))
    assert other.name == demo.name
    assert contents(other) == contents(demo)


def test_it_verifies_and_is_found_again(demo: Path) -> None:
    assert answer("verify", demo)["ok"]
    jiedui("plan", "china-2016", "-o", demo.parent, "-q")  # found, not computed
    assert [p.name for p in demo.parent.glob("[!.]*")] == [demo.name]


def numeric_cells(folder: Path) -> list[tuple[Path, str]]:
    """Every table of the plan with each of its numeric columns."""
    found = []
    for path in sorted(folder.glob("*/*.parquet")):
        for column, kind in pl.read_parquet_schema(path).items():
            if kind.is_numeric():
                found.append((path.relative_to(folder), column))
    return found


def test_any_changed_number_is_named(demo: Path, tmp_path: Path) -> None:
    cells = numeric_cells(demo)
    assert len(cells) > 20
    copy = tmp_path / demo.name
    shutil.copytree(demo, copy)
    for path, column in cells:
        original = (copy / path).read_bytes()
        frame = pl.read_parquet(copy / path)
        filled = frame.with_row_index("_n").filter(pl.col(column).is_not_null())["_n"]
        if filled.is_empty():
            continue
        row = int(filled[len(filled) // 2])
        changed = pl.when(pl.int_range(pl.len()) == row).then(pl.col(column) + 1).otherwise(pl.col(column))
        frame.with_columns(changed.alias(column)).write_parquet(
            copy / path, compression="zstd", compression_level=3
        )
        broken = check_seals(read_plan(copy))
        assert [(b.table, b.row, b.column) for b in broken] == [(str(path), row + 1, column)]
        (copy / path).write_bytes(original)


def test_a_changed_number_makes_verify_exit_1(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / demo.name
    shutil.copytree(demo, copy)
    path = copy / "tables" / "pairs.parquet"
    pairs = pl.read_parquet(path)
    worse = pl.when(pl.int_range(pl.len()) == 99).then(pl.col("cost") + 1).otherwise(pl.col("cost"))
    pairs.with_columns(cost=worse).write_parquet(path, compression="zstd", compression_level=3)
    said = jiedui("--lang", "en", "verify", copy, code=1)
    assert "tables/pairs.parquet, row 100, cost" in said.stdout


def test_every_table_alone_is_a_handmade_plan_without_a_broken_rule(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the plan at hand all is judged as in the plan; without it, what rests on other tables is left open."""
    monkeypatch.chdir(tmp_path)  # where no plan is stored
    plan, scenario = read_plan(demo), read_scenario("china-2016", trust_shipped=True, domain=False)
    tables = {n: t for n, t in plan.tables().items() if n != "pairs"}
    pairs = plan.table("pairs")
    tables |= {s: pairs.filter(pl.col("stage") == s) for s in pairs["stage"].unique(maintain_order=True)}
    assert len(tables) == len(NAMES)
    for name, frame in tables.items():
        frame.write_csv(f"{name}.csv")
        (report,) = check_handmade(scenario, f"{name}.csv", str(demo)).stages
        head = plan.stages[report.stage]
        assert (report.broken, report.open, report.objective) == ([], [], head["objective"]), name
        assert [r.as_head() for r in report.rules] == head["rules"], name
        (alone,) = check_handmade(scenario, f"{name}.csv").stages
        assert (alone.broken, alone.objective) == ([], head["objective"]), name
        open_rules = {r.rule for r in alone.rules if r.state == "open"}
        assert open_rules == {r for s in STAGES[alone.stage].sees for r in RESTS[alone.stage][s]} & {
            r["rule"] for r in head["rules"] if r["state"] != "off"
        }, name


def test_the_workbook_of_the_whole_plan_holds_its_tables(demo: Path, tmp_path: Path) -> None:
    jiedui("--lang", "en", "export", demo, "--to", tmp_path / "x.xlsx")
    sheets = CalamineWorkbook.from_path(tmp_path / "x.xlsx")
    for name in ("allocations", "postings", "exits"):
        frame = read_plan(demo).table(name).drop("terms", strict=False)
        head, *rows = sheets.get_sheet_by_name(name).to_python()
        assert len(rows) == frame.height
        for column in frame.columns:
            title = RESULTS[name].by_name[column].title.en
            cells = [row[head.index(title)] for row in rows]
            assert cells == [("" if v is None else v) for v in frame[column].to_list()], (name, column)


# --- certificates, checked by the script of docs/certificates.md, which knows NumPy alone ---

SCRIPT = Path(__file__).parents[2] / "docs/check_certificate.py"


@pytest.fixture(scope="module")
def certificates(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    to = tmp_path_factory.mktemp("certificates")
    jiedui("export", demo, "--format", "certificate", "--to", to)
    return sorted(to.glob("*.npz"))


def checked(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_proves_the_demo_s_bounds(demo: Path, certificates: list[Path]) -> None:
    """Money is optimal; what the people's parts prove adds up to the bound that the plan tells, less those in their term."""
    found = checked(*certificates)
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    assert len(lines) == len(certificates) > 2
    assert next(line for line in lines if "funds-1" in line).endswith("optimal")
    assert sum(line.endswith("optimal") for line in lines) >= len(lines) - 1


def _shifted(arrays: dict[str, np.ndarray]) -> None:
    arrays["worth_slot"][np.argmax(arrays["worth_slot"])] += 10**13


def _swapped(arrays: dict[str, np.ndarray]) -> None:
    """Two people of different classes change places, where that costs more."""
    first, last = 0, len(arrays["x_slot"]) - 1
    arrays["x_slot"][[first, last]] = arrays["x_slot"][[last, first]]


def _one_more(arrays: dict[str, np.ndarray]) -> None:
    arrays["x_count"][0] += 10**6


@pytest.mark.parametrize("damage", [_shifted, _one_more, _swapped])
def test_an_altered_certificate_proves_less_or_is_refused(
    certificates: list[Path], tmp_path: Path, damage: Callable[[dict[str, np.ndarray]], None]
) -> None:
    good = next(
        f
        for f in certificates
        if f.name.startswith("cadres") and checked(f).stdout.strip().endswith("optimal")
    )
    with np.load(good) as stored:
        arrays = dict(stored)
    damage(arrays)
    bad = tmp_path / "bad.npz"
    np.savez(bad, **arrays)  # type: ignore[arg-type]  # its stub takes the names for those of its own options
    found = checked(bad)
    assert found.returncode != 0 or not found.stdout.strip().endswith("optimal")


def test_money_altered_is_caught(certificates: list[Path], tmp_path: Path) -> None:
    good = next(f for f in certificates if f.name.startswith("funds"))
    with np.load(good) as stored:
        arrays = dict(stored)
    arrays["flow"][np.argmax(arrays["flow"])] -= 1
    bad = tmp_path / "bad.npz"
    np.savez(bad, **arrays)  # type: ignore[arg-type]  # as above
    found = checked(bad)
    assert found.returncode != 0 and "node" in found.stderr + found.stdout
