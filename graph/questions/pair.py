"""One pair: everything that there was between two, and what the ledger says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.network import Network
from graph.questions.ledger import pledged_delivered
from graph.questions.moment import moment
from graph.questions.place import Place, one_subject, places, same_place
from graph.questions.ties import Tie, own_ties

READS = ("regions", "names", "region_successions", "units", "relations", "ledger")
"""Tables that :func:`pair` reads; all but ``relations`` may be missing."""


class NoSuchRelation(UsageError):
    """There is no relation of that id, or there never was one between the two."""


@dataclass(frozen=True)
class Pair:
    """Two that support, or supported, each other.

    Parameters
    ----------
    a, b : Place
        The two, as they were named; of a relation that was named by its id supporter and recipient.
    at : date
        The day on which the network was read.
    relations : tuple of Tie
        All relations between the two, either way: those in force first, then those to come, then those that ended.
    ledger : DataFrame
        What was promised and what came of these relations, see :func:`~graph.questions.ledger.pledged_delivered`; by year.
    """

    a: Place
    b: Place
    at: date
    relations: tuple[Tie, ...]
    ledger: pl.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "at": self.at.isoformat(),
            "relations": [t.to_dict() for t in self.relations],
            "ledger": self.ledger.to_dicts(),
        }


def pair(network: Network, a: str, b: str | None = None, *, at: date | None = None) -> Pair:
    """History and ledger of one pair.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    a, b : str
        Words that name the two, as in :func:`~graph.questions.ask.ask`; or ``a`` alone, the id of a relation.
    at : date, optional
        The day asked for.

    Raises
    ------
    NoSuchRelation
        When there is no such relation, or there never was anything between the two.
    NoSuchPlace, SeveralPlaces
        When nothing has one of the names, or several have it.
    """
    day = moment(network, at)
    one, two = ends_of(network, a) if b is None else (one_subject(network, a), one_subject(network, b))
    left, right = list(same_place(network, one.id)), list(same_place(network, two.id))
    giver, taker = pl.col("supporter"), pl.col("recipient")
    between = (giver.is_in(left) & taker.is_in(right)) | (giver.is_in(right) & taker.is_in(left))
    rows = network.frame("relations").filter(between)
    if rows.is_empty():
        raise none_between(one, two)
    theirs = network.with_frames(
        {
            "relations": rows,
            "ledger": network.frame("ledger").join(rows, left_on="relation", right_on="id", how="semi"),
        }
    )
    ledger = pledged_delivered(theirs).sort("year", "relation", "item")
    return Pair(one, two, day, tuple(own_ties(network, rows.to_dicts(), day)), ledger)


def ends_of(network: Network, relation: str) -> tuple[Place, Place]:
    """Supporter and recipient of a relation.

    Raises
    ------
    NoSuchRelation
        When there is no relation of that id.
    """
    rows = network.frame("relations").filter(pl.col("id") == relation)
    if rows.is_empty():
        raise no_relation(relation)
    giver, taker = places(network, [rows["supporter"][0], rows["recipient"][0]], above=True)
    return giver, taker


def no_relation(id: str) -> NoSuchRelation:
    """There is no relation of that id."""
    return NoSuchRelation(
        f"没有编号为 {id} 的关系；也可以给出两方的名称",
        f"there is no relation {id}; you may also name the two sides",
    )


def none_between(one: Place, two: Place) -> NoSuchRelation:
    """There never was a relation between two."""
    return NoSuchRelation(
        f"{one.name} 与 {two.name} 之间没有过帮扶关系；间接的联系请用 --paths 查询",
        f"there never was a relation between {one.name} and {two.name}; ask --paths how they hang together",
    )
