"""Names in tables of policy values: a programme that is none is told with the nearest, wherever it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import ScenarioError
from planner.scenario import read_scenario
from tests.planner.small import FILE, write_small

OWN = '[enums]\nprogramme = ["textbooks"]\n'
FUNDS = "[funds]\nprogramme_weights = { industry = 2.0 }\n"


@pytest.mark.parametrize(
    ("funds", "told"),
    [
        ("[funds]\nprogramme_weights = { indutsry = 2.0 }\n", "line 14, funds.programme_weights: no programme indutsry; did you mean industry?"),
        ("[funds]\nslot_caps = { turism = 3 }\n", "line 14, funds.slot_caps: no programme turism; did you mean tourism?"),
        ("[funds]\nprogramme_weights = { textbooks = 2.0 }\n", "no programme textbooks"),
        ("[funds]\nslot_caps = { value = { turism = 3 }, policy = 'p' }\n", "did you mean tourism?"),
    ],
)  # fmt: skip
def test_a_programme_that_is_none(funds: str, told: str, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "bad", FILE + funds)
    with pytest.raises(ScenarioError) as error:
        read_scenario(folder)
    assert told in error.value.text.en and "没有项目" in error.value.text.zh


def test_all_are_told_at_once_and_those_of_the_command_line_too(tmp_path: Path) -> None:
    folder = write_small(
        tmp_path / "bad", FILE + "[funds]\nslot_caps = { a = 1, b = 2 }\nprogramme_weights = { c = 1 }\n"
    )
    with pytest.raises(ScenarioError) as error:
        read_scenario(folder, settings=["funds.programme_weights={ d = 1 }"])
    assert len(error.value.text.en.splitlines()) == 4
    assert "--set, funds.programme_weights: no programme d" in error.value.text.en


def test_own_programmes_and_a_rule_that_is_off_are_right(tmp_path: Path) -> None:
    """An overlay knows the programmes of its base, and a base's values those of its overlay."""
    write_small(tmp_path / "base", FILE + OWN + "[funds]\nprogramme_weights = { textbooks = 2.0 }\n")
    over = tmp_path / "over"
    over.mkdir()
    text = 'format = 1\nbase = "../base"\n[funds]\nslot_caps = { textbooks = 3 }\n'
    (over / "scenario.toml").write_text(text, encoding="utf-8")
    assert read_scenario(over).policies["funds"]["slot_caps"] == {"textbooks": 3}
    assert read_scenario(over, settings=["funds.slot_caps=off"]).policies["funds"]["slot_caps"] is None
    assert read_scenario(write_small(tmp_path / "plain", FILE + FUNDS)).policies["funds"].origins
