"""Pictures and tables of ``docs/graph-model.md``, made from the declarations.

``python -m graph.schema.picture`` writes them into the page, between its two marks; what people wrote around them stays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.language import Text
from graph.schema import RESULTS, TABLES
from graph.schema.model import LEVEL_LABELS, PROPOSED, SHAPES, Link, Shape

PAGE = Path(__file__).resolve().parents[2] / "docs" / "graph-model.md"
BEGIN, END = "<!-- from here: python -m graph.schema.picture -->", "<!-- to here -->"
KINDS = {
    "entity": Text("实体", "entity"),
    "relationship": Text("关系", "relationship"),
    "record": Text("记录", "record"),
}


def page(words: str) -> str:
    """The page whose words are given, with pictures and tables as the model is now.

    Raises
    ------
    ValueError
        When a mark is missing.
    """
    before, rest = words.split(f"{BEGIN}\n")
    _, behind = rest.split(END)
    made = "\n\n".join((*_pictures(), *_tables()))
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{behind}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
    return 0


def _pictures() -> Iterator[str]:
    yield "## 图 · The picture"
    yield "实体和它们之间的关系。 Entities, and what leads from one to another."
    yield _drawn(SHAPES.values(), ("entity", "relationship"))
    yield "挂在实体上的记录。 Records, and the entities on which they hang."
    yield _drawn(SHAPES.values(), ("record",))
    yield "提出的方案，放在网络旁边。 What a proposed plan puts beside the network."
    yield _drawn(PROPOSED.values(), ("relationship", "record"))


def _drawn(shapes: Iterable[Shape], kinds: tuple[str, ...]) -> str:
    lines = ["```mermaid", "flowchart LR"]
    for shape in shapes:
        if shape.kind in kinds:
            lines += dict.fromkeys(f"  {line}" for line in _edges(shape))
    return "\n".join([*lines, "```"])


def _edges(shape: Shape) -> Iterator[str]:
    if shape.start is not None and shape.end is not None:
        for start in shape.start.targets:
            for end in shape.end.targets:
                yield f"{_node(start)} ==>|{shape.label}| {_node(end)}"
        return
    own = f"{shape.label}[{shape.label}]" if shape.kind == "record" else f"{shape.label}([{shape.label}])"
    if not shape.links:
        yield own
    for link in shape.links:
        yield from _link(own, link)


def _link(own: str, link: Link) -> Iterator[str]:
    for target in link.targets:
        start, end = (_node(target), own) if link.inward else (own, _node(target))
        yield f"{start} -->|{link.type}| {end}"


def _node(table: str) -> str:
    label = SHAPES[table].label
    return f"{label}([{label}])"


def _tables() -> Iterator[str]:
    yield "## 各表 · The tables"
    yield (
        "属性名就是列名，含义见[数据字典](data-dictionary.md)。**粗体**是主键。 Property names are column names; what they mean "
        "is in the [data dictionary](data-dictionary.md). **Bold** ones make the key."
    )
    head = "| 表 table | 类别 kind | 标签/类型 label, type | 连接 leads | 属性 properties |\n|---|---|---|---|---|"
    yield "\n".join([head, *(_row(s) for s in SHAPES.values())])
    levels = ", ".join(f"`{label}`" for label in LEVEL_LABELS.values())
    yield f"地区另有层级标签。 A region bears its level as a further label: {levels}."
    yield "提出的方案。 A proposed plan:"
    yield "\n".join([head, *(_row(s) for s in PROPOSED.values())])


def _row(shape: Shape) -> str:
    proposed = shape is PROPOSED.get(shape.table)
    table = (RESULTS if proposed else TABLES)[shape.table]
    names = ", ".join(f"**{c.name}**" if c.name in table.key else c.name for c in table.columns)
    kind = KINDS[shape.kind]
    arrows = f"`{shape.arrows()}`".replace("|", "\\|") if shape.arrows() else "–"
    return f"| `{shape.table}` {table.zh} | {kind.zh} {kind.en} | `{shape.label}` | {arrows} | {names} |"


if __name__ == "__main__":
    sys.exit(main())
