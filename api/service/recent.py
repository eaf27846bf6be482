"""What pages of big tables are cut from: kept for the last questions, since pages of the same one follow; never more than so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The last things that were worked out; those that were not asked for longest give way.

    Parameters
    ----------
    most : int
        Bytes of all that are kept.
    size : callable
        Gives the bytes of one; one of more than ``most`` is not kept.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most, self._size, self._held = most, size, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, else what ``make`` gives."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: T) -> None:
        with self._lock:
            if self._size(made) > self._most or key in self._kept:
                return
            self._kept[key] = made
            self._held += self._size(made)
            while self._held > self._most:
                self._held -= self._size(self._kept.popitem(last=False)[1])
