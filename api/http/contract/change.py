"""One change of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["request", "response"]
"""Who has to live with a schema: callers who send it, or callers who read it."""


@dataclass(frozen=True)
class Change:
    """Something of the contract that is otherwise than it was.

    Parameters
    ----------
    where : str
        Operation, then the way down.
    what : str
        What changed.
    breaks : bool
        Whether a caller that relied on the contract before may fail now; else it is an addition.
    """

    where: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"{'breaks' if self.breaks else 'adds'}  {self.where}: {self.what}"
