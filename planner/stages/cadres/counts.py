"""What cannot hold, found by counting before any solver."""

from __future__ import annotations

import polars as pl

from graph.errors import ScenarioError
from graph.language import Text
from planner.stage import Context
from planner.stages.cadres.settings import FIRST, MEMBER, NAME
from planner.stages.words import clash


def count(context: Context) -> list[Text]:
    """Hard minima against all cadres; levels that the scenario does not know.

    Raises
    ------
    ScenarioError
        When a rule names a level that the scenario's places do not have.
    """
    _check_levels(context)
    posts, cadres = context.network.frame("village_posts"), context.network.frame("cadres")
    scored = context.policy["objective"] == "scores"
    top = context.policy["must_fill_tier"]
    if scored:
        listed = context.network.frame("pair_scores").filter(pl.col("stage") == NAME)["recipient"].unique()
        hard = posts.filter(pl.concat_str("village", "post", separator="/").is_in(listed.implode()))
    elif top is None:
        return []
    else:
        hard = posts.filter(pl.col("tier") <= top)
    found = []
    rules = ("village_posts.minimum",) if scored else ("must_fill_tier", "role_allowed")
    for role in (None,) if scored else (FIRST, MEMBER, None):
        asked = int((hard if role is None else hard.filter(pl.col("role") == role))["minimum"].sum())
        able = cadres if role is None or not context.policy.on("role_allowed") else cadres.filter(
            pl.col("roles").fill_null("").str.split(";").list.contains(role))  # fmt: skip
        if asked > able.height:
            who = (
                Text("干部", "cadres")
                if role is None
                else Text(f"可任 {role} 的干部", f"cadres who may be {role}")
            )
            found.append(clash(Text(f"必须配齐的岗位要 {asked} 人，而{who.zh}只有 {able.height} 名",
                                    f"posts that must be filled ask for {asked} people, but there are only {able.height} {who.en}"),
                               *rules))  # fmt: skip
    return found


def _check_levels(context: Context) -> None:
    levels = context.network.settings.levels
    for key in (
        "posting_area",
        "own_county_area",
        *(("home_level",) if context.policy.on("avoid_home_county") else ()),
        "spouses_together",
    ):
        value = context.policy[key]
        if value is not None and value not in levels:
            listed = ", ".join(levels)
            raise ScenarioError(
                f'[cadres] {key} = "{value}"：没有这一级；可用：{listed}',
                f'[cadres] {key} = "{value}": there is no such level; there are: {listed}',
            )
