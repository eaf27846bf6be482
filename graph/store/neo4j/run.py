"""Running statements: one protocol for a transaction of many, and for a transaction each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import neo4j

from graph.errors import OutsideError

T = TypeVar("T")


class Run(Protocol):
    """Runs one statement with parameters; gives its records as lists of values."""

    def __call__(self, statement: str, /, **parameters: Any) -> list[list[Any]]:
        """See the class."""
        ...


class InTransaction:
    """Every statement in one given transaction."""

    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def __call__(self, statement: str, /, **parameters: Any) -> list[list[Any]]:
        """Run it."""
        return self._transaction.run(statement, parameters).values()


class EachAlone:
    """Every statement in an automatic transaction of its own, as schema statements and ``CALL … IN TRANSACTIONS`` want it."""

    def __init__(self, session: neo4j.Session) -> None:
        self._session = session

    def __call__(self, statement: str, /, **parameters: Any) -> list[list[Any]]:
        """Run it."""
        return self._session.run(statement, parameters).values()


class Transact(Protocol):
    """Runs work in one managed transaction that writes; the driver tries it again where server or connection failed."""

    def __call__(self, work: Callable[[Run], T], /) -> T:
        """See the class."""
        ...


def transacting(session: neo4j.Session) -> Transact:
    """The managed transactions of a session."""

    def transact(work: Callable[[Run], T], /) -> T:
        return session.execute_write(lambda transaction: work(InTransaction(transaction)))

    return transact


def told(error: Exception) -> OutsideError:
    """What the driver says, in one line."""
    from neo4j.exceptions import ClientError, DriverError, Neo4jError, TransientError

    said = (
        str(getattr(error, "message", None) or error).splitlines()[0] if str(error) else type(error).__name__
    )
    if isinstance(error, TransientError):
        return OutsideError(f"Neo4j 暂时无法完成：{said}", f"Neo4j could not do it for now: {said}")
    if isinstance(error, ClientError | Neo4jError):
        return OutsideError(f"Neo4j 拒绝了请求：{said}", f"Neo4j refused: {said}")
    assert isinstance(error, DriverError)
    return OutsideError(
        f"与 Neo4j 的连接中断：{said}。请确认服务器在运行，再试一次",
        f"the connection to Neo4j failed: {said}. See that the server runs, then try again",
    )
