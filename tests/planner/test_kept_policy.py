"""Policy values out of folders: what an older folder does not know, and where each value comes from."""

from __future__ import annotations

import json
from pathlib import Path

from planner.kept_policy import kept_policies
from planner.policy import OFF, Origin
from planner.scenario import Scenario
from planner.stages import SETTINGS
from planner.sweep.kept import FOLDER, HEAD, keep_scenario, kept_scenario


def test_what_an_older_folder_does_not_know_is_off_or_the_default() -> None:
    found = kept_policies({"designation": {"keep_share": 0.5}}, {})["designation"]
    assert found["keep_share"] == 0.5
    for setting in SETTINGS["designation"]:
        if setting.key != "keep_share":
            assert found.values[setting.key] == (OFF if setting.rule else setting.default)


def test_a_sweep_of_an_older_jiedui_is_still_read(small: Scenario, tmp_path: Path) -> None:
    """Its folder lacks a value that came later."""
    keep_scenario(small, tmp_path)
    file = tmp_path / FOLDER / HEAD
    head = json.loads(file.read_text(encoding="utf-8"))
    del head["policies"]["designation"]["values"]["same_kind_max"]
    file.write_text(json.dumps(head), encoding="utf-8")
    assert kept_scenario(tmp_path).policies["designation"].values["same_kind_max"] == OFF
    assert small.policies["designation"].values["same_kind_max"] != OFF


def test_what_a_value_cites_is_kept_beside_it_or_apart() -> None:
    """A plan keeps what is cited in its inputs and the lines elsewhere; a sweep keeps all in one place."""
    values = {"designation": {"keep_share": 0.5, "same_kind_max": 1}}
    lines = {"designation": {"keep_share": {"file": "a.toml", "line": 3, "cites": "p1"}}}
    assert kept_policies(values, lines)["designation"].origins == {"keep_share": Origin("a.toml", 3, "p1")}
    apart = kept_policies(values, lines, {"designation": {"same_kind_max": "p2"}})["designation"]
    assert apart.origins == {"keep_share": Origin("a.toml", 3, ""), "same_kind_max": Origin("", 0, "p2")}
