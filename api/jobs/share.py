"""How far a work is, from what its command tells: the share of it that is done, and the gap between answer and bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.progress import gap_of

START = "start"
"""Stands for the stage of the command's beginning."""
ENDS = ("done", "found")
"""States in which a stage has nothing more to tell."""


class Share:
    """Adds ``share`` (0–1, of the whole work) and ``gap`` to the facts of a command's progress, where they are known.

    A plan's share counts its stages, and the check behind them; other commands tell how many of how many are done.
    """

    def __init__(self) -> None:
        self.parts, self.done, self.known = 0, 0, 0.0
        self._open: dict[str, bool] = {}
        self._told: float | None = None

    def __call__(self, stage: str, facts: Mapping[str, Any]) -> dict[str, float]:
        """What to add to an event."""
        state, told = facts.get("state"), self._open.pop(stage, False)
        self._open[stage] = state == "begun" or (told and state not in ENDS)
        found = self._share(stage, facts)
        if found is not None:
            self.known = max(self.known, min(1.0, found))
        gap = gap_of(facts)
        self._told = None if not self.parts and found is None else round(self.known, 4)
        known = {} if self._told is None else {"share": self._told}
        return known | ({} if gap is None else {"gap": gap})

    def ended(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Events to tell when the command has answered: whatever was begun has ended, the last first, and all is done.

        The command's own beginning is no stage, where it told of any.
        """
        stages = [stage for stage, begun in self._open.items() if begun and stage != START]
        if not stages and self._told != 1:
            stages = list(self._open)[-1:]
        self.known = 1.0
        for stage in reversed(stages):
            yield stage, {"state": "done", "share": 1.0}

    def _share(self, stage: str, facts: Mapping[str, Any]) -> float | None:
        if "stages" in facts:
            self.parts, self.done, self.known = len(facts["stages"]) + 1, 0, 0.0
        if facts.get("of"):
            return float(facts["number"]) / float(facts["of"])
        if facts.get("state") == "found":
            return 1.0
        self.done += facts.get("state") == "done"
        return self.done / self.parts if self.parts else None
