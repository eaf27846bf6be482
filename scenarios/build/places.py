"""Regions, their WGS84 points and what became of their codes."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from scenarios.build.coordinates import to_wgs84
from scenarios.build.tables import conform, read_source

CODES = "china-division 2.1.1 (GB/T 2260, 2017-10-31)"
RETIRED_CODES = "code lists of the Ministry of Civil Affairs"
SUCCESSOR_CODES = "china-division 2.7.0 (codes of 2023)"
UNSHIFTED = (710000, 810000, 820000)  # GCJ-02 applies to the mainland only

ACCURACY_KM = {
    "cpca": 1.0,
    "cpca_by_name": 2.0,
    "ds_relief": 2.0,
    "ds_relief_by_name": 2.0,
    "cnmaps_reppoint": 10.0,
    "recalled_approx": 30.0,
}
PARENT_ACCURACY_KM = 80.0  # a seat that stands for all of its parent's area

SINCE = {  # when the successor code came into force: recalled
    "140227": date(2018, 2, 9),
    "340824": date(2018, 7, 2),
    "361121": date(2019, 7, 22),
    "371200": date(2019, 1, 1),
    "411626": date(2019, 8, 16),
    "451021": date(2019, 8, 16),
    "520221": date(2020, 7, 6),
    "520522": date(2021, 3, 24),
    "522322": date(2018, 8, 15),
    "540126": date(2017, 11, 15),
    "540422": date(2023, 4, 3),
    "540530": date(2023, 4, 3),
    "610928": date(2021, 2, 3),
    "630122": date(2019, 12, 30),
    "632321": date(2020, 6, 8),
    "632859": date(2018, 2, 22),
}
NAGQU = date(2018, 5, 7)  # the prefecture 那曲 became a city; all its codes changed


def regions() -> pl.DataFrame:
    """All provinces, prefectures (pseudo ones too) and counties with WGS84 points.

    A region without a point takes its parent's and is marked ``assumed``.
    """
    raw = read_source("regions").with_columns(pl.col("lon", "lat").cast(pl.Float64))
    lon, lat = to_wgs84(raw["lon"].to_numpy(), raw["lat"].to_numpy())
    keep = raw["adcode"].cast(pl.Int64).is_in(UNSHIFTED).to_numpy()
    lon, lat = np.where(keep, raw["lon"], lon), np.where(keep, raw["lat"], lat)
    placed = raw.with_columns(
        pl.Series("lon", lon).fill_nan(None).round(6), pl.Series("lat", lat).fill_nan(None).round(6)
    )
    above = placed.select(parent_adcode="adcode", up_lon="lon", up_lat="lat")
    missing = pl.col("lon").is_null()
    placed = placed.join(above, on="parent_adcode", how="left", maintain_order="left").with_columns(
        borrowed=missing
    )
    return conform(
        "regions",
        placed.select(
            code="adcode",
            name="name",
            level="level",
            parent="parent_adcode",
            lon=pl.coalesce("lon", "up_lon"),
            lat=pl.coalesce("lat", "up_lat"),
            coord_accuracy_km=pl.when("borrowed")
            .then(PARENT_ACCURACY_KM)
            .otherwise(pl.col("coord_source").replace_strict(ACCURACY_KM, default=PARENT_ACCURACY_KM)),
            pseudo=pl.col("is_pseudo") == "1",
            source=pl.lit(CODES + "; point: ")
            + pl.when("borrowed").then(pl.lit("parent's")).otherwise(pl.col("coord_source")),
            mark=pl.when("borrowed")
            .then(pl.lit("assumed"))
            .when(pl.col("coord_source") == "recalled_approx")
            .then(pl.lit("recalled")),
        ),
    )


def region_successions() -> pl.DataFrame:
    """Codes that a later code replaced: later than the vintage of our regions, then those that it replaced itself."""
    return pl.concat([_later_codes(), _retired_codes()])


def _retired_codes() -> pl.DataFrame:
    """Codes of 2000 to 2017 that are none any more; the day is not known, the lists between which it lies are."""
    raw = read_source("retired_codes")
    between = pl.format(
        "{}; listed in {}, not in {}", pl.lit(RETIRED_CODES), "last_list", "first_list_without"
    )
    by_name = pl.col("matched_by") == "name"
    return conform(
        "region_successions",
        raw.select(
            "old",
            "new",
            since=pl.lit(None, pl.Date),
            share=pl.lit(1.0),
            source=between,
            mark=pl.when(by_name).then(None).otherwise(pl.lit("recalled")),
        ),
    )


def _later_codes() -> pl.DataFrame:
    """Codes that were replaced after the vintage of our regions; the dates are recalled."""
    raw = read_source("regions").filter(
        pl.col("adcode_2023").is_not_null() & (pl.col("adcode") != pl.col("adcode_2023"))
    )
    since = [SINCE.get(old, NAGQU) for old in raw["adcode"]]
    return conform(
        "region_successions",
        raw.select(
            old="adcode",
            new="adcode_2023",
            since=pl.Series(since, dtype=pl.Date),
            share=pl.lit(1.0),
            source=pl.lit(f"{SUCCESSOR_CODES}; date recalled"),
            mark=pl.lit("recalled"),
        ),
    )
