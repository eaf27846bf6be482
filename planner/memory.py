"""How much memory a plan needs and how much there is: said before the work begins, not when the machine gives up."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from graph.errors import OutsideError
from graph.memory import available, held
from graph.network import Network

MB = 1 << 20
BASE_MB = 350
"""A process with its libraries, reading nothing."""
ROW_BYTES = 420
"""One row of a table, read and held; measured on the generated country (docs/scale.md)."""
TEXT_TIMES = 8
"""A table of text (CSV) read and held, against the size of its file."""
SLIGHT = 8 << 20
"""Files that are smaller together are read without asking: counting their rows takes a third of a second."""
CHILD_MB = 150
STAGE_BYTES = {
    "cadres": {"cadres": 1_100, "village_posts": 1_500},
    "funds": {"needs": 6_000},
    "exit": {"regions": 1_000},
}
"""Stage → table → bytes a row while the stage works, its solver included."""


def needed(network: Network, stages: Collection[str], workers: int) -> int:
    """Bytes that planning these stages takes at most, a rough guess from the rows of the tables."""
    rows = sum(frame.height for frame in network.frames.values())
    work = [
        sum(network.frame(table).height * size for table, size in STAGE_BYTES.get(stage, {}).items())
        for stage in stages
    ]
    at_once = sorted(work)[-max(1, min(workers, len(work))) :]
    return (BASE_MB + CHILD_MB * max(1, workers)) * MB + rows * ROW_BYTES + sum(at_once)


def demand(network: Network, stages: Collection[str], workers: int) -> None:
    """Stop before the work begins where memory cannot be enough.

    Raises
    ------
    OutsideError
        With the size that is still needed, the size there is, and the options that need less.
    """
    have = held()  # the tables have been read
    size, free = needed(network, stages, workers) - have, available()
    if free is None or size <= free:
        return
    alone = needed(network, stages, 1) - have
    zh = [f"--workers 1（约还需 {alone / 1e9:.1f} GB）"] if workers > 1 and alone <= free else []
    en = [f"--workers 1 (about {alone / 1e9:.1f} GB more)"] if workers > 1 and alone <= free else []
    zh += ["--stage 分阶段规划", "缩小场景"]
    en += ["--stage to plan fewer stages", "a smaller scenario"]
    raise OutsideError(
        f"内存不足：约还需 {size / 1e9:.1f} GB，可用 {free / 1e9:.1f} GB；可用：{'；'.join(zh)}",
        f"not enough memory: this needs about {size / 1e9:.1f} GB more, {free / 1e9:.1f} GB are free; use {', or '.join(en)}",
    )


def demand_reading(place: Path, only: Collection[str] | None = None) -> None:
    """Stop before tables are read where memory cannot even hold them.

    Parameters
    ----------
    place : Path
        A folder of tables; a workbook is not looked at.
    only : collection of str, optional
        Tables to be read; else all.

    Raises
    ------
    OutsideError
        With the size that reading needs and the size there is.
    """
    if not place.is_dir():
        return
    files = [f for f in place.iterdir() if f.is_file() and (only is None or f.name.split(".")[0] in only)]
    free = available()
    if free is None or sum(f.stat().st_size for f in files) < SLIGHT:
        return
    size = sum(_bytes(f) for f in files)
    if size <= free:
        return
    raise OutsideError(
        f"内存不足：读入 {place} 的表约需 {size / 1e9:.1f} GB，可用 {free / 1e9:.1f} GB；请缩小场景，或换内存更大的机器",
        f"not enough memory: reading the tables of {place} needs about {size / 1e9:.1f} GB, {free / 1e9:.1f} GB are free; use a "
        "smaller scenario, or a machine with more memory",
    )


def _bytes(file: Path) -> int:
    """That a table takes once read; 0 for other files, and for those that cannot be read (which reading tells)."""
    try:
        if file.suffix == ".parquet":
            return ROW_BYTES * int(pl.scan_parquet(file).select(pl.len()).collect().item())
        return TEXT_TIMES * file.stat().st_size if file.suffix == ".csv" else 0
    except (OSError, pl.exceptions.PolarsError):
        return 0
