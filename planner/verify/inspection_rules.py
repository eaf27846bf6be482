"""How each rule of `inspection` stands, and what breaks it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median_high
from typing import Any

from graph.language import Text, several
from graph.titles import tag_title
from planner.verify.inspection_book import Book
from planner.verify.inspection_independence import CONFLICTS, Independence
from planner.verify.inspection_shut import Shut
from planner.verify.outcome import Broken, RuleState
from planner.verify.pairs import SCALE, at_limits

TABLE = "inspections"
Visit = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One row of ``inspections``: ``number`` from 1."""

    number: int
    kind: str
    year: int
    team: str
    county: str
    days: int
    sample: Mapping[str, Any]
    given: float
    terms: Mapping[str, int]


def broken_at(rule: str, row: Row | None, column: str | None, what: Text) -> Broken:
    """One place where a visit is wrong: at a row, or at the table as a whole."""
    return Broken(rule, TABLE, None if row is None else row.number, column, what)


def promise(rule: str, column: str | None, what: Text, about: str, required: int, got: int) -> Broken:
    """A promise that is broken, as :class:`Broken` says."""
    return Broken(rule, TABLE, None, column, what, about=about, required=required, got=got)


def states_of(
    book: Book, rows: list[Row], made: list[tuple[str, Visit]], broken: list[Broken]
) -> list[RuleState]:
    """How every rule stands; what breaks one is added to ``broken``."""
    days: Counter[str] = Counter()
    for row in rows:
        days[row.team] += row.days
    guard = Independence(book)
    shut = Shut(book, guard)
    return [
        _by_assessment(book, broken),
        _strata(book, broken),
        _per_county(book, rows, broken),
        _per_visit(book, made, broken),
        _size(book, shut, made, broken),
        _led(book, shut, made, broken),
        _team_days(book, days, broken),
        *_conflicts(book, guard, shut, made, broken),
        _balance(book, days, broken),
        *(_weight(book, rows, key) for key in ("travel", "language")),
    ]


def _state(rule: str, broken: list[Broken], binding: bool, told: Text, at: Iterable[str] = ()) -> RuleState:
    if any(b.rule == rule for b in broken):
        return RuleState(rule, "broken", told)
    return RuleState(rule, "binding" if binding else "slack", told, tuple(at) if binding else ())


def _by_assessment(book: Book, broken: list[Broken]) -> RuleState:
    """A visit of the wrong kind is not among those due; its rows were told as outside the sample."""
    rule = "tour_categories"
    if book.value(rule) is None:
        return RuleState(rule, "off")
    tours = [region for kind, region in book.stops if kind == "tour"]
    told = Text(f"{len(tours)} 个地区巡查", f"{several(len(tours), 'region gets', 'regions get')} a tour")
    return _state(rule, broken, bool(tours), told, tours)


def _strata(book: Book, broken: list[Broken]) -> RuleState:
    if book.value("strata_tags") is None:
        return RuleState("strata_tags", "off")
    found = Counter(s.stratum for stops in book.stops.values() for s in stops.values())
    named = [
        (Text("其他", "other") if tag == "other" else tag_title(tag), n) for tag, n in sorted(found.items())
    ]
    told = Text("、".join(f"{t.zh} {n}" for t, n in named), ", ".join(f"{t.en} {n}" for t, n in named))
    counties = [county for stops in book.stops.values() for county in stops]
    if not named:
        told = Text("没有抽样", "nothing is sampled")
    return _state("strata_tags", broken, len(found) > 1, told, counties)


def _per_county(book: Book, rows: list[Row], broken: list[Broken]) -> RuleState:
    rule, most = "visits_per_county", book.value("visits_per_county")
    if most is None:
        return RuleState(rule, "off")
    seen = {(r.county, r.kind) for r in rows} | {(r, k) for _, r, y, k in book.visited if y == book.year}
    counted = Counter(county for county, _ in seen)
    planned = {r.county for r in rows}
    for county in sorted(planned):
        if counted[county] > most:
            label = book.network.label(county)
            what = Text(
                f"{label} 一年接受 {counted[county]} 次，至多 {most} 次",
                f"{label} gets {counted[county]} visits of at most {most}",
            )
            broken.append(broken_at(rule, None, None, what))
    full = [c for c in planned if counted[c] == most]
    told = Text(
        f"{len(full)} 个县达到上限", f"{several(len(full), 'county is', 'counties are')} at the limit"
    )
    return _state(rule, broken, bool(full), told, full)


