"""Who supports X, and whom does X support: since when, from which source, with which marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.dates import holds
from graph.network import Network
from graph.questions.moment import moment
from graph.questions.place import Place, places, same_place, subject
from graph.questions.ties import Tie, own_ties, ties
from graph.search import Hit, is_sure

READS = ("regions", "names", "region_successions", "region_tags", "units", "relations")
"""Tables that :func:`ask` reads; the last two may be missing."""


@dataclass(frozen=True)
class Card:
    """What is known of a place or unit.

    Parameters
    ----------
    subject : Place
        Whom the card is about.
    at : date
        The day on which the network was read.
    tags : tuple of str
        Tags that the place bears on that day.
    supported_by, supports : tuple of Tie
        Own relations first, then through places above, then through places below.
    changes : tuple of (str, str, date or None)
        Mergers, splits and renamings: old code, new code, since.
    sure : bool
        Whether the words can only mean this one; otherwise look at ``hits``.
    hits : tuple of Hit
        Everything that the words may mean, this one first.
    """

    subject: Place
    at: date
    tags: tuple[str, ...]
    supported_by: tuple[Tie, ...]
    supports: tuple[Tie, ...]
    changes: tuple[tuple[str, str, date | None], ...]
    sure: bool
    hits: tuple[Hit, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "subject": self.subject.to_dict(),
            "at": self.at.isoformat(),
            "tags": list(self.tags),
            "supported_by": [t.to_dict() for t in self.supported_by],
            "supports": [t.to_dict() for t in self.supports],
            "changes": [
                {"old": old, "new": new, "since": since.isoformat() if since else None}
                for old, new, since in self.changes
            ],
            "sure": self.sure,
            "hits": [h.to_dict() for h in self.hits],
        }


def ask(network: Network, words: str, *, at: date | None = None) -> Card:
    """The card of the place or unit that ``words`` mean.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    words : str
        A name, a part of one, a code, pinyin, initials or a former name.
    at : date, optional
        The day asked for; relations that ended before it or begin after it are on the card with their state.

    Raises
    ------
    UsageError
        When nothing has that name; the message offers similar names.
    """
    day = moment(network, at)
    place, hits = subject(network, words)
    return Card(
        place,
        day,
        _tags(network, place.id, day),
        tuple(ties(network, place.id, "recipient", day)),
        tuple(ties(network, place.id, "supporter", day)),
        _changes(network, place.id),
        is_sure(hits),
        tuple(hits),
    )


@dataclass(frozen=True)
class Meaning:
    """One of several places or units that words may mean.

    Parameters
    ----------
    place : Place
        The place or unit.
    supported_by, supports : tuple of Tie
        Its own relations in force.
    """

    place: Place
    supported_by: tuple[Tie, ...]
    supports: tuple[Tie, ...]


def meanings(network: Network, ids: Iterable[str], at: date) -> list[Meaning]:
    """What tells several places or units apart, in the order of ``ids``."""
    found = []
    for place in places(network, ids, above=True):
        own = same_place(network, place.id)
        sides = (network.where("relations", side, own) for side in ("recipient", "supporter"))
        in_force = ([r for r in rows if holds(r["since"], r["until"], at)] for rows in sides)
        found.append(Meaning(place, *(tuple(own_ties(network, rows, at)) for rows in in_force)))
    return found


def _tags(network: Network, code: str, day: date) -> tuple[str, ...]:
    borne = (r for r in network.where("region_tags", "region", [code]) if holds(r["since"], r["until"], day))
    return tuple(f"{r['tag']}={r['value']}" if r["value"] else r["tag"] for r in borne)


def _changes(network: Network, code: str) -> tuple[tuple[str, str, date | None], ...]:
    if code not in network.aliases:
        return ()
    changes = zip(*network.lists("region_successions", "old", "new", "since"), strict=True)
    return tuple((old, new, since) for old, new, since in changes if code in (old, new))
