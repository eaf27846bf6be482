"""Checks of dates within a row: an end before its beginning."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.tables.rows import ROW

SPANS = (("since", "until"), ("available_from", "available_until"), ("received", "closed_on"))


def check_dates(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """An end before its beginning is an error; a half-open term that ends the day it begins never holds."""
    found: list[Finding] = []
    for name, frame in frames.items():
        for begin, end in SPANS:
            if begin not in frame.columns or end not in frame.columns:
                continue
            turned = frame.filter(pl.col(end) <= pl.col(begin)).select(ROW, begin, end)
            for row, first, last in turned.iter_rows():
                if last < first:
                    what = Text(f"{last} 早于 {first}（{begin}）", f"{last} is before {first} ({begin})")
                    mend = Text("起止日期是否写反了？", "are the two dates swapped?")
                    found.append(
                        Finding(
                            "reversed-dates", "error", name, row, end, str(last), what, mend, files.get(name)
                        )
                    )
                elif end != "closed_on":
                    what = Text(
                        f"起止同为 {first}，这一段从不生效", f"begins and ends on {first}, so it never holds"
                    )
                    mend = Text("止日不含当天：请写次日", "the end is excluded: write the day after")
                    found.append(
                        Finding(
                            "empty-term", "warning", name, row, end, str(last), what, mend, files.get(name)
                        )
                    )
    return found
