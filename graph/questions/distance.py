"""Great-circle distances between places and units."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.network import Network

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


def points(network: Network, ids: list[str]) -> NDArray[np.float64]:
    """(n, 2) longitude and latitude in degrees; a unit stands at its home; NaN where no point is known."""
    regions = network.frame("regions").select(pl.col("code").alias("place"), "lon", "lat")
    units = network.frame("units").select("id", pl.col("home_region").alias("place"))
    asked = pl.DataFrame({"id": ids}, schema={"id": pl.String}).join(
        units, on="id", how="left", maintain_order="left"
    )
    placed = asked.with_columns(pl.coalesce("place", "id").alias("place"))
    found = placed.join(regions, on="place", how="left", maintain_order="left")
    return found.select(pl.col("lon", "lat").cast(pl.Float64).fill_null(float("nan"))).to_numpy()


def distances_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, m) great-circle km between points ``a`` (n, 2) and ``b`` (m, 2), by the haversine formula."""
    one, two = np.radians(a)[:, None, :], np.radians(b)[None, :, :]
    half = np.sin((two - one) / 2) ** 2
    arc = half[..., 1] + np.cos(one[..., 1]) * np.cos(two[..., 1]) * half[..., 0]
    angle: NDArray[np.float64] = 2 * np.arcsin(np.sqrt(np.clip(arc, 0.0, 1.0)))
    return EARTH_RADIUS_KM * angle
