"""Check `designation` row by row against the resolved scenario."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

import polars as pl

from graph.language import Text
from planner.verify.outcome import Broken, Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.pairs import (
    PairRow,
    ScoreBook,
    Terms,
    cost_state,
    degree_states,
    held_pairs,
    listed_pairs,
    stage_rows,
    tagged,
)
from planner.verify.places import Places, latest_facts

NAME = "designation"


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule of designated assistance, and the objective from the resolved scenario alone."""
    rows = stage_rows(tables, NAME)
    if resolved.value(NAME, "objective") == "scores":
        return _check_scored(resolved, rows)
    counties = tagged(resolved, resolved.value(NAME, "recipients_tag"))
    held = held_pairs(resolved, ("designated",))
    if resolved.value(NAME, "include_in_force"):
        counties |= {county for _, county in held}
    terms = DesignationTerms(resolved, sorted(counties), held)
    broken = terms.check(rows)
    broken += [
        Broken("recipients_tag", "pairs", r.number, "recipient", Text(f"{r.recipient} 不是受扶县", f"{r.recipient} is no recipient county"))
        for r in rows if r.recipient not in counties
    ]  # fmt: skip
    eligible_held = {
        p for p in held if p[1] in counties and p[0] in terms.units and not _banned(resolved, p, terms)
    }
    states = [*_rule_states(resolved, rows, counties, terms, eligible_held, broken)]
    states += [cost_state(rows, key, term, resolved.value(NAME, key)) for key, term in
               (("distance_weight", "distance"), ("profile_weight", "profile"), ("need_weight", "need"),
                ("change_weight", "change"))]  # fmt: skip
    return StageCheck(broken, states, sum(r.cost for r in rows))


def _check_scored(resolved: Resolved, rows: list[PairRow]) -> StageCheck:
    book = ScoreBook(resolved, NAME)
    broken = book.check(rows)
    units = dict(resolved.network.frame("units").select("id", "capacity").iter_rows())
    states = _shared_states(resolved, rows, set(book.recipients), set(book.supporters), units, broken)
    strength = dict(resolved.network.frame("units").select("id", "strength").iter_rows())
    kinds = dict(resolved.network.frame("units").select("id", "kind").iter_rows())
    states += [
        _same_kind(resolved, rows, kinds, broken),
        _strength(resolved, rows, set(book.recipients), strength, broken),
    ]
    states += [RuleState(key, "off") for key in ("keep_share", "distance_max_km", "distance_weight", "profile_weight",
                                                 "need_weight", "change_weight")]  # fmt: skip
    return StageCheck(broken, states, book.objective(rows))


def _rule_states(
    resolved: Resolved,
    rows: list[PairRow],
    counties: set[str],
    terms: DesignationTerms,
    held: set[tuple[str, str]],
    broken: list[Broken],
) -> list[RuleState]:
    capacity = {u: d["capacity"] for u, d in terms.units.items()}
    states = _shared_states(resolved, rows, counties, set(terms.units), capacity, broken)
    states.append(_same_kind(resolved, rows, {u: d["kind"] for u, d in terms.units.items()}, broken))
    states.append(
        _strength(resolved, rows, counties, {u: d["strength"] for u, d in terms.units.items()}, broken)
    )
    states.append(_keep_share(resolved, rows, held, broken))
    states.append(_distance(resolved, rows, terms, broken))
    return states


def _shared_states(
    resolved: Resolved,
    rows: list[PairRow],
    counties: set[str],
    units: set[str],
    capacity: dict[str, Any],
    broken: list[Broken],
) -> list[RuleState]:
    """Rules that hold under computed costs and under own scores alike."""
    per_county = Counter(r.recipient for r in rows)
    per_unit = Counter(r.supporter for r in rows)
    states = [
        degree_states(resolved, NAME, "units_per_county", {c: per_county[c] for c in counties}, broken),
        degree_states(resolved, NAME, "counties_per_unit", {u: per_unit[u] for u in units}, broken),
        _capacity(resolved, rows, capacity, broken),
    ]
    chosen = {(r.supporter, r.recipient) for r in rows}
    states.append(listed_pairs(resolved, NAME, "pins", chosen, True, broken))
    states.append(listed_pairs(resolved, NAME, "bans", chosen, False, broken))
    return states


