"""How long work on the server is told: steps with a name, some with an amount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph.language import Text


@dataclass(frozen=True)
class Step:
    """What is being done. ``done`` and ``total`` in bytes where the step has an amount, else 0."""

    text: Text
    done: int = 0
    total: int = 0


Tell = Callable[[Step], None]


def silent(_: Step) -> None:
    """Tell nothing."""
