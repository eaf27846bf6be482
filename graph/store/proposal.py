"""A plan whose decisions a store holds beside a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from graph.errors import UsageError


@dataclass(frozen=True)
class Proposal:
    """A plan whose decisions are in a store, but not in force.

    Parameters
    ----------
    plan : str
        The plan's id.
    base : int
        Version of the network that it was computed from.
    on : date
        Day of planning.
    title : str
        The scenario's title.
    by : str
        Who proposed it.
    stages : tuple of str
        Stages that it decides.
    rows : mapping of str to int
        Result table → number of rows.
    announced_days : int
        Relations that begin so many days after ``on`` counted as in force.
    """

    plan: str
    base: int
    on: date
    title: str
    by: str
    stages: tuple[str, ...]
    rows: Mapping[str, int]
    announced_days: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {
            "on": self.on.isoformat(),
            "stages": list(self.stages),
            "rows": dict(self.rows),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Proposal:
        """The same back."""
        return cls(
            told["plan"],
            told["base"],
            date.fromisoformat(told["on"]),
            told["title"],
            told["by"],
            tuple(told["stages"]),
            dict(told["rows"]),
            told["announced_days"],
        )


class NoSuchProposal(UsageError):
    """A store has no proposal of that plan."""
