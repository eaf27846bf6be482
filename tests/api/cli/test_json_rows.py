"""JSON of frames, a row per line."""

from __future__ import annotations

import json

import polars as pl
import pytest

from api.cli import json_rows
from api.cli.json_rows import json_pieces

FRAME = pl.DataFrame(
    {
        "n": [1, None, 3],
        "text": ['中\n"x"\\', "", None],
        "x": [0.1 + 0.2, 1e300, None],
        "yes": [True, False, None],
    }
)


@pytest.mark.parametrize("piece", [1, 2, 3, 20_000])
def test_a_document_is_read_back_as_it_was(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(json_rows, "PIECE", piece)
    data = {
        "whole": FRAME,
        "none": FRAME.clear(),
        "below": {"键": FRAME.head(1)},
        "plain": ["中", 1, None],
        "empty": {},
    }
    text = "".join(json_pieces(data))
    rows = FRAME.to_dicts()
    assert json.loads(text) == {
        "whole": rows,
        "none": [],
        "below": {"键": rows[:1]},
        "plain": ["中", 1, None],
        "empty": {},
    }
    assert text.count("中") == 3 and text.count("\n{") == 4  # readable, a row per line


def test_what_is_no_number_is_null_and_days_are_iso() -> None:
    from datetime import date

    frame = pl.DataFrame({"x": [float("nan")], "day": [date(2016, 12, 31)]})
    assert json.loads("".join(json_pieces(frame))) == [{"x": None, "day": "2016-12-31"}]
