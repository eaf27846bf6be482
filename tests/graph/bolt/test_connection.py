"""Being let in by a real server, and each way of not being."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from graph.bolt import Address, Connection, connect
from graph.bolt.connection import read_components
from graph.errors import JieduiError, OutsideError, UsageError
from graph.server.status import Status


@contextmanager
def stranger(reply: bytes) -> Iterator[int]:
    """A program on a port of its own that gives everybody the same reply."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:
                    return
                with caller:
                    caller.recv(1000)
                    caller.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def refused(address: Address, kind: type[JieduiError], *words: str) -> None:
    """Connecting fails with an error of this kind that says these words, in one line of each language."""
    with pytest.raises(kind) as caught:
        connect(address, timeout=5)
    text = caught.value.text
    assert "\n" not in text.zh + text.en and text.zh != text.en
    for word in words:
        assert word in text.en


def test_the_server_says_who_it_is(empty_neo4j: Connection) -> None:
    assert (empty_neo4j.version.split(".")[:2], empty_neo4j.edition) == (["5", "26"], "community")
    records, _, _ = empty_neo4j.driver.execute_query(
        "MATCH (n) RETURN count(n) AS n", database_=empty_neo4j.database
    )
    assert records[0]["n"] == 0


def test_routing_finds_the_private_server_too(neo4j_server: Status) -> None:
    assert neo4j_server.uri is not None
    with connect(
        Address(neo4j_server.uri.replace("bolt:", "neo4j:"), password=neo4j_server.password())
    ) as connection:
        assert connection.database is None


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_wrong_password_and_unknown_database(neo4j_server: Status, scheme: str) -> None:
    assert neo4j_server.uri is not None
    uri = neo4j_server.uri.replace("bolt:", f"{scheme}:")
    refused(Address(uri, password="wrong"), UsageError, "password of neo4j", "NEO4J_PASSWORD")
    refused(
        Address(uri, password=neo4j_server.password(), database="nowhere"), UsageError, "no database nowhere"
    )


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s", "bolt+ssc"])
def test_a_server_without_tls(neo4j_server: Status, scheme: str) -> None:
    assert neo4j_server.uri is not None
    uri = neo4j_server.uri.replace("bolt:", f"{scheme}:")
    refused(Address(uri, password=neo4j_server.password()), OutsideError, "does not answer with TLS")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_there(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    refused(Address(f"{scheme}://127.0.0.1:{port}"), OutsideError, "cannot be reached", str(port))


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
@pytest.mark.parametrize(
    "reply", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\0\0\0\0"], ids=["http", "silent", "zeros"]
)
def test_somebody_else_there(scheme: str, reply: bytes) -> None:
    with stranger(reply) as port:
        refused(Address(f"{scheme}://127.0.0.1:{port}"), OutsideError, "no Neo4j", str(port))


def test_an_older_server_is_refused_with_a_word() -> None:
    def kernel(version: str) -> list[dict[str, object]]:
        return [{"name": "Cypher", "versions": ["5"], "edition": ""},
                {"name": "Neo4j Kernel", "versions": [version], "edition": "enterprise"}]  # fmt: skip

    for version in ("5.26.0", "5.27.0-2025040", "2025.01.0", "2026.08.1"):
        assert read_components(kernel(version), "bolt://x") == (version, "enterprise")
    for version in ("5.25.1", "4.4.42", "3.5.0"):
        with pytest.raises(UsageError, match=f"Neo4j {version}, too old; 5.26"):
            read_components(kernel(version), "bolt://x")


def test_the_calendar_release_answers(calendar_neo4j: Connection) -> None:
    """Its start class and one of its settings differ; a question is answered all the same."""
    assert calendar_neo4j.version.startswith("2026.")
    records, _, _ = calendar_neo4j.driver.execute_query("CREATE (n:Place {id: '1'}) RETURN n.id AS id")
    assert [r["id"] for r in records] == ["1"]
