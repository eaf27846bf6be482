"""Where the network is thin: articulation points, communities, centrality. Seeded, so that answers repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network
from graph.questions.links import support_graph
from graph.questions.moment import moment
from graph.questions.place import Place, places

READS = ("regions", "names", "units", "relations")

_SEED = 2016
_EXACT_BELOW = 500  # nodes; above, betweenness is estimated from so many sources


@dataclass(frozen=True)
class Structure:
    """The shape of the network of relations in force, directions left aside.

    Parameters
    ----------
    at : date
        The day on which the network was read.
    size : tuple of int
        Nodes, relations, connected parts.
    articulation_points : tuple of Place
        Places and units whose loss would split a connected part.
    communities : tuple of tuple of Place
        Groups that are denser inside than outside (Louvain), the largest first.
    centrality : DataFrame
        ``id, name, degree`` (relations), ``betweenness`` (0–1; the share of shortest ways that lead through
        it, estimated from 500 sources in larger networks), the largest betweenness first.
    """

    at: date
    size: tuple[int, int, int]
    articulation_points: tuple[Place, ...]
    communities: tuple[tuple[Place, ...], ...]
    centrality: pl.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "at": self.at.isoformat(),
            "nodes": self.size[0],
            "relations": self.size[1],
            "parts": self.size[2],
            "articulation_points": [p.to_dict() for p in self.articulation_points],
            "communities": [[p.to_dict() for p in group] for group in self.communities],
            "centrality": self.centrality.to_dicts(),
        }


def structure(network: Network, *, at: date | None = None) -> Structure:
    """Articulation points, communities and centrality of the relations in force."""
    import networkx as nx

    day = moment(network, at)
    directed = support_graph(network, day)
    graph = nx.Graph(directed)
    cuts = sorted(nx.articulation_points(graph))
    groups = nx.community.louvain_communities(graph, seed=_SEED) if graph.number_of_edges() else []
    ordered = sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))
    sampled = None if graph.number_of_nodes() <= _EXACT_BELOW else _EXACT_BELOW
    between = nx.betweenness_centrality(graph, k=sampled, seed=_SEED)
    nodes = list(graph.nodes)
    centrality = pl.DataFrame(
        {
            "id": nodes,
            "name": [network.label(n) for n in nodes],
            "degree": [int(directed.degree(n)) for n in nodes],
            "betweenness": [round(float(between[n]), 6) for n in nodes],
        },
        schema={"id": pl.String, "name": pl.String, "degree": pl.Int64, "betweenness": pl.Float64},
    )
    return Structure(
        day,
        (graph.number_of_nodes(), directed.number_of_edges(), nx.number_connected_components(graph)),
        tuple(places(network, cuts)),
        tuple(tuple(places(network, group)) for group in ordered),
        centrality.sort("betweenness", "degree", "id", descending=[True, True, False]),
    )
