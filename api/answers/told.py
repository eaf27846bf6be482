"""Every question's answer as plain values, as the command line's ``--json`` gives it, cut to what the caller sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from api.answers import cut
from api.answers.meant import Meant
from api.answers.plain import endings_dict, loads_dict
from api.answers.rules import ask_rules, chosen_rules
from api.answers.sight import ENDS, Sight
from api.service.plans import plan_of
from graph.questions.ledger import check_level
from graph.questions.moment import moment
from graph.questions.of_network import OfNetwork
from graph.questions.pair import no_relation, none_between
from graph.questions.place import NoSuchPlace, SeveralPlaces
from graph.questions.protocol import Questions
from graph.questions.rules import RULES
from graph.questions.timeline import Step


@dataclass(frozen=True)
class Told:
    """Questions as somebody asks them.

    Each method raises what its question raises, :class:`~graph.questions.place.SeveralPlaces` where words may mean several, and
    :class:`~api.service.refusals.Refused` where the caller is limited to regions and the region asked about is not near them. What else is
    not is as if it were not there.

    Parameters
    ----------
    where : str
        The network's address or scenario: whose policy values hold.
    questions : Questions
        Answers about all of it.
    sight : Sight
        What the caller sees.
    plans : Path
        Where the service's plans are.
    """

    where: str
    questions: Questions
    sight: Sight
    plans: Path

    def about(self) -> dict[str, Any]:
        """What the network is: name, version, levels, tables, rules that may be asked."""
        asked, settings = self.sight.scope.asked, self.questions.settings
        rules = {rule.name: rule for rule in reversed((*self.questions.rules, *RULES))}
        return {
            "name": asked.name,
            "version": asked.version,
            "date": asked.regions.on,
            "codes": settings.codes,
            "levels": settings.levels,
            "tables": self._rows(),
            "rules": [
                {"name": rule.name, "title": rule.title.as_dict()} for rule in list(rules.values())[::-1]
            ],
        }

    def _rows(self) -> dict[str, int | None]:
        """Table → number of the rows that the caller sees; ``None`` where a server would have to count them."""
        scope = self.sight.scope
        there = scope.asked.rows()
        if scope.whole:
            return dict(there)
        return {
            table: None if rows is None else scope.rows(table, scope.asked.frame(table)).height
            for table, rows in there.items()
        }

    def search(self, words: str, *, level: str | None, limit: int) -> dict[str, Any]:
        """Places and units that words may mean."""
        if level not in (None, "unit"):
            check_level(self.questions.settings, str(level))
        return {"hits": [hit.to_dict() for hit in self._meant.found(words, level, limit)]}

    def card(self, words: str, at: date | None) -> dict[str, Any]:
        """Who supports a place or unit, and whom it supports."""
        card = self.questions.ask(self._meant.one(words), at=at)
        if not card.sure:
            raise SeveralPlaces(words, card.hits)
        return (card if self.sight.whole else cut.cut_card(self.sight, card)).to_dict()

    def record(self, words: str, at: date | None) -> dict[str, Any]:
        """The same with the ledger."""
        record = self.questions.record(self._meant.one(words), at=at)
        if not record.card.sure:
            raise SeveralPlaces(words, record.card.hits)
        return (record if self.sight.whole else cut.cut_record(self.sight, record)).to_dict()

    def pair(self, a: str, b: str | None, at: date | None) -> dict[str, Any]:
        """History and ledger of two, or of the relation whose id ``a`` is."""
        asked = a
        if b is not None:
            a, b = self._meant.one(a), self._meant.one(b)
        found = self.questions.pair(a, b, at=at)
        if not self.sight.whole and not self.sight.touches(found.a.id, found.b.id):
            raise no_relation(asked) if b is None else none_between(found.a, found.b)
        return found.to_dict()

    def gaps(self, at: date | None, names: Sequence[str], limit: int | None) -> dict[str, Any]:
        """Which places lack support, by rule; sums are of the amounts that are told."""
        found = ask_rules(self.questions, chosen_rules(names, None, self.questions.rules), at)
        seen = found if self.sight.whole else [cut.cut_gap(self.sight, gap) for gap in found]
        return {"gaps": [cut.measured(self.sight, gap).to_dict(limit) for gap in seen]}

    def withdrawal(self, words: str, at: date | None, candidates: int) -> dict[str, Any]:
        """What breaks when one withdraws."""
        found = self.questions.withdraw(self._meant.one(words), at=at, candidates=candidates)
        return (found if self.sight.whole else cut.cut_withdrawal(self.sight, found)).to_dict()

    def loads(self, at: date | None, plan: str | None) -> dict[str, Any]:
        """Load per supporter, beside that of the plan of an id; how far support leans on a few is told to those who see all."""
        pairs = None if plan is None else plan_of(self.plans, plan).table("pairs")
        found = self.questions.supporter_loads(at=at, plan_pairs=pairs)
        if self.sight.whole:
            return loads_dict(found)
        return {"concentration": None, "supporters": cut.cut_loads(self.sight, found).to_dicts()}

    def ledger(self, year: int | None, subject: str | None) -> list[dict[str, Any]]:
        """Pledged against delivered."""
        named = None if subject is None else self._meant.one(subject, sure=True)
        found = self.questions.pledged_delivered(year, subject=named)
        return (found if self.sight.whole else found.filter(self.sight.touching(*ENDS))).to_dicts()

    def flows(self, level: str, year: int | None) -> list[dict[str, Any]]:
        """Where the money went; of who is limited, what was given or taken within."""
        found = self.questions.flows(level, year)
        return (found if self.sight.whole else found.filter(self.sight.lying("giver", "taker"))).to_dicts()

    def endings(
        self, months: int, at: date | None, *, each: bool, subject: str | None = None
    ) -> dict[str, Any]:
        """Terms that end soon; of a ``subject`` those in which it, or a place below it, stands."""
        from planner.scenario import read_policies

        minimum = read_policies(self.where)["cadres"]["minimum_term_years"]
        found = self.questions.terms_ending(months, at, minimum_years=minimum)
        seen = found if self.sight.whole else cut.cut_endings(self.sight, found)
        if subject is not None:
            seen = cut.endings_of(seen, self._within(self._meant.one(subject, sure=True)))
        return endings_dict(seen, minimum, each=each)

    def exit_gates(self, words: str, at: date | None) -> dict[str, Any]:
        """How a place, and the places above that exit, stand against the gates of exit."""
        from planner.scenario import read_policies
        from planner.stages.exit.standing import READS, standing

        code = self._meant.one(words, sure=True)
        network = self.sight.scope.asked.read(READS)
        if code not in network.parents:
            raise NoSuchPlace(code, ())
        scope, policy = self.sight.scope, read_policies(self.where)["exit"]
        scope.demand([code])
        day = moment(network, at)
        way_up = [
            standing(network, policy, c, day) for c in (code, *network.ancestors(code)) if scope.holds(c)
        ]
        first, *above = way_up
        return {"at": day, "places": [first.to_dict(), *(one.to_dict() for one in above if one.listed)]}

    def _within(self, id: str) -> set[str]:
        """A unit alone, or a region with all below it."""
        regions = self.sight.scope.asked.regions
        return regions.within(id) if id in regions.parents else {id}

    def paths(self, a: str, b: str, at: date | None, limit: int) -> dict[str, Any]:
        """How two hang together."""
        if not self.sight.whole:
            a, b = self._meant.one(a), self._meant.one(b)
        found = self._seen.paths(a, b, at=at, limit=limit)
        seen = found if self.sight.whole else cut.cut_paths(self.sight, found)
        return {"paths": [net.to_dict() for net in seen]}

    def ego(self, words: str, depth: int, limit: int, at: date | None) -> dict[str, Any]:
        """What surrounds one."""
        found = self._seen.ego(self._meant.one(words), depth, limit, at=at)
        return (found if self.sight.whole else cut.cut_net(self.sight, found)).to_dict()

    def structure(self, at: date | None) -> dict[str, Any]:
        """Where the network is thin; of who is limited, the network of the relations that touch."""
        return self._seen.structure(at=at).to_dict()

    def difference(self, before: date, after: date) -> dict[str, Any]:
        """What changed between two days; counts of what stayed are told to those who see all."""
        found = self.questions.difference(before, after)
        if self.sight.whole:
            return found.to_dict()
        return cut.cut_difference(self.sight, found).to_dict() | {"kept": None, "postings": None}

    def ribbons(
        self, level: str, at: date | None, since: date | None, until: date | None, kinds: Sequence[str], within: str | None
    ) -> dict[str, Any]:  # fmt: skip
        """Who supports whom, added up to a level; of who is limited, of the relations that touch."""
        questions = self.questions if self.sight.whole else OfNetwork(self.sight.with_money)
        days = {"at": at, "since": since, "until": until}
        return questions.ribbons(level, **days, kinds=kinds, within=self._meant_or_none(within)).to_dict()

    def timeline(
        self, step: Step, since: date | None, until: date | None, kinds: Sequence[str], within: str | None
    ) -> dict[str, Any]:  # fmt: skip
        """When relations begin and end; of who is limited, of the relations that touch."""
        meant = self._meant_or_none(within)
        return self._seen.timeline(step, since=since, until=until, kinds=kinds, within=meant).to_dict()

    def measures(self) -> dict[str, Any]:
        """What regions can be coloured by; of who is limited, what is there of their regions."""
        questions = self.questions if self.sight.whole else OfNetwork(self.sight.with_figures)
        return {"measures": [measure.to_dict() for measure in questions.measures()]}

    def measured(self, measure: str, level: str, year: int | None, at: date | None) -> dict[str, Any]:
        """A measure of the regions of a level; of who is limited, of those within."""
        found = self.questions.measured(measure, level, year=year, at=at)
        return cut.cut_measured(self.sight, found if self.sight.whole else cut.cut_regions(self.sight, found))

    def _meant_or_none(self, words: str | None) -> str | None:
        return None if words is None else self._meant.one(words)

    @property
    def _seen(self) -> Questions:
        """Answers about what the caller sees, for what hangs on everything that there is."""
        return self.questions if self.sight.whole else OfNetwork(self.sight.network)

    @property
    def _meant(self) -> Meant:
        return Meant(self.questions, self.sight)
