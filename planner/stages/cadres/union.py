"""Which things hang together: union by smallest number, whole arrays at a time."""

from __future__ import annotations

import numpy as np


class Union:
    """Sets over 0 … n−1; the root of a set is its smallest member."""

    def __init__(self, n: int) -> None:
        self.parent = np.arange(n)

    def tie(self, a: np.ndarray, b: np.ndarray) -> None:
        """Tie ``a[i]`` to ``b[i]`` for every i."""
        while True:
            x, y = self._root(a), self._root(b)
            apart = x != y
            if not apart.any():
                return
            a, b = x[apart], y[apart]
            np.minimum.at(self.parent, np.maximum(a, b), np.minimum(a, b))

    def roots(self) -> np.ndarray:
        """(n,) root of each member."""
        self.parent = self._root(np.arange(len(self.parent)))
        return self.parent

    def _root(self, members: np.ndarray) -> np.ndarray:
        found = self.parent[members]
        while True:
            above = self.parent[found]
            if (above == found).all():
                return np.asarray(found)
            found = above
