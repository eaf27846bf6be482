"""The register in a year: who leaves it, who is added, which counties and villages exit, and what the tables then say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.network import Network
from planner.roll.outcome import Luck, Records
from planner.roll.recorded import as_recorded
from planner.roll.register_year import Exits, Register
from planner.scenario import Scenario
from planner.stage import Context
from planner.stages.exit.places import Places, find_places, tagged
from planner.stages.exit.proxy import Proxy, look_ahead
from planner.stages.exit.villages import village_lines
from planner.stages.need import latest_fact

DIGITS = 6


def keeps_register(scenario: Scenario) -> bool:
    """Whether the tables tell of counties to exit: their tag, and facts."""
    policy = scenario.policies["exit"]
    context = Context(scenario.network, policy, scenario.on)
    return bool(
        tagged(context, str(policy["counties_tag"])) and scenario.network.frame("region_facts").height
    )


def see_year(scenario: Scenario, spent: pl.DataFrame) -> tuple[Context, Places, Proxy]:
    """What the stage ``exit`` expects of the year after the scenario's date, given the money that was spent."""
    context = Context(scenario.network, scenario.policies["exit"], scenario.on, scenario.seed,
                      {"allocations": spent}, scenario.policies)  # fmt: skip
    places = find_places(context)
    return context, places, look_ahead(context, places)


def pass_year(places: Places, proxy: Proxy, network: Network, luck: Luck, records: Records) -> Register:
    """The register's year: drawn, and then as recorded where that is known."""
    year, codes, chances = places.years[0], places.codes, luck.chances
    start, ahead = proxy.start, proxy.incidence[:, 0]
    before = np.rint(np.nan_to_num(proxy.poor)).astype(np.int64)
    stays = np.divide(ahead, start, out=np.zeros_like(start), where=start > 0)

    def part(what: str, most: float, of: np.ndarray) -> np.ndarray:
        return np.asarray(np.floor(of * most * luck.draw(what, year, codes)), dtype=np.int64)

    sway = luck.draw("pace", year, codes) + luck.draw("pace again", year, codes) - 1.0
    leave = np.rint(before * (1.0 - stays) * (1.0 + chances.spread * sway)).astype(np.int64)
    leave = np.clip(leave, 0, before)
    into = {
        "listed": part("listed", chances.listed, before),
        "missed": part("missed", chances.missed, before),
        "relapsed": part("relapsed", chances.relapsed, leave),
    }
    whole = (stays <= 0) & (start > 0)  # the path takes everybody off, whoever came in the year among them
    leave = np.where(whole, before + sum(into.values()), leave)
    drawn = Register(codes, ~np.isnan(proxy.poor), before, into, leave, start, ahead)
    return _with_incidence(
        as_recorded(drawn, network, records, year), records.facts_of(year, "poverty_incidence")
    )


def _with_incidence(found: Register, recorded: Mapping[str, float]) -> Register:
    """Incidence at the end: as recorded; else in step with the persons; as expected where these are unknown."""
    persons = np.divide(found.after, found.before, out=np.ones(len(found.codes)), where=found.before > 0)
    end = np.where(found.before > 0, np.clip(found.start * persons, 0.0, 1.0), found.end)
    own = np.array([recorded.get(c, np.nan) for c in found.codes])
    end = np.where(np.isnan(own), end, own)
    return Register(
        found.codes, found.known, found.before, found.into, found.exited, found.start, np.round(end, DIGITS)
    )


def judge_exits(
    context: Context, places: Places, register: Register, decided: pl.DataFrame, luck: Luck, records: Records
) -> Exits:
    """Which counties and villages exit: those planned that are under the line and pass; the recorded ones where years are recorded."""
    year, row = places.years[0], {c: i for i, c in enumerate(places.codes)}
    line = dict(zip(places.listed, places.line.tolist(), strict=True))
    wanted = sorted(r for r, y in decided.select("region", "year").iter_rows() if y == year)
    planned = [c for c in wanted if c in line]
    examined = _examined(context, planned, year, luck)
    limit = context.policy["missed_max"]
    failed = {c for c, share in examined.items() if share >= float(limit)}
    recorded = set(records.facts.filter(pl.col("measure") == "exit_year")["region"].to_list())
    really = set(records.facts_of(year, "exit_year"))
    happened = [
        c for c in places.listed
        if (c in really if c in recorded else c in planned and c not in failed and register.end[row[c]] < line[c])
    ]  # fmt: skip
    villages = [v for v in wanted if v not in row and v in context.network.parents]
    incidence = village_incidence(context, villages, register)
    low = incidence < village_lines(context, villages)
    gone = set(happened)
    return Exits(
        planned, happened, [c for c in planned if c not in gone], [c for c in places.listed if c not in gone],
        villages, [v for v, under in zip(villages, low.tolist(), strict=True) if under], examined,
    )  # fmt: skip


def _examined(context: Context, planned: list[str], year: int, luck: Luck) -> dict[str, float]:
    """County that is examined → its missed share, drawn so that ``unsuited`` of them are above the limit."""
    limit = context.policy["missed_max"]
    if limit is None or not luck.chances.unsuited:
        return {}
    drawn = luck.draw("examined", year, planned) * float(limit) / (1.0 - luck.chances.unsuited)
    return dict(zip(planned, np.round(drawn, DIGITS).tolist(), strict=True))


def village_incidence(context: Context, villages: list[str], register: Register) -> np.ndarray:
    """(v,) float64 at the end of the year: a village's own, in step with its county; NaN where it has none."""
    ratio = np.divide(
        register.end, register.start, out=np.zeros(len(register.codes)), where=register.start > 0
    )
    row = {c: i for i, c in enumerate(register.codes)}
    home = [next((row[a] for a in context.network.ancestors(v) if a in row), -1) for v in villages]
    own = latest_fact(context, "poverty_incidence", villages)
    county = np.array([register.end[h] if h >= 0 else np.nan for h in home])
    step = np.array([ratio[h] if h >= 0 else 1.0 for h in home])
    return np.round(np.where(np.isnan(own), county, np.clip(own * step, 0.0, 1.0)), DIGITS)
