"""A scenario's own rules of coverage: whose hold, and what is written is read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.language import Text
from graph.questions.rules import Rule
from graph.questions.rules_file import OWN_RULES, read_rules_of
from planner.own_rules import rules_text
from planner.roll.folder import write_start
from planner.scenario import read_scenario
from tests.planner.small import write_small

RULES = (
    Rule(
        "paired",
        Text('每个"县"', "every\tcounty"),
        ("east_west", "county_pair"),
        "poor",
        "rich",
        "county",
        "gdp",
    ),
    Rule("staffed", Text("staffed", "staffed"), posts=True),
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A scenario with rules."""
    folder = write_small(tmp_path / "base")
    (folder / OWN_RULES).write_text(rules_text(RULES), encoding="utf-8")
    return folder


def test_what_is_written_is_read_again(base: Path) -> None:
    assert read_rules_of(str(base / OWN_RULES)) == RULES
    assert read_scenario(base).network.rules == RULES


def test_an_overlay_has_its_bases_rules_unless_it_has_its_own(base: Path, tmp_path: Path) -> None:
    over = tmp_path / "over"
    over.mkdir()
    (over / "scenario.toml").write_text('format = 1\nbase = "base"\n', encoding="utf-8")
    assert read_scenario(over).network.rules == RULES
    (over / OWN_RULES).write_text(rules_text(RULES[1:]), encoding="utf-8")
    assert read_scenario(over).network.rules == RULES[1:]
    (base / OWN_RULES).unlink()
    (over / OWN_RULES).unlink()
    assert read_scenario(over).network.rules == ()


def test_a_wrong_rule_is_told_with_its_file(base: Path) -> None:
    (base / OWN_RULES).write_text("[[rule]]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"base/rules\.toml, \[\[rule\]\] 1: give kinds"):
        read_scenario(base)


def test_a_roll_keeps_them(base: Path, tmp_path: Path) -> None:
    scenario = read_scenario(base)
    write_start(tmp_path / "roll", scenario)
    assert read_scenario(tmp_path / "roll" / "start").network.rules == RULES
