"""Where places lie, and how far apart.

Distance is the great circle on a sphere of 6,371.0088 km (mean Earth radius, IUGG), by the haversine formula.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from graph.network import Network

EARTH_RADIUS_KM = 6371.0088


def coordinates(network: Network, codes: Sequence[str | None]) -> np.ndarray:
    """Longitude and latitude of places, shape ``(n, 2)`` float64, degrees WGS84.

    A place without a point takes its nearest ancestor's; a unit its home region's; otherwise NaN.
    """
    regions, units = network.frame("regions"), network.frame("units")
    homes = dict(units.select("id", "home_region").iter_rows())
    tries: dict[str | None, list[str]] = {}
    for code in dict.fromkeys(codes):
        place = homes.get(code, code) if code is not None else None
        tries[code] = [] if place is None else [place, *network.ancestors(place)]
    looked_up = list({p for places in tries.values() for p in places})
    listed = regions.select("code", "lon", "lat").filter(pl.col("code").is_in(looked_up)).drop_nulls()
    points = {code: (lon, lat) for code, lon, lat in listed.iter_rows()}
    found = {
        c: next((points[p] for p in places if p in points), (np.nan, np.nan)) for c, places in tries.items()
    }
    return np.array([found[c] for c in codes], dtype=np.float64).reshape(len(codes), 2)


def distances_km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Great-circle distances, ``a`` (n, 2) and ``b`` (m, 2) in degrees → (n, m) km; NaN where a point is."""
    return great_circle_km(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])


def great_circle_km(lon_a: np.ndarray, lat_a: np.ndarray, lon_b: np.ndarray, lat_b: np.ndarray) -> np.ndarray:
    """The same for arrays in degrees that broadcast against each other."""
    lon_a, lat_a, lon_b, lat_b = np.radians(lon_a), np.radians(lat_a), np.radians(lon_b), np.radians(lat_b)
    half = np.sin((lat_a - lat_b) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_a - lon_b) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
