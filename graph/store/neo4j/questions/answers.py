"""The questions, answered by a server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

import polars as pl

from graph import search
from graph.errors import JieduiError, LimitReached
from graph.network import RegionSettings
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
from graph.questions.measures import COVERAGE, Measure, rule_of
from graph.questions.moment import moment, months_later
from graph.questions.pair import Pair
from graph.questions.paths import Net
from graph.questions.place import Place
from graph.questions.record import Record
from graph.questions.ribbons import Ribbons
from graph.questions.rules import RULES, Rule
from graph.questions.structure import Structure
from graph.questions.terms import Endings
from graph.questions.timeline import Step, Timeline
from graph.questions.withdraw import Withdrawal
from graph.search import Hit, plain
from graph.store.neo4j.bookkeeping import about_of, tables_of, version_record
from graph.store.neo4j.questions import counted, parts, structural
from graph.store.neo4j.questions.coverage import at_level, fetch_coverage
from graph.store.neo4j.questions.of_names import words_for
from graph.store.neo4j.questions.reading import WRITES, Reading, Rows
from graph.store.neo4j.questions.search import bearing, candidates
from graph.store.neo4j.run import Run
from graph.store.neo4j.store import Neo4jStore
from graph.wording import heard

T = TypeVar("T")
HITS = 20
TRIES = 50
"""How often a question is asked again that a write overtook."""
_WRITES = WRITES.format("")
_BEGIN = (
    "MATCH (n:Network {name: $network}) WHERE n.head > 0 "
    "MATCH (v:Version {network: $network, number: coalesce($version, n.head)}) "
)
_BEGUN = "n.head, v.number, v.about, v.tables, n.writes, n.claim_token IS NULL"
_BEGIN_WITH_CODE = f"{_BEGIN}WITH n, v, v.number AS at {bearing('at')}RETURN {_BEGUN}, coded"


class OfNeo4j:
    """Does what :class:`graph.questions.protocol.Questions` says.

    Each question is one reading transaction of a few statements, all at one version. While somebody writes, what entities were
    is looked up behind them, too; where a write began in the middle of a question, it is asked again.

    Parameters
    ----------
    store : Neo4jStore
        The store.
    network : str
        Name of the network.
    version : int, optional
        What was known at that version; by default at the head's when a question is asked.

    Raises
    ------
    NoSuchNetwork
        By each question, when there is no such network or version.
    """

    def __init__(self, store: Neo4jStore, network: str, version: int | None = None) -> None:
        self.store, self.name, self.version = store, network, version

    def _answer(self, work: Callable[[Reading], T], words: str = "") -> T:
        """The answer of one work; of ``words`` that it begins with whatever bears such a code is asked at once."""
        for _ in range(TRIES):
            answered = self.store.ask(lambda run: self._once(run, work, plain(words)))
            if answered is not None:
                return answered[0]
        raise LimitReached(
            f"{self.name}：网络一直在被修改，未能读到完整的一版；请稍后再问",
            f"{self.name}: the network is being changed all the time, no version could be read whole; ask again later",
        )

    def _once(self, run: Run, work: Callable[[Reading], T], query: str) -> tuple[T] | None:
        """The answer, or ``None`` where a write began in the middle."""
        begin = _BEGIN_WITH_CODE if query else f"{_BEGIN}RETURN {_BEGUN}, []"
        began = run(begin, network=self.name, version=self.version, **({"q": query} if query else {}))
        if not began:
            self.store.tables(self.name, self.version)  # says what there is
            return None
        ((head, version, about, tables, *before, coded),) = began
        past = version < head or not before[1]
        record = version_record(self.name, ("number", "about", "tables"), (version, about, tables))
        known = {query: coded} if query and not past else {}
        reading = Reading(
            run, self.name, version, past, about_of(record), frozenset(tables_of(record)), known
        )

        heard(reading.wording)  # what is told while it is answered, too

        def stays() -> bool:
            if past:
                return True
            now = run(_WRITES, network=self.name) if reading.seen is None else [reading.seen]
            return now == [before]

        try:
            answer = work(reading)
        except JieduiError:
            if stays():
                raise
            return None
        if not stays():
            return None
        heard(reading.wording)  # by now all names in the answer have been read
        return (answer,)

    @property
    def settings(self) -> RegionSettings:
        """See the protocol."""
        return self._answer(lambda reading: reading.about.settings)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """See the protocol."""
        return self._answer(lambda reading: reading.about.rules)

    def find(self, words: str, *, level: str | None = None, limit: int = HITS) -> list[Hit]:
        """See the protocol."""

        def work(reading: Reading) -> list[Hit]:
            _fetch_meant(reading, words, level, limit)
            return search.find(reading.network(), words, on=level, limit=limit)

        return self._answer(work, words)

    def places(self, ids: Iterable[str], *, above: bool = False) -> list[Place]:
        """See the protocol."""
        wanted = list(ids)

        def work(reading: Reading) -> list[Place]:
            rows = parts.PLACES if above else parts.BARE
            reading.fetch_few([*rows, parts.SPOKEN], ids=list(dict.fromkeys(wanted)))
            return place.places(reading.network(), wanted, above=above)

        return self._answer(work)

    def spoken(self, ids: Collection[str]) -> dict[str, str]:
        """See the protocol."""

        def work(reading: Reading) -> dict[str, str]:
            reading.fetch_few([parts.SPOKEN], ids=list(dict.fromkeys(ids)))
            return search.spoken(reading.network(), list(ids))

        return self._answer(work)

    def words_for(self, names: Collection[str]) -> dict[str, str]:
        """See the protocol."""
        return self._answer(lambda reading: words_for(reading, names))

    def ask(self, words: str, *, at: date | None = None) -> Card:
        """See the protocol."""

        def work(reading: Reading) -> Card:
            _fetch_card(reading, words)
            return ask.ask(reading.network(), words, at=at)

        return self._answer(work, words)

    def record(self, words: str, *, at: date | None = None) -> Record:
        """See the protocol."""

        def work(reading: Reading) -> Record:
            _fetch_card(reading, words, parts.LEDGER_OF_ONE)
            return record.record(reading.network(), words, at=at)

        return self._answer(work, words)

    def meanings(self, ids: Collection[str], at: date) -> list[Meaning]:
        """See the protocol."""

        def work(reading: Reading) -> list[Meaning]:
            reading.fetch_few([parts.SUCCESSIONS], ids=list(ids))
            changes = reading.frame("region_successions")
            aliases = list(dict.fromkeys([*ids, *changes["old"], *changes["new"]]))
            reading.fetch_few([parts.OWN], ids=aliases)
            both = dict.fromkeys([*ids, *structural.ends_fetched(reading)])
            reading.fetch_few([*parts.PLACES, parts.SPOKEN], ids=list(both))
            return ask.meanings(reading.network(), ids, at)

        return self._answer(work)

    def pair(self, a: str, b: str | None = None, *, at: date | None = None) -> Pair:
        """See the protocol."""

        def work(reading: Reading) -> Pair:
            if b is None:
                reading.fetch_few([parts.RELATED], ids=[a])
                two = structural.ends_fetched(reading)
                reading.fetch_few([parts.SUCCESSIONS], ids=two)
            else:
                for words in (a, b):
                    _fetch_meant(reading, words)
                two = [place.one_subject(reading.network(), words).id for words in (a, b)]
            changes = reading.frame("region_successions")
            near = changes.filter(pl.col("old").is_in(two) | pl.col("new").is_in(two))
            aliases = list(dict.fromkeys([*two, *near["old"], *near["new"]]))
            reading.fetch_few([parts.OWN], ids=aliases)
            relations = reading.frame("relations")
            both = pl.col("supporter").is_in(aliases) & pl.col("recipient").is_in(aliases)
            reading.fetch_few([parts.LEDGER_OF], ids=relations.filter(both)["id"].to_list())
            reading.fetch_few([*parts.PLACES, parts.SPOKEN], ids=aliases)
            return pair.pair(reading.network(), a, b, at=at)

        return self._answer(work)

    def gaps(self, *, at: date | None = None, rules: Sequence[Rule] | None = None) -> list[Gap]:
        """See the protocol."""

        def work(reading: Reading) -> list[Gap]:
            fetch_coverage(reading, RULES if rules is None else rules, moment(reading.network(), at))
            return gaps.gaps(reading.network(), at=at, rules=rules)

        return self._answer(work)

    def withdraw(self, supporter: str, *, at: date | None = None, candidates: int = 3) -> Withdrawal:
        """See the protocol."""

        def work(reading: Reading) -> Withdrawal:
            _fetch_meant(reading, supporter)
            structural.fetch_withdrawal(reading, supporter, moment(reading.network(), at))
            return withdraw.withdraw(reading.network(), supporter, at=at, candidates=candidates)

        return self._answer(work)

    def supporter_loads(
        self, *, at: date | None = None, plan_pairs: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """See the protocol."""

        def work(reading: Reading) -> pl.DataFrame:
            day = moment(reading.network(), at)
            now = counted.carried(reading, day)
            planned = [] if plan_pairs is None else plan_pairs["supporter"].to_list()
            counted.fetch_supporters(reading, list(dict.fromkeys([*now["supporter"], *planned])), day)
            return loads.loads_of(reading.network(), now, day, plan_pairs)

        return self._answer(work)

    def pledged_delivered(self, year: int | None = None, *, subject: str | None = None) -> pl.DataFrame:
        """See the protocol."""

        def work(reading: Reading) -> pl.DataFrame:
            if subject is None:
                reading.fetch([parts.LEDGER], year=year)
                told = reading.frame("ledger")["relation"].unique().sort().to_list()
                reading.fetch([parts.RELATED], ids=told)
            else:
                _fetch_meant(reading, subject)
                meant = place.subject(reading.network(), subject)[0]
                reading.fetch([parts.OWN], ids=[meant.id])
                reading.fetch([parts.LEDGER_OF], ids=reading.frame("relations")["id"].to_list())
            reading.fetch(parts.BARE, ids=structural.ends(reading.frame("relations")))
            return ledger.pledged_delivered(reading.network(), year, subject=subject)

        return self._answer(work)

    def flows(self, level: str, year: int | None = None) -> pl.DataFrame:
        """See the protocol."""

        def work(reading: Reading) -> pl.DataFrame:
            ledger.check_level(reading.about.settings, level)
            moved = counted.moved(reading, year)
            return ledger.raised(reading.network(), level, moved)

        return self._answer(work)

    def terms_ending(
        self, months: int, at: date | None = None, *, minimum_years: float | None = None
    ) -> Endings:
        """See the protocol."""

        def work(reading: Reading) -> Endings:
            day = moment(reading.network(), at)
            counted.fetch_endings(reading, day, months_later(day, months), minimum_years)
            return terms.terms_ending(reading.network(), months, at, minimum_years=minimum_years)

        return self._answer(work)

    def paths(self, a: str, b: str, *, at: date | None = None, limit: int = 10) -> list[Net]:
        """See the protocol."""

        def work(reading: Reading) -> list[Net]:
            for words in (a, b):
                _fetch_meant(reading, words)
                place.one_subject(reading.network(), words)
            structural.fetch_projection(reading, moment(reading.network(), at))
            return paths.paths(reading.network(), a, b, at=at, limit=limit)

        return self._answer(work)

    def ego(self, node: str, depth: int = 1, limit: int = 200, *, at: date | None = None) -> Net:
        """See the protocol."""

        def work(reading: Reading) -> Net:
            _fetch_meant(reading, node)
            place.one_subject(reading.network(), node)
            structural.fetch_projection(reading, moment(reading.network(), at))
            return paths.ego(reading.network(), node, depth, limit, at=at)

        return self._answer(work)

    def structure(self, *, at: date | None = None) -> Structure:
        """See the protocol."""

        def work(reading: Reading) -> Structure:
            structural.fetch_projection(reading, moment(reading.network(), at))
            return structure.structure(reading.network(), at=at)

        return self._answer(work)

    def difference(self, before: date, after: date) -> Difference:
        """See the protocol."""

        def work(reading: Reading) -> Difference:
            kept, postings = counted.fetch_difference(reading, before, after)
            return difference.compared(reading.network(), before, after, kept, postings)

        return self._answer(work)

    def ribbons(
        self, level: str, *, at: date | None = None, since: date | None = None, until: date | None = None,
        kinds: Sequence[str] = (), within: str | None = None,
    ) -> Ribbons:  # fmt: skip
        """See the protocol."""

        def work(reading: Reading) -> Ribbons:
            ledger.check_level(reading.about.settings, level)
            _fetch_placed(reading, kinds, within)
            reading.fetch([parts.LEDGER], year=at.year if at is not None else None)
            days = {"at": at, "since": since, "until": until}
            return ribbons.ribbons(reading.network(), level, **days, kinds=kinds, within=within)

        return self._answer(work, within or "")

    def timeline(
        self, step: Step = "year", *, since: date | None = None, until: date | None = None,
        kinds: Sequence[str] = (), within: str | None = None,
    ) -> Timeline:  # fmt: skip
        """See the protocol."""

        def work(reading: Reading) -> Timeline:
            _fetch_placed(reading, kinds, within)
            return timeline.timeline(
                reading.network(), step, since=since, until=until, kinds=kinds, within=within
            )

        return self._answer(work, within or "")

    def measures(self) -> list[Measure]:
        """See the protocol."""

        def work(reading: Reading) -> list[Measure]:
            tags = {rule.tag for rule in (*reading.about.rules, *RULES)}
            told = [
                parts.TREE,
                parts.FACTS_TOLD,
                parts.TAGGED,
                parts.POSTED,
                parts.SINCE_WHEN,
                parts.LEDGER_YEARS,
            ]
            reading.fetch(told, tags=sorted(tags))
            return measures.measures(reading.network())

        return self._answer(work)

    def measured(
        self, measure: str, level: str, *, year: int | None = None, at: date | None = None
    ) -> Measured:
        """See the protocol."""

        def work(reading: Reading) -> Measured:
            ledger.check_level(reading.about.settings, level)
            measured.check_measure(reading.network(), measure)
            reading.fetch(parts.BARE[:1], ids=sorted(at_level(reading, level)))
            if measure.startswith(COVERAGE):
                rule = rule_of(measure, reading.about.rules)
                day = measured.day_of(reading.network(), year, at)
                fetch_coverage(reading, [rule], day)
            elif measure == "exit_status":
                reading.fetch([parts.FACTS], measure=measured.EXIT_YEAR)
            elif measure in measured.OF_RELATIONS:
                _fetch_placed(reading, (), None)
                reading.fetch(
                    [parts.LEDGER],
                    year=measured.day_of(reading.network(), year, at).year if year is None else year,
                )
            else:
                reading.fetch([parts.FACTS], measure=measure)
            return measured.measured(reading.network(), measure, level, year=year, at=at)

        return self._answer(work)


def _fetch_placed(reading: Reading, kinds: Sequence[str], within: str | None) -> None:
    """Everything that :func:`graph.questions.placed.placed` reads: relations of some kinds at any time, and where their ends lie."""
    if within is not None:
        _fetch_meant(reading, within)
    reading.fetch([parts.EVER], kinds=list(kinds) or None)
    reading.fetch(parts.PLACES, ids=structural.ends(reading.frame("relations")))


def _fetch_meant(reading: Reading, words: str, level: str | None = None, limit: int = HITS) -> list[str]:
    """Everything that :func:`graph.search.find` needs to rank what words may mean; the ids, the likeliest first."""
    ids = candidates(reading, words, level, limit)
    reading.fetch_few([*parts.PLACES, parts.NAMES, parts.SUCCESSIONS], ids=ids)
    return ids


def _fetch_card(reading: Reading, words: str, *more: Rows) -> None:
    """Everything that :func:`graph.questions.ask.ask` reads, and more of its subject ``$code``."""
    hits = candidates(reading, words, None, HITS)
    code = hits[0] if hits else ""
    wanted = [*parts.PLACES, parts.NAMES, parts.SUCCESSIONS, parts.TAGS, parts.AROUND, *more]
    reading.fetch_few(wanted, ids=hits, code=code)
    known = set(hits)
    others = [end for end in structural.ends_fetched(reading) if end not in known]
    reading.fetch_few([*parts.PLACES, parts.SPOKEN], ids=others)
