"""Places and distances for checks: one pair at a time, with the standard library's mathematics."""

from __future__ import annotations

import math

import polars as pl

from graph.network import Network
from planner.verify.outcome import Resolved

EARTH_RADIUS_KM = 6371.0088


class Places:
    """Where places lie."""

    def __init__(self, network: Network) -> None:
        self.network = network
        regions = network.frame("regions").select("code", "lon", "lat")
        self.points = {
            c: (lon, lat) for c, lon, lat in regions.iter_rows() if lon is not None and lat is not None
        }
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
    facts = resolved.network.frame("region_facts").filter(pl.col("measure") == measure)
    newest: dict[str, tuple[int, float]] = {}
    for region, year, value in facts.select("region", "year", "value").iter_rows():
        if year <= resolved.on.year and (region not in newest or year > newest[region][0]):
            newest[region] = (year, value)
    return {region: value for region, (_, value) in newest.items()}
