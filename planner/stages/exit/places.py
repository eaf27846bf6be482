"""Whom the stage decides about: counties still to exit, those that have, and the years ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.dates import holding
from graph.errors import ScenarioError, UsageError
from graph.language import Text
from graph.network import Network
from graph.tables.suggest import unknown
from planner.stage import Context

YEAR_DIGITS = 4


@dataclass(frozen=True)
class Places:
    """Places by row number.

    Parameters
    ----------
    codes : list of str
        Every region of the counties' level that has a fact, and every county; sorted.
    counties : ndarray
        (n,) int64 rows of ``codes``: counties still to exit.
    exited : dict of str to int
        Counties that have exited by the day of planning → year of the result.
    years : list of int
        Years that are planned, ascending.
    west, deep : ndarray
        (n,) bool of each county still to exit.
    line : ndarray
        (n,) float64 line of each county still to exit; infinite where the rule is off.
    """

    codes: list[str]
    counties: np.ndarray
    exited: dict[str, int]
    years: list[int]
    west: np.ndarray
    deep: np.ndarray
    line: np.ndarray

    @property
    def listed(self) -> list[str]:
        """Codes of the counties still to exit, in their order."""
        return [self.codes[i] for i in self.counties]


def tagged(context: Context, wanted: str) -> set[str]:
    """Regions that bear a tag on the day of planning; ``wanted`` is ``tag`` or ``tag=value``."""
    tag, _, value = wanted.partition("=")
    tags = context.network.frame("region_tags").filter((pl.col("tag") == tag) & holding(context.on))
    if value:
        tags = tags.filter(pl.col("value") == value)
    return set(tags["region"].to_list())


def within(network: Network, codes: list[str], above: set[str]) -> np.ndarray:
    """(n,) bool: whether each code or a region above it is one of ``above``."""
    parents = [network.parents.get(c) for c in codes]
    # many villages share a parent: each parent's way up is gone once
    under = {p: p is not None and not above.isdisjoint((p, *network.ancestors(p))) for p in set(parents)}
    return np.array([c in above or under[p] for c, p in zip(codes, parents, strict=True)], dtype=bool)


def planned_years(context: Context) -> list[int]:
    """The years after the day of planning, up to the deadline (at least one)."""
    first = context.on.year + 1
    deadline = context.policy["deadline"]
    last = first + int(context.policy["horizon_years"]) - 1 if deadline is None else int(deadline)
    return list(range(first, max(first, last) + 1))


def demand_planned(context: Context, year: int) -> None:
    """The year is one of those that are planned.

    Raises
    ------
    UsageError
        When it is not.
    """
    years = planned_years(context)
    if year not in years:
        known = ", ".join(str(y) for y in years)
        raise UsageError(
            f"{year} 不是规划的年份；规划的是 {known}", f"{year} is no planned year; planned are {known}"
        )


def check_names(context: Context) -> None:
    """Refuse tables of years whose names are no years, and levels that the scenario does not have.

    Raises
    ------
    ScenarioError
        With the value and what would be right.
    """
    for key in ("path", "exits_per_year"):
        names = list(context.policy[key] or {})
        wrong = [n for n in names if not (n.isascii() and n.isdigit() and len(n) == YEAR_DIGITS)]
        if wrong or (key == "path" and not names):
            shown = wrong[0] if wrong else "{}"
            raise ScenarioError(
                f"[exit] {key}：{shown} 不是年份；应为 年份 = 数值，如 2017 = 0.031",
                f"[exit] {key}: {shown} is no year; write year = number, such as 2017 = 0.031",
            )
    levels = context.network.settings.levels
    for level in context.policy["pledge_levels"]:
        if level not in levels:
            told = unknown(Text("没有层级", "no level"), level, levels)
            raise ScenarioError(f"[exit] pledge_levels：{told.zh}", f"[exit] pledge_levels: {told.en}")


def may_exit(context: Context, code: str) -> bool:
    """Whether it bears the tag of the counties, or of the villages, that exit."""
    wanted = [
        context.policy["counties_tag"],
        *([context.policy["villages_tag"]] if context.policy["villages"] else []),
    ]
    return any(code in tagged(context, str(tag)) for tag in wanted)


def find_places(context: Context) -> Places:
    """Counties by tag; what has exited is read from the facts known on the day of planning.

    Raises
    ------
    ScenarioError
        When no region bears the counties' tag, or a value names what there is not.
    """
    check_names(context)
    network, policy = context.network, context.policy
    wanted = tagged(context, str(policy["counties_tag"])) & set(network.parents)
    if not wanted:
        tag = policy["counties_tag"]
        raise ScenarioError(
            f"[exit] counties_tag：没有地区有标签 {tag}（表 region_tags）",
            f"[exit] counties_tag: no region bears the tag {tag} (table region_tags)",
        )
    levels = {network.level_of[c] for c in wanted}
    facts = network.frame("region_facts").filter(pl.col("year") <= context.on.year)
    known = set(facts["region"].unique().to_list())
    codes = sorted(wanted | {c for c, level in network.level_of.items() if level in levels and c in known})
    exited = exits_so_far(context, wanted)
    listed = [c for c in codes if c in wanted and c not in exited]
    position = {c: i for i, c in enumerate(codes)}
    west = within(network, listed, tagged(context, str(policy["west_tag"])))
    deep = within(network, listed, tagged(context, str(policy["deep_poverty_tag"])))
    lines = [np.inf if policy[k] is None else float(policy[k]) for k in ("line", "line_west")]
    return Places(
        codes,
        np.array([position[c] for c in listed], dtype=np.int64),
        exited,
        planned_years(context),
        west,
        deep,
        np.where(west, lines[1], lines[0]),
    )


def exits_so_far(context: Context, wanted: set[str]) -> dict[str, int]:
    """County → year of its exit, of those whose exit is recorded up to the year of planning.

    A fact of a later year is never read here: it is the answer that is being planned.
    """
    facts = context.network.frame("region_facts")
    known = facts.filter((pl.col("measure") == "exit_year") & (pl.col("year") <= context.on.year)).sort(
        "year"
    )
    years = {r: int(v) for r, v in known.select("region", "value").iter_rows() if r in wanted}
    return {r: y for r, y in sorted(years.items()) if y <= context.on.year}
