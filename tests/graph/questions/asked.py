"""One network in every store, and every question as one may ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from graph.bolt import Connection
from graph.errors import JieduiError
from graph.network import Network
from graph.questions.of_network import OfNetwork
from graph.questions.protocol import Questions
from graph.questions.terms import Endings
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.neo4j.run import Run
from graph.store.neo4j.store import Neo4jStore
from graph.store.workspace import open_workspace

NAME = "here"


def loaded(store: Any, network: Network, name: str = NAME) -> None:
    """Load a network as the first version of a store's."""
    store.write(
        name,
        Changes(dict(network.frames)),
        base=0,
        how="load",
        by="test",
        about=About.of(network),
        tables=tuple(network.frames),
    )


def of_workspace(folder: Path, network: Network) -> Questions:
    """The questions of a workspace that holds it."""
    workspace = open_workspace(folder, create=True)
    try:
        loaded(workspace, network)
        return OfNetwork(workspace.read(NAME))
    finally:
        workspace.close()


def neo4j_store(connection: Connection) -> Neo4jStore:
    """The store of a test's database."""
    return Neo4jStore(connection.driver, database=connection.database, address="the test's server")


@contextmanager
def recorded(store: Neo4jStore) -> Iterator[dict[str, dict[str, Any]]]:
    """Every statement that questions run meanwhile, with its parameters."""
    seen: dict[str, dict[str, Any]] = {}
    ask = store.ask

    def asked(work: Callable[[Run], Any]) -> Any:
        def recording(run: Run) -> Any:
            def one(statement: str, /, **parameters: Any) -> list[list[Any]]:
                seen.setdefault(statement, parameters)
                return run(statement, **parameters)

            return work(one)

        return ask(recording)

    store.ask = asked  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        store.ask = ask  # type: ignore[method-assign]


def plain(answer: Any) -> Any:
    """An answer as plain values, to be compared."""
    if isinstance(answer, pl.DataFrame):
        return answer.to_dicts()
    if isinstance(answer, list | tuple):
        return [plain(part) for part in answer]
    if isinstance(answer, Endings):
        frames = (answer.relations, answer.each, answer.postings)
        return [answer.at, answer.by, *(plain(frame) for frame in frames)]
    return answer.to_dict() if hasattr(answer, "to_dict") else answer


def answer_to(ask: Callable[[], Any]) -> Any:
    """The answer as plain values, or the error in words."""
    try:
        return plain(ask())
    except JieduiError as error:
        return [type(error).__name__, str(error)]


def every_question(words: str, other: str, day: date) -> dict[str, Callable[[Questions], Any]]:
    """Every question, with these words where it takes any."""
    return {
        "find": lambda q: q.find(words),
        "find at a level": lambda q: q.find(words, level=other),
        "places": lambda q: q.places([words, other], above=True),
        "spoken": lambda q: q.spoken([words, other]),
        "words_for": lambda q: q.words_for([words, other]),
        "ask": lambda q: q.ask(words, at=day),
        "record": lambda q: q.record(words, at=day),
        "meanings": lambda q: [repr(m) for m in q.meanings([words, other], day)],
        "pair": lambda q: q.pair(words, other, at=day),
        "pair by id": lambda q: q.pair(words),
        "gaps": lambda q: q.gaps(at=day),
        "withdraw": lambda q: q.withdraw(words, at=day),
        "supporter_loads": lambda q: q.supporter_loads(at=day),
        "pledged_delivered": lambda q: q.pledged_delivered(),
        "pledged_delivered of a year": lambda q: q.pledged_delivered(2016),
        "pledged_delivered of one": lambda q: q.pledged_delivered(subject=words),
        "flows": lambda q: q.flows(q.settings.levels[0]),
        "flows to a level": lambda q: q.flows(other),
        "terms_ending": lambda q: q.terms_ending(12, day, minimum_years=2),
        "paths": lambda q: q.paths(words, other, at=day),
        "ego": lambda q: q.ego(words, 2, at=day),
        "structure": lambda q: q.structure(at=day),
        "ribbons": lambda q: q.ribbons(q.settings.levels[0], at=day),
        "ribbons of a range": lambda q: q.ribbons(
            q.settings.levels[1], since=date(2015, 1, 1), until=date(2016, 7, 1)
        ),
        "ribbons within": lambda q: q.ribbons(other, since=date(2015, 7, 1), within=words),
        "ribbons of a kind": lambda q: q.ribbons(q.settings.levels[-1], kinds=["designated"]),
        "timeline": lambda q: q.timeline(),
        "timeline within": lambda q: q.timeline(
            "month", since=date(2015, 3, 1), kinds=["designated", "east_west"], within=words
        ),
        "measures": lambda q: q.measures(),
        **{
            f"measured {name}": lambda q, name=name: q.measured(name, q.settings.levels[-1], at=day)  # type: ignore[misc] # bound now
            for name in (
                "poor_population",
                "supporters",
                "money_received",
                "exit_status",
                "coverage:poor_outside",
                other,
            )
        },
        "measured of a year": lambda q: q.measured("fiscal_revenue", q.settings.levels[0], year=2016),
        "measured supporters of a year": lambda q: q.measured("supporters", q.settings.levels[1], year=2015),
        "difference": lambda q: q.difference(date(2015, 1, 1), day),
    }


def differing(one: Questions, two: Questions, questions: dict[str, Callable[[Questions], Any]]) -> list[str]:
    """Questions to which two give different answers, with both."""
    found = []
    for name, ask in questions.items():
        mine, theirs = (answer_to(partial(ask, side)) for side in (one, two))
        if mine != theirs:
            found.append(f"{name}: {mine!s:.2000} | {theirs!s:.2000}")
    return found
