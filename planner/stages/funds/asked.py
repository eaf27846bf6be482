"""Questions to the money network after the solve: what would a step of money more or less change, and where."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.solve.flow_questions import FAR, NAMES

NONE = -1
EVERY = ("target", "amount", "most")
OPENINGS = ("question", "node", "cost", "room")
SHUT = ("shut_question", "shut_arc")


@dataclass
class Asked:
    """Questions of one way, ``put`` or ``take``, as columns; see :mod:`planner.solve.flow_prices`."""

    way: str
    n: int = 0
    parts: dict[str, list[np.ndarray]] = field(default_factory=lambda: {name: [] for name in NAMES})

    def ask(
        self, target: np.ndarray | int, amount: np.ndarray | int, n: int, most: np.ndarray | int = FAR
    ) -> np.ndarray:
        """Add ``n`` questions; their numbers, (n,) int64."""
        for name, value in zip(EVERY, (target, amount, most), strict=True):
            self.parts[name].append(np.broadcast_to(np.asarray(value, dtype=np.int64), (n,)))
        self.n += n
        return np.arange(self.n - n, self.n, dtype=np.int64)

    def open(
        self,
        question: np.ndarray,
        node: np.ndarray | int,
        room: np.ndarray | int,
        cost: np.ndarray | int = 0,
    ) -> None:
        """Add openings to questions that were asked."""
        for name, value in zip(OPENINGS, (question, node, cost, room), strict=True):
            self.parts[name].append(np.broadcast_to(np.asarray(value, dtype=np.int64), question.shape))

    def shut(self, question: np.ndarray, arc: np.ndarray) -> None:
        """Arcs whose flow a question may not change, since its openings stand for them."""
        for name, value in zip(SHUT, (question, arc), strict=True):
            self.parts[name].append(np.asarray(value, dtype=np.int64))

    def arrays(self) -> dict[str, np.ndarray]:
        """For the engine."""
        empty = np.zeros(0, dtype=np.int64)
        return {f"{self.way}_{k}": np.concatenate([empty, *v]) for k, v in self.parts.items()}


@dataclass(frozen=True)
class Rows:
    """Rows of the table of prices that belong to one rule.

    Parameters
    ----------
    rule : str
        What the money is put to: ``budgets``, ``needs``, a floor or ``earmarks``.
    at : mapping of str to ndarray
        (n,) int64 row numbers of ``source``, ``region``, ``province``, ``programme``, ``year``; what is absent stays empty.
    less, more : ndarray
        (n,) int64 number of the question that answers it; −1 where nothing changes.
    less_yuan, more_yuan : ndarray
        (n,) int64: yuan that are asked for.
    less_way, more_way : str
        ``put`` or ``take``; empty where the side makes no sense.
    """

    rule: str
    at: dict[str, np.ndarray]
    less: np.ndarray
    more: np.ndarray
    less_yuan: np.ndarray
    more_yuan: np.ndarray
    less_way: str
    more_way: str
