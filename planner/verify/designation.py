"""Check `designation` row by row against the resolved scenario."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from graph.language import Text, several
from graph.schema import ENUMS
from graph.titles import counties_with
from planner.verify.designation_terms import DesignationTerms, known_pairs
from planner.verify.outcome import Broken, Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.pair_rows import PairRow
from planner.verify.pairs import (
    cost_state,
    degree_states,
    held_pairs,
    listed_pairs,
    named_pairs,
    stage_rows,
)
from planner.verify.places import Places, tagged
from planner.verify.published import Choice, pair_states, price
from planner.verify.score_book import ScoreBook
from planner.verify.scored_bound import proved_bound

NAME = "designation"


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule of designated assistance, and the objective from the resolved scenario alone."""
    rows = stage_rows(tables, NAME)
    odd = [_wrong(r, "kind", "designated") for r in rows if r.kind != "designated"]
    if resolved.value(NAME, "objective") == "scores":
        return _check_scored(resolved, rows, odd, certificates)
    counties = tagged(resolved, resolved.value(NAME, "recipients_tag"))
    held = held_pairs(resolved, ("designated",))
    if resolved.value(NAME, "include_in_force"):
        counties |= {county for _, county in held}
    terms = DesignationTerms(resolved, sorted(counties), held)
    broken = odd + [_wrong(r, "load", 1) for r in rows if r.load != 1] + terms.check(rows)
    broken += [
        Broken("recipients_tag", "pairs", r.number, "recipient", Text(f"{r.recipient} 不是受扶县", f"{r.recipient} is no recipient county"))
        for r in rows if r.recipient not in counties
    ]  # fmt: skip
    might = {(u, c) for u in terms.units for c in counties}
    states = [*_rule_states(resolved, rows, counties, terms, might, broken)]
    far = _far(resolved, terms.places, might)
    against, ended = _against(resolved, rows, might - far, broken)
    states += [cost_state(rows, key, term, resolved.value(NAME, key)) for key, term in
               (("distance_weight", "distance"), ("profile_weight", "profile"), ("need_weight", "need"),
                ("change_weight", "change"))]  # fmt: skip
    return StageCheck(broken, [*states, *against], sum(r.cost for r in rows) + ended * price(resolved, NAME))


def _against(
    resolved: Resolved, rows: list[PairRow], might: set[tuple[str, str]], broken: list[Broken]
) -> tuple[list[RuleState], int]:
    """The rules against a published plan, and how many of its pairs end; ``might``: all pairs but those too far apart."""
    known = known_pairs(resolved)
    keepable = known & (might - named_pairs(resolved.value(NAME, "bans")))
    chosen: set[Choice] = {(r.supporter, r.recipient) for r in rows}
    return pair_states(resolved, NAME, chosen, set(known), set(keepable), broken)


def _wrong(row: PairRow, column: str, right: Any) -> Broken:
    return Broken(column, "pairs", row.number, column, Text(f"应为 {right}", f"should be {right}"))


def _check_scored(
    resolved: Resolved, rows: list[PairRow], broken: list[Broken], certificates: Certificates
) -> StageCheck:
    """The plain assignment problem of the scores, and what else the scenario's own file has set."""
    book = ScoreBook(resolved, NAME)
    broken = broken + book.check(rows)
    broken += [
        Broken("terms", "pairs", r.number, "terms", Text("自带评分没有成本构成", "own scores have no terms"))
        for r in rows if r.terms
    ]  # fmt: skip
    columns = ("id", "capacity", "kind", "strength")
    units = {r["id"]: r for r in resolved.network.frame("units").select(columns).iter_rows(named=True)}
    capacity, kinds, strength = ({u: d[k] for u, d in units.items()} for k in columns[1:])
    places = Places(resolved.network)
    held = set(book.find(held_pairs(resolved, ("designated",))))
    far = _far(resolved, places, book)
    states = _shared_states(resolved, rows, set(book.recipients), set(book.supporters), far, broken)
    states.append(_capacity(resolved, rows, capacity, book.smallest_loads(), broken))
    states += [
        _same_kind(resolved, rows, kinds, broken),
        _strength(resolved, rows, set(book.recipients), strength, broken),
        _keep_share(resolved, rows, _held(resolved, places, held), broken),
        _distance(resolved, rows, places, far, broken),
    ]
    states += [
        RuleState(k, "off") for k in ("distance_weight", "profile_weight", "need_weight", "change_weight")
    ]
    states += _against(resolved, rows, set(book.find(known_pairs(resolved))) - far, broken)[0]
    prices = certificates.get("prices")
    shut, pinned = (named_pairs(resolved.value(NAME, key)) for key in ("bans", "pins"))
    bound = (
        None
        if prices is None
        else proved_bound(resolved, NAME, book, prices, capacity, shut=shut | far, pinned=pinned)
    )
    return StageCheck(broken, states, book.objective(rows), bound)


