"""Places and distances for checks: one pair at a time, with the standard library's mathematics."""

from __future__ import annotations

import math

import polars as pl

from graph.dates import holding
from graph.network import Network
from planner.verify.outcome import Resolved

EARTH_RADIUS_KM = 6371.0088


class Places:
    """Where places lie."""

    def __init__(self, network: Network) -> None:
        self.network = network
        known = network.frame("regions").select("code", "lon", "lat").drop_nulls(["lon", "lat"])
        points = zip(known["lon"].to_list(), known["lat"].to_list(), strict=True)
        self.points = dict(zip(known["code"].to_list(), points, strict=True))
        self.homes = dict(network.frame("units").select("id", "home_region").iter_rows())
        self._found: dict[str, tuple[float, float] | None] = {}

    def point(self, code: str) -> tuple[float, float] | None:
        """A place's own point, its nearest ancestor's, or a unit's home's."""
        if code not in self._found:
            place = self.homes.get(code, code)
            tries = [] if place is None else [place, *self.network.ancestors(place)]
            self._found[code] = next((self.points[p] for p in tries if p in self.points), None)
        return self._found[code]

    def distance_km(self, a: str, b: str) -> float | None:
        """Great circle by the haversine formula; ``None`` where a place has no point."""
        first, second = self.point(a), self.point(b)
        if first is None or second is None:
            return None
        lon_a, lat_a, lon_b, lat_b = map(math.radians, (*first, *second))
        half = math.sin((lat_a - lat_b) / 2) ** 2
        half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_a - lon_b) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def latest_facts(resolved: Resolved, measure: str) -> dict[str, float]:
    """Region → newest value of a measure up to the year of planning."""
    newest = newest_rows(resolved, "region_facts", "region", pl.col("measure") == measure)
    first = newest.unique("region", keep="first", maintain_order=True)
    return dict(zip(first["region"].to_list(), first["value"].to_list(), strict=True))


def newest_rows(resolved: Resolved, table: str, place: str, wanted: pl.Expr | bool = True) -> pl.DataFrame:
    """Rows of each place's newest year up to the year of planning, among those that are ``wanted``."""
    rows = resolved.network.frame(table).filter(wanted, pl.col("year") <= resolved.on.year)
    return rows.filter(pl.col("year") == pl.col("year").max().over(place))


def tagged(resolved: Resolved, tag: str) -> set[str]:
    """Regions that bear a tag on the day of planning."""
    return set(resolved.network.tagged(tag, resolved.on))


def tags_on(resolved: Resolved, *prefixes: str) -> dict[str, set[str]]:
    """Region → the tags that it bears on the day of planning and that begin with one of the prefixes."""
    begins = pl.any_horizontal([pl.col("tag").str.starts_with(prefix) for prefix in prefixes])
    rows = resolved.network.frame("region_tags").filter(begins, holding(resolved.on))
    found: dict[str, set[str]] = {}
    for region, tag in rows.select("region", "tag").iter_rows():
        found.setdefault(region, set()).add(tag)
    return found
