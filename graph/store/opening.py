"""Which store an address means, and which network in it.

::

    workspace:                      the default workspace (JIEDUI_HOME, else the user's data folder)
    workspace:/path/of/folder       a workspace
    neo4j:                          NEO4J_URI of the environment, else the private server that runs
    neo4j://host:7687/database      a server: bolt, neo4j, with +s or +ssc for TLS
    …#network                       the network; may be left out where the store holds just one
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from graph.errors import UsageError
from graph.store.protocol import Store

WORKSPACE, NEO4J = "workspace:", "neo4j:"
SERVERS = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True)
class Place:
    """A store and a network in it.

    Parameters
    ----------
    store : str
        Address of the store, without the network.
    network : str
        Name of the network; empty where the store's only one is meant.
    """

    store: str
    network: str = ""


def is_store(text: str) -> bool:
    """Whether a text is a store's address, and not a scenario's name or folder."""
    head = text.partition("#")[0]
    return head.startswith((WORKSPACE, NEO4J)) or (head.partition("://")[0] in SERVERS and "://" in head)


def parse_place(text: str) -> Place:
    """Take an address apart.

    Raises
    ------
    UsageError
        When it is none.
    """
    if not is_store(text):
        raise UsageError(
            f"{text} 不是图存储的地址；应如 workspace:文件夹#网络、neo4j:#网络 或 neo4j://主机:7687#网络",
            f"{text} is no address of a graph store; write workspace:FOLDER#NETWORK, neo4j:#NETWORK or neo4j://HOST:7687#NETWORK",
        )
    store, _, network = text.partition("#")
    return Place(store, unquote(network))


def open_store(address: str, *, create: bool = False) -> Store:
    """Open the store of an address.

    Parameters
    ----------
    address : str
        As above; a network in it is ignored.
    create : bool
        Whether a workspace may be made where there is none.

    Raises
    ------
    UsageError
        When it is no address, there is no workspace, or the extra ``neo4j`` is not installed.
    InputError
        When what is there was written by a later jiedui.
    OutsideError
        When the server or the disk cannot be used.
    """
    store = parse_place(address).store
    if store.startswith(WORKSPACE):
        from graph.store.workspace import open_workspace

        folder = store.removeprefix(WORKSPACE)
        return open_workspace(Path(folder) if folder else None, create=create)
    from graph.bolt import connect, find_address
    from graph.server.extra import needs

    needs("neo4j")
    from graph.store.neo4j.store import Neo4jStore

    uri, database = _server(store)
    return Neo4jStore.on(connect(find_address(uri, database=database)))


@contextmanager
def opened(address: str, *, create: bool = False) -> Iterator[tuple[Store, str]]:
    """The store of an address and the name of the network that is meant; closed afterwards.

    Raises
    ------
    UsageError
        As :func:`open_store`; and when no network is named and the store does not hold just one.
    """
    place = parse_place(address)
    store = open_store(place.store, create=create)
    try:
        yield store, place.network or only_network(store)
    finally:
        store.close()


def only_network(store: Store) -> str:
    """The network of a store that holds just one.

    Raises
    ------
    UsageError
        When it holds none, or several; the message names them.
    """
    names = store.networks()
    if len(names) == 1:
        return names[0]
    if not names:
        raise UsageError(
            f"{store.address} 还没有网络；请先导入：jiedui graph load 场景",
            f"{store.address} holds no network yet; load one: jiedui graph load SCENARIO",
        )
    zh, en = "、".join(names), ", ".join(names)
    raise UsageError(
        f"{store.address} 有多个网络，请在地址后加 #名称：{zh}",
        f"{store.address} holds several networks; add #NAME to the address: {en}",
    )


def _server(store: str) -> tuple[str | None, str | None]:
    """URI without its path, and the database that the path names."""
    if store == NEO4J:
        return None, None
    parts = urlsplit(store)
    database = unquote(parts.path.strip("/")) or None
    return urlunsplit((parts.scheme, parts.netloc, "", parts.query, "")), database
