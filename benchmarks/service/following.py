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
        stream.raise_for_status()
        fields: dict[str, str] = {}
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "id" in fields:
                yield Heard(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                fields = {}
