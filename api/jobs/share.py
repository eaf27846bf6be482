"""How far a work is, from what its command tells: the share of it that is done, and the gap between answer and bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.cli.progress import gap_of


class Share:
    """Adds ``share`` (0–1, of the whole work) and ``gap`` to the facts of a command's progress, where they are known.

    A plan's share counts its stages, and the check behind them; other commands tell how many of how many are done.
    """

    def __init__(self) -> None:
        self.parts, self.done, self.known = 0, 0, 0.0

    def __call__(self, stage: str, facts: Mapping[str, Any]) -> dict[str, float]:
        """What to add to an event."""
        found = self._share(stage, facts)
        if found is not None:
            self.known = max(self.known, min(1.0, found))
        gap = gap_of(facts)
        known = {} if not self.parts and found is None else {"share": round(self.known, 4)}
        return known | ({} if gap is None else {"gap": gap})

    def _share(self, stage: str, facts: Mapping[str, Any]) -> float | None:
        if "stages" in facts:
            self.parts, self.done, self.known = len(facts["stages"]) + 1, 0, 0.0
        if facts.get("of"):
            return float(facts["number"]) / float(facts["of"])
        if facts.get("state") == "found":
            return 1.0
        self.done += facts.get("state") == "done"
        return self.done / self.parts if self.parts else None
