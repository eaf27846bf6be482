"""The pages of designation and of own scores say what the code does; the worked example runs as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.run import make_plan
from planner.scenario import read_scenario
from planner.stages.designation import SETTINGS
from planner.stages.need import SKILLS_OF
from planner.verify import verify
from planner.verify.designation_terms import SERVES

DOCS = Path(__file__).resolve().parents[2] / "docs"
STAGE_PAGE = (DOCS / "stages" / "designation.md").read_text(encoding="utf-8")
SCORES_PAGE = (DOCS / "scores.md").read_text(encoding="utf-8")


def rows(page: str, head: str) -> list[list[str]]:
    """Cells of the table that begins with ``head``."""
    found = []
    for line in page[page.index(head) :].splitlines():
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found[2:]


def test_policy_table_is_the_code() -> None:
    told = {r[0].strip("`"): (r[1], r[2]) for r in rows(STAGE_PAGE, "| key | default |")}
    wanted = {s.key: (_told(s.default), _told(s.with_scores) if s.rule else "–") for s in SETTINGS}
    assert told == wanted
    for setting in SETTINGS:
        assert setting.zh in STAGE_PAGE and setting.en in STAGE_PAGE


def _told(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_skills_table_is_the_code_and_the_check() -> None:
    told = {
        r[0].strip("`"): set(re.findall(r"`(\w+)`", r[1])) for r in rows(STAGE_PAGE, "| programme | skills |")
    }
    assert told == {p: set(s) for p, s in SKILLS_OF.items()} == SERVES


def example(folder: Path, more: str = "") -> Path:
    """Write the files that the page prints, each block under the name above it."""
    part = SCORES_PAGE[SCORES_PAGE.index("### A worked example") :]
    blocks = re.findall(r"(?m)^`([\w./]+)`\n```\w+\n(.*?)```", part, re.DOTALL)
    assert len(blocks) == 4
    for name, text in blocks:
        path = folder / "example" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (more if name == "scenario.toml" else ""), encoding="utf-8")
    return folder / "example"


@pytest.mark.parametrize("named", [True, False], ids=["with regions", "units and scores alone"])
def test_worked_example(tmp_path: Path, named: bool) -> None:
    place = example(tmp_path)
    if not named:
        (place / "data" / "regions.csv").unlink()
    plan = make_plan(read_scenario(place), tmp_path / "plans")
    head = plan.stages["designation"]
    told = re.search(r"objective (\d+), bound (\d+), scale (\d+): (\w+)", SCORES_PAGE)
    assert told is not None
    assert [str(head[k]) for k in ("objective", "bound", "scale", "status")] == list(told.groups())
    printed = re.findall(r"(?m)^(u\d) → (\w)\s+([\d.]+)$", SCORES_PAGE)
    chosen = plan.tables()["pairs"].select("supporter", "recipient", "cost").rows()
    assert chosen == [(s, r, float(c)) for s, r, c in printed]
    assert verify(plan).ok
    off = {r["rule"] for r in head["rules"] if r["state"] == "off"}
    assert off == {s.key for s in SETTINGS if s.rule} - {"units_per_county", "unit_capacity"}


def test_worked_example_the_other_way(tmp_path: Path) -> None:
    plan = make_plan(read_scenario(example(tmp_path, 'sense = "max"\n')), tmp_path / "plans")
    assert plan.stages["designation"]["objective"] == 975
    assert "give 9.75" in SCORES_PAGE
