"""How much memory a process may still take: of the machine, of its control group, of its own limit."""

from __future__ import annotations

import os
from pathlib import Path

try:
    import resource
except ImportError:  # a system without such limits
    resource = None  # type: ignore[assignment]  # a module, or nothing


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
    if resource is None:
        return None
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return None
    return max(0, most - pages * os.sysconf("SC_PAGE_SIZE"))
