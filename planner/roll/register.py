"""The register in a year: who leaves it, who is added, which counties and villages exit, and what the tables then say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from graph.network import Network
from planner.roll.outcome import Luck, Records
from planner.roll.rows import SYNTHETIC, added, put
from planner.scenario import Scenario
from planner.stage import Context
from planner.stages.exit.places import Places, find_places, tagged
from planner.stages.exit.proxy import Proxy, look_ahead
from planner.stages.exit.villages import village_lines
from planner.stages.need import latest_fact

INTO = ("listed", "missed", "relapsed")
DIGITS = 6


@dataclass(frozen=True)
class Register:
    """A year of the register, by county.

    Parameters
    ----------
    codes : list of str
        Places of the counties' level.
    known : ndarray
        (p,) bool: whether the tables say how many poor persons there are.
    before : ndarray
        (p,) int64 persons at the start of the year.
    into : mapping of str to ndarray
        Kind → (p,) int64 persons added.
    exited : ndarray
        (p,) int64 persons who leave.
    start, end : ndarray
        (p,) float64 incidence at the start and the end of the year.
    """

    codes: list[str]
    known: np.ndarray
    before: np.ndarray
    into: Mapping[str, np.ndarray]
    exited: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @property
    def after(self) -> np.ndarray:
        """(p,) int64 persons at the end: start + in − out."""
        return np.asarray(self.before + sum(self.into.values()) - self.exited)


@dataclass(frozen=True)
class Exits:
    """Which places leave the list in a year.

    Parameters
    ----------
    planned, happened, missed : list of str
        Counties: as the plan says; those that did; planned ones that did not.
    left : list of str
        Counties still on the list.
    villages_planned, villages : list of str
        Villages as planned, and those that did.
    examined : mapping of str to float
        County that was examined → its missed share.
    """

    planned: list[str]
    happened: list[str]
    missed: list[str]
    left: list[str]
    villages_planned: list[str]
    villages: list[str]
    examined: Mapping[str, float]


def keeps_register(scenario: Scenario) -> bool:
    """Whether the tables tell of counties to exit: their tag, and facts."""
    policy = scenario.policies["exit"]
    context = Context(scenario.network, policy, scenario.on)
    return bool(tagged(context, str(policy["counties_tag"])) and scenario.network.frame("region_facts").height)


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
        return np.floor(of * most * luck.draw(what, year, codes)).astype(np.int64)

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
    return _with_incidence(_as_recorded(drawn, network, records, year), records.facts_of(year, "poverty_incidence"))


def _with_incidence(found: Register, recorded: Mapping[str, float]) -> Register:
    """Incidence at the end: as recorded; else in step with the persons; as expected where these are unknown."""
    persons = np.divide(found.after, found.before, out=np.ones(len(found.codes)), where=found.before > 0)
    end = np.where(found.before > 0, np.clip(found.start * persons, 0.0, 1.0), found.end)
    own = np.array([recorded.get(c, np.nan) for c in found.codes])
    end = np.where(np.isnan(own), end, own)
    return Register(found.codes, found.known, found.before, found.into, found.exited, found.start, np.round(end, DIGITS))


def _as_recorded(drawn: Register, network: Network, records: Records, year: int) -> Register:
    """Persons as recorded: a county's own count, else the register's changes, else its share of the nearest region's count."""
    counts, changes = records.facts_of(year, "poor_population"), records.changes_of(year)
    if not counts and not changes:
        return drawn
    into = {k: v.copy() for k, v in drawn.into.items()}
    exited, wanted = drawn.exited.copy(), drawn.after.copy()
    for i, code in enumerate(drawn.codes):
        if code in changes and code not in counts:
            for kind in INTO:
                into[kind][i] = changes[code].get(kind, 0)
            gone = changes[code].get("exited", 0) + changes[code].get("corrected", 0)
            exited[i] = min(gone, drawn.before[i] + sum(into[k][i] for k in INTO))
            wanted[i] = drawn.before[i] + sum(into[k][i] for k in INTO) - exited[i]
    own = {i: round(counts[c]) for i, c in enumerate(drawn.codes) if c in counts}
    for i, value in own.items():
        wanted[i] = value
    for place, rows in _under(drawn.codes, network, counts, own).items():
        fixed = [i for i in rows if drawn.codes[i] in changes]
        free = [i for i in rows if drawn.codes[i] not in changes]
        left = max(0, round(counts[place]) - sum(int(wanted[i]) for i in fixed))
        wanted[free] = shared_out(left, wanted[free])
    missing = wanted - (drawn.before + sum(into.values()) - exited)
    leave = np.maximum(0, exited - missing)
    into["listed"] = into["listed"] + np.maximum(0, missing - exited)
    return Register(drawn.codes, drawn.known | (wanted > 0), drawn.before, into, leave, drawn.start, drawn.end)


