"""The Cypher that writes rows, one statement per table and kind of change. Names come from the schema, values are parameters.

Every statement takes its rows as columns: ``$c.name[i]``, with ``$size`` of them. A row's new state bears ``recorded_at =
$v`` and the state before it ``superseded_by = $v``, so that neither is seen before the head is raised to ``$v``.
"""

from __future__ import annotations

from graph.schema.model import LEVEL_LABELS, PAST, SHAPES, WAS, Link, Shape
from graph.store.neo4j.values import derived, properties

ROWS = "UNWIND range(0, $size - 1) AS i "
STATE = "network: $network, recorded_at: $v, superseded_by: $open"
LABEL_OF_LEVELS = ":".join(LEVEL_LABELS.values())


def cells(table: str) -> str:
    """The row's properties inside a map of Cypher."""
    return ", ".join(f"{name}: $c.{name}[i]" for name in (*properties(table), *derived(table)))


def found(link: Link, cell: str, variable: str) -> str:
    """Clauses that bind ``variable`` to the entity that a cell names."""
    if len(link.targets) == 1:
        shape = SHAPES[link.targets[0]]
        return f"MATCH ({variable}:{shape.label} {{network: $network, {shape.key}: {cell}}}) "
    tried = [f"{variable}{n}" for n in range(len(link.targets))]
    made = "".join(
        f"OPTIONAL MATCH ({name}:{SHAPES[t].label} {{network: $network, {SHAPES[t].key}: {cell}}}) "
        for name, t in zip(tried, link.targets, strict=True)
    )
    return f"{made}WITH *, coalesce({', '.join(tried)}) AS {variable} WHERE {variable} IS NOT NULL "


def create(shape: Shape, level: str = "") -> str:
    """New states of rows: nodes with what they hang on, or relationships. Gives how many were made."""
    if shape.start is not None and shape.end is not None:
        ends = found(shape.start, f"$c.{shape.start.column}[i]", "s") + found(
            shape.end, f"$c.{shape.end.column}[i]", "e"
        )
        return (
            f"{ROWS}{ends}CREATE (s)-[:{shape.label} {{{STATE}, {cells(shape.table)}}}]->(e) RETURN count(*)"
        )
    label = shape.label + (f":{LEVEL_LABELS[level]}" if level in LEVEL_LABELS else "")
    changed = ", changed_at: $v" if shape.kind == "entity" else ""
    made = f"{ROWS}CREATE (n:{label} {{{STATE}{changed}, {cells(shape.table)}}}) "
    for link in shape.links if shape.kind == "record" else ():
        pattern = f"(o)-[:{link.type}]->(n)" if link.inward else f"(n)-[:{link.type}]->(o)"
        made += f"WITH n, i CALL (n, i) {{ {found(link, f'$c.{link.column}[i]', 'o')}CREATE {pattern} }} "
    return made + "RETURN count(*)"


def rename(shape: Shape, level: str = "") -> str:
    """New cells of entities that are there already; in the transaction that raises the head."""
    key = f"{{network: $network, {shape.key}: $c.{shape.key}[i]}}"
    kept = "recorded_at: coalesce(n.recorded_at, $v), network: $network, changed_at: $v, superseded_by: $open"
    made = f"{ROWS}MATCH (n:{shape.label} {key}) SET n = {{{kept}, {cells(shape.table)}}} "
    if shape.table == "regions":
        made += f"REMOVE n:{LABEL_OF_LEVELS} "
        made += f"SET n:{LEVEL_LABELS[level]} " if level in LEVEL_LABELS else ""
    return made + "RETURN count(*)"


def keep(shape: Shape) -> str:
    """Put what entities are now behind them, before they change."""
    return (
        f"{ROWS}MATCH (n:{shape.label} {{network: $network, {shape.key}: $c.{shape.key}[i]}}) "
        f"CREATE (n)-[:{WAS}]->(p:{PAST}) "
        "SET p = properties(n), p.table = $table, p.recorded_at = n.changed_at, "
        "p.superseded_by = CASE n.superseded_by WHEN $open THEN $v ELSE n.superseded_by END, p.kept_by = $v "
        "REMOVE p.changed_at RETURN count(*)"
    )


def close(shape: Shape) -> str:
    """End the states of rows (a record's or a relationship's that stands, or an entity itself)."""
    if shape.kind == "entity":
        return (
            f"{ROWS}MATCH (n:{shape.label} {{network: $network, {shape.key}: $c.key[i]}}) "
            "SET n.superseded_by = $v RETURN count(*)"
        )
    return f"{ROWS}MATCH {_stated(shape, '$c.key[i]')} AND x.superseded_by = $open SET x.superseded_by = $v RETURN count(*)"


