"""Policy values of a chain of scenario files and the command line: the nearer one wins, key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.errors import ScenarioError, UsageError
from graph.language import Text
from graph.schema import ENUMS
from planner.policy import Origin, typed_value
from planner.scenario_file import ScenarioFile, located, parse_scenario, unknown
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


def demand_named(
    files: Sequence[ScenarioFile], settings: Sequence[str], enums: Mapping[str, Sequence[str]]
) -> None:
    """Names in tables of values (weights of programmes, say) are values of the enumeration that they are of, or own ones.

    Parameters
    ----------
    files, settings
        As for :func:`values_of`.
    enums : mapping
        Enumeration → values that the scenario adds to it.

    Raises
    ------
    ScenarioError
        When one is none of them: such a weight or limit would hold nothing, unseen.
    """
    wrong: list[Text] = []
    for file in [*files, *([_command_line(settings)] if settings else [])]:
        for stage, given in file.values.items():
            for setting in SETTINGS[stage]:
                names = given.get(setting.key) if setting.of else None
                known = [*ENUMS.get(setting.of, ()), *enums.get(setting.of, ())]
                wrong += [
                    located(file.path, stage, setting.key, unknown(name, known, *NO[setting.of]))
                    for name in (names if isinstance(names, Mapping) else ())
                    if name not in known
                ]
    if wrong:
        raise ScenarioError("\n".join(w.zh for w in wrong), "\n".join(w.en for w in wrong))


NO = {"programme": ("没有项目 ", "no programme ")}


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
