"""What is told before any solver."""

from __future__ import annotations

from graph.errors import ScenarioError
from graph.language import Text
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


def _check_levels(context: Context) -> None:
    levels = context.network.settings.levels
    unknown = {
        key: context.policy[key]
        for key in (
            "posting_area",
            "own_county_area",
            *(("home_level",) if context.policy.on("avoid_home_county") else ()),
            "spouses_together",
        )
        if context.policy[key] is not None and context.policy[key] not in levels
    }
    if unknown:
        listed = ", ".join(levels)
        named = ", ".join(f'{key} = "{value}"' for key, value in unknown.items())
        raise ScenarioError(
            f'[cadres] {named}：没有这一级；可用：{listed}，或在 scenario.toml 里写 "off"',
            f'[cadres] {named}: there is no such level; there are: {listed}; name one of them in scenario.toml, or write "off"',
        )
