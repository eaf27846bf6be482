"""What may be wrong with how rows hang together: relationships against the columns that they come from."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graph.language import Text
from graph.schema.model import SHAPES, Link, Shape
from graph.store.neo4j.checking.probe import (
    Probe,
    known_targets,
    labels_of,
    row_of,
    stands,
    target_key,
)
from graph.store.references import references
from graph.store.told import pattern

LONGEST = 30
"""A circle of more parents than this is not looked for."""


def end_probes(table: str, given: Collection[str]) -> Iterator[Probe]:
    """Everything to be asked about what a table's rows lead to; ``given`` are the tables that the network has."""
    shape = SHAPES[table]
    for reference in references(table):
        link, must = reference.link, reference.must and set(reference.link.targets) <= set(given)
        if must:
            yield _missing(shape, link)
        if shape.kind == "relationship":
            yield _end(shape, link)
        else:
            yield _several(shape, link)
            yield _differs(shape, link)
            if link.targets == (table,):
                yield _circle(shape, link)


def _missing(shape: Shape, link: Link) -> Probe:
    cell = f"x.{link.column}"
    return Probe(
        "missing-end", shape.table,
        f"MATCH {pattern(shape)} WHERE x.network = $network AND {stands('x', shape)} AND {cell} IS NOT NULL\n"
        f"WITH x, v WHERE NOT {known_targets(link, cell)}\nRETURN {row_of(shape)} AS row, toStringOrNull({cell}) AS value",
        Text("{row} 指向不存在（或已结束）的 {value}", "{row} names {value}, which is not there or has ended"),
        Text("请加上所指的对象，或改正引用", "add what it names, or mend the reference"),
        column=link.column,
    )  # fmt: skip


def _end(shape: Shape, link: Link) -> Probe:
    end = "startNode(x)" if link is shape.start else "endNode(x)"
    return Probe(
        "wrong-end", shape.table,
        f"MATCH {pattern(shape)} WHERE x.network = $network AND {stands('x')}\n"
        f"WITH x, {end} AS o WHERE NOT {labels_of(link, 'o')} OR coalesce({target_key('o')} <> x.{link.column}, true) OR "
        "coalesce(o.network <> $network, true)\n"
        f"RETURN {row_of(shape)} AS row, coalesce(toStringOrNull(x.{link.column}), 'null') + ' ≠ ' + "
        f"coalesce(toStringOrNull({target_key('o')}), elementId(o)) + CASE WHEN {target_key('o')} = x.{link.column} THEN "
        "' (' + reduce(s = '', l IN labels(o) | s + ':' + l) + ', network ' + coalesce(toStringOrNull(o.network), 'null') + ')' "
        "ELSE '' END AS value",
        Text("{row} 的列与关系的一端不一致：{value}", "{row}: its column and the end of its relationship differ: {value}"),
        Text("请使列与所连的节点一致；读表以列为准", "make the column agree with the node; tables are read from the column"),
        column=link.column,
    )  # fmt: skip


def _tied(shape: Shape, link: Link) -> str:
    """Rows ``x`` of nodes, with the keys ``ends`` of what a link leads to at the head."""
    arrow = f"(x)<-[l:{link.type}]-(o)" if link.inward else f"(x)-[l:{link.type}]->(o)"
    held = f" WHERE {stands('l')}" if shape.kind == "entity" else ""
    return (
        f"MATCH {pattern(shape)} WHERE x.network = $network AND {stands('x', shape)}\n"
        f"OPTIONAL MATCH {arrow}{held}\n"
        f"WITH v, x, collect(coalesce(toStringOrNull({target_key('o')}), elementId(o))) AS ends"
    )


def _several(shape: Shape, link: Link) -> Probe:
    return Probe(
        "several-ends", shape.table,
        f"{_tied(shape, link)} WHERE size(ends) > 1\n"
        f"RETURN {row_of(shape)} AS row, reduce(s = '', e IN ends | s + CASE s WHEN '' THEN '' ELSE ', ' END + e) AS value",
        Text(f"{{row}} 同时有几个 {link.type}：{{value}}", f"{{row}} has several {link.type} at once: {{value}}"),
        Text(f"请只留与列 {link.column} 一致的一个", f"keep the one that agrees with the column {link.column}"),
        column=link.column,
    )  # fmt: skip


def _differs(shape: Shape, link: Link) -> Probe:
    cell = f"x.{link.column}"
    lost = f"(size(ends) = 0 AND {cell} IS NOT NULL AND {known_targets(link, cell)})"
    return Probe(
        "wrong-link", shape.table,
        f"{_tied(shape, link)} WHERE (size(ends) = 1 AND coalesce(ends[0] <> {cell}, true)) OR {lost}\n"
        f"RETURN {row_of(shape)} AS row, coalesce(toStringOrNull({cell}), 'null') + ' ≠ ' + coalesce(ends[0], 'nothing') AS value",
        Text(f"{{row}} 的列 {link.column} 与关系 {link.type} 不一致：{{value}}", f"{{row}}: column {link.column} and relationship {link.type} differ: {{value}}"),
        Text("请使两者一致；读表以列为准", "make them agree; tables are read from the column"),
        column=link.column,
    )  # fmt: skip


def _circle(shape: Shape, link: Link) -> Probe:
    return Probe(
        "parent-cycle", shape.table,
        f"MATCH way = (x:{shape.label} {{network: $network}})-[l:{link.type}*1..{LONGEST}]->(x)\n"
        f"WHERE all(r IN l WHERE {stands('r')})\n"
        f"RETURN DISTINCT {row_of(shape)} AS row, reduce(s = '', n IN nodes(way) | s + CASE s WHEN '' THEN '' ELSE ' → ' END + {target_key('n')}) AS value",
        Text("上级成环：{value}", "parents run in a circle: {value}"),
        Text("请改正其中一个上级", "correct one of these parents"),
        column=link.column,
    )  # fmt: skip
