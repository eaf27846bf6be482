"""Conditions know the values of the network that is asked: its own levels, and what it adds to enumerations."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import polars as pl
import pytest

from api.http.frames.filters import read_filter
from api.http.frames.source import Source, frame_source
from graph.errors import UsageError
from graph.network import Network, RegionSettings
from graph.schema import TABLES
from graph.titles import titled_values

ISLES = Network({}, RegionSettings("free", ("isle", "canton")), {"unit_kind": ("guild",)})
ROWS = {
    "regions": pl.DataFrame({"code": ["a", "b"], "level": ["isle", "canton"]}),
    "units": pl.DataFrame({"id": ["u", "v"], "kind": ["guild", "bank"]}),
}


def source(table: str) -> Source:
    """A table of the isles."""
    made = frame_source(ROWS[table], table, TABLES[table], stem=table, state="1")
    return replace(made, values=partial(titled_values, ISLES))


@pytest.mark.parametrize(
    ("table", "key", "value", "found"),
    [
        ("regions", "level", "canton", ["b"]),
        ("regions", "level__in", "isle,canton", ["a", "b"]),
        ("units", "kind", "guild", ["u"]),
        ("units", "kind__ne", "guild", ["v"]),
    ],
)
def test_own_values(table: str, key: str, value: str, found: list[str]) -> None:
    wanted = read_filter(source(table), key, [value])
    assert ROWS[table].filter(wanted.expression)[:, 0].to_list() == found


def test_what_another_country_calls_its_levels_is_none_here() -> None:
    with pytest.raises(UsageError, match="isle"):
        read_filter(source("regions"), "level", ["county"])
