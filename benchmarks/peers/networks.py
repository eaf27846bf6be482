"""Minimum-cost flows by the recipes of NETGEN and GRIDGEN, with the parameters of Kovács (2015): 8 arcs a node, costs to 10,000.

NETGEN (Klingman, Napier and Stutz 1974): chains of nodes from each source to some sinks carry all supply; then arcs at random.
GRIDGEN (Lee and Orlin 1991): a grid, arcs at random, and one more node that joins all sources to all sinks at a price that no
other way has. Own generators by the recipes: of these families, not the original programs' streams of random numbers.
"""

from __future__ import annotations

import math

import numpy as np

DEGREE, DEAREST, WIDEST, SUPPLY = 8, 10_000, 1_000, 1_000
EVENLY = 0.6  # share of the inner nodes that chains get in turn; the others at random


def netgen(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """``n`` nodes, √n sources and as many sinks, supply 1,000 a source on average."""
    draw = np.random.Generator(np.random.PCG64([seed, n]))
    ends = math.isqrt(n)
    given = _spread(draw, SUPPLY * ends, ends)
    sinks = np.arange(n - ends, n)
    inner = draw.permutation(np.arange(ends, n - ends))
    even = int(EVENLY * len(inner))
    of_chain = np.concatenate([np.arange(even) % ends, draw.integers(0, ends, len(inner) - even)])
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    taken = np.zeros(n, np.int64)
    for s in range(ends):
        chain = np.concatenate([[s], inner[of_chain == s]])
        count = min(ends, max(1, round(2 * len(chain) * ends / len(inner))))
        mine = np.unique(np.append(draw.choice(sinks, count, replace=False), sinks[s]))  # no sink is left out
        amount = _spread(draw, int(given[s]), len(mine))
        taken[mine] += amount
        parts.append((chain[:-1], chain[1:], np.full(len(chain) - 1, given[s])))
        parts.append((draw.choice(chain, len(mine)), mine, amount))
    tail, head, room = (np.concatenate([p[k] for p in parts]) for k in range(3))
    more = max(0, DEGREE * n - len(tail))
    room = np.maximum(room, draw.integers(1, WIDEST + 1, len(room)))
    tail = np.concatenate([tail, draw.integers(0, n - ends, more)])
    head = np.concatenate([head, draw.integers(ends, n, more)])
    room = np.concatenate([room, draw.integers(1, WIDEST + 1, more)])
    supply = -taken
    supply[:ends] += given
    return _arrays(draw, tail, head, room, supply)


def gridgen(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """A grid of about ``n`` nodes, √n wide, arcs both ways; √n sources and sinks."""
    draw = np.random.Generator(np.random.PCG64([seed, n, 2]))
    width = math.isqrt(n)
    size = width * width
    node = np.arange(size).reshape(width, width)
    pairs = [(node[:, :-1], node[:, 1:]), (node[:-1], node[1:])]
    near = [np.concatenate([a.ravel() for a, _ in pairs]), np.concatenate([b.ravel() for _, b in pairs])]
    ends = draw.permutation(size)[: 2 * width]
    sources, sinks = ends[:width], ends[width:]
    more = max(0, DEGREE * size - 2 * len(near[0]))
    tail = np.concatenate([*near, draw.integers(0, size, more)])
    head = np.concatenate([*near[::-1], draw.integers(0, size, more)])
    room = draw.integers(1, WIDEST + 1, len(tail))
    supply = np.zeros(size + 1, np.int64)
    supply[sources] = _spread(draw, SUPPLY * width, width)
    supply[sinks] = -_spread(draw, SUPPLY * width, width)
    found = _arrays(draw, tail, head, room, supply)
    over = {
        "tail": np.concatenate([sources, np.full(width, size)]),
        "head": np.concatenate([np.full(width, size), sinks]),
        "upper": np.full(2 * width, SUPPLY * width),
        "cost": np.full(2 * width, 2 * width * DEAREST),
    }
    joined = {k: np.concatenate([found[k], over[k]]) for k in over}
    return {**joined, "lower": np.zeros(len(joined["tail"]), np.int64), "supply": supply}


def _spread(draw: np.random.Generator, total: int, parts: int) -> np.ndarray:
    """(parts,) whole amounts of at least 1 that add up: of an equal share a random part stays, the rest goes anywhere."""
    share = total // parts
    kept = draw.integers(1, share + 1, parts) if share else np.zeros(parts, np.int64)
    np.add.at(kept, draw.integers(0, parts, parts), share - kept)
    kept[draw.integers(0, parts)] += total - int(kept.sum())
    return np.asarray(kept)


def _arrays(
    draw: np.random.Generator, tail: np.ndarray, head: np.ndarray, room: np.ndarray, supply: np.ndarray
) -> dict[str, np.ndarray]:
    """Without loops, with costs."""
    real = tail != head
    m = int(real.sum())
    return {
        "tail": tail[real].astype(np.int64),
        "head": head[real].astype(np.int64),
        "lower": np.zeros(m, np.int64),
        "upper": room[real].astype(np.int64),
        "cost": draw.integers(1, DEAREST + 1, m),
        "supply": supply.astype(np.int64),
    }
