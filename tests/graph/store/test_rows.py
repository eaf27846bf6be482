"""Keys as text and back, and what a table holds in one digest."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.store.changes import Changes
from graph.store.rows import row_keys, split_key, table_checksum
from tests.graph.store.small_networks import every_table, rows

words = st.text(st.sampled_from(["a", "|", "\\", "村", "\n"]), max_size=5)


@given(region=words, tag=words, since=st.one_of(st.none(), st.dates(date(1949, 1, 1), date(2200, 1, 1))))
def test_a_key_is_read_back(region: str, tag: str, since: date | None) -> None:
    frame = rows("region_tags", {"region": region, "tag": tag, "since": since})
    (text,) = row_keys("region_tags", frame)
    key = split_key("region_tags", text)
    assert key is not None
    assert key.row(0) == (region or None, tag or None, since)


@given(one=st.tuples(words, words), two=st.tuples(words, words))
def test_two_keys_look_the_same_only_if_they_are(one: tuple[str, str], two: tuple[str, str]) -> None:
    texts = [
        row_keys("village_posts", rows("village_posts", {"village": v, "post": p}))[0] for v, p in (one, two)
    ]
    assert (texts[0] == texts[1]) == (one == two)


@pytest.mark.parametrize(
    "text",
    ["fg", "fg|2016", "fg|two|x", "fg|2016|x|y", "fg|02016|x", "fg|99999999999999999999|x", "fg|2016|x\\"],
)
def test_what_is_no_key(text: str) -> None:
    assert split_key("needs", text) is None


@pytest.mark.parametrize("table", ["regions", "needs", "register_changes", "cadres"])
def test_a_checksum_is_of_cells_and_not_of_order(table: str) -> None:
    frame = every_table()[table]
    assert (
        table_checksum(table, frame)
        == table_checksum(table, frame.reverse())
        == table_checksum(table, frame[frame.columns[::-1]])
    )
    for column in frame.columns:
        shifted = frame.with_columns(pl.col(column).shift(1, fill_value=frame[column][-1]))
        if frame[column].n_unique() > 1:
            assert table_checksum(table, shifted) != table_checksum(table, frame), column


def test_a_checksum_tells_empty_text_from_none_and_zero_from_nothing_else() -> None:
    told = {
        table_checksum("regions", rows("regions", {"code": "a", "name": "a", "source": s}))
        for s in ("", None, " ")
    }
    assert len(told) == 3
    told = {
        table_checksum("regions", rows("regions", {"code": "a", "name": "a", "lon": x})) for x in (0.0, -0.0)
    }
    assert len(told) == 1


def test_the_digest_of_changes() -> None:
    unit, other = rows("units", {"id": "u1", "name": "x"}), rows("units", {"id": "u2", "name": "x"})
    both = Changes({"units": pl.concat([unit, other])})
    assert both.digest == Changes({"units": pl.concat([other, unit])}).digest
    all_of_them = [
        Changes(),
        both,
        Changes({"units": unit}),
        Changes({"units": other}),
        Changes({}, {"units": unit.select("id")}),
    ]
    assert len({c.digest for c in all_of_them}) == len(all_of_them)
