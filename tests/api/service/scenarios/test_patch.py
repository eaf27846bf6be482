"""Single values of a file changed, the rest as it was."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from api.service.scenarios.patch import Patch, patched
from graph.errors import ScenarioError, UsageError

TEXT = """\
# head
format = 1  # one

[funds]  # money
# county_floor = 5
deep_poverty_share = 0.25 # a quarter

[[change]]
table = "units"  # first
remove = true

[[change]]
table = "cadres"
remove = true
"""


def lines_kept(text: str) -> int:
    """How many lines of the file are as they were."""
    return sum(line in text.splitlines() for line in TEXT.splitlines())


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"funds.deep_poverty_share": 0.5}, -1), ({"title": "x"}, 0), ({"seed": 3, "title": "y"}, 0), ({"funds.county_floor": 7}, 0),
        ({"cadres.team_minimum": 2}, 0), ({"funds.weights": {"a": 1.5}}, 0), ({"stages": ["funds", "pairing"]}, 0), ({"format": 1}, 0),
        ({"enums.skill": ["a", "b"], "limits.work": 2}, 0), ({"funds.deep_poverty_share": "off"}, -1), ({"nix": None, "a.b": None}, 0),
    ],
)  # fmt: skip
def test_what_is_named_changes_and_nothing_else(values: dict[str, Any], kept: int) -> None:
    text = patched(TEXT, Patch(values))
    before, after = tomllib.loads(TEXT), tomllib.loads(text)
    for name, value in values.items():
        section, _, key = name.rpartition(".")
        place = after[section] if section and value is not None else after
        assert place.get(key) == value
        if value is not None:
            (before.setdefault(section, {}) if section else before)[key] = value
    assert after == before and lines_kept(text) >= len(TEXT.splitlines()) + kept
    assert "# a quarter" in text and "# money" in text


def test_a_key_at_the_top_of_a_file_without_any() -> None:
    assert tomllib.loads(patched("# note\n[funds]\na = 1\n", Patch({"title": "x"}))) == {
        "title": "x",
        "funds": {"a": 1},
    }
    assert tomllib.loads(patched("", Patch({"title": "x", "funds.a": 1}))) == {
        "title": "x",
        "funds": {"a": 1},
    }


def test_taking_away() -> None:
    text = patched(TEXT, Patch({"funds.deep_poverty_share": None, "format": None}))
    assert tomllib.loads(text)["funds"] == {} and "format" not in tomllib.loads(text) and "# head" in text


def test_changes_are_added_and_dropped() -> None:
    entry = {"table": "units", "where": {"id": ["a", "b"]}, "set": {"capacity": 3}}
    text = patched(TEXT, Patch(add_changes=[entry], drop_changes=[2]))
    assert tomllib.loads(text)["change"] == [{"table": "units", "remove": True}, entry] and "# first" in text
    assert "change" not in tomllib.loads(patched(TEXT, Patch(drop_changes=[1, 2])))
    assert tomllib.loads(patched("format = 1\n", Patch(add_changes=[entry])))["change"] == [entry]
    assert tomllib.loads(patched(TEXT, Patch(add_changes=[entry], drop_changes=[1, 2])))["change"] == [entry]


@pytest.mark.parametrize(
    "patch",
    [
        Patch({"a.b.c": 1}), Patch({".a": 1}), Patch({"a.": 1}), Patch({"": 1}), Patch({"change": []}), Patch({"format.x": 1}),
        Patch({"funds.x": [None]}), Patch({"funds.x": {"a": None}}), Patch(drop_changes=[3]), Patch(drop_changes=[0]),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_so_is_refused(patch: Patch) -> None:
    with pytest.raises(UsageError):
        patched(TEXT, patch)


def test_no_toml() -> None:
    with pytest.raises(ScenarioError):
        patched("a = [", Patch({"b": 1}))
