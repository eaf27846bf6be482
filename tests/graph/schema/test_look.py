"""Style and page of the graph: every label and type is there, and the page is current."""

from __future__ import annotations

import json
import re

import pytest

from graph.schema import RESULTS, TABLES
from graph.schema.look import DARK, LIGHT, RECIPIENT, SUPPORTER, arrows, grass, nodes, perspective
from graph.schema.model import SHAPES
from graph.schema.picture import BEGIN, END, PAGE, page
from graph.store.neo4j.checking.beside import LABELS, TYPES


def test_every_label_and_type_has_one_look() -> None:
    assert sorted(look.name for look in nodes()) == sorted(LABELS)
    assert sorted(look.name for look in arrows()) == sorted(TYPES)


def test_captions_are_columns() -> None:
    columns = {c.name for t in (*TABLES.values(), *RESULTS.values()) for c in t.columns}
    captions = {look.name: look.caption for look in nodes()}
    assert {captions[s.label] for s in SHAPES.values() if s.kind != "relationship"} <= columns
    assert (captions["Region"], captions["Unit"], captions["Cadre"], captions["Policy"]) == (
        "name",
        "name",
        "id",
        "title",
    )


def test_colours_are_those_of_the_design() -> None:
    colours = {look.name: look.colour for look in (*nodes(), *arrows())}
    assert (SUPPORTER, RECIPIENT) == ("#0072B2", "#D55E00")
    assert (colours["Unit"], colours["SUPPORTS"], colours["County"]) == (SUPPORTER, SUPPORTER, RECIPIENT)
    assert all(re.fullmatch(r"#[0-9A-F]{6}", look.colour) and look.text in (DARK, LIGHT) for look in nodes())


def test_the_style_of_browser_is_well_formed() -> None:
    rules = re.findall(
        r"(?m)^(node|relationship)(?:\.(\w+))? \{\n((?:  [\w-]+: [^;{]*(?:\{\w+\})?[^;]*;\n)+)\}$", grass()
    )
    assert len(rules) == 2 + len(LABELS) + len(TYPES)
    assert {name for _, name, _ in rules} == {"", *LABELS, *TYPES}
    assert grass().count("{") == grass().count("}")


def test_the_perspective_of_bloom_is_json() -> None:
    told = json.loads(perspective())
    assert {c["name"] for c in told["categories"]} == LABELS
    assert {t["name"] for t in told["relationshipTypes"]} == TYPES
    assert [c["id"] for c in told["categories"]] == list(range(1, len(LABELS) + 1))


def test_the_page_is_current() -> None:
    """Run ``python -m graph.schema.picture`` after a change of the model."""
    assert PAGE.read_text(encoding="utf-8") == page(PAGE.read_text(encoding="utf-8"))


def test_the_page_shows_every_label_and_type() -> None:
    made = page(f"{BEGIN}\n{END}")
    pictures = "".join(re.findall(r"(?s)```mermaid\n(.*?)```", made))
    for shape in SHAPES.values():
        assert re.search(rf"\b{shape.label}\b", pictures), shape.label
        assert f"| `{shape.table}` " in made
        for link in shape.links:
            assert f"|{link.type}|" in pictures
    with pytest.raises(ValueError, match="unpack"):
        page("no marks")
