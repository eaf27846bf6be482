"""What changed in the network between two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.dates import holding
from graph.network import Network

READS = ("regions", "names", "units", "relations", "postings")


@dataclass(frozen=True)
class Difference:
    """Two days side by side.

    Parameters
    ----------
    before, after : date
        The days.
    begun, ended : DataFrame
        Relations in force on one day only: ``id, kind, supporter, supporter_name, recipient, recipient_name,
        since, until, mark``.
    kept : int
        Relations in force on both.
    postings : tuple of int
        Postings that began, ended and stayed.
    """

    before: date
    after: date
    begun: pl.DataFrame
    ended: pl.DataFrame
    kept: int
    postings: tuple[int, int, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "before": self.before.isoformat(),
            "after": self.after.isoformat(),
            "begun": _rows(self.begun),
            "ended": _rows(self.ended),
            "kept": self.kept,
            "postings": dict(zip(("begun", "ended", "kept"), self.postings, strict=True)),
        }


def difference(network: Network, before: date, after: date) -> Difference:
    """Relations and postings that hold on one of the two days only."""
    one, two = holding(before), holding(after)
    relations = network.frame("relations")
    postings = network.frame("postings").select(
        (two & ~one).sum().alias("begun"), (one & ~two).sum().alias("ended"), (one & two).sum().alias("kept")
    )
    begun, ended, kept = (int(n or 0) for n in postings.row(0))
    return compared(network, before, after, relations.filter(one & two).height, (begun, ended, kept))


def compared(
    network: Network, before: date, after: date, kept: int, postings: tuple[int, int, int]
) -> Difference:
    """:func:`difference` where what stayed, and postings, are counted already; ``relations`` may lack those that stayed."""
    relations = network.frame("relations").sort("id")
    ends = {
        f"{side}_name": pl.Series([network.label(i) for i in relations[side].to_list()], dtype=pl.String)
        for side in ("supporter", "recipient")
    }
    columns = (
        "id", "kind", "supporter", "supporter_name", "recipient", "recipient_name", "since", "until", "mark"
    )  # fmt: skip
    named = relations.with_columns(**ends).select(columns)
    one, two = holding(before), holding(after)
    return Difference(before, after, named.filter(two & ~one), named.filter(one & ~two), kept, postings)


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.col("since", "until").cast(pl.String)).to_dicts()
