"""What a list is filtered by has to be something: a slip would be answered with an empty list, which reads as "all clear"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query

from api.service.networks import Asked
from graph.errors import UsageError
from graph.language import Text
from graph.questions.place import one_meant
from graph.schema import ENUMS
from graph.search import find
from graph.tables.cast import known_values
from graph.tables.suggest import unknown

READS = ("regions", "names", "region_successions")
"""Tables by which the words of a region are understood. Regions are in every gazetteer: whoever is limited may name each; units are not."""
FEW, MANY = 20, 10_000
"""Hits that are told where several may be meant, and that are looked through: units are left out."""
NAMED: dict[int | str, dict[str, Any]] = {
    404: {"description": "nothing is called that; `candidates` have similar names"},
    409: {
        "description": "the words may mean several; `candidates` lists them with their ids, by which to ask again"
    },
}
"""Of routes that take the words of a place."""
Region = Annotated[str, Query(max_length=100, description="only what is of this place or one below: code, name, pinyin or initials", examples=["533300"])]  # fmt: skip


def places_of_filter(asked: Asked, words: str) -> set[str] | None:
    """Codes of the region that words mean and of all below it; ``None`` where there are no words.

    Raises
    ------
    NoSuchPlace, SeveralPlaces
        When no region has that name, or several have.
    """
    if not words:
        return None
    if words not in asked.regions.parents:
        hits = find(asked.read(READS), words, limit=MANY)
        words = one_meant(words, [hit for hit in hits if hit.level != "unit"][:FEW]).id
    return asked.regions.within(words)


def demand_values(asked: Asked, enum: str, words: Sequence[str] | None) -> None:
    """Let values of an enumeration pass, those that the network adds among them.

    Raises
    ------
    UsageError
        When one is none; with what may be meant, or all there are.
    """
    there = known_values(enum, asked.regions.enums)
    declared: Mapping[str, Text] = ENUMS.get(enum, {})
    titles = {value: declared.get(value, Text(value, value)) for value in there}
    for word in words or ():
        if word not in titles:
            raise UsageError(*unknown(Text("没有这个取值：", "there is no value"), word, titles))


def demand_word(what: Text, word: str | None, there: Sequence[str]) -> None:
    """Let a word pass that is among those there are, or is not given.

    Parameters
    ----------
    what : Text
        What it would have to be: ``no stage``.
    word : str or None
    there : sequence of str

    Raises
    ------
    UsageError
        When it is none; with what may be meant, or all there are.
    """
    if word and word not in there:
        raise UsageError(*unknown(what, word, there))
