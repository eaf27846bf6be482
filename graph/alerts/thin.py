"""Where the network is thin: who supports many places alone, and whose loss would split it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from graph.alerts.alert import Alert, called, make, place_of
from graph.alerts.thresholds import Thresholds
from graph.dates import holding
from graph.language import Text, several
from graph.network import Network
from graph.questions.links import support_graph


def sole_support(network: Network, at: date, thresholds: Thresholds) -> Iterator[Alert]:
    """Supporters without whom many places would have nobody."""
    now = network.frame("relations").filter(holding(at) & (pl.col("kind") != "supervision"))
    by_place = now.group_by("recipient").agg(pl.col("supporter").unique(), pl.col("since").min())
    alone = by_place.filter(pl.col("supporter").list.len() == 1).explode("supporter")
    counted = alone.group_by("supporter").agg(pl.col("recipient").sort(), pl.col("since").max())
    for id, places, since in counted.sort("supporter").iter_rows():
        if len(places) >= thresholds.places:
            who = called(network, id)
            text = Text(
                f"{len(places)} 处只由 {who.zh} 帮扶；它一退出就落空",
                f"{several(len(places), 'place')} have nobody but {who.en}: they would be left with none",
            )
            yield make(
                "sole_support", id, "alone", "medium", text, region=place_of(network, id), regions=places, since=since,
                facts=len(places),
            )  # fmt: skip


def thin_spots(network: Network, at: date, thresholds: Thresholds) -> Iterator[Alert]:
    """Places and units whose loss would cut others off from the rest, those aside that hang on it alone."""
    import networkx as nx

    whole = nx.Graph(support_graph(network, at))
    graph = whole.subgraph([n for n in whole if whole.degree(n) > 1])
    for part in sorted(map(sorted, nx.connected_components(graph))):
        inside = graph.subgraph(part)
        for node in sorted(nx.articulation_points(inside)):
            rest = inside.subgraph([n for n in part if n != node])
            sizes = sorted(map(len, nx.connected_components(rest)))
            if sum(sizes[:-1]) >= thresholds.places:
                yield _spot(network, node, sum(sizes[:-1]), sorted(inside.neighbors(node)))


def _spot(network: Network, node: str, cut: int, beside: list[str]) -> Alert:
    who = called(network, node)
    text = Text(
        f"失去 {who.zh}，{cut} 个节点会与其余部分断开",
        f"without {who.en} {several(cut, 'node')} would be cut off from the rest",
    )
    regions = [place_of(network, n) for n in beside]
    return make(
        "thin_spot", node, "articulation", "medium", text, region=place_of(network, node), regions=regions, facts=cut
    )  # fmt: skip
