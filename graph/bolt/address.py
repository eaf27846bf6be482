"""Which Neo4j is meant: named in the call, by the environment, or the private server that runs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from graph.errors import InputError, OutsideError, UsageError, reason_of

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
URI, DATABASE, CA_FILE = "NEO4J_URI", "NEO4J_DATABASE", "NEO4J_CA_FILE"
USERS = ("NEO4J_USER", "NEO4J_USERNAME")
PASSWORD, PASSWORD_FILE = "NEO4J_PASSWORD", "NEO4J_PASSWORD_FILE"


@dataclass(frozen=True)
class Address:
    """Where a Neo4j is and how to be let in.

    ``database`` is ``None`` for the user's home database. ``ca_file`` holds the certificates to trust with ``+s`` beside
    those of the system.
    """

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.uri)
            right = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:  # a port that is no number
            right = False
        if not right or "@" in self.uri:
            raise UsageError(
                f"{_shown(self.uri)} 不是 Neo4j 的地址；应如 bolt://主机:7687 或 neo4j+s://主机（用户和密码另给）",
                f"{_shown(self.uri)} is no address of a Neo4j; write bolt://host:7687 or neo4j+s://host (user and password apart)",
            )


def find_address(uri: str | None = None, *, database: str | None = None, home: Path | None = None) -> Address:
    """The address named in the call, else that of the environment, else that of the private server.

    Parameters
    ----------
    uri : str, optional
        An address; user and password come from the environment. By default ``NEO4J_URI``.
    database : str, optional
        By default ``NEO4J_DATABASE``, else the user's home database.
    home : Path, optional
        The folder of a private server, which then is meant whatever the environment says.

    Raises
    ------
    UsageError
        When the address is none, or has no password in the environment.
    InputError
        When the file of the password cannot be read.
    OutsideError
        When no address is given and the private server does not run.
    """
    named = uri or (None if home else os.environ.get(URI))
    if not named:
        return private_address(home, database)
    ca_file = os.environ.get(CA_FILE)
    return Address(
        named,
        next((os.environ[name] for name in USERS if os.environ.get(name)), "neo4j"),
        _password(named),
        database or os.environ.get(DATABASE) or None,
        Path(ca_file).expanduser() if ca_file else None,
    )


def private_address(home: Path | None = None, database: str | None = None) -> Address:
    """The address of the private server.

    Raises
    ------
    OutsideError
        When it does not run.
    """
    from graph.server.private import PrivateServer
    from graph.server.status import STATES

    status = PrivateServer(home).status()
    if status.state != "running" or status.uri is None:
        state = STATES[status.state]
        raise OutsideError(
            f"没有可用的 Neo4j：私有服务器{state.zh}；请运行 jiedui graph up，或用 {URI} 指定服务器",
            f"no Neo4j to ask: the private server is {state.en}; run jiedui graph up, or name a server by {URI}",
        )
    return Address(status.uri, status.user, status.password(), database or status.database)


def _password(uri: str) -> str:
    if os.environ.get(PASSWORD):
        return os.environ[PASSWORD]
    file = os.environ.get(PASSWORD_FILE)
    if not file:
        raise UsageError(
            f"没有 {_shown(uri)} 的密码；请设环境变量 {PASSWORD} 或 {PASSWORD_FILE}",
            f"no password for {_shown(uri)}; set {PASSWORD} or {PASSWORD_FILE} in the environment",
        )
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip()
    except OSError as error:
        why = reason_of(error)
        raise InputError(
            f"无法读取密码文件 {file}：{why.zh}", f"cannot read the password's file {file}: {why.en}"
        ) from error


def _shown(uri: str) -> str:
    """An address without what may be a password in it."""
    start, at, host = uri.rpartition("@")
    return f"{start.partition('://')[0]}://…@{host}" if at else uri
