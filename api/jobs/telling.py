"""Passing a work's progress on: as often as anybody reads, never the last word of a stage lost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from api.jobs.turns import Turns

EVERY_SECONDS = 0.2
"""Solves tell more often than anybody reads: of one stage at most so often."""
THIN_EVERY = 500
"""After so many events of a work the old ones are thinned out."""


class Telling:
    """Tells a work's progress; of one stage the newest after a while, its beginnings and ends at once.

    Parameters
    ----------
    turns : Turns
    work : int
    """

    def __init__(self, turns: Turns, work: int) -> None:
        self.turns, self.work = turns, work
        self._last: dict[str, float] = {}
        self._held: dict[str, dict[str, Any]] = {}
        self._told, self._share = 0, 0.0

    def __call__(self, stage: str, label: str, facts: Mapping[str, Any]) -> None:
        """One event of the command's progress."""
        event = {"stage": stage, "label": label, **facts}
        if "state" not in facts and time.monotonic() - self._last.get(stage, 0.0) < EVERY_SECONDS:
            self._held[stage] = event
            return
        if "state" in facts:
            self._let_go(stage)
        else:
            self._held.pop(stage, None)  # this one is newer
        self._tell(event)

    def due(self) -> None:
        """Tell what was held back long enough."""
        moment = time.monotonic()
        for stage in [s for s in self._held if moment - self._last[s] >= EVERY_SECONDS]:
            self._let_go(stage)

    def rest(self) -> None:
        """Tell all that was held back."""
        for stage in list(self._held):
            self._let_go(stage)

    def _let_go(self, stage: str) -> None:
        event = self._held.pop(stage, None)
        if event is not None:
            self._tell(event)

    def _tell(self, event: Mapping[str, Any]) -> None:
        self._last[event["stage"]] = time.monotonic()
        self._share = max(self._share, event.get("share", 0.0))  # one that was held back knows of less
        told = {**event, "share": self._share} if "share" in event else event
        self.turns.tell(self.work, "progress", told)
        self._told += 1
        if self._told % THIN_EVERY == 0:
            self.turns.thin(self.work)
