"""Chinese abbreviations: characters of a name in their order, where no name contains them together."""

from __future__ import annotations

import polars as pl
import pytest

from graph.network import Network
from graph.schema import TABLES
from graph.search import find


@pytest.fixture
def network() -> Network:
    """Two universities and a ministry."""
    names = {"u1": "中国农业大学", "u2": "四川大学", "u3": "农业部"}
    units = pl.DataFrame({"id": list(names), "name": list(names.values())})
    absent = [
        pl.lit(c.default, c.dtype).alias(c.name)
        for c in TABLES["units"].columns
        if c.name not in ("id", "name")
    ]
    return Network({"units": units.with_columns(absent)})


def test_abbreviation_finds_the_name(network: Network) -> None:
    assert [h.id for h in find(network, "农大")] == ["u1"]


def test_order_of_characters_counts(network: Network) -> None:
    assert "u1" not in [h.id for h in find(network, "大农") if h.how != "similar"]


def test_a_contained_part_wins_over_an_abbreviation(network: Network) -> None:
    assert [h.id for h in find(network, "农业")] == ["u3", "u1"]
