"""What the words of a question mean to somebody who is limited to regions: units outside are as if they were not there.

Regions are in every gazetteer: of one outside it is told that it is, in the asker's own words. Of everything else it is not: the search
goes through all regions and the units that are seen, so that what else there is changes no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.answers.cut import cut_hits
from api.answers.sight import Sight
from graph.questions.place import NoSuchPlace, one_meant
from graph.questions.protocol import Questions
from graph.search import Hit, find

FEW, ALL = 20, 10_000
"""Hits that are looked through for who sees all, and for who sees some of them."""


@dataclass(frozen=True)
class Meant:
    """Words, as somebody means them.

    Parameters
    ----------
    questions : Questions
        Of the whole network.
    sight : Sight
        What the caller sees.
    """

    questions: Questions
    sight: Sight

    def found(self, words: str, level: str | None, limit: int) -> Sequence[Hit]:
        """What words may mean, of what may be asked about."""
        if self.sight.whole:
            return self.questions.find(words, level=level, limit=limit)
        return cut_hits(self.sight, find(self.sight.network, words, on=level, limit=ALL))[:limit]

    def one(self, words: str, *, sure: bool = False) -> str:
        """What to ask about: the words themselves for who sees all and need not be ``sure``, else the id of the one that is meant.

        Raises
        ------
        NoSuchPlace, SeveralPlaces
            When nothing that the caller sees has that name, or several match as well as each other.
        Refused
            When only regions outside have it.
        """
        if self.sight.whole and not sure:
            return words
        if self.sight.whole:
            return one_meant(words, self.questions.find(words, limit=FEW)).id
        seen = self._coded(words) or self._named(words)
        if not seen:
            raise NoSuchPlace(words, ())
        return one_meant(words, seen).id

    def _coded(self, words: str) -> Sequence[Hit]:
        """What bears the code, which a store finds at once."""
        hits = self.questions.find(words, limit=FEW)
        return cut_hits(self.sight, (hit for hit in hits if hit.how == "code" and hit.quality == 0))

    def _named(self, words: str) -> Sequence[Hit]:
        hits = find(self.sight.network, words, limit=ALL)
        seen = cut_hits(self.sight, hits)[:FEW]
        if (
            not seen and hits and hits[0].how != "similar"
        ):  # regions: units that are not seen are not looked through
            self.sight.refuse(words)
        return seen
