"""Addresses of stores, and what opens one.

``neo4j:`` (or ``bolt:``) alone is the server that is configured: ``NEO4J_URI``, else the private one. ``neo4j://host:7687`` names
one, with ``/database`` behind it where it is not the home database; the ``+s`` and ``+ssc`` forms are taken alike. Any other
word is a folder. ``#name`` at the end says which network of the store is meant; a store that holds only one needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graph.errors import UsageError

if TYPE_CHECKING:
    from graph.store.neo4j.store import Neo4jStore

WORKSPACE_FILE = "jiedui.sqlite3"
_SERVERS = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True)
class StoreAddress:
    """Where a store is.

    Parameters
    ----------
    uri : str
        Address of the server; empty: the configured one.
    database : str or None
        Its database; ``None``: the home database.
    folder : Path or None
        Folder of a workspace, which then is meant.
    network : str
        Name of the network; empty: the only one.
    """

    uri: str = ""
    database: str | None = None
    folder: Path | None = None
    network: str = ""


def store_address(words: str) -> StoreAddress | None:
    """The store that words name; ``None`` where they name none (a scenario's folder, or a shipped scenario).

    Raises
    ------
    UsageError
        When an address has another scheme than Neo4j's, or more in it than a database.
    """
    place, _, network = words.partition("#")
    scheme, colon, rest = place.partition(":")
    if colon and scheme in _SERVERS and (not rest or rest.startswith("//")):
        host, _, database = rest.removeprefix("//").partition("/")
        if "?" in rest or "/" in database or (rest and not host):
            raise UsageError(
                f"{words} 不是存储的地址；应如 neo4j://主机:7687/数据库#网络，或 neo4j:#网络",
                f"{words} is no address of a store; write neo4j://host:7687/database#network, or neo4j:#network",
            )
        return StoreAddress(f"{scheme}://{host}" if host else "", database or None, None, network)
    if "://" in place:
        raise UsageError(
            f"{words}：只认识 Neo4j 的地址（{'、'.join(_SERVERS)}）",
            f"{words}: only addresses of Neo4j are known ({', '.join(_SERVERS)})",
        )
    folder = Path(place)
    if place and (folder / WORKSPACE_FILE).is_file():
        return StoreAddress(folder=folder, network=network)
    return None


class Named(Protocol):
    """A store that can say which networks it holds, see :class:`graph.store.protocol.Store`."""

    address: str

    def networks(self) -> list[str]:
        """Their names."""
        ...

    def version_on(self, network: str, day: date) -> int:
        """The version that was the head at the end of a day."""
        ...


def network_meant(store: Named, named: str) -> str:
    """The network that is named, else the only one.

    Raises
    ------
    UsageError
        When none is named and the store holds none, or several.
    """
    if named:
        return named
    there = store.networks()
    if len(there) == 1:
        return there[0]
    if not there:
        raise UsageError(
            f"{store.address} 里还没有网络；请先载入一个",
            f"{store.address} holds no network yet; load one first",
        )
    raise UsageError(
        f"{store.address} 里有 {len(there)} 个网络，请在地址后写 #名称：{'、'.join(there)}",
        f"{store.address} holds {len(there)} networks; write #name behind the address: {', '.join(there)}",
    )


@contextmanager
def open_neo4j(address: StoreAddress) -> Iterator[Neo4jStore]:
    """The store of a server; closed at the end.

    Raises
    ------
    OutsideError
        When the server cannot be reached or refuses.
    UsageError
        When it is too old, there is no password or a wrong one, or no such database.
    """
    from graph.bolt import connect, find_address
    from graph.store.neo4j.store import Neo4jStore

    connection = connect(find_address(address.uri or None, database=address.database))
    try:
        yield Neo4jStore(
            connection.driver,
            database=connection.database,
            address=connection.address.uri,
            enterprise=connection.edition == "enterprise",
        )
    finally:
        connection.close()