def _capacity(
    resolved: Resolved, rows: list[PairRow], capacity: dict[str, Any], broken: list[Broken]
) -> RuleState:
    if not resolved.value(NAME, "unit_capacity"):
        return RuleState("unit_capacity", "off")
    load: Counter[str] = Counter()
    for row in rows:
        load[row.supporter] += row.load
    least, where = None, ""
    for unit, taken in sorted(load.items()):
        most = capacity.get(unit)
        if most is None:
            continue
        if taken > most:
            number = max(r.number for r in rows if r.supporter == unit)
            label = resolved.network.label(unit)
            what = Text(
                f"{label} 的负载 {taken} 超过能力 {most}",
                f"the load {taken} of {label} is above its capacity {most}",
            )
            broken.append(Broken("unit_capacity", "pairs", number, "supporter", what))
        if least is None or most - taken < least:
            least, where = most - taken, resolved.network.label(unit)
    if any(b.rule == "unit_capacity" for b in broken):
        return RuleState("unit_capacity", "broken")
    if least is None:
        return RuleState("unit_capacity", "slack")
    return RuleState(
        "unit_capacity",
        "binding" if least == 0 else "slack",
        Text(f"{where} 余 {least}", f"{where}: {least} left"),
    )


def _same_kind(
    resolved: Resolved, rows: list[PairRow], kinds: dict[str, Any], broken: list[Broken]
) -> RuleState:
    most = resolved.value(NAME, "same_kind_max")
    if most is None:
        return RuleState("same_kind_max", "off")
    fallback = min((k for k in kinds.values() if k), default="")
    count = Counter((r.recipient, kinds.get(r.supporter) or fallback) for r in rows)
    for row in rows:
        kind = kinds.get(row.supporter) or fallback
        if count[row.recipient, kind] > most:
            label = resolved.network.label(row.recipient)
            what = Text(
                f"{label} 的 {kind} 类单位多于 {most} 个",
                f"{label} has more than {most} units of kind {kind}",
            )
            broken.append(Broken("same_kind_max", "pairs", row.number, "supporter", what))
    if any(b.rule == "same_kind_max" for b in broken):
        return RuleState("same_kind_max", "broken")
    return RuleState("same_kind_max", "binding" if count and max(count.values()) == most else "slack")


def _strength(
    resolved: Resolved,
    rows: list[PairRow],
    counties: set[str],
    strength: dict[str, Any],
    broken: list[Broken],
) -> RuleState:
    least = resolved.value(NAME, "deep_poverty_strength")
    if least is None:
        return RuleState("deep_poverty_strength", "off")
    deep = sorted(counties & tagged(resolved, resolved.value(NAME, "deep_poverty_tag")))
    strong: Counter[str] = Counter()
    for row in rows:
        strong[row.recipient] += (strength.get(row.supporter) or 0.0) >= least
    for county in deep:
        if not strong[county]:
            label = resolved.network.label(county)
            what = Text(
                f"{label} 没有实力达到 {least} 的单位", f"{label} has no unit of strength {least} or more"
            )
            broken.append(Broken("deep_poverty_strength", "pairs", None, "recipient", what))
    if any(b.rule == "deep_poverty_strength" for b in broken):
        return RuleState("deep_poverty_strength", "broken")
    return RuleState("deep_poverty_strength", "binding" if any(strong[c] == 1 for c in deep) else "slack")


def _keep_share(
    resolved: Resolved, rows: list[PairRow], held: set[tuple[str, str]], broken: list[Broken]
) -> RuleState:
    share = resolved.value(NAME, "keep_share")
    if share is None:
        return RuleState("keep_share", "off")
    kept = sum((r.supporter, r.recipient) in held for r in rows)
    told = Text(f"保持 {kept} / {len(held)}", f"{kept} of {len(held)} stay")
    if kept + 1e-9 < share * len(held):
        broken.append(
            Broken(
                "keep_share",
                "pairs",
                None,
                None,
                Text(f"{told.zh}，少于 {share}", f"{told.en}, below {share}"),
            )
        )
        return RuleState("keep_share", "broken", told)
    return RuleState(
        "keep_share", "binding" if held and kept - 1 < share * len(held) - 1e-9 else "slack", told
    )


