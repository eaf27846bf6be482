"""``--set`` of a stage that is not run is told on the error stream, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.cli.conftest import Typed
from tests.planner.small import write_small

ELSEWHERE = "funds.county_floor=5"
NOTE = "! --set funds.county_floor=5: the stage funds is not run here (these are: `designation` (designated assistance))"


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "-o", "plans"),
        ("repair",),
        ("sweep", "--vary", "designation.keep_share=0.4,0.5", "-o", "sweeps"),
        ("pareto", "--aim", "designation.distance", "--aim", "designation.need", "-o", "fronts"),
    ],
)
def test_a_value_of_a_stage_that_is_not_run(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_small(tmp_path / "small")
    command, *rest = words
    code, out, err = typed(
        command, folder, *rest, "--set", ELSEWHERE, "--set", "designation.keep_share=0.5", "--json", "-q"
    )
    assert code == 0
    assert err.count("! --set") == 1 and NOTE in err and NOTE not in out


def test_a_value_of_a_stage_that_is_run_needs_no_note(typed: Typed, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small")
    code, _, err = typed(
        "plan", folder, "-o", tmp_path / "plans", "--set", "designation.keep_share=0.5", "-q"
    )
    assert code == 0 and "--set" not in err


def test_check_and_plan_refuse_a_programme_that_is_none(typed: Typed, tmp_path: Path) -> None:
    text = "format = 1\n[funds]\nprogramme_weights = { indutsry = 2 }\n"
    folder = write_small(tmp_path / "small", text)
    for command in ("check", "plan"):
        code, _, err = typed(command, folder)
        assert code == 2 and "no programme indutsry; did you mean industry?" in err
