"""A plan's 775,000 postings over HTTP, against a bare socket server that reads the same Parquet file and writes Arrow."""

from __future__ import annotations

import shutil
import socket
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks.compare import plan_of
from benchmarks.page import Page
from benchmarks.service.running import Running, listening

ROWS = 775_000
RUNS = 7
TARGET = "≥ 0.5 ×, ≤ 200 MB more"
PEER = """
import socket, sys
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

whose, file = sys.argv[1:]
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(listening.getsockname()[1], flush=True)
    while True:
        client, _ = listening.accept()
        with client, client.makefile("rb") as asked, client.makefile("wb") as out:
            while asked.readline().strip():
                pass
            if whose == "polars":
                pl.read_parquet(file).write_ipc_stream(out, compat_level=pl.CompatLevel.oldest())
            else:
                table = pq.read_table(file)
                with pa.ipc.new_stream(out, table.schema) as stream:
                    stream.write_table(table)
"""


def postings(rows: int = ROWS) -> pl.DataFrame:
    """Postings as a plan of the whole country has them: six people to a village."""
    at = pl.int_range(rows, eager=True)
    role = pl.when(pl.col("at") % 6 == 0).then(pl.lit("first_secretary")).otherwise(pl.lit("member"))
    return pl.DataFrame({"at": at}).select(
        pl.format("c{}", pl.col("at").cast(pl.String).str.zfill(6)).alias("cadre"),
        (530_000_000_000 + pl.col("at") // 6).cast(pl.String).alias("village"),
        role.alias("post"), role.alias("role"),
        (pl.col("at") * 7919 % 30_011 / 1_000).alias("cost"),
    )  # fmt: skip


def big_plan(folder: Path, rows: int = ROWS) -> Path:
    """A real plan of a small scenario, in whose place of postings so many stand; its folder."""
    made = plan_of("teachers", folder / "made")
    plan = folder / "data" / "plans" / made.name
    shutil.copytree(made, plan)
    postings(rows).write_parquet(
        plan / "tables" / "postings.parquet", compression="zstd", compression_level=3
    )
    return plan


def fetched(port: int, path: str) -> tuple[float, int]:
    """Seconds and bytes of one answer, from connecting to its end."""
    began = perf_counter()
    room, seen = bytearray(1 << 20), 0
    with socket.create_connection(("127.0.0.1", port)) as server:
        server.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        while got := server.recv_into(room):
            seen += got
    return perf_counter() - began, seen


def timed(*asked: tuple[int, str]) -> list[tuple[float, float]]:
    """Median seconds and MB of answers at a port and path each, taken in turns, after a turn that is not counted."""
    turns = [[fetched(*one) for one in asked] for _ in range(RUNS + 1)][1:]
    return [(statistics.median(s for s, _ in found), found[0][1] / 1e6) for found in zip(*turns, strict=True)]


def memory(pid: int, of: str) -> float:
    """``VmRSS`` (now) or ``VmHWM`` (the most there was) of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(of)) / 1024


ASKED = (
    ("Arrow, all rows", "arrow"), ("Arrow, a third of the rows (`cost__lt=10`)", "arrow?cost__lt=10"),
    ("Arrow, sorted by cost", "arrow?sort=-cost"), ("Parquet, all rows (the file itself)", "parquet"),
    ("CSV, all rows", "csv"), ("JSON, all rows", "json?limit=all"), ("JSON, a page of 1,000 rows", "json"),
    ("JSON, a page in the middle, sorted", "json?sort=-cost&limit=1000"),
)  # fmt: skip
"""What is asked for; the first has the target."""
PEERS = ("polars", "pyarrow")


def run() -> Page:
    """The page."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_peers:
        folder = Path(name)
        plan = big_plan(folder)
        file = plan / "tables" / "postings.parquet"
        words = [[sys.executable, "-c", PEER, whose, str(file)] for whose in PEERS]
        peers = [(open_peers.enter_context(listening(w)), "/") for w in words]
        rows = [_row(folder, plan, asked, peers) for asked in ASKED]
    note = (
        f"`python -m benchmarks frames`: {ROWS:,} postings of one plan, asked of `jiedui serve` over loopback. The peers are bare socket "
        "servers that read the Parquet file and write it to the socket as an Arrow stream, with Polars and with PyArrow. Median of "
        f"{RUNS} answers, taken in turns with the peers', after one that is not counted; each row has a server of its own, and memory "
        "is how much more it ever held than before the first answer."
    )
    columns = ("answer", "target", "s", "MB sent", *(f"rate against {whose}" for whose in PEERS), "MB more")
    return Page("frames", "Big tables over HTTP", note, columns, rows)


def _row(
    folder: Path, plan: Path, asked: tuple[str, str], peers: Sequence[tuple[int, str]]
) -> tuple[object, ...]:
    what, path = asked
    with Running(folder / "data") as service:
        port, server = service.port, service.process.pid
        fetched(port, f"/api/v1/plans/{plan.name}")  # all is loaded that any answer needs
        fetched(port, f"/api/v1/plans/{plan.name}/tables/postings.arrow?limit=1")
        before = memory(server, "VmRSS")
        ours, *theirs = timed((port, f"/api/v1/plans/{plan.name}/tables/postings.{path}"), *peers)
        more = memory(server, "VmHWM") - before
    return what, TARGET if path == "arrow" else "", *ours, *(seconds / ours[0] for seconds, _ in theirs), more
