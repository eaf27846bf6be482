"""What regions can be coloured by: figures of the regions, and what is worked out of other tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.questions.rules import RULES, Rule
from graph.schema import ENUMS, MEASURES
from graph.tables.suggest import unknown

READS = ("regions", "region_facts", "region_tags", "relations", "ledger", "village_posts")
COVERAGE = "coverage:"
"""Before a rule's name: the measure of what the rule finds."""
STATE = "state"
"""Unit of measures that tell a state instead of a figure."""
DERIVED: dict[str, tuple[Text, str, tuple[str, ...]]] = {
    "supporters": (Text("帮扶方数量", "number of supporters"), "supporters", ("relations",)),
    "money_received": (
        Text("到位帮扶资金（台账）", "money received (ledger)"),
        "yuan",
        ("relations", "ledger"),
    ),
    "exit_status": (Text("是否已摘帽", "whether it has exited"), STATE, ("region_facts",)),
}
"""Measure → title, unit and tables that it is worked out of."""


@dataclass(frozen=True)
class MeasureLevel:
    """Where a measure is there.

    Parameters
    ----------
    level : str
        a level of the network
    years : sequence of int
        years for which it may be asked at that level, the earliest first
    regions : int
        number of regions at that level; of figures: of those that have one in any year
    marks : sequence of str
        marks that occur among the figures
    """

    level: str
    years: Sequence[int]
    regions: int
    marks: Sequence[str] = ()


@dataclass(frozen=True)
class Measure:
    """Something that regions can be coloured by.

    Parameters
    ----------
    measure : str
        its name: a measure of `region_facts`, or one that is worked out
    title : Text
        what people call it
    unit : str
        `persons`, `yuan`, `share` (0–1), `year`, `km`, `supporters`; `state`: it has no figures; empty: not declared
    of : {"fact", "derived"}
        `fact`: told in `region_facts`; `derived`: worked out
    tables : sequence of str
        tables that it comes from
    levels : sequence of MeasureLevel
        where it is there, the widest level first
    """

    measure: str
    title: Text
    unit: str
    of: Literal["fact", "derived"]
    tables: Sequence[str]
    levels: Sequence[MeasureLevel]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            **asdict(self),
            "title": self.title.as_dict(),
            "tables": list(self.tables),
            "levels": [asdict(level) for level in self.levels],
        }


def measures(network: Network) -> list[Measure]:
    """Every measure with the levels and years for which it is there: figures in the schema's order, then what is worked out.

    Parameters
    ----------
    network : Network
        See :data:`READS`; tables that are not there make fewer measures.
    """
    regions = network.frame("regions").filter(~pl.col("pseudo").fill_null(value=False))
    levels = {level: regions.filter(pl.col("level") == level).height for level in network.settings.levels}
    there = {level: number for level, number in levels.items() if number}
    return [*_facts(network, regions), *_derived(network, there)]


def _facts(network: Network, regions: pl.DataFrame) -> list[Measure]:
    of_region = regions.select(pl.col("code").alias("region"), "level")
    found = network.frame("region_facts").join(of_region, on="region").group_by("measure", "level").agg(
        pl.col("year").unique().sort(), pl.col("region").n_unique(), pl.col("mark").drop_nulls().unique().sort()
    )  # fmt: skip
    by_measure: dict[str, dict[str, MeasureLevel]] = {}
    for measure, level, years, number, marks in found.iter_rows():
        by_measure.setdefault(measure, {})[level] = MeasureLevel(level, years, number, marks)
    order = {name: i for i, name in enumerate(ENUMS["measure"])}
    return [
        Measure(name, *described(name, ()), "fact", ("region_facts",), _in_order(network, by_measure[name]))
        for name in sorted(by_measure, key=lambda name: (order.get(name, len(order)), name))
    ]


def _in_order(network: Network, levels: dict[str, MeasureLevel]) -> tuple[MeasureLevel, ...]:
    return tuple(levels[level] for level in network.settings.levels if level in levels)


def _derived(network: Network, there: dict[str, int]) -> list[Measure]:
    relations, facts = network.frame("relations"), network.frame("region_facts")
    changes = pl.concat([relations["since"], relations["until"]]).drop_nulls().dt.year().cast(pl.Int64)
    support = _all_years(changes) or ([network.on.year] if network.on and relations.height else [])
    money = network.frame("ledger")["year"].unique().drop_nulls().sort().to_list()
    exits = facts.filter(pl.col("measure") == "exit_year")
    exited = (
        network.frame("regions").filter(pl.col("code").is_in(exits["region"].implode()))["level"].to_list()
    )
    rules = {rule.name: rule for rule in reversed((*network.rules, *RULES))}
    years = {
        "supporters": support,
        "money_received": money,
        "exit_status": _all_years(exits["value"].cast(pl.Int64)),
    }
    found = [
        Measure(
            name,
            title,
            unit,
            "derived",
            tables,
            _levels(there, years[name], exited if name == "exit_status" else there),
        )
        for name, (title, unit, tables) in DERIVED.items()
    ]
    for name, rule in list(rules.items())[::-1]:
        tables = ("coverage", "postings" if rule.posts else "relations")
        levels = _levels(there, support, _levels_of(network, rule))
        found.append(Measure(f"{COVERAGE}{name}", rule.title, STATE, "derived", tables, levels))
    return [one for one in found if any(level.years for level in one.levels)]


def _levels_of(network: Network, rule: Rule) -> Collection[str]:
    """Levels at which a rule names places."""
    if rule.level:
        return [rule.level]
    if not rule.posts and not rule.tag:
        return network.settings.levels
    tags = network.frame("region_tags").filter(pl.col("tag") == rule.tag)["region"]
    named = network.frame("village_posts")["village"] if rule.posts else tags
    return network.frame("regions").filter(pl.col("code").is_in(named.implode()))["level"].unique().to_list()


def _levels(there: dict[str, int], years: Sequence[int], which: Collection[str]) -> tuple[MeasureLevel, ...]:
    return tuple(
        MeasureLevel(level, years, number) for level, number in there.items() if level in which and years
    )


def _all_years(found: pl.Series) -> list[int]:
    first, last = found.min(), found.max()
    return list(range(first, last + 1)) if isinstance(first, int) and isinstance(last, int) else []


def described(name: str, rules: Sequence[Rule]) -> tuple[Text, str]:
    """Title and unit of a measure.

    Parameters
    ----------
    name : str
    rules : sequence of Rule
        The network's own.

    Raises
    ------
    UsageError
        When it is the coverage by a rule that there is not.
    """
    if name in DERIVED:
        return DERIVED[name][:2]
    if name.startswith(COVERAGE):
        return rule_of(name, rules).title, STATE
    title = ENUMS["measure"].every().get(name) or Text(name, name)
    return title, MEASURES[name][1] if name in MEASURES else ""


def rule_of(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule whose coverage a measure tells; raises as :func:`described`."""
    known = {rule.name: rule for rule in reversed((*rules, *RULES))}
    wanted = name.removeprefix(COVERAGE)
    if wanted not in known:
        told = unknown(Text("没有规则", "no rule"), wanted, list(known))
        raise UsageError(told.zh, told.en)
    return known[wanted]
