"""The questions asked of a network in memory: files, and the workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import polars as pl

from graph import search
from graph.network import Network, RegionSettings
from graph.questions import (
    ask,
    difference,
    gaps,
    ledger,
    loads,
    measured,
    measures,
    pair,
    paths,
    place,
    record,
    ribbons,
    structure,
    terms,
    timeline,
    withdraw,
)
from graph.questions.ask import Card, Meaning
from graph.questions.difference import Difference
from graph.questions.gaps import Gap
from graph.questions.measured import Measured
from graph.questions.measures import Measure
from graph.questions.pair import Pair
from graph.questions.paths import Net
from graph.questions.place import Place
from graph.questions.record import Record
from graph.questions.ribbons import Ribbons
from graph.questions.rules import Rule
from graph.questions.structure import Structure
from graph.questions.terms import Endings
from graph.questions.timeline import Step, Timeline
from graph.questions.withdraw import Withdrawal
from graph.search import Hit
from graph.titles import source_titles


class OfNetwork:
    """Does what :class:`graph.questions.protocol.Questions` says.

    Parameters
    ----------
    network : Network
        Each question says in ``READS`` which tables it uses; others need not be there.
    """

    def __init__(self, network: Network) -> None:
        self.network = network

    @property
    def settings(self) -> RegionSettings:
        """See the protocol."""
        return self.network.settings

    @property
    def rules(self) -> tuple[Rule, ...]:
        """See the protocol."""
        return self.network.rules

    def find(self, words: str, *, level: str | None = None, limit: int = 20) -> list[Hit]:
        """See the protocol."""
        return search.find(self.network, words, on=level, limit=limit)

    def places(self, ids: Iterable[str], *, above: bool = False) -> list[Place]:
        """See the protocol."""
        return place.places(self.network, ids, above=above)

    def spoken(self, ids: Collection[str]) -> dict[str, str]:
        """See the protocol."""
        return search.spoken(self.network, list(ids))

    def words_for(self, names: Collection[str]) -> dict[str, str]:
        """See the protocol."""
        words = {name: title for name, title in source_titles(self.network).items() if name in names}
        ids = {name: self.network.named[name] for name in names if name in self.network.named}
        sounds = search.spoken(self.network, list(ids.values())) if ids else {}
        return words | {name: sounds.get(code, "") for name, code in ids.items()}

    def ask(self, words: str, *, at: date | None = None) -> Card:
        """See the protocol."""
        return ask.ask(self.network, words, at=at)

    def record(self, words: str, *, at: date | None = None) -> Record:
        """See the protocol."""
        return record.record(self.network, words, at=at)

    def meanings(self, ids: Collection[str], at: date) -> list[Meaning]:
        """See the protocol."""
        return ask.meanings(self.network, ids, at)

    def pair(self, a: str, b: str | None = None, *, at: date | None = None) -> Pair:
        """See the protocol."""
        return pair.pair(self.network, a, b, at=at)

    def gaps(self, *, at: date | None = None, rules: Sequence[Rule] | None = None) -> list[Gap]:
        """See the protocol."""
        return gaps.gaps(self.network, at=at, rules=rules)

    def withdraw(self, supporter: str, *, at: date | None = None, candidates: int = 3) -> Withdrawal:
        """See the protocol."""
        return withdraw.withdraw(self.network, supporter, at=at, candidates=candidates)

    def supporter_loads(
        self, *, at: date | None = None, plan_pairs: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """See the protocol."""
        return loads.supporter_loads(self.network, at=at, plan_pairs=plan_pairs)

    def pledged_delivered(self, year: int | None = None, *, subject: str | None = None) -> pl.DataFrame:
        """See the protocol."""
        return ledger.pledged_delivered(self.network, year, subject=subject)

    def flows(self, level: str, year: int | None = None) -> pl.DataFrame:
        """See the protocol."""
        return ledger.flows(self.network, level, year)

    def terms_ending(
        self, months: int, at: date | None = None, *, minimum_years: float | None = None
    ) -> Endings:
        """See the protocol."""
        return terms.terms_ending(self.network, months, at, minimum_years=minimum_years)

    def paths(self, a: str, b: str, *, at: date | None = None, limit: int = 10) -> list[Net]:
        """See the protocol."""
        return paths.paths(self.network, a, b, at=at, limit=limit)

    def ego(self, node: str, depth: int = 1, limit: int = 200, *, at: date | None = None) -> Net:
        """See the protocol."""
        return paths.ego(self.network, node, depth, limit, at=at)

    def structure(self, *, at: date | None = None) -> Structure:
        """See the protocol."""
        return structure.structure(self.network, at=at)

    def difference(self, before: date, after: date) -> Difference:
        """See the protocol."""
        return difference.difference(self.network, before, after)

    def ribbons(
        self, level: str, *, at: date | None = None, since: date | None = None, until: date | None = None,
        kinds: Sequence[str] = (), within: str | None = None,
    ) -> Ribbons:  # fmt: skip
        """See the protocol."""
        days = {"at": at, "since": since, "until": until}
        return ribbons.ribbons(self.network, level, **days, kinds=kinds, within=within)

    def timeline(
        self, step: Step = "year", *, since: date | None = None, until: date | None = None,
        kinds: Sequence[str] = (), within: str | None = None,
    ) -> Timeline:  # fmt: skip
        """See the protocol."""
        return timeline.timeline(self.network, step, since=since, until=until, kinds=kinds, within=within)

    def measures(self) -> list[Measure]:
        """See the protocol."""
        return measures.measures(self.network)

    def measured(
        self, measure: str, level: str, *, year: int | None = None, at: date | None = None
    ) -> Measured:
        """See the protocol."""
        return measured.measured(self.network, measure, level, year=year, at=at)
