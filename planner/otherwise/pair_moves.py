"""What another pair costs, and which pairs are new or ended then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.otherwise.choice import Move, Otherwise


@dataclass(frozen=True)
class PairMove(Move):
    """A pair that is ``new`` then, or ``ended``."""

    supporter: str
    recipient: str
    how: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"supporter": self.supporter, "recipient": self.recipient, "how": self.how}


@dataclass(frozen=True)
class PairOtherwise(Otherwise):
    """The price of a pair that is ``forced``, or else is one of the plan's and forbidden; its moves are pairs.

    Where the objective has ranks, ``change`` is that of all ranks together.
    """

    supporter: str = ""
    recipient: str = ""
    forced: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        ends = {"supporter": self.supporter, "recipient": self.recipient, "forced": self.forced}
        return {**super().as_dict(), **ends}
