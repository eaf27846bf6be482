"""References of `pair_scores`: which table they lead to depends on the row's stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from graph.findings import Finding
from graph.schema import TABLES
from graph.tables.check_keys import check_foreign

LEADS_TO: dict[str, dict[str, str]] = {
    "designation": {"supporter": "units.id", "recipient": "regions.code"},
    "pairing": {"supporter": "regions.code", "recipient": "regions.code"},
    "cadres": {"supporter": "cadres.id"},
}
"""Stage → column → the table and column that it names. A post (``village/post``) has no single column."""


def check_scores(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """Scores of units, regions or cadres that no table has; tables that are not there are not missed here."""
    if "pair_scores" not in frames:
        return []
    found: list[Finding] = []
    declared = TABLES["pair_scores"]
    for stage, columns in LEADS_TO.items():
        rows = frames["pair_scores"].filter(pl.col("stage") == stage)
        for name, target in columns.items():
            if rows.height and target.partition(".")[0] in frames:
                column = replace(declared.by_name[name], foreign=target)
                found += check_foreign({**frames, "pair_scores": rows}, files, {"pair_scores": (column,)})
    return found
