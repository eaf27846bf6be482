"""The support network as a graph of places and units: the one room that hands frames to networkx."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from graph.dates import holding
from graph.network import Network

if TYPE_CHECKING:
    import networkx as nx


def support_graph(network: Network, day: date) -> nx.MultiDiGraph[str]:
    """Relations in force as edges from supporter to recipient, keyed by relation id, in the order of ids.

    Nodes bear ``name``, ``level`` (``unit`` for a unit); edges ``kind``, ``since``,
    ``until``, ``source`` and ``mark``. Empty cells are left out, since GraphML knows none.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    rows = network.frame("relations").filter(holding(day)).sort("id")
    for node in sorted({*rows["supporter"].to_list(), *rows["recipient"].to_list()}):
        graph.add_node(node, name=network.label(node), level=network.level_of.get(node, "unit"))
    for row in rows.with_columns(pl.col("since", "until").cast(pl.String)).iter_rows(named=True):
        kept = {k: row[k] for k in ("kind", "since", "until", "source", "mark") if row[k]}
        graph.add_edge(row["supporter"], row["recipient"], key=row["id"], **kept)
    return graph


def with_containment(graph: nx.MultiDiGraph[str], network: Network, extra: list[str]) -> nx.MultiDiGraph[str]:
    """The same graph with the places above its nodes (and above ``extra``): edges of kind ``lies_in``."""
    homes = network.frame("units").select("id", "home_region").drop_nulls()
    home = dict(homes.iter_rows())
    pseudo = set(network.frame("regions").filter("pseudo")["code"].to_list())
    for node in [*graph.nodes, *extra]:
        step = node
        for above in (
            network.ancestors(node) if node in network.parents else [home[node]] if node in home else []
        ):
            if above in pseudo:
                continue
            graph.add_edge(step, above, key=f"{step}>{above}", kind="lies_in")
            step = above
    for node in graph.nodes:
        graph.nodes[node].setdefault("name", network.label(node))
        graph.nodes[node].setdefault("level", network.level_of.get(node, "unit"))
    return graph