def _per_visit(book: Book, made: list[tuple[str, Visit]], broken: list[Broken]) -> RuleState:
    rule, limits = "teams_per_visit", book.value("teams_per_visit")
    if limits is None:
        return RuleState(rule, "off")
    low, high = limits
    teams = Counter(visit for _, visit in made)
    for kind, region in book.stops:
        n = teams[kind, region]
        if not low <= n <= high:
            label = book.network.label(region)
            what = Text(
                f"{label} 的 {kind} 有 {n} 个组，应为 {low}–{high}",
                f"{kind} of {label} has {n} teams, must have {low} to {high}",
            )
            broken.append(promise(rule, "team", what, f"{region}>{kind}", low if n < low else high, n))
    least = [r for k, r in book.stops if teams[k, r] == low > 0]
    most = [r for k, r in book.stops if teams[k, r] == high]
    at, told = [*least, *most], at_limits(len(least), len(most), (low, high))
    found = _state(rule, broken, bool(at), told, at)
    return replace(found, least=tuple(least), most=tuple(most)) if found.at else found


def _size(book: Book, shut: Shut, made: list[tuple[str, Visit]], broken: list[Broken]) -> RuleState:
    rule = "team_size"
    if book.value(rule) is None:
        return RuleState(rule, "off")
    for team, (kind, region) in made:
        if not book.large_enough(book.teams[team], kind):
            size = book.teams[team].size
            what = Text(
                f"{team} 只有 {size} 人，{kind} {region} 需更多",
                f"{team} has {size} members, too few for {kind} of {region}",
            )
            broken.append(promise(rule, "team", what, f"{team}>{region}>{kind}", 0, 1))
    kinds = {k for k, _ in book.stops}
    small = [t.id for t in book.teams.values() for k in kinds if not book.large_enough(t, k)]
    told = Text(f"挡住 {len(small)} 种派法", f"shuts out {several(len(small), 'team–kind choice')}")
    return _state(rule, broken, bool(shut.alone[rule]), told, small)


def _led(book: Book, shut: Shut, made: list[tuple[str, Visit]], broken: list[Broken]) -> RuleState:
    rule = "led_by"
    if book.value(rule) is None:
        return RuleState(rule, "off")
    for team, (kind, region) in made:
        if not book.may_lead(book.teams[team], kind):
            what = Text(f"{team} 不可牵头 {kind}（{region}）", f"{team} may not lead a {kind} (of {region})")
            broken.append(promise(rule, "team", what, f"{team}>{region}>{kind}", 0, 1))
    kinds = {k for k, _ in book.stops}
    out = [t.id for t in book.teams.values() for k in kinds if not book.may_lead(t, k)]
    told = Text(f"挡住 {len(out)} 种派法", f"shuts out {several(len(out), 'team–kind choice')}")
    return _state(rule, broken, bool(shut.alone[rule]), told, out)


def _team_days(book: Book, days: Mapping[str, int], broken: list[Broken]) -> RuleState:
    rule = "team_days"
    if not book.value(rule):
        return RuleState(rule, "off")
    caps = {t.id: t.days_max for t in book.teams.values()}
    return within(rule, days, caps, broken)


def within(rule: str, days: Mapping[str, int], caps: Mapping[str, int], broken: list[Broken]) -> RuleState:
    """A rule on the days of each team; ``caps``: what each may spend at most."""
    tightest, at = 0.0, ""
    for team, spent in sorted(days.items()):
        cap = caps.get(team, 0)
        if spent > cap:
            what = Text(f"{team} 共 {spent} 天，至多 {cap} 天", f"{team} has {spent} days of at most {cap}")
            broken.append(promise(rule, "days", what, team, cap, spent))
        used = spent / max(1, cap)
        if used > tightest:
            tightest, at = used, team
    told = Text(f"最紧：{at} 用去 {tightest:.1%}", f"tightest: {at} at {tightest:.1%}")
    if not at:
        told = Text("没有组出动", "no team goes out")
    shortest = min((d for d in days.values() if d), default=0)
    full = [t for t, d in days.items() if caps.get(t, 0) - d < min(2, shortest)]
    return _state(rule, broken, bool(full), told, full)


