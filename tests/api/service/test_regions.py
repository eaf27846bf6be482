"""Regions that somebody is to be limited to."""

from __future__ import annotations

import polars as pl
import pytest

from api.service.regions import demand_regions
from graph.errors import UsageError
from planner.scenario import read_scenario


def test_unknown_codes_are_refused_with_what_may_be_meant() -> None:
    network = read_scenario("teachers", stages=(), domain=False, trust_shipped=True).network
    codes = network.frame("regions").sort(pl.col("code").str.len_chars())["code"].to_list()
    demand_regions(network, codes[:3])
    longest = codes[-1]
    with pytest.raises(UsageError) as caught:
        demand_regions(network, [codes[0], f"{longest}x", "????????"])
    text = caught.value.text.en
    assert f"{longest}x (did you mean {longest}?), ????????;" in text and f"regions {codes[0]}," not in text
