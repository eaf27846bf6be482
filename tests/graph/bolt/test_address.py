"""Which Neo4j is meant, and how its password is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.bolt import Address, find_address
from graph.errors import InputError, OutsideError, UsageError

NAMES = ("URI", "USER", "USERNAME", "PASSWORD", "PASSWORD_FILE", "DATABASE", "CA_FILE")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment that says nothing, and no private server."""
    for name in NAMES:
        monkeypatch.delenv(f"NEO4J_{name}", raising=False)
    monkeypatch.setenv("JIEDUI_SERVER_HOME", str(tmp_path / "none"))


def test_everything_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "URI": "neo4j+s://team:7688",
        "USER": "ann",
        "PASSWORD": "p",
        "DATABASE": "d",
        "CA_FILE": "/ca",
    }.items():
        monkeypatch.setenv(f"NEO4J_{name}", value)
    assert find_address() == Address("neo4j+s://team:7688", "ann", "p", "d", Path("/ca"))
    assert find_address("bolt://other", database="e") == Address("bolt://other", "ann", "p", "e", Path("/ca"))
    monkeypatch.delenv("NEO4J_USER")
    assert find_address().user == "neo4j"
    monkeypatch.setenv("NEO4J_USERNAME", "bea")
    assert find_address().user == "bea"


def test_password_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://team")
    with pytest.raises(UsageError, match="NEO4J_PASSWORD or NEO4J_PASSWORD_FILE"):
        find_address()
    monkeypatch.setenv("NEO4J_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(InputError, match="cannot read the password's file"):
        find_address()
    (tmp_path / "secret").write_text("  from file\n", encoding="utf-8")
    assert find_address().password == "from file"
    monkeypatch.setenv("NEO4J_PASSWORD", "nearer")
    assert find_address().password == "nearer"


def test_the_private_server_is_meant_last_and_must_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(OutsideError, match="jiedui graph up"):
        find_address()
    monkeypatch.setenv("NEO4J_URI", "bolt://team")
    monkeypatch.setenv("NEO4J_PASSWORD", "p")
    assert find_address().uri == "bolt://team"
    with pytest.raises(OutsideError, match="not set up yet"):
        find_address(home=tmp_path / "another")


@pytest.mark.parametrize(
    "uri", ["http://x:7474", "team", "bolt://", "bolt://x:port", "bolt://x:99999", "bolt://a:secret@x", ""]
)
def test_what_is_no_address(uri: str) -> None:
    with pytest.raises(UsageError, match="no address of a Neo4j") as caught:
        Address(uri)
    assert "secret" not in str(caught.value)


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Address("bolt://x", password="secret"))