def _distance(
    resolved: Resolved, rows: list[PairRow], terms: DesignationTerms, broken: list[Broken]
) -> RuleState:
    most = resolved.value(NAME, "distance_max_km")
    if most is None:
        return RuleState("distance_max_km", "off")
    farthest = 0.0
    for row in rows:
        km = terms.places.distance_km(row.supporter, row.recipient)
        if km is not None and km > most + 1e-6:
            broken.append(
                Broken(
                    "distance_max_km",
                    "pairs",
                    row.number,
                    "recipient",
                    Text(f"相距 {km:.0f} 公里", f"{km:.0f} km apart"),
                )
            )
        farthest = max(farthest, km or 0.0)
    if any(b.rule == "distance_max_km" for b in broken):
        return RuleState("distance_max_km", "broken")
    told = Text(f"最远 {farthest:.0f} 公里", f"farthest {farthest:.0f} km")
    shorter = any((terms.places.distance_km(u, c) or 0.0) > most for u in terms.units for c in terms.counties)
    return RuleState("distance_max_km", "binding" if shorter else "slack", told)


def _banned(resolved: Resolved, pair: tuple[str, str], terms: DesignationTerms) -> bool:
    listed = resolved.value(NAME, "bans") or []
    if f"{pair[0]}>{pair[1]}" in {item.replace(" ", "") for item in listed}:
        return True
    most = resolved.value(NAME, "distance_max_km")
    km = terms.places.distance_km(*pair)
    return most is not None and km is not None and km > most


class DesignationTerms(Terms):
    """The terms of a pair's cost, computed for one pair at a time."""

    def __init__(self, resolved: Resolved, counties: list[str], held: set[tuple[str, str]]) -> None:
        self.places = Places(resolved.network)
        self.counties = counties
        self.held = held
        frame = resolved.network.frame("units").filter(pl.col("kind") != "military")
        able = resolved.network.frame("units").filter(pl.col("capacity") > 0)["id"].to_list()
        taking_part = set(able) if able else set(frame["id"].to_list())
        columns = ("id", "kind", "capacity", "strength", "profile")
        self.units = {
            r["id"]: r for r in frame.select(columns).iter_rows(named=True) if r["id"] in taking_part
        }
        self.weights = {
            k: float(resolved.value(NAME, f"{k}_weight") or 0)
            for k in ("distance", "profile", "need", "change")
        }
        self.incidence = latest_facts(resolved, "poverty_incidence")
        self.highest = max((self.incidence[c] for c in counties if c in self.incidence), default=0.0)
        self.needs: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for region, programme, amount in (
            resolved.network.frame("needs").select("region", "programme", "amount").iter_rows()
        ):
            self.needs[region][programme] += amount

    def of(self, supporter: str, recipient: str) -> dict[str, float] | None:
        """Terms in points; ``None`` where the unit takes no part."""
        unit = self.units.get(supporter)
        if unit is None:
            return None
        strength = 0.5 if unit["strength"] is None else unit["strength"]
        need = 0.5
        if self.highest > 0:
            need = self.incidence[recipient] / self.highest if recipient in self.incidence else 0.5
        return {
            "distance": self.weights["distance"]
            * (self.places.distance_km(supporter, recipient) or 0.0)
            / 100,
            "profile": self.weights["profile"] * (1.0 - self._match(unit["profile"], recipient)),
            "need": self.weights["need"] * (1.0 - strength) * need,
            "change": self.weights["change"] * ((supporter, recipient) not in self.held),
        }

    def _match(self, profile: str | None, county: str) -> float:
        wanted = self.needs.get(county, {})
        total = sum(wanted.values())
        if not total:
            return 1.0
        skills = set((profile or "").split(";"))
        return (
            sum(amount for programme, amount in wanted.items() if skills & SERVES.get(programme, set()))
            / total
        )


SERVES: dict[str, set[str]] = json.loads("""{
  "industry": ["industry", "agriculture"], "relocation": ["engineering"], "labour": ["general"],
  "education": ["education"], "health": ["health"], "ecology": ["agriculture"], "housing": ["engineering"],
  "infrastructure": ["engineering"], "dibao": ["finance"], "e_commerce": ["e_commerce"],
  "tourism": ["industry"], "photovoltaic": ["engineering", "finance"]}""")
"""Programme → skills that serve it, as docs/stages/designation.md declares them."""
SERVES = {k: set(v) for k, v in SERVES.items()}
