"""The difference of plans as a graph in GraphML: each pair of any plan an edge, with what became of it."""

from __future__ import annotations

from pathlib import Path

from graph.tables.write import disk_told, write_atomically
from planner.compare import Comparison
from planner.compare.places import joined_network


def write_comparison_graph(found: Comparison, path: Path | str) -> Path:
    """Write the graph; the file appears whole or not at all.

    Nodes bear name, level, and province of a region; edges go from supporter to recipient and bear plan, stage, kind, state (kept, new, ended),
    ``cost_before`` and ``cost``. Stages that a plan has not planned stand in the graph's ``not_planned_<plan id>``.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    import networkx as nx

    network = joined_network(found.plans)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph.update(
        {f"not_planned_{plan}": ";".join(stages) for plan, stages in found.not_planned.items()}
    )
    ids = sorted({*found.links["supporter"], *found.links["recipient"]})
    top = network.settings.levels[0]
    for i in ids:
        known = {
            "name": network.label(i),
            "level": network.level_of.get(i),
            "province": network.at_level(i, top),
        }
        graph.add_node(i, **{k: v for k, v in known.items() if v})
    for row in found.links.iter_rows(named=True):
        ends = row.pop("supporter"), row.pop("recipient")
        graph.add_edge(*ends, **{k: v for k, v in row.items() if v is not None})
    target = Path(path)
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: nx.write_graphml(graph, temporary))
    return target
