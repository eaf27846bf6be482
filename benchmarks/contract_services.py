"""Services that are attacked: of a small network in a workspace of its own, with a stub scenario that orders are of."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contract_hooks import STUB
from benchmarks.service.running import Running

WAITING = "20"
"""Jobs that may wait: the quota of those routes that start solves; beyond it they answer 429."""
GUARDED = {"behind_proxy": "127.0.0.1", "requests_per_minute": "1000000", "jobs_waiting": WAITING}
"""Settings of a service that asks for a token; with a limit that nobody meets, else most answers would be 429."""
LOG = "data.log"
"""In the folder: what the service says."""


@contextmanager
def opened(folder: Path) -> Iterator[str]:
    """A service that opens without a login; its address."""
    on = prepare(folder)
    with Running(folder / "data", on=on, settings={"jobs_waiting": WAITING}) as served:
        yield served.url


@contextmanager
def guarded(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """One that asks for a token; its address, and tokens of a viewer who is limited to a county, and of an admin."""
    on, data = prepare(folder), folder / "data"
    tokens = {
        "limited": token_for(data, "ann", "--regions", "A", "--on", on),
        "admin": token_for(data, "boss", "--role", "admin"),
    }
    with Running(data, on=on, settings=GUARDED) as served:
        yield served.url, tokens


def prepare(folder: Path) -> str:
    """The small network in a workspace, and the stub scenario in the data folder; the network's address."""
    from tests.planner.small import write_small

    write_small(folder / "data" / "scenarios" / STUB)
    address = f"workspace:{folder / 'workspace'}#small"
    words = ["graph", "load", str(folder / "data" / "scenarios" / STUB), "--on", address, "--by", "attack"]
    subprocess.run([sys.executable, "-m", "jiedui", *words], check=True, stdout=subprocess.DEVNULL)
    return address


def token_for(data: Path, user: str, *words: str) -> str:
    """A token for somebody, made on the command line; the service may run meanwhile."""
    command = [sys.executable, "-m", "jiedui", "token", "create", user, "--data", str(data), "--json", *words]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return str(json.loads(told.stdout)["token"])
