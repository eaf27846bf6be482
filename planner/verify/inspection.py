"""Check `inspection` row by row against the resolved scenario: the sample is drawn again."""

from __future__ import annotations

import json
from collections import Counter, defaultdict

from graph.language import Text
from planner.verify.inspection_book import NAME, Book, Team
from planner.verify.inspection_independence import CONFLICTS
from planner.verify.inspection_published import scored_against, states_against
from planner.verify.inspection_rules import TABLE, Row, Visit, broken_at, states_of, within
from planner.verify.outcome import Broken, Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.pair_rows import PairRow
from planner.verify.pairs import SCALE, degree_states
from planner.verify.published import price
from planner.verify.score_book import ScoreBook
from planner.verify.scored_bound import INSPECTION, proved_bound


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule of inspection, and the objective from the resolved scenario alone."""
    columns = ("kind", "year", "team", "region", "days", "sample", "cost", "terms")
    rows = [
        Row(i, k, y, t, r, d, json.loads(s), c, json.loads(e))
        for i, (k, y, t, r, d, s, c, e) in enumerate(tables[TABLE].select(columns).iter_rows(), 1)
    ]
    if resolved.value(NAME, "objective") == "scores":
        return _check_scored(resolved, rows, certificates)
    book = Book(resolved, tables)
    region_of = {(kind, county): region for (kind, region), found in book.stops.items() for county in found}
    broken: list[Broken] = []
    made: dict[tuple[str, Visit], list[Row]] = defaultdict(list)
    for row in rows:
        region = region_of.get((row.kind, row.county))
        if region is None or row.year != book.year or row.team not in book.teams:
            what = Text(
                f"{row.kind} {row.county} 不在抽样或名单之内",
                f"{row.kind} {row.county} is not of the sample or its lists",
            )
            broken.append(broken_at("sample", row, "region", what))
            continue
        made[row.team, (row.kind, region)].append(row)
    for (team, visit), found in sorted(made.items()):
        broken += _visit(book, book.teams[team], visit, found)
    states = states_of(book, rows, sorted(made), broken)
    against, changes = states_against(book, set(made), broken)
    objective = sum(round(r.given * SCALE) for r in rows) + changes * price(resolved, NAME)
    return StageCheck(broken, [*states, *against], objective)


def _visit(book: Book, team: Team, visit: Visit, rows: list[Row]) -> list[Broken]:
    """The rows of one team's visit: every drawn county, its sample, days and cost."""
    found, stops = [], book.stops[visit]
    missing = sorted(set(stops) - {r.county for r in rows})
    if missing or len(rows) != len({r.county for r in rows}):
        what = Text(
            f"{visit[0]} {visit[1]}：抽中的县未查全或重复",
            f"{visit[0]} {visit[1]}: drawn counties missing or twice",
        )
        found.append(broken_at("sample", rows[0], "region", what))
    first = min(stops)
    for row in rows:
        stop = stops[row.county]
        travel = book.travel_days(team, visit[1]) if row.county == first else 0
        right = {"stratum": stop.stratum, "villages": dict(stop.villages), "households": stop.households,
                 "travel_days": travel}  # fmt: skip
        if dict(row.sample) != right:
            what = Text(f"抽样应为 {right}", f"the sample should be {right}")
            found.append(broken_at("sample", row, "sample", what))
        days = book.stop_days(team, visit[0], stop) + travel
        if row.days != days:
            found.append(broken_at("days", row, "days", Text(f"天数应为 {days}", f"should be {days} days")))
        found += _cost(book, team, row)
    return found


def _cost(book: Book, team: Team, row: Row) -> list[Broken]:
    found, right = [], book.terms(team, row.county)
    for name in sorted({*right, *row.terms}):
        should = right.get(name, 0.0) * SCALE
        if (
            abs(row.terms.get(name, 0) - should) > 0.5 + 1e-4
        ):  # rounding, and the last digits of sine and root
            what = Text(f"{name} 应为 {should / SCALE:.3f}", f"{name} should be {should / SCALE:.3f}")
            found.append(broken_at("terms", row, "terms", what))
    if row.given != sum(row.terms.values()) / SCALE:
        found.append(
            broken_at(
                "terms", row, "cost", Text("成本不等于各项之和", "the cost is not the sum of its terms")
            )
        )
    return found


def _check_scored(resolved: Resolved, rows: list[Row], certificates: Certificates) -> StageCheck:
    book = ScoreBook(resolved, NAME)
    as_pairs = [PairRow(r.number, r.team, r.county, 0, r.given, r.days, {}) for r in rows]
    broken = [Broken(b.rule, TABLE, b.row, b.column, b.what) for b in book.check(as_pairs)]
    days: Counter[str] = Counter()
    for row in rows:
        days[row.team] += row.days
    teams = Counter(r.county for r in rows)
    states = [
        degree_states(resolved, NAME, "teams_per_visit", {c: teams[c] for c in book.recipients}, broken)
    ]
    caps = dict(resolved.network.frame("inspection_teams").select("id", "days_max").iter_rows())
    if resolved.value(NAME, "team_days"):
        known = {t: d for t, d in days.items() if caps.get(t) is not None}
        states.append(within("team_days", known, caps, broken))
    else:
        states.append(RuleState("team_days", "off"))
    others = ("tour_categories", "strata_tags", "visits_per_county", "team_size", "led_by", *CONFLICTS,
              "balance_tolerance", "travel_weight", "language_weight")  # fmt: skip
    states += [RuleState(key, "off") for key in others]
    states += scored_against(resolved, book, rows, broken)
    prices = certificates.get("prices")
    bound = None if prices is None else proved_bound(resolved, NAME, book, prices, caps, INSPECTION)
    return StageCheck(broken, states, book.objective(as_pairs), bound)
