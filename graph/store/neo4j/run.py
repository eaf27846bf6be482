"""Running statements: one protocol for a transaction of many, and for a transaction each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import neo4j

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
    """Every statement in a managed transaction of its own, as schema statements want it."""

    def __init__(self, session: neo4j.Session) -> None:
        self._session = session

    def __call__(self, statement: str, /, **parameters: Any) -> list[list[Any]]:
        """Run it."""
        return self._session.execute_write(lambda t: t.run(statement, parameters).values())


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
