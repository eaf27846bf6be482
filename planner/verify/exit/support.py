"""Support stays after exit, checked county by county and year by year."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl

from graph.dates import holding, holds
from planner.verify.exit.book import Book

STAGE_OF = {"pair": "pairing", "unit": "designation"}
DECIDED_IN = {**STAGE_OF, "team": "cadres", "funds": "funds"}
REASSIGNED = {"pair": {"east_west", "county_pair"}, "unit": {"designated"}}
STAYING = {"pair": {"counterpart", "intra_province"}, "unit": {"provincial_designated"}}


class Support:
    """Who is supported now, and who will be."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.kept = [
            s for s in ("pair", "unit", "team", "funds") if s in (book.value("keep_after_exit") or [])
        ]
        self.links: dict[str, dict[str, list[tuple[str, date | None, date | None]]]] = {}
        for support in self.kept:
            if support in STAGE_OF:
                kinds = REASSIGNED[support] | STAYING[support]
                by: dict[str, list[tuple[str, date | None, date | None]]] = defaultdict(list)
                relations = book.network.frame("relations").filter(pl.col("kind").is_in(sorted(kinds)))
                for kind, recipient, since, until in relations.select(
                    "kind", "recipient", "since", "until"
                ).iter_rows():
                    by[recipient].append((kind, since, until))
                self.links[support] = by
        self.decided = {s: self._decided(STAGE_OF[s]) for s in self.kept if s in STAGE_OF}
        self.replaced = {s: self._replaced(s) for s in self.decided}
        self.bare = self._bare() if "team" in self.kept else set()
        self.money_years = sorted({year for _, year in book.money})

    def _decided(self, stage: str) -> set[str]:
        rows = self.book.decided("pairs", stage)
        return (
            set()
            if rows is None
            else {r for s, r in rows.select("stage", "recipient").iter_rows() if s == stage}
        )

    def _replaced(self, support: str) -> set[str]:
        """Recipients about whom the stage has decided."""
        if not self.decided[support]:
            return set()
        values = self.book.resolved.values.get(STAGE_OF[support], {})
        found = set(self.decided[support])
        if values.get("recipients_tag"):
            found |= self.book.tagged(values["recipients_tag"])
        if values.get("recipients_in_force") or values.get("include_in_force"):
            for recipient, spans in self.links[support].items():
                if any(k in REASSIGNED[support] and holds(a, b, self.book.on) for k, a, b in spans):
                    found.add(recipient)
        return found

    def _bare(self) -> set[str]:
        """Regions with a village that has somebody now, must have somebody, and has nobody in the plan."""
        decided = self.book.decided("postings", "cadres")
        if decided is None:
            return set()
        network = self.book.network
        must = network.frame("village_posts").filter(pl.col("minimum") >= 1).select("village").unique()
        now = network.frame("postings").filter(holding(self.book.on)).select("village").unique()
        lost = must.join(now, on="village", how="semi").join(decided, on="village", how="anti")
        parents = {network.parents.get(v) for v in lost["village"].to_list()} - {None}
        return {a for p in parents if p is not None for a in (p, *self.book.above(p))}

    def lost(self, county: str, year: int) -> tuple[str, int] | None:
        """First support, and year, that a county loses which exits in ``year``; ``None`` where it keeps all."""
        for support in self.kept:
            for later in range(max(year, self.book.on.year) + 1, int(self.book.value("keep_until")) + 1):
                if not self._stays(support, county, year, later):
                    return support, later
        return None

    def _stays(self, support: str, county: str, year: int, later: int) -> bool:
        if support == "team":
            return county not in self.bare
        if support == "funds":
            if later not in self.money_years:
                return True
            reference = self.book.money.get((county, max(year, self.money_years[0])), 0)
            return (
                self.book.money.get((county, later), 0)
                >= float(self.book.value("keep_funds_floor")) * reference
            )
        chain = (county, *self.book.above(county))
        spans = [(place, *span) for place in chain for span in self.links[support].get(place, ())]
        if not any(holds(since, until, self.book.on) for _, _, since, until in spans):
            return True
        if any(place in self.decided[support] for place in chain):
            return True
        end = date(later, 12, 31)
        return any(
            holds(since, until, end) and (kind in STAYING[support] or place not in self.replaced[support])
            for place, kind, since, until in spans
        )
