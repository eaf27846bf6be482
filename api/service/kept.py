"""Answers kept as bytes, so that what was worked out once is not worked out again for the next who asks the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MB = 1_000_000


class Kept:
    """A bounded store of answers, those least asked for going first.

    A key has to hold everything on which the answer hangs: the network's version, the question with its arguments, the day where
    none is named, and what the caller may see. What is made by one is waited for by others who ask the same.

    Parameters
    ----------
    most : int
        Bytes of all answers together; one that is larger than a quarter of it is given and not kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The answer, where it is kept."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def make(self, key: Hashable, work: Callable[[], bytes]) -> bytes:
        """The answer, made where it is not kept; what ``work`` raises is raised to each who asks."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.get(key)
            if found is None:
                try:
                    found = work()
                    self._put(key, found)
                finally:
                    with self._lock:
                        self._making.pop(key, None)
            return found

    def _put(self, key: Hashable, answer: bytes) -> None:
        if len(answer) * 4 > self.most:
            return
        with self._lock:
            self.bytes += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self.bytes > self.most:
                _, gone = self._answers.popitem(last=False)
                self.bytes -= len(gone)
