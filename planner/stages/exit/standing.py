"""How a place stands against the gates of exit on a day: what the newest records say, gate by gate.

Unlike the stage, which looks years ahead, this is about what is recorded: a gate passes, fails, or there is no figure to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from graph.dates import holding
from graph.language import Text
from graph.network import Network
from planner.policy import Policy
from planner.stages.exit.gates import CLOSED, RESULTS
from planner.stages.exit.settings import SETTINGS

READS = ("regions", "region_tags", "region_facts", "findings")
"""Tables that :func:`standing` reads; all but ``regions`` may be missing."""
TITLES = {s.key: s.title for s in SETTINGS}
State = Literal["pass", "fail", "no_data"]


@dataclass(frozen=True)
class Gate:
    """One gate.

    Parameters
    ----------
    rule : str
        The policy value that sets it, such as ``line_west``.
    title : Text
        What it is called.
    state : {"pass", "fail", "no_data"}
        Whether the newest record passes; ``no_data`` where there is none that counts.
    value : float or None
        What is recorded: a share (0–1), for ``severe_findings`` the number of open ones.
    limit : float
        What it is held against, in the same unit.
    at_least : bool
        Whether the value has to reach the limit; else it has to stay below it (for findings: at zero).
    year : int or None
        Year of the record.
    source, mark : str
        Where the record is from, and its mark.
    """

    rule: str
    title: Text
    state: State
    value: float | None
    limit: float
    at_least: bool
    year: int | None
    source: str
    mark: str


@dataclass(frozen=True)
class Standing:
    """A place before the gates.

    Parameters
    ----------
    region, name, level : str
        The place.
    listed : bool
        Whether it is one of those that exit: by the tag of counties, or of villages.
    exited : int or None
        Year of the result with which it has exited by the day; ``None``: it has not, or nobody says.
    gates : tuple of Gate
        One for each rule that is on.
    """

    region: str
    name: str
    level: str
    listed: bool
    exited: int | None
    gates: tuple[Gate, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        gates = [asdict(g) | {"title": g.title.as_dict()} for g in self.gates]
        return asdict(self) | {"gates": gates}


def standing(network: Network, policy: Policy, region: str, on: date) -> Standing:
    """How a county or village stands.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    policy : Policy
        Values of the stage ``exit``.
    region : str
        Its code.
    on : date
        The day: facts of later years are not read.
    """
    way_up = [region, *network.ancestors(region)]
    tags = network.frame("region_tags").filter(pl.col("region").is_in(way_up) & holding(on))
    facts = network.frame("region_facts").filter((pl.col("region") == region) & (pl.col("year") <= on.year))
    newest = {row["measure"]: row for row in facts.sort("year").iter_rows(named=True)}
    west = _bears(tags, str(policy["west_tag"]))
    gates = [_line(newest, facts, policy, "line_west" if west else "line")]
    gates += [_result(newest.get(measure), policy, rule, on) for rule, measure in RESULTS.items()]
    gates.append(_findings(network, policy, region))
    exited = newest.get("exit_year")
    return Standing(
        region,
        network.label(region),
        network.level_of[region],
        any(_bears(tags, str(policy[key]), region) for key in ("counties_tag", "villages_tag")),
        int(exited["value"]) if exited and exited["value"] <= on.year else None,
        tuple(gate for gate in gates if gate is not None),
    )


def _bears(tags: pl.DataFrame, wanted: str, region: str | None = None) -> bool:
    tag, _, value = wanted.partition("=")
    found = tags.filter(pl.col("tag") == tag)
    if value:
        found = found.filter(pl.col("value") == value)
    return not (found if region is None else found.filter(pl.col("region") == region)).is_empty()


def _gate(rule: str, state: State, value: float | None, limit: float, row: dict[str, Any] | None) -> Gate:
    told = row or {}
    source, mark = str(told.get("source") or ""), str(told.get("mark") or "")
    return Gate(
        rule, TITLES[rule], state, value, limit, rule == "approval_min", told.get("year"), source, mark
    )


def _line(newest: dict[str, Any], facts: pl.DataFrame, policy: Policy, rule: str) -> Gate | None:
    """Incidence below the line: as recorded, else poor by rural persons of the newest year that has both."""
    if not policy.on(rule):
        return None
    limit, row = float(policy[rule]), newest.get("poverty_incidence") or _worked_out(facts)
    if row is None:
        return _gate(rule, "no_data", None, limit, None)
    return _gate(rule, "pass" if row["value"] < limit else "fail", row["value"], limit, row)


def _worked_out(facts: pl.DataFrame) -> dict[str, Any] | None:
    by_year: dict[int, dict[str, Any]] = {}
    for row in facts.iter_rows(named=True):
        by_year.setdefault(row["year"], {})[row["measure"]] = row
    for year in sorted(by_year, reverse=True):
        poor, rural = by_year[year].get("poor_population"), by_year[year].get("rural_population")
        if poor and rural and rural["value"] > 0:
            marks = ";".join(sorted({r["mark"] for r in (poor, rural) if r["mark"]}))
            return {**poor, "value": poor["value"] / rural["value"], "mark": marks}
    return None


def _result(row: dict[str, Any] | None, policy: Policy, rule: str, on: date) -> Gate | None:
    """A recorded result; one that failed counts for ``gate_years`` years, and says nothing afterwards."""
    if not policy.on(rule):
        return None
    limit = float(policy[rule])
    if row is None:
        return _gate(rule, "no_data", None, limit, None)
    value = float(row["value"])
    passes = value >= limit if rule == "approval_min" else value < limit
    fresh = on.year <= row["year"] + int(policy["gate_years"])
    state: State = "pass" if passes else "fail" if fresh else "no_data"
    return _gate(rule, state, value, limit, row)


def _findings(network: Network, policy: Policy, region: str) -> Gate | None:
    """No severe finding in it or below that is not closed; where the network has no findings at all, nobody can tell."""
    rule, findings = "severe_findings", network.frame("findings")
    if not policy.on(rule):
        return None
    if findings.is_empty():
        return _gate(rule, "no_data", None, 0.0, None)
    places: Sequence[str] = sorted(network.within(region))
    found = findings.filter(
        pl.col("region").is_in(places) & (pl.col("severity") == "severe") & (pl.col("status") != CLOSED)
    )
    row = next(found.sort("year").iter_rows(named=True), None)
    return _gate(rule, "fail" if found.height else "pass", float(found.height), 0.0, row)
