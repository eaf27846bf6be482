"""Questions to a stored network are answered in its own words, as those to files are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graph.bolt import Connection
from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS
from graph.store.neo4j.questions import OfNeo4j
from graph.store.opening import StoreAddress, open_asked, open_store, words_of
from graph.wording import following
from tests.graph.questions.asked import loaded, neo4j_store

TITLES = {
    "words": {"county": {"zh": "学区", "en": "district"}},
    "relation_kind": {"east_west": {"zh": "城市结对", "en": "twinning"}},
}
SAID = Text("贫困县", "the county of Poor county")
"""A word of jiedui's, and the same word in a name."""


def told() -> tuple[str, str]:
    return ENUMS["relation_kind"]["east_west"].en, str(SAID)


@pytest.fixture
def named(toy: Network) -> Network:
    """The small network with own words, in which a place's name is a word that jiedui says, too."""
    regions = toy.frame("regions").with_columns(
        name=toy.frame("regions")["name"].replace("Poor", "Poor county")
    )
    return replace(toy.with_frames({"regions": regions}), titles=TITLES)


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[[Network], StoreAddress]:
    def keep(network: Network) -> StoreAddress:
        address = StoreAddress("", None, tmp_path / "kept", "here")
        with open_store(address, create=True) as store:
            loaded(store, network)
        return address

    return keep


def test_a_workspace_speaks_its_own_words(
    named: Network, workspace: Callable[[Network], StoreAddress]
) -> None:
    before = told()
    address = workspace(named)
    with following():
        with open_asked(address, ("regions", "relations")) as questions:
            assert questions.ask("Poor county").subject.id == "P"
            assert told() == ("twinning", "the district of Poor county")
        assert told()[0] == "twinning"  # what is told of an answer is told after the store was closed
    assert told() == before
    with open_store(address) as store:
        words = words_of(store, "here")
    assert (words("a county of Poor county", "en"), dict(words.titles)) == (
        "a district of Poor county",
        TITLES,
    )


def test_without_words_of_its_own_jiedui_s_hold(
    toy: Network, workspace: Callable[[Network], StoreAddress]
) -> None:
    before = told()
    address = workspace(toy)
    with following(), open_asked(address, ("regions", "relations")) as questions:
        questions.ask("Poor")
        assert told() == before
    with open_store(address) as store:
        assert words_of(store, "here").titles == {}


def test_a_server_speaks_them_too(named: Network, empty_neo4j: Connection) -> None:
    """Names that an answer brings stand as they are, also those that an earlier answer did not bring."""
    store = neo4j_store(empty_neo4j)
    loaded(store, named)
    questions = OfNeo4j(store, "here")
    with following():
        assert questions.ask("Quiet").subject.id == "Q"
        assert told()[0] == "twinning"
        questions.ask("Poor county")
        assert told() == ("twinning", "the district of Poor county")
