"""Events of a job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import httpx2

from jiedui.client.answers import Told

OPEN = ("waiting", "running")
"""States in which something of a job is still to come."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a job.

    Parameters
    ----------
    number : int
        Rises with every event; a stream goes on behind it.
    kind : {"state", "progress"}
    at : datetime
        In UTC.
    facts : answers.Told
        All that was told.
    """

    number: int
    kind: Literal["state", "progress"]
    at: datetime
    facts: Told

    @property
    def state(self) -> str | None:
        """Of ``state``: the job's new state. Of ``progress``: ``begun`` or ``done``, where a part begins or ends."""
        return self.facts.get("state")

    @property
    def stage(self) -> str | None:
        """The stage that tells it."""
        return self.facts.get("stage")

    @property
    def label(self) -> str | None:
        """The part of the stage."""
        return self.facts.get("label")

    @property
    def objective(self) -> float | None:
        """The best answer yet (thousandths of a point)."""
        return self.facts.get("objective")

    @property
    def bound(self) -> float | None:
        """What no answer is below (thousandths of a point)."""
        return self.facts.get("bound")

    @property
    def gap(self) -> float | None:
        """What may still be gained, as a share of the objective (0–1)."""
        told = self.facts.get("gap")
        if told is None and self.objective and self.bound is not None:
            return abs(self.objective - self.bound) / abs(self.objective)
        return told

    @property
    def share(self) -> float | None:
        """How much of the work is done (0–1), where that is known."""
        return self.facts.get("share")

    @property
    def last(self) -> bool:
        """Whether the job has ended with it."""
        return self.kind == "state" and self.state not in OPEN


def number_of(sent: httpx2.ServerSentEvent) -> int:
    """Number of what was sent, of any kind; 0 where it has none."""
    return int(sent.id) if sent.id.isdigit() else 0


def event_of(sent: httpx2.ServerSentEvent) -> Event | None:
    """The event that was sent; ``None`` for what is none of a job (a kind that is newer than this client)."""
    if sent.event not in ("state", "progress") or not number_of(sent):
        return None
    facts: Told = json.loads(sent.data)
    return Event(number_of(sent), sent.event, datetime.fromisoformat(facts["at"]), facts)  # type: ignore[arg-type] # one of the two
