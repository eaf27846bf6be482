from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenarios.build.coordinates import shift, to_wgs84


@given(st.floats(74, 134), st.floats(18, 53))
def test_shifting_back_and_forth_returns_to_the_point(lon: float, lat: float) -> None:
    found_lon, found_lat = to_wgs84(np.array([lon]), np.array([lat]))
    east, north = shift(found_lon, found_lat)
    assert abs(found_lon + east - lon)[0] < 1e-8
    assert abs(found_lat + north - lat)[0] < 1e-8


def test_the_shift_is_hundreds_of_metres_to_the_south_east_in_beijing() -> None:
    lon, lat = to_wgs84(np.array([116.404]), np.array([39.915]))
    assert np.allclose([lon[0], lat[0]], [116.39775, 39.91360], atol=2e-5)  # the published worked example


def test_no_point_stays_no_point() -> None:
    lon, _ = to_wgs84(np.array([np.nan]), np.array([30.0]))
    assert np.isnan(lon).all()
