from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.seal import BLOCK, Change, cell_hashes, differences, file_digest, seal

CELLS = {
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.Float64: st.floats(allow_nan=False).map(lambda v: v + 0.0),
    pl.String: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    pl.Boolean: st.booleans(),
    pl.Date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
}


@pytest.mark.parametrize("dtype", list(CELLS), ids=str)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_changed_cell_is_found_exactly(dtype: type[pl.DataType], data: st.DataObject) -> None:
    cell = st.none() | CELLS[dtype]
    column = data.draw(st.lists(cell, min_size=1, max_size=30))
    at = data.draw(st.integers(0, len(column) - 1))
    other = data.draw(cell.filter(lambda v: v != column[at]))
    before = pl.DataFrame({"x": range(len(column)), "y": pl.Series(column, dtype=dtype)})
    after = before.with_columns(y=pl.Series([*column[:at], other, *column[at + 1 :]], dtype=dtype))
    assert differences(before, seal(before), ["x", "y"], len(column)) == []
    assert differences(after, seal(before), ["x", "y"], len(column)) == [Change("y", at + 1, at + 1)]


@pytest.mark.parametrize("row", [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 5])
def test_the_row_is_found_in_any_block(row: int) -> None:
    before = pl.DataFrame({"y": np.arange(2 * BLOCK + 6)})
    changed = np.arange(2 * BLOCK + 6)
    changed[row] = -7
    assert differences(pl.DataFrame({"y": changed}), seal(before), ["y"], len(changed)) == [
        Change("y", row + 1, row + 1)
    ]


def test_two_changes_in_a_block_name_its_rows() -> None:
    before = pl.DataFrame({"y": np.zeros(BLOCK + 10, dtype=np.int64)})
    values = np.zeros(BLOCK + 10, dtype=np.int64)
    values[[3, 9]] = 1, 2
    found = differences(pl.DataFrame({"y": values}), seal(before), ["y"], len(values))
    assert found == [Change("y", 1, BLOCK)]


def test_null_is_neither_nought_nor_empty_text() -> None:
    numbers = cell_hashes(pl.Series([0, None], dtype=pl.Int64))
    texts = cell_hashes(pl.Series(["", None, "a", "aa"]))
    assert len(set(numbers.tolist())) == 2
    assert len(set(texts.tolist())) == 4


def test_rows_and_columns_count_too() -> None:
    frame = pl.DataFrame({"y": [1, 2]})
    assert differences(frame, seal(frame), ["y"], 3) == [Change(None, None, None)]
    assert differences(frame.rename({"y": "z"}), seal(frame), ["y"], 2) == [Change(None, None, None)]


def test_an_empty_table_has_a_seal() -> None:
    frame = pl.DataFrame(schema={"y": pl.String, "z": pl.Float64})
    assert seal(frame).shape == (2, 0, 11)
    assert differences(frame, seal(frame), ["y", "z"], 0) == []


def test_digest_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert file_digest(tmp_path / "x").startswith("ba7816bf8f01cfea")


@pytest.mark.parametrize("height", [0, 1, BLOCK, 2 * BLOCK + 77])
def test_sums_are_over_the_rows_whose_number_has_the_bit(height: int) -> None:
    draw = np.random.default_rng(height)
    frame = pl.DataFrame(
        {"a": draw.integers(-9, 9, height), "b": [f"t{v}" for v in draw.integers(0, 5, height)]}
    )
    found = seal(frame)
    assert found.shape == (2, -(-height // BLOCK), 11)
    for c, name in enumerate(frame.columns):
        cells = cell_hashes(frame[name])
        for block in range(found.shape[1]):
            mine = cells[block * BLOCK : (block + 1) * BLOCK]
            number = np.arange(len(mine))
            told = [mine, *(mine[(number >> k) & 1 == 1] for k in range(10))]
            assert found[c, block].tolist() == [int(part.sum(dtype=np.uint64)) for part in told]


@given(
    st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3), min_size=1, max_size=9
    )
)
def test_texts_in_many_cells_are_hashed_as_each_by_itself(texts: list[str | None]) -> None:
    alone = [int(cell_hashes(pl.Series([t], dtype=pl.String))[0]) for t in texts]
    assert cell_hashes(pl.Series(texts * 3, dtype=pl.String)).tolist() == alone * 3
