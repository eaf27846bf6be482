"""What is told before any solver."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graph.errors import ScenarioError
from graph.language import Text
from planner.policy import Policy
from planner.stage import Context


def count(context: Context) -> list[Text]:
    """Levels that the scenario does not know; that people are too few a cut tells, with posts and certificate.

    Raises
    ------
    ScenarioError
        When a rule names a level that the scenario's places do not have.
    """
    _check_levels(context)
    return []


def unknown_levels(policy: Policy, levels: Collection[str]) -> dict[str, Any]:
    """Rules that name a level which is not there → the level."""
    home = ("home_level",) if policy.on("avoid_home_county") else ()
    named = {key: policy[key] for key in ("posting_area", "own_county_area", *home, "spouses_together")}
    return {key: level for key, level in named.items() if level is not None and level not in levels}


def _check_levels(context: Context) -> None:
    levels = context.network.settings.levels
    unknown = unknown_levels(context.policy, levels)
    if unknown:
        listed = ", ".join(levels)
        named = ", ".join(f'{key} = "{value}"' for key, value in unknown.items())
        raise ScenarioError(
            f'[cadres] {named}：没有这一级；可用：{listed}，或在 scenario.toml 里写 "off"',
            f'[cadres] {named}: there is no such level; there are: {listed}; name one of them in scenario.toml, or write "off"',
        )
