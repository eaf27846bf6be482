"""A folder of results: its head, which says what it is and in which format, and tables; each file whole or not there."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.language import Text
from planner.whole import write_whole


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    Parameters
    ----------
    title : Text
        What it holds.
    head : str
        Its file of JSON with ``format`` in it.
    format : int
        The one that this version reads.
    """

    title: Text
    head: str
    format: int

    def read(self, folder: Path) -> dict[str, Any] | None:
        """The head of a folder; ``None`` where there is none, or it is damaged.

        Raises
        ------
        InputError
            When it is of another format.
        """
        try:
            head: dict[str, Any] = json.loads((folder / self.head).read_text(encoding="utf-8"))
            found = head["format"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if found != self.format:
            raise InputError(
                f"{folder}：{self.title.zh}格式 {found} 本版本不认识（认识 {self.format}）",
                f"{folder}: {self.title.en} format {found} is unknown to this version (it reads {self.format})",
            )
        return head

    def demanded(self, folder: Path) -> dict[str, Any]:
        """The head of a folder.

        Raises
        ------
        InputError
            When there is none, or it is of another format.
        """
        head = self.read(folder)
        if head is None:
            zh, en = self.title
            raise InputError(f"{folder} 不是{zh}的文件夹", f"{folder} is no {en}'s folder")
        return head


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """Write a table as Parquet.

    Raises
    ------
    OutsideError
        When the disk refuses.
    """
    body = io.BytesIO()
    frame.write_parquet(body, compression="zstd", compression_level=3)
    write_whole(path, body.getvalue())
