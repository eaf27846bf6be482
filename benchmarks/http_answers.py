"""Cards and searches over HTTP, against a bare FastAPI route that gives the same bytes; a Python load generator on loopback, in turns.

``python -m benchmarks http`` writes the page; ``national`` has a plan of the country solved meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from urllib.parse import quote
from urllib.request import urlopen

from benchmarks.compare import JIEDUI
from benchmarks.http_load import Burst, load
from benchmarks.page import Page
from benchmarks.service.running import Running, listening

CLIENTS, SECONDS, ROUNDS = 32, 4.0, 3
NETWORK = "/api/v1/network"
ASKED = {
    "cards": tuple(
        f"{NETWORK}/cards/{code}" for code in ("533300", "513400", "622900", "533323", "440400", "530000")
    ),
    "search": tuple(
        f"{NETWORK}/search?q={quote(q)}" for q in ("怒江", "凉山", "nj", "zhuhai", "农大", "临夏")
    ),
}
"""What is asked, in turn."""
TARGET_RATIO, TARGET_MS, TARGET_BUSY_MS = 0.5, 100, 300
COLUMNS = (
    "what is asked",
    "bytes",
    "ours, a second",
    "bare route, a second",
    "ratio",
    "target",
    "p50, ms",
    "p99, ms",
    "target, ms",
)


@contextmanager
def bare(answers: dict[str, bytes], folder: Path) -> Iterator[int]:
    """The bare route on a port of its own; its port."""
    file = folder / "answers.json"
    file.write_text(json.dumps({path: answer.decode() for path, answer in answers.items()}), encoding="utf-8")
    with listening([sys.executable, "-m", "benchmarks.http_bare", str(file)]) as port:
        yield port


def measured(ports: tuple[int, int], paths: Sequence[str], seconds: float) -> tuple[Burst, Burst]:
    """Ours and the bare route, in turns; of each the round in the middle by rate."""
    rounds = [
        (load(ports[0], paths, CLIENTS, seconds), load(ports[1], paths, CLIENTS, seconds))
        for _ in range(ROUNDS)
    ]
    middle = ROUNDS // 2
    ours, theirs = (sorted((pair[side] for pair in rounds), key=lambda b: b.rate)[middle] for side in (0, 1))
    return ours, theirs


def rows(folder: Path, network: str, *, busy: bool) -> Iterator[Sequence[object]]:
    """A row for each of what is asked."""
    with Running(folder / "service", on=network) as service:
        port = service.port
        for what, paths in ASKED.items():
            answers = {path: urlopen(f"http://127.0.0.1:{port}{path}").read() for path in paths}
            with bare(answers, folder) as other:
                ours, theirs = measured((port, other), paths, SECONDS)
            size = sum(map(len, answers.values())) // len(answers)
            target = TARGET_BUSY_MS if busy else TARGET_MS
            yield (
                what, size, ours.rate, theirs.rate, ours.rate / theirs.rate, f"≥ {TARGET_RATIO}",
                ours.within(0.5) * 1000, ours.within(0.99) * 1000, f"≤ {target}",
            )  # fmt: skip


@contextmanager
def solving(folder: Path) -> Iterator[None]:
    """A national plan is solved meanwhile, again and again."""
    subprocess.run([*JIEDUI, "generate", "national", "-o", str(folder / "national")], check=True, stdout=PIPE)
    loop = "while true; do {} plan {} -o {} --again; done".format(
        " ".join(JIEDUI), folder / "national", folder / "plans"
    )
    process = subprocess.Popen(["/bin/sh", "-c", loop], stdout=PIPE, stderr=PIPE, start_new_session=True)
    try:
        yield
    finally:
        subprocess.run(["kill", "--", f"-{process.pid}"], check=False)
        process.wait()


def run(*, national: bool = True) -> Page:
    """The page."""
    found: list[Sequence[object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = f"workspace:{folder / 'office'}#china"
        subprocess.run(
            [*JIEDUI, "graph", "load", "china-2016", "--on", store, "--why", "measure"],
            check=True,
            stdout=PIPE,
        )
        for network, where in (("china-2016", "files"), (store, "a workspace")):
            found += [(f"{row[0]}, of {where}", *row[1:]) for row in rows(folder, network, busy=False)]
        if national:
            with solving(folder):
                found += [
                    (f"{row[0]}, of a workspace, while a national plan is solved", *row[1:])
                    for row in rows(folder, store, busy=True)
                ]
    note = (
        f"`china-2016`; {CLIENTS} clients on loopback, each on a connection of its own, asking one thing after the other for {SECONDS:g} s; ours "
        f"and the bare route in turns, the middle of {ROUNDS} rounds each. The bare route is an `async def` of FastAPI that returns the same bytes, "
        "served by the same uvicorn. The load generator is Python and shares the cores with both."
    )
    return Page("http", "Cards and searches over HTTP", note, COLUMNS, found)
