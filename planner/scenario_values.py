"""Policy values of a chain of scenario files and the command line: the nearer one wins, key by key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph.errors import UsageError
from planner.policy import Origin, typed_value
from planner.scenario_file import ScenarioFile, parse_scenario
from planner.stages import SETTINGS, STAGES


def values_of(
    files: list[ScenarioFile], settings: Sequence[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Origin]]]:
    """Stage → key → value, and where each was set; ``files`` with the nearest first, ``settings`` as ``stage.key=value``.

    Raises
    ------
    UsageError
        When a setting has another form, or names no stage.
    ScenarioError
        When its key or value is not right there.
    """
    values: dict[str, dict[str, Any]] = {}
    origins: dict[str, dict[str, Origin]] = {}
    for file in [*reversed(files), *([_command_line(settings)] if settings else [])]:
        for stage, given in file.values.items():
            if given.get("objective") == "scores":  # own scores: only this file's and later values count
                values[stage], origins[stage] = {}, {}
            values.setdefault(stage, {}).update(given)
            origins.setdefault(stage, {}).update(file.origins.get(stage, {}))
    return values, origins


def _command_line(settings: Sequence[str]) -> ScenarioFile:
    """Settings of the command line as if they stood in a file."""
    place = Path("--set")
    found: dict[str, Any] = {}
    for item in settings:
        name, equals, value = item.partition("=")
        stage, dot, key = name.strip().partition(".")
        if not (equals and dot and key):
            raise UsageError(f"--set {item}：应为 阶段.键=值", f"--set {item}: must be stage.key=value")
        if stage not in STAGES:
            known = ", ".join(STAGES)
            raise UsageError(
                f"--set {item}：没有阶段 {stage}；可用：{known}",
                f"--set {item}: no stage {stage}; there are: {known}",
            )
        found.setdefault(stage, {})[key] = typed_value(value)
    return parse_scenario(place, "", found, SETTINGS)
