"""A folder is made as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from api.cli.folder import make_folder
from graph.errors import OutsideError


def test_whole_folder(tmp_path: Path) -> None:
    """Filled, then named; an empty folder of that name gives way."""
    target = tmp_path / "deep" / "mine"
    target.mkdir(parents=True)
    make_folder(target, lambda place: (place / "a.txt").write_text("a", encoding="utf-8"))
    assert [p.name for p in target.iterdir()] == ["a.txt"]
    assert [p.name for p in target.parent.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    "failure",
    [
        OSError(28, "No space left on device"),
        pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)"),
    ],
)
def test_full_disk_leaves_nothing(tmp_path: Path, failure: Exception) -> None:
    """One clear line with the final name, whoever reported the disk."""

    def fill(place: Path) -> None:
        (place / "half").write_text("half", encoding="utf-8")
        raise failure

    with pytest.raises(OutsideError, match="No space left") as raised:
        make_folder(tmp_path / "mine", fill)
    assert str(tmp_path / "mine") in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_inner_path_is_told_by_its_final_name(tmp_path: Path) -> None:
    """A file that could not be written is named where the reader would look for it."""

    def fill(place: Path) -> None:
        raise OutsideError(f"无法写入 {place / 'x.xlsx'}", f"cannot write {place / 'x.xlsx'}")

    with pytest.raises(OutsideError) as raised:
        make_folder(tmp_path / "mine", fill)
    assert raised.value.text.en == f"cannot write {tmp_path / 'mine' / 'x.xlsx'}"


def test_interruption_and_defects_leave_nothing(tmp_path: Path) -> None:
    """They pass through as they are."""

    def fill(place: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_folder(tmp_path / "mine", fill)
    assert list(tmp_path.iterdir()) == []
