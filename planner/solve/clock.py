"""A time limit that several steps of one solve share."""

from __future__ import annotations

import time


class Clock:
    """Counts from its making; without a limit it is never up.

    ``was_up`` tells whether it, or a part of it, was ever asked and found up: whether time decided anything.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._whole: Clock = self
        self.was_up = False

    def left(self) -> float | None:
        """Seconds left, at least 0; ``None`` without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def up(self) -> bool:
        """Whether the time is over."""
        over = self._end is not None and time.monotonic() >= self._end
        self._whole.was_up |= over
        return over

    def part(self, share: float) -> Clock:
        """A clock for this share of what is left."""
        left = self.left()
        part = Clock(None if left is None else left * share)
        part._whole = self._whole
        return part
