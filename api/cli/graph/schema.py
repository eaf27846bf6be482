"""``jiedui graph schema``: labels, relationship types, constraints and indexes of Neo4j, as the tables make them."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_line, print_table
from graph.language import Text


@cloup.command("schema", help=str(Text(
    "各表在图中的样子（标签、关系类型、属性），以及建立约束与索引的 Cypher",
    "how tables look in the graph (labels, relationship types, properties), and the Cypher of constraints and indexes",
)))  # fmt: skip
@cloup.option("--cypher", is_flag=True, help=str(Text("只输出 Cypher", "print Cypher alone")))
@json_option
def command(*, cypher: bool, as_json: bool) -> None:
    """Print it; no server is needed."""
    from graph.schema.model import SHAPES
    from graph.server.extra import needs

    needs("neo4j")
    from graph.store.neo4j.schema import VERSION, statements

    if cypher:
        for statement in statements():
            print_line(f"{statement};")
        return
    rows = [(s.table, s.kind, s.label, s.arrows(), s.properties()) for s in SHAPES.values()]
    if as_json:
        names = ("table", "kind", "label", "leads", "properties")
        print_json(
            {
                "version": VERSION,
                "tables": [dict(zip(names, row, strict=True)) for row in rows],
                "statements": statements(),
            }
        )
        return
    columns = [
        Text("表", "table"),
        Text("类别", "kind"),
        Text("标签/类型", "label/type"),
        Text("连接", "leads"),
        Text("属性", "properties"),
    ]
    print_table(str(Text(f"结构版本 {VERSION}", f"schema version {VERSION}")), columns, rows)
    print_line(
        Text(
            "约束与索引：jiedui graph schema --cypher",
            "constraints and indexes: jiedui graph schema --cypher",
        )
    )
