"""From the shifted coordinates of Chinese map providers (GCJ-02) to WGS84.

Formula: the public transcription of the GCJ-02 shift (Krasovsky 1940 ellipsoid, series in longitude
minus 105° and latitude minus 35°), as given in "Restrictions on geographic data in China" and in the
code of eviltransform (MIT). There is no closed inverse: the shift is small and smooth, so fixed-point
iteration
gains some three digits a step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]

AXIS_M = 6378245.0  # Krasovsky 1940, semi-major axis
ECCENTRICITY2 = 0.00669342162296594323
STEPS = 6


def shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """What GCJ-02 adds to a WGS84 point, in degrees of longitude and latitude."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)) * 2 / 3
    north += (160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi / 30 * y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)) * 2 / 3
    east += (150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)) * 2 / 3
    phi = np.radians(lat)
    bend = 1 - ECCENTRICITY2 * np.sin(phi) ** 2
    lat_m = np.pi / 180 * AXIS_M * (1 - ECCENTRICITY2) / bend**1.5
    lon_m = np.pi / 180 * AXIS_M / np.sqrt(bend) * np.cos(phi)
    return east / lon_m, north / lat_m


def to_wgs84(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """WGS84 points whose GCJ-02 image is ``(lon, lat)``; NaN stays NaN.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, GCJ-02.

    Returns
    -------
    lon, lat : (n,) float64
        Degrees, WGS84; the inverse is exact to under a millimetre.
    """
    true_lon, true_lat = lon.copy(), lat.copy()
    for _ in range(STEPS):
        east, north = shift(true_lon, true_lat)
        true_lon, true_lat = lon - east, lat - north
    return true_lon, true_lat
