"""A bounded flow: nodes with supplies, arcs with lower and upper bounds, and side rows that break the network.

``minimise cost·f`` subject to ``Σ out − Σ in = supply`` at every node, ``lower ≤ f ≤ upper`` on every arc and, where a
rule does not fit a network, ``row_lower ≤ Σ coefficient·f ≤ row_upper``. Everything is whole; arrays only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.solve.task import Arrays

UNLIMITED = 2**60
"""Stands for "no bound" in a side row."""


@dataclass
class FlowModel:
    """Collects nodes, arcs and side rows; :meth:`arrays` hands them to an engine."""

    n_nodes: int = 0
    n_arcs: int = 0
    n_rows: int = 0
    families: dict[str, slice] = field(default_factory=dict)
    row_families: dict[str, slice] = field(default_factory=dict)
    _arcs: list[tuple[np.ndarray, ...]] = field(default_factory=list)
    _supplies: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    _entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    _rows: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    def nodes(self, n: int) -> np.ndarray:
        """Add ``n`` nodes; their numbers, shape ``(n,)``."""
        self.n_nodes += n
        return np.arange(self.n_nodes - n, self.n_nodes, dtype=np.int64)

    def arcs(
        self,
        family: str,
        tail: np.ndarray | int,
        head: np.ndarray | int,
        lower: np.ndarray | int,
        upper: np.ndarray | int,
        cost: np.ndarray | int = 0,
    ) -> np.ndarray:
        """Add the arcs of one family (called once per family); their numbers."""
        made = [np.asarray(a, dtype=np.int64) for a in np.broadcast_arrays(tail, head, lower, upper, cost)]
        n = made[0].size
        self._arcs.append(tuple(a.ravel() for a in made))
        self.families[family] = slice(self.n_arcs, self.n_arcs + n)
        self.n_arcs += n
        return np.arange(self.n_arcs - n, self.n_arcs, dtype=np.int64)

    def fix(self, family: str, members: np.ndarray, amount: np.ndarray | int) -> None:
        """Narrow bounds of some arcs of a family (their numbers in it) to an amount each; where it lies outside, nothing fits."""
        number = list(self.families).index(family)
        tail, head, lower, upper, cost = self._arcs[number]
        lower, upper = lower.copy(), upper.copy()
        lower[members] = np.maximum(lower[members], amount)
        upper[members] = np.minimum(upper[members], amount)
        self._arcs[number] = (tail, head, lower, upper, cost)

    def supply(self, nodes: np.ndarray | int, amount: np.ndarray | int) -> None:
        """Money that comes in (positive) or must go out (negative) at nodes; adds up."""
        where, much = np.broadcast_arrays(nodes, amount)
        self._supplies.append((where.ravel().astype(np.int64), much.ravel().astype(np.int64)))

    def rows(
        self,
        family: str,
        row: np.ndarray,
        arc: np.ndarray,
        coefficient: np.ndarray | int,
        lower: np.ndarray | int,
        upper: np.ndarray | int,
        n: int,
    ) -> None:
        """Add ``n`` side rows (one family once): entries ``row`` (0 … n−1), ``arc``, whole ``coefficient``."""
        row = np.asarray(row, dtype=np.int64)
        whole = np.broadcast_to(np.asarray(coefficient, dtype=np.int64), row.shape)
        self._entries.append((row + self.n_rows, np.asarray(arc, dtype=np.int64), whole))
        bounds = (np.broadcast_to(np.asarray(b, dtype=np.int64), (n,)) for b in (lower, upper))
        low, high = bounds
        self._rows.append((low, high))
        self.row_families[family] = slice(self.n_rows, self.n_rows + n)
        self.n_rows += n

    def arrays(self) -> Arrays:
        """All of it as arrays: arcs, node supplies, side rows in compressed form."""
        names = ("tail", "head", "lower", "upper", "cost")
        found = {name: _join([a[i] for a in self._arcs]) for i, name in enumerate(names)}
        supply = np.zeros(self.n_nodes, dtype=np.int64)
        for where, much in self._supplies:
            np.add.at(supply, where, much)
        row, arc, data = (_join([e[i] for e in self._entries]) for i in range(3))
        order = np.lexsort((arc, row))
        indptr = np.zeros(self.n_rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=self.n_rows), out=indptr[1:])
        return {
            **found,
            "supply": supply,
            "indptr": indptr,
            "indices": arc[order],
            "data": data[order],
            "row_lower": _join([r[0] for r in self._rows]),
            "row_upper": _join([r[1] for r in self._rows]),
        }


def _join(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts).astype(np.int64, copy=False) if parts else np.zeros(0, dtype=np.int64)
