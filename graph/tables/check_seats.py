"""Seats of village posts: the minimum is part of the target."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.tables.rows import findings_where

TABLE = "village_posts"


def check_seats(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """A minimum above the target."""
    posts = frames.get(TABLE)
    if posts is None:
        return []
    return findings_where(
        posts, pl.col("minimum") > pl.col("target"), table=TABLE, column="minimum", code="above-target", say=_say,
        file=files.get(TABLE), shown=pl.format("{} > {}", "minimum", "target"),
    )  # fmt: skip


def _say(shown: str) -> tuple[Text, Text]:
    minimum, _, target = shown.partition(" > ")
    return (
        Text(f"最少 {minimum} 人，多于目标 {target} 人", f"a minimum of {minimum} above the target of {target}"),
        Text(f"目标含最少人数：请写 target {minimum} 或更多，或减少 minimum",
             f"the target includes the minimum: write a target of {minimum} or more, or a smaller minimum"),
    )  # fmt: skip
