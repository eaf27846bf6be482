"""Where things lie: county, province and point of each region, by whole columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from graph.geography import great_circle_km
from graph.network import Network
from graph.schema import TABLES
from planner.plan import Plan

COUNTY = "county"
NAMED = ("regions", "units", "fund_sources", "inspection_teams", "cadres", "names")


def county_level(levels: tuple[str, ...]) -> str:
    """Level at which support counts: ``county``, or in a scheme without one the level above the lowest."""
    return COUNTY if COUNTY in levels else levels[max(len(levels) - 2, 0)]


def places(network: Network) -> pl.DataFrame:
    """Every region: code, county, province, lon, lat.

    ``county`` is the region above it at that level, or itself where there is none (a prefecture stays a prefecture);
    ``province`` the one at the highest level, or null; a region without a point has its nearest ancestor's.
    """
    regions = network.frame("regions").select("code", "parent", "level", "lon", "lat")
    levels = network.settings.levels
    found = regions.select("code", "lon", "lat", above="parent", **_levels(levels))
    for _ in levels:  # a tree has no more steps than levels
        found = found.join(
            regions.select(pl.col("code").alias("above"), up="parent", up_lon="lon", up_lat="lat", **_levels(levels, "up_")),
            on="above", how="left", maintain_order="left",
        )  # fmt: skip
        without = pl.col("lon").is_null() | pl.col("lat").is_null()
        found = found.select(
            "code",
            lon=pl.when(without).then("up_lon").otherwise("lon"),
            lat=pl.when(without).then("up_lat").otherwise("lat"),
            above="up",
            county=pl.coalesce("county", "up_county"),
            province=pl.coalesce("province", "up_province"),
        )
    return found.select("code", pl.coalesce("county", "code").alias("county"), "province", "lon", "lat")


def _levels(levels: tuple[str, ...], prefix: str = "") -> dict[str, pl.Expr]:
    """The region itself where it stands at the level of counties, or at the highest."""
    wanted = {"county": county_level(levels), "province": levels[0]}
    return {
        f"{prefix}{name}": pl.when(pl.col("level") == level).then("code") for name, level in wanted.items()
    }


def ends(network: Network, known: pl.DataFrame) -> pl.DataFrame:
    """Regions and units: id, province, lon, lat; a unit lies at its home region. ``known``: see :func:`places`."""
    columns = ("province", "lon", "lat")
    homes = network.frame("units").select("id", code="home_region")
    units = homes.join(known, on="code", how="left", maintain_order="left").select("id", *columns)
    return pl.concat([known.select(pl.col("code").alias("id"), *columns), units]).unique(
        "id", keep="first", maintain_order=True
    )


def with_km(frame: pl.DataFrame, one: str, other: str, name: str) -> pl.DataFrame:
    """The frame with great-circle km between the points ``<one>_lon``, ``<one>_lat`` and those of ``other``; null where one is unknown."""
    at = [
        frame[f"{end}_{c}"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for end in (one, other)
        for c in ("lon", "lat")
    ]
    km = pl.Series(name, great_circle_km(at[0], at[1], at[2], at[3]), dtype=pl.Float64).fill_nan(None)
    return frame.with_columns(km)


def pointed(frame: pl.DataFrame, column: str, known: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with ``<name>_lon`` and ``<name>_lat`` of the region in ``column``."""
    looked = known.select(
        pl.col("code").alias(column), pl.col("lon").alias(f"{name}_lon"), pl.col("lat").alias(f"{name}_lat")
    )
    return frame.join(looked, on=column, how="left", maintain_order="left")


def joined_places(*networks: Network) -> pl.DataFrame:
    """Regions of several networks; of one that several have, as the last has it."""
    found: list[tuple[Network, pl.DataFrame]] = []
    for network in reversed(networks):
        if not any(_same_regions(network, other) for other, _ in found):
            found.append((network, places(network)))
    return pl.concat([f for _, f in found]).unique("code", keep="first", maintain_order=True)


def _same_regions(one: Network, other: Network) -> bool:
    return one.settings == other.settings and one.frame("regions").equals(other.frame("regions"))


def distinct(frames: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """Frames without those that are equal to an earlier one: plans mostly share the tables they were made from."""
    found: list[pl.DataFrame] = []
    for frame in frames:
        if not any(frame.equals(other) for other in found):
            found.append(frame)
    return found


def first_of_each(frames: Iterable[pl.DataFrame], key: str | Sequence[str]) -> pl.DataFrame:
    """Rows of several frames; of a key that several have, as the first has it."""
    return pl.concat(distinct(frames)).unique(key, keep="first", maintain_order=True)


def joined_network(plans: Sequence[Plan]) -> Network:
    """What any of the plans knows of what can be named: of what several know, as the last knows it."""
    last = plans[-1].network
    found = {}
    for table in NAMED:
        frames = (p.network.frame(table) for p in reversed(plans))
        found[table] = first_of_each(frames, TABLES[table].key)
    return last.with_frames(found)
