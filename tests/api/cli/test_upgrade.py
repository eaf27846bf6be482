"""``jiedui upgrade``: today there is one format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Typed = Callable[..., tuple[int, str, str]]
Scenario = Callable[..., Path]


@pytest.mark.parametrize("text", ["format = 1\n", 'title = "no format"\n'])
def test_current_format_is_left_alone(typed: Typed, scenario: Scenario, text: str) -> None:
    """It says so and changes nothing."""
    folder = scenario(text)
    code, out, _ = typed("upgrade", folder, "--json")
    assert code == 0
    assert json.loads(out) == {"scenario": str(folder), "format": 1, "current": 1, "changed": False}
    assert (folder / "scenario.toml").read_text(encoding="utf-8") == text


def test_bare_tables_need_none(typed: Typed, tmp_path: Path) -> None:
    """A folder of tables has no format of its own."""
    (tmp_path / "units.csv").write_text("id,name,kind\nu,甲,bank\n", encoding="utf-8")
    assert typed("upgrade", tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 2\n", "newer than this version"),
        ("format = 0\n", "whole number"),
        ('format = "1"\n', "whole number"),
        ("format = true\n", "whole number"),
        ("format = \n", "not valid TOML"),
    ],
)
def test_other_formats_are_refused(typed: Typed, scenario: Scenario, text: str, said: str) -> None:
    """A newer one, and what is no format at all."""
    code, _, err = typed("upgrade", scenario(text))
    assert code == 2
    assert said in err
