"""Policy values of a chain of scenario files and the command line: the nearer one wins, key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.errors import ScenarioError, UsageError
from graph.language import Text
from graph.network import Network
from graph.tables.suggest import unknown
from graph.titles import titled_values
from planner.policy import Origin, Setting, typed_value
from planner.scenario_file import ScenarioFile, located, parse_scenario
from planner.stages import SETTINGS, STAGES


def values_of(
    files: Sequence[ScenarioFile], settings: Sequence[str]
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
    for file in [*reversed(files), *([typed_settings(settings)] if settings else [])]:
        for stage, given in file.values.items():
            if given.get("objective") == "scores":  # own scores: only this file's and later values count
                values[stage], origins[stage] = {}, {}
            values.setdefault(stage, {}).update(given)
            origins.setdefault(stage, {}).update(file.origins.get(stage, {}))
    return values, origins


def demand_named(files: Sequence[ScenarioFile], settings: Sequence[str], network: Network) -> None:
    """Names in tables of values (weights of programmes, say) are values of the enumeration that they are of, or own ones.

    Parameters
    ----------
    files, settings
        As for :func:`values_of`.
    network : Network
        The scenario's; it may add values to enumerations.

    Raises
    ------
    ScenarioError
        When one is none of them: such a weight or limit would hold nothing, unseen.
    """
    wrong: list[Text] = []
    for file in [*files, *([typed_settings(settings)] if settings else [])]:
        for stage, given in file.values.items():
            for setting in SETTINGS[stage]:
                wrong += [
                    located(file.path, stage, setting.key, told)
                    for told in unknown_names(setting, given.get(setting.key), network)
                ]
    if wrong:
        raise ScenarioError("\n".join(w.zh for w in wrong), "\n".join(w.en for w in wrong))


NO = {"programme": Text("没有项目", "no programme")}


def unknown_names(setting: Setting, value: Any, network: Network) -> list[Text]:
    """What to say of each name in a table of values that is none of the enumeration it is of; nothing of other settings."""
    if not setting.of or not isinstance(value, Mapping):
        return []
    known = titled_values(network, setting.of)
    return [unknown(NO[setting.of], name, known) for name in value if name not in known]


def typed_settings(settings: Sequence[str], called: str = "--set") -> ScenarioFile:
    """Settings of the command line as if they stood in a file.

    Parameters
    ----------
    settings : sequence of str
        As ``stage.key=value``.
    called : str
        How what takes them is called where they were given.

    Raises
    ------
    UsageError
        When a setting has another form, or names no stage.
    ScenarioError
        When its key or value is not right there.
    """
    place = Path(called)
    found: dict[str, Any] = {}
    for item in settings:
        name, equals, value = item.partition("=")
        stage, dot, key = name.strip().partition(".")
        if not (equals and dot and key):
            raise UsageError(f"{called} {item}：应为 阶段.键=值", f"{called} {item}: must be stage.key=value")
        if stage not in STAGES:
            told = unknown(Text("没有阶段", "no stage"), stage, list(STAGES))
            raise UsageError(f"{called} {item}：{told.zh}", f"{called} {item}: {told.en}")
        found.setdefault(stage, {})[key] = typed_value(value)
    return parse_scenario(place, "", found, SETTINGS)
