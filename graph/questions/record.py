"""A coordinator's card: who supports a place, since when and until when, and what was promised and came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from graph.network import Network
from graph.questions import ask as asking
from graph.questions.ledger import pledged_frame, pledged_rows

READS = (*asking.READS, "ledger")
"""Tables that :func:`record` reads; see :data:`graph.questions.ask.READS`."""


@dataclass(frozen=True)
class Record:
    """Everything of one place or unit on one sheet.

    Parameters
    ----------
    card : Card
        Its relations with their history: those in force, to come and ended.
    pledged : sequence of mapping
        What was promised and what came of its own relations: rows of :func:`~graph.questions.ledger.pledged_delivered`.
    """

    card: asking.Card
    pledged: Sequence[Mapping[str, Any]]

    @cached_property
    def ledger(self) -> pl.DataFrame:
        """The same as a frame."""
        return pledged_frame(self.pledged)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"card": self.card.to_dict(), "ledger": [dict(row) for row in self.pledged]}


def record(network: Network, words: str, *, at: date | None = None) -> Record:
    """The card of the place or unit that ``words`` mean, with its ledger.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    words : str
        As in :func:`~graph.questions.ask.ask`.
    at : date, optional
        The day asked for.

    Raises
    ------
    UsageError
        When nothing has that name; the message offers similar names.
    """
    card = asking.ask(network, words, at=at)
    mine = {
        row["id"]: row
        for side in ("supporter", "recipient")
        for row in network.where("relations", side, [card.subject.id])
    }
    ledger = network.where("ledger", "relation", mine)
    return Record(card, pledged_rows(mine.values(), ledger, network.names))
