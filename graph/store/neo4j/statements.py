"""The Cypher that writes rows, one statement per table and kind of change. Names come from the schema, values are parameters.

Every statement takes its rows as columns: ``$c.name[i]``, with ``$size`` of them. A row's new state bears ``recorded_at =
$v`` and the state before it ``superseded_by = $v``, so that neither is seen before the head is raised to ``$v``.
"""

from __future__ import annotations

from collections.abc import Collection

from graph.schema.model import LEVEL_LABELS, PAST, ROW, SHAPES, WAS, Link, Shape
from graph.store.neo4j.values import derived, properties

ROWS = "UNWIND range(0, $size - 1) AS i "
STATE = "network: $network, recorded_at: $v, superseded_by: $open"
LABEL_OF_LEVELS = ":".join(LEVEL_LABELS.values())


def cells(table: str) -> str:
    """The row's properties inside a map of Cypher."""
    return ", ".join(f"{name}: $c.{name}[i]" for name in (*properties(table), *derived(table)))


def found(link: Link, cell: str, variable: str) -> str:
    """Clauses that bind ``variable`` to the entity that a cell names: one that stands, else one whose place is held."""
    if len(link.targets) == 1:
        shape = SHAPES[link.targets[0]]
        return f"MATCH ({variable}:{shape.label} {{network: $network, {shape.key}: {cell}}}) "
    tried = [f"{variable}{n}" for n in range(len(link.targets))]
    made = "".join(
        f"OPTIONAL MATCH ({name}:{SHAPES[t].label} {{network: $network, {SHAPES[t].key}: {cell}}}) "
        for name, t in zip(tried, link.targets, strict=True)
    )
    stand = [f"CASE WHEN {name}.superseded_by > $v THEN {name} END" for name in tried]
    return (
        f"{made}WITH *, coalesce({', '.join((*stand, *tried))}) AS {variable} WHERE {variable} IS NOT NULL "
    )


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
    """New cells of entities that are there already, kept and turned before."""
    key = f"{{network: $network, {shape.key}: $c.{shape.key}[i]}}"
    kept = "recorded_at: coalesce(n.recorded_at, $v), network: $network, changed_at: $v, superseded_by: $open, held: n.held"
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
        "SET p = properties(n), p.table = $table, p.recorded_at = n.changed_at, p.first_recorded_at = n.recorded_at, "
        "p.stood_until = n.superseded_by, p.kept_by = $v, "
        "p.superseded_by = CASE n.superseded_by WHEN $open THEN $v ELSE n.superseded_by END "
        "REMOVE p.changed_at RETURN count(*)"
    )


def turn(shape: Shape) -> str:
    """From now on readers before ``$v`` see what was kept of these entities."""
    return (
        f"{ROWS}MATCH (n:{shape.label} {{network: $network, {shape.key}: $c.key[i]}}) "
        "SET n.held = CASE WHEN n.changed_at IS NULL OR n.held THEN true END, n.changed_at = $v RETURN count(*)"
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
    names = properties(shape.table)
    returned = ", ".join(f"x.{name}" for name in names)
    if shape.kind == "entity":
        return (
            f"UNWIND $keys AS key MATCH (n:{shape.label} {{network: $network, {shape.key}: key}}) "
            f"OPTIONAL MATCH (n)-[:{WAS}]->(p:{PAST} {{kept_by: $v}}) WITH n, p, coalesce(p, n) AS x "
            "WITH n, p, x, coalesce(p.recorded_at, n.changed_at) AS since, coalesce(p.stood_until, n.superseded_by) AS until "
            f"WHERE since < $v RETURN {returned}, since, CASE until WHEN $v THEN $open ELSE until END"
        )
    ended = "CASE x.superseded_by WHEN $v THEN $open ELSE x.superseded_by END"
    return f"UNWIND $keys AS key MATCH {_stated(shape, 'key')} RETURN {returned}, x.recorded_at, {ended}"


def bare(shape: Shape) -> str:
    """Of the entities ``$keys`` those for which only a place was held before ``$v``."""
    return (
        f"UNWIND $keys AS key MATCH (n:{shape.label} {{network: $network, {shape.key}: key}}) "
        "WHERE n.changed_at IS NULL OR (n.changed_at = $v AND n.held) RETURN key"
    )


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
    """Of the entities ``$keys`` those that anything which stands at ``$v``, but the rows ``$touched``, still names: key, types."""
    types = "|".join(naming)
    return (
        f"UNWIND $keys AS key MATCH (n:{shape.label} {{network: $network, {shape.key}: key}})-[l:{types}]-(o) "
        "WHERE NOT (startNode(l) = n AND type(l) IN $own) "
        f"AND NOT coalesce(l.{ROW}, o.{ROW}, '') IN $touched "
        "AND CASE WHEN l.superseded_by IS NULL THEN o.superseded_by ELSE l.superseded_by END > $v "
        "RETURN key, collect(DISTINCT type(l))"
    )


def undo(tables: Collection[str]) -> list[str]:
    """Take back what was staged for ``$v`` in some tables, ``$limit`` at a time; each gives how many it took.

    What entities were is put back before what was kept of it goes.
    """
    made = [
        "MATCH (x:Version {network: $network, number: $v}) WITH x LIMIT $limit DETACH DELETE x RETURN count(*)"
    ]
    for shape in (s for s in SHAPES.values() if s.table in tables):
        if shape.kind == "entity":
            made += _put_back(shape)
    for shape in (s for s in SHAPES.values() if s.table in tables):
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


def _put_back(shape: Shape) -> list[str]:
    """Cells and labels of entities as they were; then what was kept goes."""
    which = f"MATCH (x:{shape.label}) WHERE x.network = $network"
    made = [
        f"{which} AND x.changed_at = $v AND x.held WITH x LIMIT $limit "
        f"SET x = {{network: x.network, {shape.key}: x.{shape.key}}} RETURN count(*)"
    ]
    levels = [("", "")]
    if shape.table == "regions":
        levels = [
            (f"p.level = '{level}' AND ", f"REMOVE x:{LABEL_OF_LEVELS} SET x:{label} ")
            for level, label in LEVEL_LABELS.items()
        ]
        others = ", ".join(f"'{level}'" for level in LEVEL_LABELS)
        levels.append((f"NOT coalesce(p.level, '') IN [{others}] AND ", f"REMOVE x:{LABEL_OF_LEVELS} "))
    for condition, labels in levels:
        made.append(
            f"MATCH (p:{PAST})<-[:{WAS}]-(x:{shape.label}) WHERE p.network = $network AND {condition}p.kept_by = $v "
            "WITH p, x LIMIT $limit SET x = properties(p), x.changed_at = p.recorded_at, x.recorded_at = p.first_recorded_at, "
            f"x.superseded_by = p.stood_until {labels}REMOVE x.table, x.kept_by, x.first_recorded_at, x.stood_until "
            "DETACH DELETE p RETURN count(*)"
        )
    return made


def _taken(pattern: str, condition: str, action: str) -> str:
    return f"MATCH {pattern} WHERE x.network = $network AND {condition} WITH x LIMIT $limit {action} RETURN count(*)"
