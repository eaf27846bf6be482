"""Reading an event stream as a browser does: events by their numbers, and asking again behind the last where it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2


@dataclass(frozen=True)
class Heard:
    """An event that came."""

    number: int
    kind: str
    data: dict[str, Any]


def heard(http: httpx2.Client, job: str, after: int = 0) -> Iterator[Heard]:
    """Events of a job behind a number, until the stream ends."""
    with http.stream("GET", f"/jobs/{job}/events", headers={"Last-Event-ID": str(after)}) as stream:
        if stream.raise_for_status().status_code == 204:  # nothing is behind
            return
        for event in httpx2.EventSource(stream):
            if event.id:  # not what only says when to ask again
                yield Heard(int(event.id), event.event, json.loads(event.data))