def _rule_states(
    resolved: Resolved,
    rows: list[PairRow],
    counties: set[str],
    terms: DesignationTerms,
    might: set[tuple[str, str]],
    broken: list[Broken],
) -> list[RuleState]:
    capacity = {u: d["capacity"] for u, d in terms.units.items()}
    far = _far(resolved, terms.places, might)
    held = held_pairs(resolved, ("designated",)) & might
    states = _shared_states(resolved, rows, counties, set(terms.units), far, broken)
    states.append(_capacity(resolved, rows, capacity, dict.fromkeys(terms.units, 1), broken))
    states.append(_same_kind(resolved, rows, {u: d["kind"] for u, d in terms.units.items()}, broken))
    states.append(
        _strength(resolved, rows, counties, {u: d["strength"] for u, d in terms.units.items()}, broken)
    )
    states.append(_keep_share(resolved, rows, _held(resolved, terms.places, held), broken))
    states.append(_distance(resolved, rows, terms.places, far, broken))
    return states


def _shared_states(
    resolved: Resolved,
    rows: list[PairRow],
    counties: set[str],
    units: set[str],
    far: set[tuple[str, str]],
    broken: list[Broken],
) -> list[RuleState]:
    """Rules that hold under computed costs and under own scores alike."""
    per_county = Counter(r.recipient for r in rows)
    per_unit = Counter(r.supporter for r in rows)
    states = [
        degree_states(resolved, NAME, "units_per_county", {c: per_county[c] for c in counties}, broken),
        degree_states(resolved, NAME, "counties_per_unit", {u: per_unit[u] for u in units}, broken),
    ]
    chosen = {(r.supporter, r.recipient) for r in rows}
    states.append(listed_pairs(resolved, NAME, "pins", chosen, True, broken))
    states.append(listed_pairs(resolved, NAME, "bans", chosen, False, broken, far))
    return states


def _capacity(
    resolved: Resolved,
    rows: list[PairRow],
    capacity: dict[str, Any],
    smallest: dict[str, int],
    broken: list[Broken],
) -> RuleState:
    """Binding where a unit has no room left for even the smallest load that it might take."""
    if not resolved.value(NAME, "unit_capacity"):
        return RuleState("unit_capacity", "off")
    load: Counter[str] = Counter()
    for row in rows:
        load[row.supporter] += row.load
    least, where = None, ""
    full: list[str] = []
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
            broken.append(
                Broken(
                    "unit_capacity", "pairs", number, "supporter", what, about=unit, required=most, got=taken
                )
            )
        full += [unit] if most - taken < smallest.get(unit, 1) else []
        if least is None or most - taken < least:
            least, where = most - taken, resolved.network.label(unit)
    if any(b.rule == "unit_capacity" for b in broken):
        return RuleState("unit_capacity", "broken")
    if least is None:
        told = Text("参加的单位都没有能力数", "no unit that takes part has a capacity")
        return RuleState("unit_capacity", "slack", told)
    return RuleState(
        "unit_capacity",
        "binding" if full else "slack",
        Text(f"{where} 余 {least}", f"{where}: {least} left"),
        tuple(full),
    )