def _conflicts(
    book: Book, guard: Independence, shut: Shut, made: list[tuple[str, Visit]], broken: list[Broken]
) -> list[RuleState]:
    """Independence rule by rule, mutual inspection and repetition within the year included."""
    ways = {(book.teams[t].area, book.area_of(region)) for t, (_, region) in made}
    been: Counter[tuple[str, str]] = Counter((t, region) for t, (_, region) in made)
    for team, (kind, region) in made:
        seen, label = book.teams[team], book.network.label(region)
        against = guard.against(seen, region)
        rules = set(against)
        here = book.area_of(region)
        if book.value("no_reciprocal") and seen.area not in (None, here) and (here, seen.area) in ways:
            rules.add("no_reciprocal")
        if book.value("no_repeat") and been[team, region] > 1:
            rules.add("no_repeat")
        for rule in sorted(rules):
            what = Text(f"{team} 不得督查 {label}（{kind}）", f"{team} may not inspect {label} ({kind})")
            most = (
                0 if rule in against else 1
            )  # of visits by this team, or to this region by those who inspect it in turn
            broken.append(promise(rule, "team", what, f"{team}>{region}", most, been[team, region]))
    regions = sorted({region for _, region in book.stops})
    barred = [(rule, t.id, r) for t in book.teams.values() for r in regions for rule in guard.against(t, r)]
    count = Counter(rule for rule, _, _ in barred)
    found = []
    for rule in CONFLICTS:
        if not book.value(rule):
            found.append(RuleState(rule, "off"))
            continue
        told, twos = _shut_words(count[rule]), shut.two_visits(rule)
        if twos is not None:
            told = Text(
                f"{told.zh}、{len(twos)} 种两次合派", f"{told.en} and {several(len(twos), 'pair')} of visits"
            )
        at = [f"{team}>{region}" for name, team, region in barred if name == rule]
        at += [f"{team}>{region}" for team, region in sorted(twos or ())]
        found.append(_state(rule, broken, bool(shut.alone[rule] or twos), told, at))
    return found


def _shut_words(n: int) -> Text:
    return Text(f"挡住 {n} 种派法", f"shuts out {several(n, 'team–region choice')}")


def _balance(book: Book, days: Mapping[str, int], broken: list[Broken]) -> RuleState:
    rule = "balance_tolerance"
    if book.value(rule) is None:
        return RuleState(rule, "off")
    return within(rule, days, _balance_caps(book), broken)


def _balance_caps(book: Book) -> dict[str, int]:
    """Each visit's median days over all teams, shared by ``days_max`` × (1 + tolerance); at least a team's longest visit."""
    if not book.stops:
        return dict.fromkeys(book.teams, 0)
    spent = {
        (team.id, visit): book.travel_days(team, visit[1])
        + sum(book.stop_days(team, visit[0], s) for s in stops.values())
        for team in book.teams.values()
        for visit, stops in book.stops.items()
    }
    limits = book.value("teams_per_visit")
    total = sum(median_high(spent[t, visit] for t in book.teams) for visit in book.stops)
    total *= max(1, limits[0]) if limits is not None else 1
    room = sum(t.days_max for t in book.teams.values())
    slack = 1 + Fraction(str(book.value("balance_tolerance")))
    return {
        t.id: max(
            math.floor(Fraction(total * t.days_max, max(1, room)) * slack),
            *(spent[t.id, visit] for visit in book.stops),
        )
        for t in book.teams.values()
    }


def _weight(book: Book, rows: list[Row], term: str) -> RuleState:
    rule = f"{term}_weight"
    if not book.value(rule):
        return RuleState(rule, "off")
    total = sum(r.terms.get(term, 0) for r in rows) / SCALE
    told = Text(f"合计 {total:,.3f}", f"{total:,.3f} in all")
    return RuleState(rule, "binding" if total else "slack", told)
