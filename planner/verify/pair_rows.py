"""A row of ``pairs`` as checks read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PairRow:
    """One row of ``pairs``: ``number`` from 1 within the stored table, ``cost`` in whole thousandths."""

    number: int
    supporter: str
    recipient: str
    cost: int
    given: float
    load: int
    terms: Mapping[str, int]
    kind: str | None = None
