"""The questions as every store answers them; one contract suite holds for each (``tests/graph/questions``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from graph.network import RegionSettings
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


class Questions(Protocol):
    """Answers about one network, equal whatever holds it.

    Each method is the question of that name in :mod:`graph.questions`, where parameters, answers and errors are told; a store
    raises :class:`~graph.errors.OutsideError` beside those.
    """

    @property
    def settings(self) -> RegionSettings:
        """Code scheme and levels."""
        ...

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The network's own rules of coverage."""
        ...

    def find(self, words: str, *, level: str | None = None, limit: int = 20) -> list[Hit]:
        """Places and units that words may mean, see :func:`graph.search.find`."""
        ...

    def places(self, ids: Iterable[str], *, above: bool = False) -> list[Place]:
        """The places and units of some ids, in their order, see :func:`graph.questions.place.places`."""
        ...

    def spoken(self, ids: Collection[str]) -> dict[str, str]:
        """English name, else the pinyin listed first, of those that have one."""
        ...

    def words_for(self, names: Collection[str]) -> dict[str, str]:
        """Names of places, units and fund sources → what stands beside them in English."""
        ...

    def ask(self, words: str, *, at: date | None = None) -> Card:
        """The card of a place or unit, see :func:`graph.questions.ask.ask`."""
        ...

    def record(self, words: str, *, at: date | None = None) -> Record:
        """A coordinator's card, with the ledger, see :func:`graph.questions.record.record`."""
        ...

    def meanings(self, ids: Collection[str], at: date) -> list[Meaning]:
        """What tells several places or units apart, see :func:`graph.questions.ask.meanings`."""
        ...

    def pair(self, a: str, b: str | None = None, *, at: date | None = None) -> Pair:
        """History and ledger of one pair, see :func:`graph.questions.pair.pair`."""
        ...

    def gaps(self, *, at: date | None = None, rules: Sequence[Rule] | None = None) -> list[Gap]:
        """Which places lack support, see :func:`graph.questions.gaps.gaps`."""
        ...

    def withdraw(self, supporter: str, *, at: date | None = None, candidates: int = 3) -> Withdrawal:
        """What breaks when one withdraws, see :func:`graph.questions.withdraw.withdraw`."""
        ...

    def supporter_loads(
        self, *, at: date | None = None, plan_pairs: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Load per supporter, see :func:`graph.questions.loads.supporter_loads`."""
        ...

    def pledged_delivered(self, year: int | None = None, *, subject: str | None = None) -> pl.DataFrame:
        """The ledger, see :func:`graph.questions.ledger.pledged_delivered`."""
        ...

    def flows(self, level: str, year: int | None = None) -> pl.DataFrame:
        """Where money went, see :func:`graph.questions.ledger.flows`."""
        ...

    def terms_ending(
        self, months: int, at: date | None = None, *, minimum_years: float | None = None
    ) -> Endings:
        """Terms that end soon, see :func:`graph.questions.terms.terms_ending`."""
        ...

    def paths(self, a: str, b: str, *, at: date | None = None, limit: int = 10) -> list[Net]:
        """How two hang together, see :func:`graph.questions.paths.paths`."""
        ...

    def ego(self, node: str, depth: int = 1, limit: int = 200, *, at: date | None = None) -> Net:
        """What surrounds one, see :func:`graph.questions.paths.ego`."""
        ...

    def structure(self, *, at: date | None = None) -> Structure:
        """Where the network is thin, see :func:`graph.questions.structure.structure`."""
        ...

    def difference(self, before: date, after: date) -> Difference:
        """What changed between two days, see :func:`graph.questions.difference.difference`."""
        ...

    def ribbons(
        self, level: str, *, at: date | None = None, since: date | None = None, until: date | None = None,
        kinds: Sequence[str] = (), within: str | None = None,
    ) -> Ribbons:  # fmt: skip
        """Who supports whom, added up to a level, see :func:`graph.questions.ribbons.ribbons`."""
        ...

    def timeline(
        self, step: Step = "year", *, since: date | None = None, until: date | None = None,
        kinds: Sequence[str] = (), within: str | None = None,
    ) -> Timeline:  # fmt: skip
        """When relations begin and end, see :func:`graph.questions.timeline.timeline`."""
        ...

    def measures(self) -> list[Measure]:
        """What regions can be coloured by, see :func:`graph.questions.measures.measures`."""
        ...

    def measured(
        self, measure: str, level: str, *, year: int | None = None, at: date | None = None
    ) -> Measured:
        """A measure of every region of a level, see :func:`graph.questions.measured.measured`."""
        ...
