"""Check `pairing` row by row against the resolved scenario."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from graph.language import Text, several
from planner.verify.outcome import Broken, Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.pair_rows import PairRow
from planner.verify.pairing_book import NAME, Book, PairingTerms
from planner.verify.pairing_counties import county_states, nested
from planner.verify.pairing_published import COUNTY, REGION, against, ended, known_pairs, scored_against
from planner.verify.pairs import cost_state, degree_states, listed_pairs, named_pairs, rule_state, stage_rows
from planner.verify.published import price
from planner.verify.score_book import ScoreBook
from planner.verify.scored_bound import PAIRING, proved_bound

FIRST = 10**9  # one thousandth of a region pair's cost against the county pairs': docs/stages/pairing.md
WEIGHTS = ("distance", "need", "change", "tie", "language", "industry")
COST_ONLY = ("cover_ethnic", "fair_load_tolerance", "least_part", "county_pairs",
             "county_partners_per_recipient", "county_partners_per_supporter", "county_pins", "county_bans",
             *(f"{w}_weight" for w in WEIGHTS))  # fmt: skip


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule of pairing, and the objective from the resolved scenario alone."""
    rows = stage_rows(tables, NAME)
    if resolved.value(NAME, "objective") == "scores":
        return _check_scored(resolved, rows, certificates)
    book = Book(resolved)
    kinds = tables["pairs"]["kind"].to_list()
    regions, counties, shown, broken = _by_kind(book, rows, kinds)
    known = known_pairs(book.resolved, book.decided)
    broken += PairingTerms(book, book.supporters, book.recipients, book.held, known).check(regions)
    broken += _apart(book, regions) + _shown(book, shown, regions)
    broken += nested(book, regions, counties)
    states = [*_region_states(book, regions, broken), *county_states(book, regions, counties, broken)]
    decided = [*regions, *counties]
    states += [cost_state(decided, f"{w}_weight", w, resolved.value(NAME, f"{w}_weight")) for w in WEIGHTS]
    states += against(book, regions, counties, broken)
    return StageCheck(broken, states, _objective(book, regions, counties))


def _objective(book: Book, regions: list[PairRow], counties: list[PairRow]) -> int:
    """Cost of the region pairs; where county pairs are on, ``FIRST`` times that, and the county pairs' beside it.

    To each belongs what published pairs cost that end.
    """
    first, second = (
        sum(r.cost for r in rows) + ended(book, rows, kind) * price(book.resolved, NAME)
        for rows, kind in ((regions, REGION), (counties, COUNTY))
    )
    return FIRST * first + second if book.value("county_pairs") else first + second


def _by_kind(
    book: Book, rows: list[PairRow], kinds: list[str | None]
) -> tuple[list[PairRow], list[PairRow], list[PairRow], list[Broken]]:
    """Rows of region pairs, of county pairs, of counterpart support only shown, and rows of no such kind."""
    regions, counties, shown, broken = [], [], [], []
    for row in rows:
        kind = kinds[row.number - 1]
        if kind in book.decided:
            regions.append(row)
        elif kind == "county_pair":
            counties.append(row)
        elif kind == "counterpart":
            shown.append(row)
        else:
            broken.append(Broken("kind", "pairs", row.number, "kind", _no_such_kind(kind)))
    return regions, counties, shown, broken


def _no_such_kind(kind: str | None) -> Text:
    if kind is not None:
        return Text(f"区域结对没有类型 {kind}", f"pairing has no kind {kind}")
    return Text(
        "不可选：既不是名单内的区域结对，也不是其内的县结对，也不是现有对口支援",
        "not eligible: neither a pair of listed regions, nor a county pair inside one, nor counterpart support in force",
    )


def _check_scored(resolved: Resolved, rows: list[PairRow], certificates: Certificates) -> StageCheck:
    book = ScoreBook(resolved, NAME)
    broken = book.check(rows)
    chosen = {(r.supporter, r.recipient) for r in rows}
    capacity = dict(resolved.network.frame("units").select("id", "capacity").iter_rows())
    states = [
        _covered(resolved, book.recipients, rows, broken),
        *_degrees(resolved, book.supporters, book.recipients, rows, broken),
        _capacity(resolved, rows, capacity, book.smallest_loads(), broken),
        _changes(resolved, set(), chosen, broken),  # under own scores no pair is in force: each is a new one
        *(listed_pairs(resolved, NAME, k, chosen, k == "pins", broken) for k in ("pins", "bans")),
    ]
    states += [RuleState(key, "off") for key in COST_ONLY]
    states += scored_against(resolved, book, chosen, broken)
    prices = certificates.get("prices")
    shut, pinned = (named_pairs(resolved.value(NAME, key)) for key in ("bans", "pins"))
    bound = (
        None
        if prices is None
        else proved_bound(resolved, NAME, book, prices, capacity, PAIRING, shut, pinned)
    )
    return StageCheck(broken, states, book.objective(rows), bound)


