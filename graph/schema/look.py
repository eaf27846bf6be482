"""How the graph looks in Neo4j Browser and Bloom: captions, colours and sizes, derived from the model.

Colours are the web view's (design § 7), colour-blind safe: who supports is blue, who is supported vermillion, money green,
oversight purple; what is only proposed is grey, what was is pale.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from graph.schema import TABLES
from graph.schema.model import LEVEL_LABELS, PAST, PROPOSED, SHAPES, WAS, Shape

SUPPORTER, RECIPIENT, RECIPIENT_TEXT = "#0072B2", "#D55E00", "#A84300"
PEOPLE, MONEY, OVERSIGHT, RECORD, PROPOSAL, PASSED, HOUSE = (
    "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#999999", "#D9D9D9", "#56B4E9"
)  # fmt: skip
DARK, LIGHT = "#1A1A1A", "#FFFFFF"
ROOMS = {"places": RECIPIENT, "support": SUPPORTER, "people": PEOPLE, "money": MONEY, "oversight": OVERSIGHT}
SIZES = {"Province": 90, "Prefecture": 75, "County": 60, "Township": 50, "Village": 40}
OWN_LABELS = {
    "Network": ("name", HOUSE, 90), "Version": ("number", HOUSE, 50), "Schema": ("version", HOUSE, 40),
    "Paper": ("id", PROPOSAL, 50), "PastPaper": ("revision", PASSED, 40), "Proposal": ("plan", PROPOSAL, 65),
    PAST: ("row", PASSED, 40),
}  # fmt: skip
"""Labels beside those of tables → caption, colour, size."""
OWN_TYPES = {WAS: PASSED, "HAS_VERSION": HOUSE}
CAPTIONS = ("name", "title", "tag", "measure", "item", "programme", "post", "year", "rule", "stage")
"""Columns that say most of a row, the most telling first; else its key."""
CARRIED = {"relations": "kind", "postings": "post", "fund_flows": "amount", "inspection_visits": "year"}
"""Table of relationships → the column on its arrow; else the type."""


@dataclass(frozen=True)
class Look:
    """How nodes of a label, or relationships of a type, look.

    Parameters
    ----------
    name : str
        Label or type.
    caption : str
        Property that is shown; empty: the type itself.
    colour, text : str
        Of the node or the arrow, and of the caption.
    size : int
        Diameter of a node, width of an arrow, in pixels.
    """

    name: str
    caption: str
    colour: str
    text: str
    size: int


def nodes() -> list[Look]:
    """Every label, in the order of the tables; more special ones behind."""
    found = [
        Look(s.label, _caption(s), *_coloured(s), 60 if s.kind == "entity" else 40)
        for s in SHAPES.values()
        if s.kind != "relationship"
    ]
    found += [Look(label, "name", RECIPIENT, LIGHT, SIZES[label]) for label in LEVEL_LABELS.values()]
    found += [
        Look(s.label, s.links[0].column, PROPOSAL, DARK, 40) for s in PROPOSED.values() if s.kind == "record"
    ]
    return found + [Look(label, told[0], told[1], DARK, told[2]) for label, told in OWN_LABELS.items()]


def arrows() -> list[Look]:
    """Every type of relationship."""
    found = {}
    for shape in (*SHAPES.values(), *PROPOSED.values()):
        proposed = shape is PROPOSED.get(shape.table)
        if shape.kind == "relationship":
            colour = PROPOSAL if proposed else SUPPORTER if shape.table == "relations" else _room(shape)
            caption = "" if proposed else CARRIED[shape.table]
            found[shape.label] = Look(shape.label, caption, colour, DARK, 3)
        for link in shape.links:
            colour = PROPOSAL if proposed else "#A5ABB6"
            found.setdefault(link.type, Look(link.type, "", colour, DARK, 1))
    found |= {kind: Look(kind, "", colour, DARK, 1) for kind, colour in OWN_TYPES.items()}
    return list(found.values())


def grass() -> str:
    """The style file for Neo4j Browser: drop it on the window, or ``:style`` and paste."""
    lines = [
        "node {\n  diameter: 50px;\n  color: #A5ABB6;\n  border-color: #9AA1AC;\n  border-width: 2px;\n"
        "  text-color-internal: #FFFFFF;\n  font-size: 10px;\n}",
        "relationship {\n  color: #A5ABB6;\n  shaft-width: 1px;\n  font-size: 8px;\n  padding: 3px;\n"
        "  text-color-external: #000000;\n  text-color-internal: #FFFFFF;\n  caption: '<type>';\n}",
    ]
    lines += map(_node_rule, nodes())
    lines += map(_arrow_rule, arrows())
    return "\n\n".join(lines) + "\n"


def _node_rule(look: Look) -> str:
    return (
        f"node.{look.name} {{\n  defaultCaption: '{{{look.caption}}}';\n  caption: '{{{look.caption}}}';\n"
        f"  color: {look.colour};\n  border-color: {look.colour};\n  text-color-internal: {look.text};\n"
        f"  diameter: {look.size}px;\n}}"
    )


def _arrow_rule(look: Look) -> str:
    caption = f"{{{look.caption}}}" if look.caption else "<type>"
    return f"relationship.{look.name} {{\n  color: {look.colour};\n  shaft-width: {look.size}px;\n  caption: '{caption}';\n}}"


def perspective() -> str:
    """A perspective for Bloom (Explore): categories with captions and colours, searches by name."""
    categories = [_category(number, look) for number, look in enumerate(nodes(), 1)]
    types = [
        {"name": look.name, "color": look.colour, "captionKeys": [look.caption] if look.caption else [], "size": look.size}
        for look in arrows()
    ]  # fmt: skip
    told = {
        "name": "jiedui 结对",
        "version": "2.0.0",
        "categories": categories,
        "categoryIndex": len(categories),
        "relationshipTypes": types,
        "hiddenRelationshipTypes": [],
        "labels": {},
        "palette": {"colors": list(dict.fromkeys(look.colour for look in nodes())), "currentIndex": 0},
        "templates": [_search("supporters", "谁帮扶 $name · who supports $name", _SUPPORTERS)],
        "hideUncategorisedData": False,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


_SUPPORTERS = (
    "MATCH (h:Network)-[:HAS_VERSION]->(:Version {number: h.head}) WITH h.name AS network, h.head AS v "
    "MATCH way = ()-[r:SUPPORTS]->(:Region {network: network, name: $name}) "
    "WHERE r.recorded_at <= v AND v < r.superseded_by RETURN way"
)


def _category(number: int, look: Look) -> dict[str, Any]:
    properties = [{"name": look.caption, "exclude": False, "isCaption": True, "dataType": "string"}]
    return {
        "id": number, "name": look.name, "color": look.colour, "size": 1, "icon": "no-icon", "labels": [look.name],
        "properties": properties, "hiddenLabels": [], "captionKeys": [look.caption], "textSize": 1, "textAlign": "top",
    }  # fmt: skip


def _search(id: str, text: str, cypher: str) -> dict[str, Any]:
    return {
        "name": text, "id": id, "text": text, "cypher": cypher, "hasCypherErrors": False,
        "params": [{"name": "$name", "dataType": "String", "suggestionLabel": "Region", "suggestionProp": "name"}],
    }  # fmt: skip


def _caption(shape: Shape) -> str:
    columns = TABLES[shape.table].by_name
    told = [c for c in CAPTIONS if c in columns and (c != "year" or shape.kind == "record")]
    return told[0] if told else TABLES[shape.table].key[-1]


def _room(shape: Shape) -> str:
    return ROOMS[TABLES[shape.table].room]


def _coloured(shape: Shape) -> tuple[str, str]:
    if shape.kind == "entity":
        return _room(shape), LIGHT
    return RECORD, DARK