def tie(shape: Shape, link: Link) -> str:
    """Relationships that a column of entities makes, from ``$c.key`` to ``$c.to``."""
    return (
        f"{ROWS}MATCH (n:{shape.label} {{network: $network, {shape.key}: $c.key[i]}}) {found(link, '$c.to[i]', 'o')}"
        f"CREATE (n)-[:{link.type} {{{STATE}}}]->(o) RETURN count(*)"
    )


def untie(shape: Shape, link: Link) -> str:
    """End those that stand, of the entities ``$c.key``."""
    return (
        f"{ROWS}MATCH (n:{shape.label} {{network: $network, {shape.key}: $c.key[i]}})-[l:{link.type}]->() "
        "WHERE l.superseded_by = $open SET l.superseded_by = $v RETURN count(*)"
    )


def hold_place(table: str) -> str:
    """A bare node for each of ``$c.key`` that is named although its table was never given."""
    shape = SHAPES[table]
    return f"{ROWS}MERGE (n:{shape.label} {{network: $network, {shape.key}: $c.key[i]}}) RETURN count(*)"


def states(shape: Shape) -> str:
    """What was before ``$v`` of the entities or rows ``$keys``: cells, key, place, when recorded and superseded."""
    returned = ", ".join(f"x.{name}" for name in properties(shape.table))
    ended = "CASE x.superseded_by WHEN $v THEN $open ELSE x.superseded_by END"
    if shape.kind == "entity":
        where = f"(x:{shape.label} {{network: $network, {shape.key}: key}})"
        return f"UNWIND $keys AS key MATCH {where} RETURN {returned}, x.changed_at, {ended}"
    return f"UNWIND $keys AS key MATCH {_stated(shape, 'key')} RETURN {returned}, x.recorded_at, {ended}"


def _stated(shape: Shape, row: str) -> str:
    """Pattern and condition of the states of a row before ``$v``, as its index finds them."""
    wanted = f"{{network: $network, row: {row}}}"
    pattern = (
        f"()-[x:{shape.label} {wanted}]->()"
        if shape.kind == "relationship"
        else f"(x:{shape.label} {wanted})"
    )
    return f"{pattern} WHERE x.recorded_at < $v"


def named(table: str) -> str:
    """Of the entities ``$keys`` those that stand at ``$v``: key, when it changed last."""
    shape = SHAPES[table]
    return (
        f"UNWIND $keys AS key MATCH (n:{shape.label} {{network: $network, {shape.key}: key}}) "
        "WHERE n.changed_at IS NOT NULL "
        "RETURN key, n.changed_at, CASE n.superseded_by WHEN $v THEN $open ELSE n.superseded_by END"
    )


def orphaned(shape: Shape, naming: list[str]) -> str:
    """Of the entities ``$keys`` those that anything which stands at ``$v`` still names: key, types."""
    types = "|".join(naming)
    return (
        f"UNWIND $keys AS key MATCH (n:{shape.label} {{network: $network, {shape.key}: key}})-[l:{types}]-(o) "
        "WHERE NOT (startNode(l) = n AND type(l) IN $own) "
        "AND CASE WHEN l.superseded_by IS NULL THEN o.superseded_by ELSE l.superseded_by END > $v "
        "RETURN key, collect(DISTINCT type(l))"
    )


def undo() -> list[str]:
    """Take back what was staged for ``$v``, ``$limit`` at a time; each gives how many it took."""
    made = [_taken(f"(x:{PAST})", "x.kept_by = $v", "DETACH DELETE x")]
    for shape in SHAPES.values():
        types = [link.type for link in shape.links] if shape.kind == "entity" else []
        patterns = [
            f"()-[x:{name}]->()" for name in ([shape.label] if shape.kind == "relationship" else types)
        ]
        made += [_taken(p, "x.recorded_at = $v", "DELETE x") for p in patterns]
        if shape.kind != "relationship":
            patterns.append(f"(x:{shape.label})")
            made.append(_taken(patterns[-1], "x.recorded_at = $v", "DETACH DELETE x"))
        made += [_taken(p, "x.superseded_by = $v", "SET x.superseded_by = $open") for p in patterns]
    return list(dict.fromkeys(made))


def _taken(pattern: str, condition: str, action: str) -> str:
    return f"MATCH {pattern} WHERE x.network = $network AND {condition} WITH x LIMIT $limit {action} RETURN count(*)"
