"""Kill ``jiedui graph load --import`` at a random moment: the database is then as it was or whole, and the next load finishes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.killing.grounds import Fell, Neo4jGround
from benchmarks.killing.looking import Known, settled
from benchmarks.killing.loop import EVERY_S, PATIENCE_S, Killed
from benchmarks.killing.material import Material
from graph.server.folders import Folders
from graph.server.left import IMPORTS

NETWORK = "imported"
SOON_S = 1.5


def imports(ground: Neo4jGround, material: Material, number: int, seed: int = 0) -> Iterator[Killed]:
    """So many kills; the ground's server is stopped and started by them, and its database is empty before and after."""
    assert ground.server is not None
    draw = random.Random(seed)
    _empty(ground)
    lasts = _undisturbed(ground, material)
    for _ in range(number):
        _empty(ground)
        with _load(ground, material, "--import") as loading:
            _wait(ground.server.folders, loading, draw, lasts)
            ended = loading.poll() is not None
            loading.kill()
            loading.wait(PATIENCE_S)
        was = ground.server.status().state
        ground.up()
        there = _networks(ground)
        fell: Fell = "after" if ended or there else "before" if was == "running" else "while"
        known = Known(material)
        known.done("load")
        store = ground.open()
        try:
            faults = settled(ground, store, NETWORK, known) if there else []
            told = _finished(_load(ground, material))
            faults += [] if told.get("equal") else [f"load said {told}"]
            faults += settled(ground, store, NETWORK, known)
        finally:
            store.close()
        yield Killed("import", "client", fell, tuple(faults))
    _empty(ground)


def _wait(folders: Folders, loading: subprocess.Popen[str], draw: random.Random, lasts: float) -> None:
    """Until a drawn moment: of the time that it takes, or soon after a part of it has begun."""
    signs = {
        "files are written": lambda: list(folders.run.glob(f"{IMPORTS}*")),
        "the database is set aside": lambda: list(folders.data.glob(".before-*")),
        "the import runs": (folders.run / "admin.args").exists,
        "the new database counts": lambda: not list(folders.data.glob(".before-*")),
    }
    sign = draw.choice([*signs, ""])
    if not sign:
        time.sleep(draw.uniform(0, 1) * lasts)
        return
    for waited in list(signs)[: list(signs).index(sign) + 1]:
        while loading.poll() is None and not signs[waited]():
            time.sleep(EVERY_S)
    time.sleep(draw.uniform(0, SOON_S))


def _undisturbed(ground: Neo4jGround, material: Material) -> float:
    began = time.monotonic()
    _finished(_load(ground, material, "--import"))
    return time.monotonic() - began


def _load(ground: Neo4jGround, material: Material, *words: str) -> subprocess.Popen[str]:
    assert ground.server is not None
    home = {"JIEDUI_SERVER_HOME": str(ground.server.folders.home)}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")} | home
    command = ["graph", "load", str(material.folder / "a"), "--on", f"neo4j:#{NETWORK}", "--json", *words]
    return subprocess.Popen(
        [sys.executable, "-m", "jiedui", *command],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def _finished(loading: subprocess.Popen[str]) -> dict[str, Any]:
    said = loading.communicate(timeout=PATIENCE_S)[0]
    if loading.returncode:
        raise AssertionError(f"load ended with {loading.returncode}: {said}")
    told: dict[str, Any] = json.loads(said)
    return told


def _networks(ground: Neo4jGround) -> list[str]:
    store = ground.open()
    try:
        return store.networks()
    finally:
        store.close()


def _empty(ground: Neo4jGround) -> None:
    store = ground.open()
    try:
        ground.clear(store, NETWORK)
    finally:
        store.close()