def _apart(book: Book, rows: list[PairRow]) -> list[Broken]:
    """Nobody supports itself, what contains it, or what it contains."""
    up = book.network.ancestors
    return [
        Broken("apart", "pairs", r.number, "recipient", Text("一方包含另一方", "one contains the other"))
        for r in rows
        if r.supporter in (r.recipient, *up(r.recipient)) or r.recipient in up(r.supporter)
    ]


def _shown(book: Book, shown: list[PairRow], regions: list[PairRow]) -> list[Broken]:
    """Counterpart support in force stands in the result as it is, without cost or load."""
    held = set() if book.reassigned else {(s, r) for kind, s, r in book.relations if kind == "counterpart"}
    chosen = {(r.supporter, r.recipient) for r in regions}
    found = []
    for row in shown:
        if (row.supporter, row.recipient) not in held:
            what = Text("没有这一对口支援关系", "there is no such counterpart support")
            found.append(Broken("reassign_counterpart", "pairs", row.number, "recipient", what))
        if row.cost or row.load or row.terms:
            what = Text("对口支援只列示，成本与负载应为 0", "only shown: cost and load must be 0")
            found.append(Broken("reassign_counterpart", "pairs", row.number, "cost", what))
    missing = held - chosen - {(r.supporter, r.recipient) for r in shown}
    for supporter, recipient in sorted(missing):
        what = Text(f"缺少对口支援 {supporter}>{recipient}", f"{supporter}>{recipient} is not shown")
        found.append(Broken("reassign_counterpart", "pairs", None, None, what))
    return found


def _region_states(book: Book, rows: list[PairRow], broken: list[Broken]) -> list[RuleState]:
    resolved = book.resolved
    chosen = {(r.supporter, r.recipient) for r in rows}
    return [
        _covered(resolved, book.recipients, rows, broken),
        _prefectures(book, rows, broken),
        *_degrees(resolved, book.supporters, book.recipients, rows, broken),
        *_loads(book, rows, broken),
        RuleState("supporter_capacity", "off"),
        _changes(resolved, book.held, chosen, broken),
        *(listed_pairs(resolved, NAME, k, chosen, k == "pins", broken) for k in ("pins", "bans")),
    ]


def _covered(
    resolved: Resolved, recipients: list[str], rows: list[PairRow], broken: list[Broken]
) -> RuleState:
    rule = "cover_recipients"
    if not resolved.value(NAME, rule):
        return RuleState(rule, "off")
    degree = Counter(r.recipient for r in rows)
    for code in recipients:
        if not degree[code]:
            label = resolved.network.label(code)
            what = Text(f"{label} 没有支援方", f"{label} has no supporter")
            broken.append(Broken(rule, "pairs", None, "recipient", what, about=code, required=1, got=0))
    alone = [c for c in recipients if degree[c] == 1]
    told = Text(f"{len(alone)} 个只有一个支援方", f"{several(len(alone), 'has', 'have')} one supporter only")
    return rule_state(rule, broken, bool(alone), told, alone, least=True)


def _prefectures(book: Book, rows: list[PairRow], broken: list[Broken]) -> RuleState:
    rule = "cover_ethnic"
    if not book.value(rule):
        return RuleState(rule, "off")
    paired = Counter(r.recipient for r in rows)
    once: list[str] = []
    for code in book.ethnic_to_cover():
        once += [code] if sum(paired[c] for c in (code, *book.network.ancestors(code))) == 1 else []
        if not book.covered(code, set(paired)):
            label = book.network.label(code)
            what = Text(
                f"{label} 没有结对，也没有对口支援", f"{label} has neither a pair nor counterpart support"
            )
            broken.append(Broken(rule, "pairs", None, "recipient", what))
    told = Text(f"{len(once)} 个只靠一对", f"{several(len(once), 'stands', 'stand')} on one pair")
    return rule_state(rule, broken, bool(once), told, once, least=True)


def _degrees(
    resolved: Resolved,
    supporters: list[str],
    recipients: list[str],
    rows: list[PairRow],
    broken: list[Broken],
) -> list[RuleState]:
    given = Counter(r.supporter for r in rows)
    taken = Counter(r.recipient for r in rows)
    supporters = supporters if recipients else []  # nobody to support: the rule asks nothing
    return [
        degree_states(resolved, NAME, "partners_per_recipient", {c: taken[c] for c in recipients}, broken),
        degree_states(resolved, NAME, "partners_per_supporter", {c: given[c] for c in supporters}, broken),
    ]


