"""One step of an office's work in a process of its own, to be killed: ``python -m benchmarks.killing.work PLACE STEP MATERIAL``.

PLACE is a file that says which store and network. The process writes ``begin`` once it has read its material, and what it did
at its end; an error in one line and its exit status, as the command would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.killing.material import Material, edit
from graph.bolt import Address, connect
from graph.errors import JieduiError
from graph.network import Network
from graph.store.load import load
from graph.store.neo4j.store import Neo4jStore
from graph.store.protocol import Store
from graph.store.workspace import open_workspace
from planner.office.adopt import adopt
from planner.office.propose import propose
from planner.office.propose import withdraw as withdrawn

BY = "kills"
Told = dict[str, Any]


def open_place(place: dict[str, Any]) -> Store:
    """The store that a place names: ``workspace`` (a folder), or ``neo4j`` (an address) with its ``batch``."""
    if "workspace" in place:
        return open_workspace(Path(place["workspace"]), create=True)
    return Neo4jStore.on(connect(Address(**place["neo4j"])), batch=place["batch"])


def _load(which: str) -> Callable[[Store, str, Material], Told]:
    def work(store: Store, network: str, material: Material) -> Told:
        given: Network = getattr(material, which)
        report = load(store, given, network, by=BY)
        return {"equal": report.equal, "version": report.version.number}

    return work


def _propose(store: Store, network: str, material: Material) -> Told:
    return {"request": propose(store, network, material.plan, by=BY).id}


def _adopt(store: Store, network: str, material: Material) -> Told:
    version = adopt(store, network, material.plan.id, by=BY).version
    return {"version": version.number if version is not None else None}


def _withdraw(store: Store, network: str, material: Material) -> Told:
    withdrawn(store, network, material.plan.id, by=BY)
    return {}


def _edit(number: int) -> Callable[[Store, str, Material], Told]:
    def work(store: Store, network: str, material: Material) -> Told:
        head = store.head(network).number
        return {"version": store.write(network, edit(number), base=head, how="pull", by=BY).number}

    return work


def step_named(name: str) -> Callable[[Store, str, Material], Told]:
    """What a step does; ``edit:7`` puts the seventh further unit."""
    word, _, number = name.partition(":")
    if word == "edit":
        return _edit(int(number))
    return {
        "load": _load("first"),
        "reload": _load("second"),
        "propose": _propose,
        "adopt": _adopt,
        "withdraw": _withdraw,
    }[word]


def main(words: list[str]) -> int:
    """Do it."""
    place = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    step, material = step_named(words[1]), Material(Path(words[2]))
    _ = (
        material.plan.tables(),
        material.plan.tables("resolved"),
        getattr(material, "second" if words[1] == "reload" else "first"),
    )
    print("begin", flush=True)
    try:
        store = open_place(place)
        try:
            told = step(store, place["network"], material)
        finally:
            store.close()
    except JieduiError as error:
        print(json.dumps({"error": error.text.en}), flush=True)
        return error.exit_code
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
