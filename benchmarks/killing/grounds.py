"""Where the killing goes on: a workspace, or a private Neo4j of its own that is killed as well."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, Protocol

from benchmarks.killing.left import in_database, progress_in_database, staged_in_database
from benchmarks.killing.work import open_place
from graph.bolt import Address
from graph.server.private import PrivateServer
from graph.server.process import Process, gone, started_at
from graph.server.status import Status
from graph.store.neo4j.store import Neo4jStore
from graph.store.protocol import Store
from graph.store.workspace import Workspace
from graph.store.workspace.files import orphans

Fell = Literal["before", "while", "after"]
MEMORY_MB = 1200


class Ground(Protocol):
    """One store, opened anew by every process."""

    name: str
    file: Path
    """Says to other processes which store and network; see :func:`benchmarks.killing.work.open_place`."""

    def point(self, network: str) -> Path:
        """Make :attr:`file` name this network."""
        ...

    def open(self) -> Store:
        """The store."""
        ...

    def staged(self, store: Store, network: str) -> bool:
        """Whether somebody began a write or a proposal and did not end it."""
        ...

    def progress(self, store: Store, network: str) -> int:
        """How much somebody staged so far of what is not in force: batches, or files."""
        ...

    def left(self, store: Store, network: str) -> list[str]:
        """What is left beyond the head, where nobody writes; empty when all is well."""
        ...

    def clear(self, store: Store, network: str) -> None:
        """Make room for the next network."""
        ...

    def kill_server(self) -> None:
        """Kill the server."""
        ...

    def up(self) -> bool:
        """Have it running again; whether it is found elsewhere now, as somebody took its port meanwhile."""
        ...


class _Pointing:
    def __init__(self, folder: Path, place: dict[str, Any]) -> None:
        self.file, self.place = folder / "place.json", place

    def point(self, network: str) -> Path:
        """See the protocol."""
        self.file.touch(0o600)
        self.file.write_text(json.dumps({**self.place, "network": network}, default=str), encoding="utf-8")
        return self.file

    def open(self) -> Store:
        """See the protocol."""
        return open_place(self.place)


class WorkspaceGround(_Pointing):
    """A workspace within a folder; it has no server."""

    name = "workspace"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {"workspace": folder / "office"})

    def staged(self, store: Store, network: str) -> bool:
        """See the protocol."""
        return bool(self._files(store))

    def progress(self, store: Store, network: str) -> int:
        """See the protocol."""
        assert isinstance(store, Workspace)
        walked = os.walk(store.folder / "snapshots")  # folders that go meanwhile are passed over
        return sum(len(files) for where, _, files in walked if ".writing-" in where)

    def left(self, store: Store, network: str) -> list[str]:
        """See the protocol."""
        assert isinstance(store, Workspace)
        return [f"left: {p.name}" for p in self._files(store)] + [b.text.en for b in store.check()]

    def clear(self, store: Store, network: str) -> None:
        """See the protocol; the past is kept whole, so there is nothing to do."""

    def kill_server(self) -> None:
        """There is none."""
        raise NotImplementedError

    def up(self) -> bool:
        """There is none that could move."""
        return False

    @staticmethod
    def _files(store: Store) -> list[Path]:
        assert isinstance(store, Workspace)
        aside = store.folder.glob("snapshots/.writing-*")
        return [*orphans(store.folder, store.snapshots()), *aside]


class Neo4jGround(_Pointing):
    """A Neo4j; ``batch`` rows go into one statement, so that kills fall between many.

    Parameters
    ----------
    folder : Path
        For :attr:`file`.
    status : Status
        Of a private server that runs.
    batch : int
        Rows in a statement.
    server : PrivateServer, optional
        That server, where it may be killed.
    """

    name = "Neo4j"

    def __init__(self, folder: Path, status: Status, batch: int, server: PrivateServer | None = None) -> None:
        self.server = server
        assert status.uri is not None
        address = Address(status.uri, status.user, status.password(), status.database)
        super().__init__(folder, {"neo4j": asdict(address), "batch": batch})

    def staged(self, store: Store, network: str) -> bool:
        """See the protocol."""
        assert isinstance(store, Neo4jStore)
        return store.ask(lambda run: staged_in_database(run, network))

    def progress(self, store: Store, network: str) -> int:
        """See the protocol."""
        assert isinstance(store, Neo4jStore)
        return store.ask(lambda run: progress_in_database(run, network))

    def left(self, store: Store, network: str) -> list[str]:
        """See the protocol."""
        assert isinstance(store, Neo4jStore)
        head = store.head(network).number
        return store.ask(lambda run: in_database(run, network, head))

    def clear(self, store: Store, network: str) -> None:
        """See the protocol."""
        assert isinstance(store, Neo4jStore)
        with store.driver.session(database=store.database) as session:
            session.run(
                "MATCH (n) WHERE n.network = $network OR (n:Network AND n.name = $network) "
                "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS",
                network=network,
            ).consume()

    def kill_server(self) -> None:
        """See the protocol."""
        pid = self.server.status().pid if self.server is not None else None
        started = started_at(pid) if pid is not None else None
        if pid is None or started is None:
            raise AssertionError("the server does not run")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        assert gone(Process(pid, started), 30.0)

    def up(self) -> bool:
        """See the protocol."""
        assert self.server is not None
        status = self.server.up(memory_mb=MEMORY_MB)
        moved = bool(status.uri != self.place["neo4j"]["uri"])
        self.place["neo4j"]["uri"] = status.uri
        return moved


@contextmanager
def own_ground(folder: Path, batch: int) -> Iterator[Neo4jGround]:
    """A private server in a folder, for the block alone."""
    server = PrivateServer(folder / "server")
    try:
        yield Neo4jGround(folder, server.up(memory_mb=MEMORY_MB), batch, server)
    finally:
        server.down()
