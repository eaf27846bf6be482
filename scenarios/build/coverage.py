"""Which lists are complete, province by province: a missing link is a gap only where the list is."""

from __future__ import annotations

import polars as pl

from scenarios.build.tables import from_rows, read_source

NO_EASTERN_PARTNER = ("140000", "230000", "340000", "360000", "410000", "460000")
WHOLE = ("150000", "450000", "500000", "510000", "530000", "540000", "610000", "620000", "640000")
EASTERN = ("110000", "120000", "210000", "310000", "320000", "330000", "350000", "370000", "440000")
WITHOUT_DATA = ("710000", "810000", "820000")


def coverage() -> pl.DataFrame:
    """One row per rule and province."""
    provinces = [
        code
        for code in read_source("regions").filter(level="province")["adcode"].to_list()
        if code not in WITHOUT_DATA
    ]
    poor = set(read_source("poor_counties")["province_adcode"])
    rows: list[dict[str, object]] = []
    for code in provinces:
        rows.append(row("autonomous_prefectures", code, "yes", "ethnic_prefectures.csv lists all 30"))
        rows.append(row("must_staff_villages", code, "yes", "posts and postings are generated together"))
        in_data = "no" if code in EASTERN else "yes"
        why = "help inside eastern provinces is not in our data" if in_data == "no" else "the lists of pairs"
        rows.append(row("poor_outside", code, in_data, why))
        if code in poor:
            rows.append(
                row(
                    "designated_key_counties", code, "no", "designated_units.csv is about two thirds complete"
                )
            )
            rows.append(supported(code))
    return from_rows("coverage", rows).sort("rule", "region")


def supported(code: str) -> dict[str, object]:
    """How complete the links of a province's poor counties are."""
    rule = "poor_counties_supported"
    if code in NO_EASTERN_PARTNER:
        return row(rule, code, "by_design", "no eastern partner by design")
    if code in WHOLE:
        return row(rule, code, "yes", "a pair or counterpart support covers the whole province")
    return row(rule, code, "no", "county pairs and designated units are not complete here")


def row(rule: str, region: str, complete: str, source: str) -> dict[str, object]:
    """One cell of the table."""
    return {"rule": rule, "region": region, "complete": complete, "source": source, "mark": "assumed"}
