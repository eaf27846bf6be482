"""Addresses of stores, and what opens one.

``neo4j:`` (or ``bolt:``) alone is the server that is configured: ``NEO4J_URI``, else the private one. ``neo4j://host:7687`` names
one, with ``/database`` behind it where it is not the home database; the ``+s`` and ``+ssc`` forms are taken alike. A folder
that is a workspace names itself; ``workspace:`` is the default one. ``#name`` at the end says which network of the store is
meant; a store that holds only one needs none. ``served`` is the network of the service whose processes ask, which tells them its
address by their environment: a scenario that is kept by a service knows no other.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import UsageError

if TYPE_CHECKING:
    from graph.questions.protocol import Questions
    from graph.store.neo4j.store import Neo4jStore
    from graph.store.protocol import Store
    from graph.wording import Wording

NEO4J, WORKSPACE = "neo4j:", "workspace:"
"""The server that is configured, and the default workspace."""
WORKSPACE_FILE = "jiedui.sqlite3"
SERVED, SERVED_AT = "served", "JIEDUI_SERVED"
"""The word for a service's own network, and where its address stands in the environment."""
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

    def named(self, network: str) -> StoreAddress:
        """The same store, with a network."""
        return replace(self, network=network)

    def __str__(self) -> str:
        """The address as it is typed."""
        database = f"/{self.database}" if self.database else ""
        place = f"workspace:{self.folder}" if self.folder is not None else f"{self.uri or NEO4J}{database}"
        return f"{place}#{self.network}" if self.network else place


def store_address(words: str, beside: Path | None = None) -> StoreAddress | None:
    """The store that words name; ``None`` where they name none (a scenario's folder, or a shipped scenario).

    Parameters
    ----------
    words : str
        The address.
    beside : Path, optional
        Folder from which a workspace's folder is meant; the current one where none is given.

    Raises
    ------
    UsageError
        When an address has another scheme than Neo4j's, or more in it than a database.
    """
    if words == SERVED and SERVED_AT in os.environ:
        words = os.environ[SERVED_AT]
    place, _, network = words.rpartition("#") if "#" in words else (words, "", "")
    scheme, colon, rest = place.partition(":")
    if colon and scheme in _SERVERS:
        host, _, database = rest.removeprefix("//").partition("/")
        if set(rest) & {"?", "#"} or "/" in database or (rest and not (rest.startswith("//") and host)):
            raise UsageError(
                f"{words} 不是存储的地址；应如 neo4j://主机:7687/数据库#网络，或 neo4j:#网络",
                f"{words} is no address of a store; write neo4j://host:7687/database#network, or neo4j:#network",
            )
        return StoreAddress(f"{scheme}://{host}" if host else "", database or None, None, network)
    if colon and scheme == "workspace":
        return StoreAddress(folder=_from(beside, rest) if rest else _default_folder(), network=network)
    if "://" in place:
        raise UsageError(
            f"{words}：只认识 Neo4j 的地址（{'、'.join(_SERVERS)}）",
            f"{words}: only addresses of Neo4j are known ({', '.join(_SERVERS)})",
        )
    folder = _from(beside, place)
    if place and (folder / WORKSPACE_FILE).is_file():
        return StoreAddress(folder=folder, network=network)
    return None


def _from(beside: Path | None, words: str) -> Path:
    return Path(words) if beside is None or words.startswith("~") else beside / words


def demand_address(words: str, beside: Path | None = None) -> StoreAddress:
    """The store that words name; ``beside`` as for :func:`store_address`.

    Raises
    ------
    UsageError
        When they name none.
    """
    found = store_address(words, beside)
    if found is None:
        raise UsageError(
            f"{words} 不是图存储的地址；应如 workspace:文件夹#网络、neo4j:#网络 或 neo4j://主机:7687#网络",
            f"{words} is no address of a graph store; write workspace:FOLDER#NETWORK, neo4j:#NETWORK or neo4j://HOST:7687#NETWORK",
        )
    return found


def network_meant(store: Store, named: str) -> str:
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
def open_store(address: StoreAddress, *, create: bool = False) -> Iterator[Store]:
    """The store at an address; closed at the end. ``create``: a workspace is made where there is none.

    Raises
    ------
    OutsideError
        When a server cannot be reached or refuses, or a folder cannot be read.
    UsageError
        When there is no workspace in the folder; when a server is too old, there is no password or a wrong one, or no such
        database.
    """
    store: Store = _workspace(address.folder, create) if address.folder is not None else _neo4j(address)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened(words: str, beside: Path | None = None) -> Iterator[tuple[Store, str]]:
    """The store that words name, and the network in it that is meant; closed at the end. ``beside`` as for :func:`store_address`.

    Raises as :func:`demand_address`, :func:`open_store` and :func:`network_meant`.
    """
    address = demand_address(words, beside)
    with open_store(address) as store:
        yield store, network_meant(store, address.network)


@contextmanager
def open_asked(
    address: StoreAddress, tables: Collection[str], known_on: date | None = None
) -> Iterator[Questions]:
    """The questions of a network in a store; where words follow what is read, they are the network's own.

    Parameters
    ----------
    address : StoreAddress
        Where it is.
    tables : collection of str
        What the questions read; a server needs none, it reads what each takes.
    known_on : date, optional
        What was known at the end of that day (UTC).

    Raises
    ------
    UsageError
        When the store holds no such network, or none at that day; see also :func:`open_store`.
    """
    with open_store(address) as store:
        network = network_meant(store, address.network)
        version = None if known_on is None else store.version_on(network, known_on)
        if address.folder is not None:
            from graph.questions.of_network import OfNetwork
            from graph.wording import heard

            read = store.read(network, version=version, tables=tables)
            heard(read.wording)
            yield OfNetwork(read)
        else:
            from graph.store.neo4j.questions import OfNeo4j
            from graph.store.neo4j.store import Neo4jStore

            assert isinstance(store, Neo4jStore)
            yield OfNeo4j(store, network, version)


def words_of(store: Store, network: str) -> Wording:
    """A stored network's own words; its names are read where there are any."""
    from graph.network import NAMES
    from graph.wording import Wording

    titled = store.read(network, tables=()).titles
    return store.read(network, tables=tuple(NAMES)).wording if titled else Wording({})


def _workspace(folder: Path, create: bool) -> Store:
    from graph.store.workspace import open_workspace

    return open_workspace(folder, create=create)


def _neo4j(address: StoreAddress) -> Neo4jStore:
    from graph.bolt import connect, find_address
    from graph.store.neo4j.store import Neo4jStore

    return Neo4jStore.on(connect(find_address(address.uri or None, database=address.database)))


def _default_folder() -> Path:
    from graph.store.workspace import default_folder

    return default_folder()