def _same_kind(
    resolved: Resolved, rows: list[PairRow], kinds: dict[str, Any], broken: list[Broken]
) -> RuleState:
    most = resolved.value(NAME, "same_kind_max")
    if most is None:
        return RuleState("same_kind_max", "off")
    sorted_out = [(r, k) for r in rows if (k := kinds.get(r.supporter)) not in (None, "", "other")]
    count = Counter((r.recipient, kind) for r, kind in sorted_out)
    for row, kind in sorted_out:
        if count[row.recipient, kind] > most:
            label = resolved.network.label(row.recipient)
            what = Text(
                f"{label} 的 {kind} 类单位多于 {most} 个",
                f"{label} has more than {most} units of kind {kind}",
            )
            about, n = f"{row.recipient}>{kind}", count[row.recipient, kind]
            broken.append(
                Broken(
                    "same_kind_max", "pairs", row.number, "supporter", what, about=about, required=most, got=n
                )
            )
    if any(b.rule == "same_kind_max" for b in broken):
        return RuleState("same_kind_max", "broken")
    told = Text("没有同类单位", "no units of a kind")
    if count:
        county, kind = max(sorted(count), key=lambda key: count[key])
        label, title = resolved.network.label(county), ENUMS["unit_kind"].get(kind, Text(kind, kind))
        n = count[county, kind]
        told = Text(f"{label} 有 {n} 个{title.zh}", f"{label} has {n} of the kind {title.en}")
    at = tuple(county for (county, _), n in count.items() if n == most)
    return RuleState("same_kind_max", "binding" if at else "slack", told, at)


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
            broken.append(
                Broken(
                    "deep_poverty_strength", "pairs", None, "recipient", what, about=county, required=1, got=0
                )
            )
    if any(b.rule == "deep_poverty_strength" for b in broken):
        return RuleState("deep_poverty_strength", "broken")
    one = [c for c in deep if strong[c] == 1]
    first = counties_with(str(resolved.value(NAME, "deep_poverty_tag")))
    told = Text(
        f"{len(one)} 个{first.zh}只有一个这样的单位",
        f"{several(len(one), f'{first.one} has', f'{first.many} have')} one such unit only",
    )
    return RuleState(
        "deep_poverty_strength", "binding" if one else "slack", told, tuple(one), least=tuple(one)
    )


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
                required=math.ceil(share * len(held) - 1e-9),
                got=kept,
            )
        )
        return RuleState("keep_share", "broken", told)
    return RuleState(
        "keep_share", "binding" if held and kept - 1 < share * len(held) - 1e-9 else "slack", told
    )


def _distance(
    resolved: Resolved,
    rows: list[PairRow],
    places: Places,
    far: set[tuple[str, str]],
    broken: list[Broken],
) -> RuleState:
    """Binding where it forbids a pair that is not banned anyway."""
    most = resolved.value(NAME, "distance_max_km")
    if most is None:
        return RuleState("distance_max_km", "off")
    farthest = 0.0
    for row in rows:
        km = places.distance_km(row.supporter, row.recipient)
        if km is not None and km > most + 1e-6:
            broken.append(
                Broken(
                    "distance_max_km",
                    "pairs",
                    row.number,
                    "recipient",
                    Text(f"相距 {km:.0f} 公里", f"{km:.0f} km apart"),
                    about=f"{row.supporter}>{row.recipient}",
                    required=0,
                    got=1,
                )
            )
        farthest = max(farthest, km or 0.0)
    if any(b.rule == "distance_max_km" for b in broken):
        return RuleState("distance_max_km", "broken")
    told = Text(f"最远 {farthest:.0f} 公里", f"farthest {farthest:.0f} km")
    at = tuple(sorted({recipient for _, recipient in far - named_pairs(resolved.value(NAME, "bans"))}))
    return RuleState("distance_max_km", "binding" if at else "slack", told, at)


def _far(resolved: Resolved, places: Places, might: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Pairs that are farther apart than the rule allows."""
    most = resolved.value(NAME, "distance_max_km")
    return set() if most is None else {p for p in might if (places.distance_km(*p) or 0.0) > most}


def _held(resolved: Resolved, places: Places, held: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the eligible pairs in force that could stay: neither forbidden nor too far."""
    most = resolved.value(NAME, "distance_max_km")
    allowed = held - named_pairs(resolved.value(NAME, "bans"))
    return {p for p in allowed if most is None or (places.distance_km(*p) or 0.0) <= most}
