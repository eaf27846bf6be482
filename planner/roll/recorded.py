"""The register's year as the tables record it, where they do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graph.network import Network
from planner.roll.outcome import Records
from planner.roll.register_year import INTO, Register


def as_recorded(drawn: Register, network: Network, records: Records, year: int) -> Register:
    """Persons as recorded: a county's own count, else the register's changes, else its share of the nearest region's count."""
    counts, changes = records.facts_of(year, "poor_population"), records.changes_of(year)
    if not counts and not changes:
        return drawn
    into = {k: v.copy() for k, v in drawn.into.items()}
    exited, wanted = drawn.exited.copy(), drawn.after.copy()
    for i, code in enumerate(drawn.codes):
        if code in changes and code not in counts:
            for kind in INTO:
                into[kind][i] = changes[code].get(kind, 0)
            gone = changes[code].get("exited", 0) + changes[code].get("corrected", 0)
            exited[i] = min(gone, drawn.before[i] + sum(into[k][i] for k in INTO))
            wanted[i] = drawn.before[i] + sum(into[k][i] for k in INTO) - exited[i]
    own = {i: round(counts[c]) for i, c in enumerate(drawn.codes) if c in counts}
    for i, value in own.items():
        wanted[i] = value
    for place, rows in _under(drawn.codes, network, counts).items():
        fixed = [i for i in rows if i in own or drawn.codes[i] in changes]
        free = [i for i in rows if i not in fixed]
        left = max(0, round(counts[place]) - sum(int(wanted[i]) for i in fixed))
        wanted[free] = shared_out(left, wanted[free])
    missing = wanted - (drawn.before + sum(into.values()) - exited)
    leave = np.maximum(0, exited - missing)
    into["listed"] = into["listed"] + np.maximum(0, missing - exited)
    return Register(
        drawn.codes, drawn.known | (wanted > 0), drawn.before, into, leave, drawn.start, drawn.end
    )


def _under(codes: list[str], network: Network, counts: Mapping[str, float]) -> dict[str, list[int]]:
    """Region with a count → rows of the counties whose nearest such region above it is."""
    found: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        above = next((a for a in network.ancestors(code) if a in counts), None)
        if above is not None:
            found.setdefault(above, []).append(i)
    return found


def shared_out(total: int, weights: np.ndarray) -> np.ndarray:
    """(n,) int64 that add up to ``total``, in proportion to whole weights: largest remainders get one more, the first of equals."""
    whole = int(weights.sum())
    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    if whole <= 0:
        weights, whole = np.ones(len(weights), dtype=np.int64), len(weights)
    parts = [divmod(total * int(w), whole) for w in weights]
    found = np.array([p for p, _ in parts], dtype=np.int64)
    rest = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[: total - int(found.sum())]
    found[rest] += 1
    return found
