from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.schema import TABLES
from scenarios.build.tables import read_table, write_parquet
from scenarios.generate import generate_national, people
from scenarios.generate.shares import generator, rank_in_group, split, split_groups


def frames_of(folder: Path) -> dict[str, pl.DataFrame]:
    return {p.stem: read_table(p.stem, p.parent) for p in (folder / "data").iterdir() if p.stem in TABLES}


def test_another_size_keeps_the_schema_and_all_of_the_country_above_villages(
    small_country: Path,
    shipped: dict[str, pl.DataFrame],
    broken: Callable[[dict[str, pl.DataFrame]], list[str]],
) -> None:
    made = frames_of(small_country)
    assert broken(made) == []
    assert made["regions"].filter(level="village").height == 975
    assert made["cadres"].height == 3875
    assert made["needs"].equals(shipped["needs"])
    assert (
        made["regions"]
        .filter(pl.col("level") != "village")
        .equals(shipped["regions"].filter(pl.col("level") != "village"))
    )


def test_a_smaller_country_is_made_by_the_generator_of_the_shipped_one(
    small_country: Path, shipped: dict[str, pl.DataFrame]
) -> None:
    """The same seed gives the same deep counties, whatever the size."""
    counties = pl.col("region").str.len_chars() == 6
    deep = frames_of(small_country)["region_tags"].filter(counties, tag="deep_poverty")
    assert deep.equals(shipped["region_tags"].filter(counties, tag="deep_poverty"))


def test_a_scale_above_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="above 0 and at most at 1"):
        generate_national(tmp_path, scale=2)


def test_the_overlap_of_first_secretaries_and_cadres_can_be_switched_off(
    shipped: dict[str, pl.DataFrame],
) -> None:
    homes = people.home_frame(shipped["regions"], shipped["region_tags"], shipped["relations"])
    more = people.cadres(shipped["village_posts"], homes, 2016, first_secretaries_within_cadres=False)
    assert more.height == shipped["cadres"].height + 9750


def test_the_same_table_is_written_with_the_same_bytes(
    tmp_path: Path, shipped: dict[str, pl.DataFrame]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    written = [write_parquet("cadres", shipped["cadres"], tmp_path / folder) for folder in "ab"]
    assert written[0].read_bytes() == written[1].read_bytes()


def test_streams_of_two_tables_differ_and_repeat() -> None:
    assert generator(1, "a").random() == generator(1, "a").random()
    assert generator(1, "a").random() != generator(1, "b").random()


@given(st.integers(0, 10**12), st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_a_split_adds_up_and_stays_within_one_of_its_share(total: int, weights: list[float]) -> None:
    weight = np.array(weights)
    parts = split(total, weight)
    if weight.sum() > 0:
        assert parts.sum() == total
        assert (np.abs(parts - total * (weight / weight.sum())) < 1 + total * 1e-12).all()
    else:
        assert not parts.any()


@given(
    st.lists(st.tuples(st.integers(0, 4), st.floats(0.01, 100)), min_size=1, max_size=40),
    st.integers(0, 10**6),
)
def test_group_splits_add_up_in_every_group(rows: list[tuple[int, float]], total: int) -> None:
    group, weights = (np.array(column) for column in zip(*rows, strict=True))
    parts = split_groups(np.full(5, total), group, weights)
    sums = np.bincount(group, parts, 5)
    assert (sums[np.unique(group)] == total).all()


def test_ranks_begin_anew_in_each_group() -> None:
    assert rank_in_group(np.array([3, 3, 5, 7, 7, 7])).tolist() == [0, 1, 0, 0, 1, 2]
