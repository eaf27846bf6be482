"""How two places or units hang together, and what surrounds one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice, pairwise
from typing import Any

import polars as pl

from graph.dates import holding
from graph.network import Network
from graph.questions.links import support_graph, with_containment
from graph.questions.moment import moment
from graph.questions.place import Place, one_subject, places

LIES_IN = "lies_in"
READS = ("regions", "names", "region_successions", "units", "relations")


@dataclass(frozen=True)
class Step:
    """One edge of a path or ego network.

    Parameters
    ----------
    source, target : str
        Ids, in the direction of the edge: supporter → recipient, or place → the place it lies in.
    kind : str
        Kind of the relation; ``lies_in`` for the tree of regions.
    relation : str
        Id of the relation; empty for the tree.
    mark : str
        Mark of the relation.
    """

    source: str
    target: str
    kind: str
    relation: str
    mark: str


@dataclass(frozen=True)
class Net:
    """Places, units and the edges between them.

    Parameters
    ----------
    nodes : tuple of Place
        In order of the path, or nearest to the centre first.
    steps : tuple of Step
        The edges.
    cut : bool
        Whether the size limit left something out.
    """

    nodes: tuple[Place, ...]
    steps: tuple[Step, ...]
    cut: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "nodes": [n.to_dict() for n in self.nodes],
            "steps": [asdict(s) for s in self.steps],
            "cut": self.cut,
        }


def paths(network: Network, a: str, b: str, *, at: date | None = None, limit: int = 10) -> list[Net]:
    """The shortest connections between ``a`` and ``b`` over relations in force and the tree of regions.

    Edges may be walked either way. An empty list means that nothing connects them.

    Raises
    ------
    UsageError
        When nothing has one of the names.
    """
    import networkx as nx

    one, two = one_subject(network, a).id, one_subject(network, b).id
    graph = with_containment(support_graph(network, moment(network, at)), network, [one, two])
    graph.add_nodes_from([one, two])
    loose = nx.Graph(graph)
    try:
        found = list(islice(nx.all_shortest_paths(loose, one, two), limit * 10))
    except nx.NetworkXNoPath:
        return []
    return [_path(network, graph, nodes) for nodes in sorted(found)[:limit]]


def _path(network: Network, graph: Any, nodes: list[str]) -> Net:
    steps = []
    for left, right in pairwise(nodes):
        ends = (left, right) if graph.has_edge(left, right) else (right, left)
        key, data = min(graph.get_edge_data(*ends).items())
        relation = "" if data.get("kind", "") == LIES_IN else key
        steps.append(Step(*ends, data.get("kind", ""), relation, data.get("mark", "")))
    return Net(tuple(places(network, nodes)), tuple(steps))


def ego(network: Network, node: str, depth: int = 1, limit: int = 200, *, at: date | None = None) -> Net:
    """What lies within ``depth`` relations in force of a place or unit: ``limit`` nodes, nearest first.

    What supports the places above a place reaches it, and what supports the places below reaches it in part: so
    the tree of regions is walked without counting as a step, upwards or downwards from each node, never up
    and down again (a neighbour in the same province is not near by that alone). Edges of kind ``lies_in``
    show the way. A unit stands for itself alone.

    Raises
    ------
    UsageError
        When nothing has that name.
    """
    centre = one_subject(network, node)
    rows = network.frame("relations").filter(holding(moment(network, at))).sort("id")
    edges = list(
        rows.select("supporter", "recipient", "kind", "id", pl.col("mark").fill_null("")).iter_rows()
    )
    near: dict[str, list[str]] = {}
    for left, right, *_rest in edges:
        near.setdefault(left, []).append(right)
        near.setdefault(right, []).append(left)
    tree = _Lineage(network, near)
    found, cut = _within(near, tree, centre.id, depth, limit)
    steps = [Step(*edge) for edge in edges if edge[0] in found and edge[1] in found]
    for place in found:
        above = tree.line(place)[1:2]
        steps += [Step(place, up, LIES_IN, "", "") for up in above if up in found]
    rank = {place: i for i, place in enumerate(found)}
    steps.sort(key=lambda s: (max(rank[s.source], rank[s.target]), s.kind == LIES_IN))
    return Net(tuple(places(network, found)), tuple(steps), cut)


class _Lineage:
    """The tree of regions as an ego network walks it: without pseudo levels, down only to ends of relations."""

    def __init__(self, network: Network, ends: Iterable[str]) -> None:
        self.network = network
        self.pseudo = set(network.frame("regions").filter("pseudo")["code"].to_list())
        self.below: dict[str, list[list[str]]] = {}
        for end in ends:
            line = self.line(end)
            for i, above in enumerate(line[1:], 1):
                self.below.setdefault(above, []).append(line[:i][::-1])

    def line(self, code: str) -> list[str]:
        """``code`` and the places above it, the nearest first."""
        return [code, *(above for above in self.network.ancestors(code) if above not in self.pseudo)]

    def ways(self, code: str) -> list[list[str]]:
        """Ways to ``code`` itself, to each place above and to each end of a relation below, nearest first."""
        line = self.line(code)
        up = [line[: i + 1] for i in range(len(line))]
        down = [[code, *way] for way in self.below.get(code, [])]
        return up + sorted(down, key=lambda way: (len(way), way))


def _within(
    near: dict[str, list[str]], tree: _Lineage, centre: str, depth: int, limit: int
) -> tuple[dict[str, int], bool]:
    """Node → relations from the centre, nearest first, and whether the limit cut it."""
    found = {centre: 0}
    frontier = [centre]
    for step in range(depth):
        reached: list[str] = []
        for node in frontier:
            for way in tree.ways(node):
                partners = sorted(near.get(way[-1], []))
                fresh = [p for p in dict.fromkeys(partners) if p not in found]
                for place in [*way, *fresh] if partners else []:
                    if place in found:
                        continue
                    if len(found) >= limit:
                        return found, True
                    found[place] = step + (place in fresh)
                reached += fresh
        frontier = reached
    return found, False
