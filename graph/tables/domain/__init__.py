"""Findings of the domain: remarkable, but no reason to refuse a file.

Each file here looks at one part of the network; :func:`find_remarkable` asks them all.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.network import RegionSettings
from graph.tables.domain import balance, people, support, unusual


def find_remarkable(
    frames: Mapping[str, pl.DataFrame], settings: RegionSettings, files: Mapping[str, str]
) -> list[Finding]:
    """Every finding of the domain in typed tables with row numbers."""
    found: list[Finding] = []
    for room in (support, people, balance, unusual):
        for find in room.FINDERS:
            found += find(frames, settings, files)
    return found
