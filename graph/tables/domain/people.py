"""Remarkable postings: a cadre who is in two villages at once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.tables.domain.terms import FIRST, LAST
from graph.tables.rows import ROW

Frames = Mapping[str, pl.DataFrame]


def in_two_villages(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """A cadre whose terms in two different villages overlap."""
    del settings
    postings = frames.get("postings")
    if postings is None:
        return []
    twice = postings.filter(pl.col("cadre").is_duplicated()).select(
        ROW, "cadre", "village", pl.col("since").fill_null(FIRST), pl.col("until").fill_null(LAST)
    )
    both = twice.join(twice, on="cadre", suffix="_other").filter(
        (pl.col(ROW) > pl.col(f"{ROW}_other"))
        & (pl.col("village") != pl.col("village_other"))
        & (pl.col("since") < pl.col("until_other"))
        & (pl.col("since_other") < pl.col("until"))
    )
    found = []
    shown = both.unique(ROW, keep="first", maintain_order=True).sort(ROW)
    for row, cadre, village, other, other_row in shown.select(
        ROW, "cadre", "village", "village_other", f"{ROW}_other"
    ).iter_rows():
        what = Text(
            f"干部 {cadre} 同时在 {village} 和 {other}（第 {other_row} 行）",
            f"cadre {cadre} is in {village} and in {other} (row {other_row}) at once",
        )
        mend = Text("请结束其中一段任职", "end one of the two postings")
        found.append(
            Finding(
                "cadre-in-two-villages",
                "warning",
                "postings",
                row,
                "cadre",
                cadre,
                what,
                mend,
                files.get("postings"),
            )
        )
    return found


FINDERS = (in_two_villages,)
