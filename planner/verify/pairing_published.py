"""Pairing against a published plan: which of its pairs could be chosen again, which are new, which end."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from planner.verify.outcome import Broken, Resolved, RuleState
from planner.verify.pair_rows import PairRow
from planner.verify.pairing_book import NAME, Book, Pair
from planner.verify.pairs import named_pairs
from planner.verify.published import Choice, pair_states, published
from planner.verify.score_book import ScoreBook

REGION, COUNTY = "region", "county"


def known_pairs(resolved: Resolved, kinds: set[str] | None) -> set[Pair]:
    """The published pairs of these kinds; ``None``: those without a kind, as own scores have them."""
    rows = published(resolved, NAME, "pairs")
    if rows is None:
        return set()
    mine = pl.col("kind").is_null() if kinds is None else pl.col("kind").is_in(sorted(kinds))
    return set(rows.filter(mine).select("supporter", "recipient").iter_rows())


def keepable(book: Book, kind: str) -> set[Pair]:
    """Published pairs that may be chosen again: region pairs, or county pairs where the pair of their parents may be."""
    if kind == REGION:
        return {p for p in known_pairs(book.resolved, book.decided) if _eligible(book, p)}
    if not book.value("county_pairs"):
        return set()
    banned = named_pairs(_listed(book, "county_bans"))
    parents = {
        p: (book.supporter_of(p[0]), book.recipient_of(p[1]))
        for p in known_pairs(book.resolved, {"county_pair"})
    }
    return {p for p, (s, r) in parents.items() if s and r and p not in banned and _eligible(book, (s, r))}


def _eligible(book: Book, pair: Pair) -> bool:
    s, r = pair
    up = book.network.ancestors
    apart = s not in (r, *up(r)) and r not in up(s)
    return (
        s in book.supporters
        and r in book.recipients
        and apart
        and pair not in named_pairs(_listed(book, "bans"))
    )


def _listed(book: Book, key: str) -> Iterable[str]:
    listed = book.value(key)
    return listed if isinstance(listed, list) else ()


def ended(book: Book, rows: list[PairRow], kind: str) -> int:
    """How many published pairs that could be kept are not chosen."""
    return len(keepable(book, kind) - {(r.supporter, r.recipient) for r in rows})


def against(
    book: Book, regions: list[PairRow], counties: list[PairRow], broken: list[Broken]
) -> list[RuleState]:
    """The three rules, over region pairs and county pairs together."""
    kinds: dict[str, tuple[list[PairRow], set[str]]] = {
        REGION: (regions, book.decided),
        COUNTY: (counties, {"county_pair"}),
    }
    chosen: set[Choice] = {
        (kind, r.supporter, r.recipient) for kind, (rows, _) in kinds.items() for r in rows
    }
    known: set[Choice] = {
        (k, *p) for k, (_, names) in kinds.items() for p in known_pairs(book.resolved, names)
    }
    able: set[Choice] = {(kind, *p) for kind in kinds for p in keepable(book, kind)}
    return pair_states(book.resolved, NAME, chosen, known, able, broken)[0]


def scored_against(
    resolved: Resolved, book: ScoreBook, chosen: set[Pair], broken: list[Broken]
) -> list[RuleState]:
    """The three rules under own scores: of the listed pairs, those that no ban shuts can be kept."""
    known = known_pairs(resolved, None)
    able = set(book.find(known)) - named_pairs(resolved.value(NAME, "bans"))
    return pair_states(resolved, NAME, set(chosen), set(known), set(able), broken)[0]
