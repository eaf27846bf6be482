"""The cookbook: each question gives the answer on the page, reads at the head alone, and goes by indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.bolt import Connection
from graph.server.shell import run_shell, shell_jars
from graph.store.neo4j.store import Neo4jStore
from tests.docs.cookbook_ground import prepare

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cookbook.md"
CUT = "RETURN '%%%' AS cut;"
CUT_SHOWN = 'cut\n"%%%"\n'


@dataclass(frozen=True)
class Recipe:
    """One question of the page, its parameters among its lines, and the answer below it."""

    title: str
    cypher: str
    answer: str

    @property
    def parameters(self) -> dict[str, str]:
        """Name → expression."""
        return dict(re.findall(r"(?m)^:param (\w+) => (.+);$", self.cypher))

    @property
    def statement(self) -> str:
        """The question alone."""
        return re.sub(r"(?m)^:param .+$", "", self.cypher).strip().rstrip(";")


RECIPES = [
    Recipe(*found)
    for found in re.findall(
        r"(?ms)^## \d+\. ([^\n]+)\n.*?^```cypher\n(.+?)^```\n\n^```text\n(.+?)^```$",
        PAGE.read_text(encoding="utf-8"),
    )
]


def test_there_are_twenty_in_both_languages() -> None:
    numbers = re.findall(r"(?m)^## (\d+)\. .+ · .+$", PAGE.read_text(encoding="utf-8"))
    assert numbers == [str(n) for n in range(1, 21)]
    assert len(RECIPES) == 20


@pytest.mark.parametrize("recipe", RECIPES, ids=[r.title for r in RECIPES])
def test_names_are_parameters_and_the_head_is_asked_for(recipe: Recipe) -> None:
    assert "china-2016" not in recipe.statement
    assert not re.search(r"'\d{6}'", recipe.statement)
    states = ("Paper {", "Proposal {")  # what is no state of a row has no versions
    assert any(s in recipe.statement for s in states) or "(h:Network {name: $network})" in recipe.statement


@pytest.fixture(scope="module")
def office(empty_neo4j_module: Connection) -> Iterator[Connection]:
    """The demo network with an office's work, and a version 4 that somebody left half-done."""
    store = Neo4jStore.on(empty_neo4j_module)
    with pytest.MonkeyPatch.context() as patch:
        prepare(store, patch)
    assert store.head("china-2016").number == 3
    yield empty_neo4j_module


def test_the_answers_hold_in_cypher_shell(
    office: Connection, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One shell runs them all, as a reader would paste them; none sees what is staged beyond the head."""
    script = tmp_path / "all.cypher"
    script.write_text("\n".join(f"{r.cypher}\n{CUT}\n" for r in RECIPES), encoding="utf-8")
    jars = shell_jars()
    capfd.readouterr()
    status = run_shell(office.address, jars, ["--format", "plain", "-f", str(script)])
    out, err = capfd.readouterr()
    assert status == 0, err
    answers = out.split(CUT_SHOWN)
    assert dict(zip([r.title for r in RECIPES], answers, strict=False)) == {
        r.title: r.answer for r in RECIPES
    }


@pytest.mark.parametrize("recipe", RECIPES, ids=[r.title for r in RECIPES])
def test_nothing_looks_at_every_node(office: Connection, recipe: Recipe) -> None:
    with office.driver.session(database=office.database) as session:
        told = {k: session.run(f"RETURN {v}").single(strict=True)[0] for k, v in recipe.parameters.items()}
        plan = session.run(f"EXPLAIN {recipe.statement}", told).consume().plan
    names = set(operators(plan))
    assert names, "the server gave no plan"
    assert not {
        n for n in names if n.startswith(("AllNodesScan", "CartesianProduct", "AllRelationshipsScan"))
    }
    assert "Paper {" in recipe.statement or any("Seek" in n for n in names)  # papers are few


def operators(plan: Any) -> Iterator[str]:
    """Names of a plan's operators."""
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", []):
        yield from operators(child)
