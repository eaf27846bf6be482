"""A small land for tests of exits: two provinces, the second in the west; counties by incidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from graph.network import Network
from planner.republished import tables_of
from planner.stage import Context, Outcome
from planner.stages.exit import STAGE
from planner.verify.exit import check
from planner.verify.outcome import Resolved, StageCheck
from tests.planner import tiny

HALVES = {"2016": 0.08, "2017": 0.04, "2018": 0.02, "2019": 0.01, "2020": 0.0}
"""A path that halves every year, so that incidences ahead can be told by heart."""
PLAIN = {"path": HALVES, "speed": 1.0}


def land(
    east: Mapping[str, float],
    west: Mapping[str, float] | None = None,
    villages: Mapping[str, tuple[str, float]] | None = None,
    deep: Sequence[str] = (),
    **tables: tiny.Rows,
) -> Network:
    """Counties by incidence (1,000 rural people each), villages as (county, incidence), further tables as rows."""
    west, villages = west or {}, villages or {}
    regions: list[dict[str, Any]] = [
        {"code": p, "name": f"province {p}", "level": "province"} for p in ("E", "W")
    ]
    tags: list[dict[str, Any]] = [{"region": "W", "tag": "macro_region", "value": "西部"}]
    facts: list[dict[str, Any]] = []
    for province, counties in (("E", east), ("W", west)):
        for code, share in counties.items():
            regions.append({"code": code, "name": f"county {code}", "level": "county", "parent": province})
            tags.append({"region": code, "tag": "poor_county_832"})
            facts += [fact(code, "poverty_incidence", share), fact(code, "rural_population", 1000),
                      fact(code, "poor_population", 1000 * share)]  # fmt: skip
    for code, (county, share) in villages.items():
        regions.append({"code": code, "name": f"village {code}", "level": "village", "parent": county})
        tags.append({"region": code, "tag": "poor_village"})
        facts.append(fact(code, "poverty_incidence", share))
    tags += [{"region": c, "tag": "deep_poverty"} for c in deep]
    facts += tables.pop("region_facts", [])  # type: ignore[arg-type]  # rows are mappings
    return tiny.network(regions=regions, region_tags=tags, region_facts=facts, **tables)


def fact(region: str, measure: str, value: float, year: int = 2016) -> dict[str, Any]:
    """One row of `region_facts`."""
    return {"region": region, "year": year, "measure": measure, "value": value}


def see(net: Network, decided: Mapping[str, pl.DataFrame] | None = None, **values: Any) -> Context:
    """The stage's view, on the path that halves."""
    return tiny.context(STAGE, net, decided, **{**PLAIN, **values})


def plan(net: Network, decided: Mapping[str, pl.DataFrame] | None = None, **values: Any) -> Outcome:
    """The stage's outcome; its rows, where there are any, pass the check."""
    seen = see(net, decided, **values)
    outcome = tiny.solve(STAGE, seen)
    if outcome.tables:
        found = recheck(seen, outcome.tables)
        assert [b.text.en for b in found.broken] == []
        tiny.assert_told(found)
        assert found.objective == outcome.objective
    return outcome


def years(outcome: Outcome) -> dict[str, int]:
    """Region → year of exit; empty where there is no plan."""
    return dict(outcome.tables["exits"].select("region", "year").iter_rows()) if outcome.tables else {}


def clashes(net: Network, decided: Mapping[str, pl.DataFrame] | None = None, **values: Any) -> list[str]:
    """What counting finds, in English."""
    return [text.en for text in STAGE.count(see(net, decided, **values))]


def recheck(seen: Context, tables: Mapping[str, pl.DataFrame]) -> StageCheck:
    """The independent check, the stages before in their order."""
    values: dict[str, Any] = {name: {} for name in ("pairing", "designation", "cadres", "funds")}
    values |= {name: p.values for name, p in seen.policies.items()}
    values[STAGE.name] = seen.policy.values
    return check(
        Resolved(seen.network, values, seen.on, seen.seed, tables_of(seen.published)),
        {**seen.decided, **tables},
        {},
    )


def state(net: Network, rule: str, decided: Mapping[str, pl.DataFrame] | None = None, **values: Any) -> str:
    """How the check says that a rule stands in the plan."""
    seen = see(net, decided, **values)
    return next(s.state for s in recheck(seen, tiny.solve(STAGE, seen).tables).rules if s.rule == rule)