def _capacity(
    resolved: Resolved,
    rows: list[PairRow],
    capacity: Mapping[str, float | None],
    smallest: dict[str, int],
    broken: list[Broken],
) -> RuleState:
    """Binding where a supporter has no room left for even the smallest load that it might take."""
    rule = "supporter_capacity"
    if not resolved.value(NAME, rule):
        return RuleState(rule, "off")
    load: Counter[str] = Counter()
    for row in rows:
        load[row.supporter] += row.load
    full: list[str] = []
    for supporter, carried in sorted(load.items()):
        most = capacity.get(supporter)
        full += [supporter] if most is not None and most - carried < smallest.get(supporter, 1) else []
        if most is not None and carried > most:
            what = Text(
                f"{supporter} 负载 {carried}，能力 {most}", f"{supporter} carries {carried} of at most {most}"
            )
            broken.append(
                Broken(rule, "pairs", None, "load", what, about=supporter, required=most, got=carried)
            )
    return rule_state(
        rule, broken, bool(full), Text(f"{len(full)} 个已满", f"{several(len(full), 'is', 'are')} full"), full
    )


def _loads(book: Book, rows: list[PairRow], broken: list[Broken]) -> list[RuleState]:
    """Each paired recipient's poor people are divided wholly; nobody carries more than a fair share allows."""
    carried: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for row in rows:
        carried[row.supporter] += row.load
        taken[row.recipient] += row.load
    for code in sorted({r.recipient for r in rows} & set(book.recipients)):
        if taken[code] != book.poor[code]:
            what = Text(f"{code} 的负载合计 {taken[code]}，应为 {book.poor[code]}",
                        f"the loads of {code} add up to {taken[code]}, not {book.poor[code]}")  # fmt: skip
            broken.append(Broken("load", "pairs", None, "load", what))
    return [_fair(book, carried, broken), _least_part(book, rows, broken)]


def _fair(book: Book, carried: Counter[str], broken: list[Broken]) -> RuleState:
    rule = "fair_load_tolerance"
    if book.value(rule) is None:
        return RuleState(rule, "off")
    tightest, at = Fraction(-1), ""
    for supporter in book.supporters:
        cap = book.fair_cap(supporter)
        if carried[supporter] > cap:
            label = book.network.label(supporter)
            what = Text(f"{label} 承担 {carried[supporter]} 人，至多 {cap} 人",
                        f"{label} carries {carried[supporter]} persons of at most {cap}")  # fmt: skip
            broken.append(
                Broken(
                    rule, "pairs", None, "load", what, about=supporter, required=cap, got=carried[supporter]
                )
            )
        used = Fraction(carried[supporter], max(cap, 1))
        if used > tightest:
            tightest, at = used, supporter
    label, share = book.network.label(at), float(tightest)
    told = Text(f"最紧：{label} 用去 {share:.1%}", f"tightest: {label} at {share:.1%}")
    if not at:
        told = Text("没有支援方", "there is no supporter")
    # a supporter so full that the smallest recipient would not fit any more
    smallest = min((v for v in book.poor.values() if v > 0), default=0)
    full = [s for s in book.supporters if carried[s] + smallest > book.fair_cap(s)]
    return rule_state(rule, broken, bool(full), told, full)


def _least_part(book: Book, rows: list[PairRow], broken: list[Broken]) -> RuleState:
    rule = "least_part"
    if book.value(rule) is None:
        return RuleState(rule, "off")
    part, exact = Fraction(str(book.value(rule))), list[str]()
    for row in rows:
        least = math.ceil(part * book.poor.get(row.recipient, 0))
        exact += [f"{row.supporter}>{row.recipient}"] if row.load == least else []
        if row.load < least:
            what = Text(f"承担 {row.load} 人，至少应为 {least} 人", f"{row.load} persons, at least {least}")
            broken.append(Broken(rule, "pairs", row.number, "load", what))
    told = Text(f"{len(exact)} 对为最少", f"{several(len(exact), 'pair carries', 'pairs carry')} the least")
    return rule_state(rule, broken, bool(exact), told, exact, least=True)


def _changes(
    resolved: Resolved, held: set[tuple[str, str]], chosen: set[tuple[str, str]], broken: list[Broken]
) -> RuleState:
    rule, most = "changes_max", resolved.value(NAME, "changes_max")
    if most is None:
        return RuleState(rule, "off")
    changes, limit = len(chosen ^ held), int(str(most))
    told = Text(f"调整 {changes} 处，至多 {limit} 处", f"{several(changes, 'change')} of at most {limit}")
    if changes > limit:
        broken.append(Broken(rule, "pairs", None, None, told, required=limit, got=changes))
    return rule_state(rule, broken, changes == limit, told)
