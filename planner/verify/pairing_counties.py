"""Check the county pairs of `pairing`: inside a pair of their parents, with the partners that each county is to have."""

from __future__ import annotations

from collections import Counter, defaultdict

from graph.language import Text, several
from planner.verify.outcome import Broken, RuleState
from planner.verify.pair_rows import PairRow
from planner.verify.pairing_book import NAME, Book, PairingTerms
from planner.verify.pairing_published import known_pairs
from planner.verify.pairs import degree_states, listed_pairs, rule_state


def nested(book: Book, regions: list[PairRow], counties: list[PairRow]) -> list[Broken]:
    """County pairs stand inside a chosen pair of their parents; their terms and loads are right."""
    if not counties:
        return []
    parents = {(r.supporter, r.recipient) for r in regions}
    supporters, recipients = _county_sides(book, parents)
    held = {(s, r) for kind, s, r in book.relations if kind == "county_pair"}
    known = known_pairs(book.resolved, {"county_pair"})
    found = PairingTerms(book, supporters, recipients, held, known).check(counties)
    loads: dict[str, list[PairRow]] = defaultdict(list)
    for row in counties:
        loads[row.recipient].append(row)
        ends = (book.supporter_of(row.supporter), book.recipient_of(row.recipient))
        if ends not in parents:
            what = Text("不在上级结对之内", "not inside a pair of their parents")
            found.append(Broken("county_pairs", "pairs", row.number, "supporter", what))
    for code, rows in sorted(loads.items()):
        total, poor = sum(r.load for r in rows), book.poor_people(code)
        uneven = max(r.load for r in rows) - min(r.load for r in rows) > 1
        if total != poor or uneven:
            what = Text(
                f"{code} 的 {poor} 名贫困人口应平均分担", f"the {poor} poor of {code} should be shared evenly"
            )
            found.append(Broken("load", "pairs", rows[0].number, "load", what))
    return found


def county_states(
    book: Book, regions: list[PairRow], counties: list[PairRow], broken: list[Broken]
) -> list[RuleState]:
    """How each rule on county pairs stands; all are off where county pairs are."""
    keys = ("county_partners_per_recipient", "county_partners_per_supporter")
    if not book.value("county_pairs"):
        if counties:
            what = Text("县县结对已关闭", "county pairs are off")
            broken.append(Broken("county_pairs", "pairs", counties[0].number, None, what))
        return [RuleState(k, "off") for k in ("county_pairs", *keys, "county_pins", "county_bans")]
    supporters, recipients = _county_sides(book, {(r.supporter, r.recipient) for r in regions})
    given = Counter(r.supporter for r in counties)
    taken = Counter(r.recipient for r in counties)
    chosen = {(r.supporter, r.recipient) for r in counties}
    degrees = ({c: taken[c] for c in recipients}, {c: given[c] for c in supporters})
    told = Text(f"{len(counties)} 对", several(len(counties), "pair"))
    return [
        rule_state("county_pairs", broken, bool(counties), told, recipients),
        *(degree_states(book.resolved, NAME, k, d, broken) for k, d in zip(keys, degrees, strict=True)),
        listed_pairs(book.resolved, NAME, "county_pins", chosen, True, broken),
        listed_pairs(book.resolved, NAME, "county_bans", chosen, False, broken),
    ]


def _county_sides(book: Book, parents: set[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Counties that may support and those that are to be supported, inside the chosen pairs ``parents``."""
    able = {s for s, _ in parents}
    helped = {r for _, r in parents}
    places = set(book.counties) | set(book.supporters)
    return (
        sorted(c for c in places if book.supporter_of(c) in able),
        sorted(c for c in book.counties if book.recipient_of(c) in helped),
    )
