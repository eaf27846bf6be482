"""The id of a plan: a hash of exactly what decides it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

PLAN_FORMAT = 1
DISPLAY = ("names",)
"""Tables kept beside the inputs so that people can search by any name; they decide nothing and are in no hash."""


def input_digests(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Digest of every table that decides something."""
    return {name: table_digest(frame) for name, frame in frames.items() if name not in DISPLAY}


def table_digest(frame: pl.DataFrame) -> str:
    """SHA-256 of a table's content (its CSV text), the same for every library version and file form."""
    buffer = io.BytesIO()
    frame.write_csv(buffer)
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def plan_id(head: Mapping[str, Any], digests: Mapping[str, str], version: str) -> str:
    """16 hexadecimal digits of the hash of everything that decides a plan."""
    text = json.dumps(
        [head, sorted(digests.items()), version], sort_keys=True, ensure_ascii=False, default=_plain
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