def _under(
    codes: list[str], network: Network, counts: Mapping[str, float], own: Collection[int]
) -> dict[str, list[int]]:
    """Region with a count → rows of the counties whose nearest such region it is and that have none of their own."""
    found: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        above = next((a for a in network.ancestors(code) if a in counts), None)
        if above is not None and i not in own:
            found.setdefault(above, []).append(i)
    return found


def shared_out(total: int, weights: np.ndarray) -> np.ndarray:
    """(n,) int64 that add up to ``total``, in proportion to whole weights: largest remainders get one more, the first of equals."""
    whole = int(weights.sum())
    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    if whole <= 0:
        weights, whole = np.ones(len(weights), dtype=np.int64), len(weights)
    parts = [divmod(total * int(w), whole) for w in weights]
    found = np.array([p for p, _ in parts], dtype=np.int64)
    rest = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[: total - int(found.sum())]
    found[rest] += 1
    return found


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
    passed = {c for c, share in examined.items() if limit is None or share < float(limit)}
    recorded = set(records.facts.filter(pl.col("measure") == "exit_year")["region"].to_list())
    really = set(records.facts_of(year, "exit_year"))
    happened = [
        c for c in places.listed
        if (c in really if c in recorded else c in planned and c in passed and register.end[row[c]] < line[c])
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
        return dict.fromkeys(planned, 0.0)
    drawn = luck.draw("examined", year, planned) * float(limit) / (1.0 - luck.chances.unsuited)
    return dict(zip(planned, np.round(drawn, DIGITS).tolist(), strict=True))


def village_incidence(context: Context, villages: list[str], register: Register) -> np.ndarray:
    """(v,) float64 at the end of the year: a village's own, in step with its county; NaN where it has none."""
    ratio = np.divide(register.end, register.start, out=np.zeros(len(register.codes)), where=register.start > 0)
    row = {c: i for i, c in enumerate(register.codes)}
    home = [next((row[a] for a in context.network.ancestors(v) if a in row), -1) for v in villages]
    own = latest_fact(context, "poverty_incidence", villages)
    county = np.array([register.end[h] if h >= 0 else np.nan for h in home])
    step = np.array([ratio[h] if h >= 0 else 1.0 for h in home])
    return np.round(np.where(np.isnan(own), county, np.clip(own * step, 0.0, 1.0)), DIGITS)


def write_register(
    context: Context, register: Register, exits: Exits, records: Records, on: date, household: float
) -> dict[str, pl.DataFrame]:
    """``region_facts`` and ``register_changes`` with the year in them; counts above counties change by what changed below.

    What was recorded of the year stands as it was recorded, with its own mark.
    """
    year, network = on.year, context.network
    facts: list[tuple[str, str, float]] = []
    for i, code in enumerate(register.codes):
        facts.append((code, "poverty_incidence", float(register.end[i])))
        if register.known[i]:
            facts.append((code, "poor_population", float(register.after[i])))
    facts += _above(context, register)
    villages = sorted(v for v in tagged(context, str(context.policy["villages_tag"])) if v in network.parents)
    own = latest_fact(context, "poverty_incidence", villages)
    ends = village_incidence(context, villages, register)
    facts += [(v, "poverty_incidence", float(e)) for v, o, e in zip(villages, own, ends, strict=True) if o == o]
    facts += [(place, "exit_year", float(year)) for place in (*exits.happened, *exits.villages)]
    facts += [(county, "missed", share) for county, share in exits.examined.items()]
    rows = [{"region": r, "year": year, "measure": m, "value": v} for r, m, v in facts]
    moved = [
        {"village": code, "date": on, "kind": kind, "batch": str(year), "persons": int(n), "households": round(int(n) / household)}
        for kind, persons in (*register.into.items(), ("exited", register.exited))
        for code, n in zip(register.codes, persons.tolist(), strict=True)
        if n
    ]  # fmt: skip
    told = records.facts.filter(pl.col("year") == year)
    return {
        "region_facts": put(added(network, "region_facts", rows, SYNTHETIC), "region_facts", told),
        "register_changes": added(network, "register_changes", moved, SYNTHETIC),
    }


def _above(context: Context, register: Register) -> list[tuple[str, str, float]]:
    """Counts and incidences of the regions above, moved by the sum of what moved below."""
    net: dict[str, int] = {}
    for code, change in zip(register.codes, (register.after - register.before).tolist(), strict=True):
        for place in context.network.ancestors(code):
            net[place] = net.get(place, 0) + change
    places = sorted(net)
    poor, share = (latest_fact(context, m, places) for m in ("poor_population", "poverty_incidence"))
    found = []
    for place, before, incidence in zip(places, poor.tolist(), share.tolist(), strict=True):
        if before != before:
            continue
        after = max(0.0, before + net[place])
        found.append((place, "poor_population", after))
        if incidence == incidence and before > 0:
            found.append((place, "poverty_incidence", round(min(1.0, incidence * after / before), DIGITS)))
    return found
