"""What a server or a cluster says when it cannot now, or never: the driver's managed transactions try again, or one line is told.

The server is a stub that speaks Bolt (``tests/bolt_stub.py``); the real one is killed in ``tests/graph/store/test_neo4j_kills.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from graph.bolt import Address, connect
from graph.bolt import connection as connecting
from graph.errors import JieduiError, OutsideError, UsageError
from graph.store.neo4j.store import Neo4jStore
from tests.bolt_stub import CLOSE, Stub, running

pytestmark = pytest.mark.usefixtures("quick_retries")
TRANSIENT = "Neo.TransientError.Transaction.DeadlockDetected"
NOT_A_LEADER = "Neo.ClientError.Cluster.NotALeader"


def answers(statement: str) -> Sequence[Sequence[Any]]:
    """What a database with one network and one proposal says."""
    if "dbms.components" in statement:
        return [["Neo4j Kernel", ["5.26.0"], "community"]]
    if "(s:Schema)" in statement:
        return [[10**6]] if "SET" in statement else [[schema_version()]]
    if "RETURN n.name" in statement:
        return [["office"]]
    if "RETURN p.plan" in statement:
        return [["plan"]]
    return [[0]] if "count(*)" in statement else []


def schema_version() -> int:
    from graph.store.neo4j.schema import VERSION

    return VERSION


@contextmanager
def opened(*stubs: Stub, scheme: str = "bolt") -> Iterator[Neo4jStore]:
    """The store on the first stub."""
    with running(*stubs), connect(Address(stubs[0].uri.replace("bolt", scheme), password="p")) as connection:
        yield Neo4jStore.on(connection)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
@pytest.mark.parametrize(
    "script",
    [
        [("RUN", TRANSIENT), ("RUN", TRANSIENT)],
        [("RUN", CLOSE)],
        [("BEGIN", CLOSE)],
        [("BEGIN", "Neo.TransientError.General.DatabaseUnavailable"), ("RUN", CLOSE), ("RUN", TRANSIENT)],
        [("COMMIT", TRANSIENT)],
    ],
    ids=["transient", "cut", "cut at the beginning", "one after the other", "refused at the end"],
)
def test_reading_is_tried_again(scheme: str, script: list[tuple[str, str]]) -> None:
    stub = Stub(answers)
    with opened(stub, scheme=scheme) as store:
        stub.script, failures = list(script), len(script)
        assert store.networks() == ["office"]
        assert not stub.script
        assert stub.count("BEGIN") >= 1 + failures


def test_writing_is_tried_again() -> None:
    stub = Stub(answers)
    with opened(stub) as store:
        stub.script = [("RUN", TRANSIENT), ("RUN", CLOSE), ("COMMIT", TRANSIENT)]
        store.withdraw("office", "plan")
        assert not stub.script
        assert stub.count("RUN", "RETURN p.plan") == 4


def test_another_leader_is_found() -> None:
    """The one that is asked leads no more; routing then names the new one."""
    old, new = Stub(answers), Stub(answers)
    with running(old, new):
        old.writers = [old.port]
        address = Address(old.uri.replace("bolt", "neo4j"), password="p")
        with connect(address) as connection:
            store = Neo4jStore.on(connection)
            old.script, old.writers = [("RUN", NOT_A_LEADER)], [old.port, new.port]
            store.withdraw("office", "plan")
    assert old.count("RUN", "RETURN p.plan") == 1
    assert new.count("RUN", "RETURN p.plan") == 1


def test_a_leader_that_goes_away_is_left() -> None:
    """Its connection ends in the middle: the driver calls that an expired session, and asks who leads now."""
    old, new = Stub(answers), Stub(answers)
    with running(old, new):
        old.writers = [old.port]
        with connect(Address(old.uri.replace("bolt", "neo4j"), password="p")) as connection:
            store = Neo4jStore.on(connection)
            old.script, old.writers = [("RUN", CLOSE)], [old.port, new.port]
            store.withdraw("office", "plan")
    assert (old.count("RUN", "RETURN p.plan"), new.count("RUN", "RETURN p.plan")) == (1, 1)


@pytest.mark.parametrize(
    ("code", "message", "kind", "words"),
    [
        ("Neo.ClientError.Statement.SyntaxError", "bad\nmore", OutsideError, "refused: bad"),
        ("Neo.DatabaseError.General.UnknownError", "java.io.IOException: No space left on device", OutsideError, "could not write its log"),
        ("Neo.ClientError.Security.CredentialsExpired", "x", UsageError, "wants neo4j to change the password"),
        ("Neo.ClientError.Security.Unauthorized", "x", UsageError, "password of neo4j"),
        ("Neo.ClientError.Security.Forbidden", "x", UsageError, "does not allow neo4j"),
    ],
)  # fmt: skip
def test_what_cannot_get_better_is_told_once(
    code: str, message: str, kind: type[JieduiError], words: str
) -> None:
    stub = Stub(answers, message=message)
    with opened(stub) as store:
        stub.script = [("RUN", code)]
        before = stub.count("RUN")
        with pytest.raises(kind) as caught:
            store.networks()
        told = caught.value.text
        assert words in told.en and "\n" not in told.zh + told.en and told.zh != told.en
        assert stub.count("RUN") == before + 1


def test_what_does_not_get_better_is_told_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "RETRY_SECONDS", 0.1)
    stub = Stub(answers)
    with opened(stub) as store:
        stub.script = [("RUN", TRANSIENT)] * 50
        with pytest.raises(OutsideError, match="could not do it for now"):
            store.networks()
        assert len(stub.script) < 49


def test_a_commit_of_which_nothing_is_known_is_told() -> None:
    """It may have succeeded: trying it again could do it twice. The next run finds out."""
    stub = Stub(answers)
    with opened(stub) as store:
        stub.script = [("COMMIT", CLOSE)]
        with pytest.raises(OutsideError, match=r"connection to .* broke.*run it again"):
            store.withdraw("office", "plan")


@pytest.mark.parametrize(
    ("code", "words"),
    [("Neo.ClientError.Security.Unauthorized", "password of neo4j"),
     ("Neo.ClientError.Security.CredentialsExpired", "change the password")],
)  # fmt: skip
def test_not_let_in(code: str, words: str) -> None:
    stub = Stub(answers, [("LOGON", code)])
    with running(stub), pytest.raises(UsageError, match=words):
        connect(Address(stub.uri, password="p"))
