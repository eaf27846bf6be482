"""How much memory a plan needs and how much there is: said before the work begins, not when the machine gives up."""

from __future__ import annotations

import os
import resource
from collections.abc import Collection
from pathlib import Path

import polars as pl

from graph.errors import OutsideError
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


def available() -> int | None:
    """Bytes that this process may still take: of the machine, of its control group, of its own limit; ``None``: unknown."""
    known = [n for n in (_machine(), _group(), _limit()) if n is not None]
    return min(known) if known else None


def held() -> int:
    """Bytes that this process holds by now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


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


def _machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = {line.split(":")[0]: line.split()[1] for line in lines if ":" in line}
    return int(found["MemAvailable"]) * 1024 if "MemAvailable" in found else None


def _group() -> int | None:
    """What is left under the limit of a control group (a container), version 2."""
    folder = Path("/sys/fs/cgroup")
    try:
        most, used = (folder / "memory.max").read_text(), (folder / "memory.current").read_text()
        stat = (folder / "memory.stat").read_text()
    except OSError:
        return None
    if most.strip() == "max":
        return None
    cached = next((int(x.split()[1]) for x in stat.splitlines() if x.startswith("inactive_file ")), 0)
    return max(0, int(most) - int(used) + cached)


def _limit() -> int | None:
    """What is left of the address space that the process may have (``ulimit -v``)."""
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return None
    return max(0, most - pages * os.sysconf("SC_PAGE_SIZE"))
