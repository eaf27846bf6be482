"""All peers on tiny instances, in this process: whoever cannot agree there is not measured."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import families, networks, people
from benchmarks.peers.child import once
from benchmarks.peers.peer import Judged, Peer
from benchmarks.peers.registry import PEERS

NEAR = 1e-5  # share of the optimum by which first-order methods may be off
SECONDS = 60.0
SCALE = 0.001  # of the country


def write(part: str, path: Path) -> None:
    """A tiny instance of a part."""
    if part == "people":
        people.write(SCALE, path)
        return
    made = {
        "assignment": lambda: families.clustered_matrix(12),
        "flows": lambda: networks.netgen(64),
        "generalised": lambda: families.gap("gap1", 5, 15),
    }[part]()
    families.save(path, made)


def check(part: str, chosen: list[Peer] | None = None) -> None:
    """Run the peers of a part, all without a choice.

    Raises
    ------
    ArithmeticError
        When one that should find the optimum finds another value than ours proves.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny"
        write(part, path)
        found = dict(_answers(PEERS[part] if chosen is None else chosen, path))
        proved = next(once(p, path, SECONDS, lambda message: None)[0] for p in PEERS[part] if p.ours).bound
    for name, judged in found.items():
        if name.startswith("greedy"):
            wrong = proved is not None and judged.objective < proved
        elif "PDLP" in name:
            wrong = proved is None or abs(judged.objective - proved) > NEAR * abs(proved)
        else:
            wrong = proved not in (judged.objective, judged.bound)
        if wrong:
            raise ArithmeticError(f"{part}: {name} finds {judged.objective}, the optimum is {proved}")


def _answers(peers: list[Peer], path: Path) -> Iterator[tuple[str, Judged]]:
    for peer in peers:
        yield peer.name, once(peer, path, SECONDS, lambda message: None)[0]
