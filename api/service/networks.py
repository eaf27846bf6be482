"""The network that questions are asked of: read when it is first needed, and again when its store has a newer version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from api.service.inside import Inside
from graph.errors import CheckFailed
from graph.store.opening import StoreAddress, network_meant, open_store, store_address

if TYPE_CHECKING:
    import polars as pl

    from graph.network import Network
    from graph.questions.protocol import Questions
    from graph.store.protocol import Store
    from graph.store.version import Version
    from graph.store.workspace.pulse import Pulse
    from graph.wording import Wording


INSIDES = 32
"""Choices of regions whose insides are kept for a version of a network."""


@dataclass(frozen=True)
class Asked:
    """A network at one version, to be asked.

    Parameters
    ----------
    name : str
        The network's, or the scenario's.
    version : str
        Digest of the version, the same as long as every answer is; for a scenario's files, which do not change while the service
        runs, when they were read.
    questions : Questions
        Answers.
    read : callable
        Gives the network with the tables of some names at this version.
    rows : callable
        Gives the names of the tables that are there, with their rows; ``None`` where a server would have to count them.
    beside : dict
        What is worked out of this version once and kept as long as it is, by what it is.
    """

    name: str
    version: str
    questions: Questions
    read: Callable[[Sequence[str]], Network]
    rows: Callable[[], Mapping[str, int | None]] = dict
    beside: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def frame(self, table: str) -> pl.DataFrame:
        """One table."""
        return self.read([table]).frame(table)

    @cached_property
    def regions(self) -> Network:
        """The network with its regions alone, kept: the tree that limits are asked about."""
        return self.read(["regions"])

    @cached_property
    def wording(self) -> Wording | None:
        """The network's own words; ``None`` where it has none."""
        from graph.network import NAMES

        return self.read(tuple(NAMES)).wording if self.regions.titles else None

    @cached_property
    def inside(self) -> Callable[[tuple[str, ...]], Inside]:
        """What lies inside some regions, by their codes; the last ones asked for are kept."""
        return lru_cache(maxsize=INSIDES)(lambda regions: Inside(regions, self))


class Networks:
    """Reads the one network that the service was told of, and keeps it as long as it is the newest.

    Parameters
    ----------
    where : str
        A store's address, or a scenario.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._address = store_address(where)
        self._lock = threading.Lock()
        self._held: Asked | None = None
        self._seen: tuple[Asked, tuple[int, int]] | None = None
        self._pulse = _pulse_of(self._address)
        self._store: Store | None = None
        self._open = ExitStack()

    @property
    def held(self) -> Asked | None:
        """What was asked last, without looking whether there is something newer; ``None`` before the first question."""
        return self._held

    def asked(self) -> Asked:
        """The network as it is now.

        Raises
        ------
        NoSuchNetwork, UsageError, InputError, OutsideError
            When it is not there or cannot be read.
        """
        if self._address is None:
            with self._lock:
                self._held = self._held or _of_files(self.where)
                return self._held
        store, name = self.store()
        pulse = self._pulse
        beat = None if pulse is None else pulse.beat()  # before the head: later commits are noticed
        head = store.head(name)
        with self._lock:
            if self._held is None or self._held.version != head.digest:
                self._held = _of_store(store, self._address, name, head)
            self._seen = None if beat is None else (self._held, beat)
            return self._held

    @property
    def settled(self) -> Asked | None:
        """The network where it was read and nothing has changed since, as far as that can be told at once; else ``None``.

        Files do not change, and a workspace has a pulse; a server has to be asked.
        """
        if self._address is None:
            return self._held
        seen = self._seen
        return (
            seen[0]
            if seen is not None and self._pulse is not None and self._pulse.beat() == seen[1]
            else None
        )

    def demand_files(self) -> None:
        """Let a store pass whose files are where they belong: what is in memory would be answered without them.

        Raises
        ------
        OutsideError
            When a workspace's folder of snapshots is not there.
        """
        from graph.store.workspace.faults import damaged_snapshot
        from graph.store.workspace.files import FOLDER as SNAPSHOTS

        folder = None if self._address is None else self._address.folder
        if folder is not None and not (folder / SNAPSHOTS).is_dir():
            raise damaged_snapshot(folder / SNAPSHOTS, "缺失", "is missing")

    @property
    def stored(self) -> bool:
        """Whether a store holds it, so that it can be changed."""
        return self._address is not None

    def store(self) -> tuple[Store, str]:
        """The store that holds it, and its name in it; for those who change it.

        Raises
        ------
        CheckFailed
            When the service was told of files, which nobody may change here.
        OutsideError
            When the store cannot be reached.
        """
        address = self._address
        if address is None:
            raise CheckFailed(
                f"所读的是文件 {self.where}，不能更改；请用 jiedui graph load 载入工作区或 Neo4j，再以 --on STORE#NETWORK 指明它",
                f"this reads the files {self.where}, which nobody changes here; load them into a workspace or Neo4j "
                "(jiedui graph load), and name that: --on STORE#NETWORK",
            )
        with self._lock:
            if self._store is None:
                self._store = self._open.enter_context(open_store(address))
        return self._store, network_meant(self._store, address.network)

    def close(self) -> None:
        """Let go of the store."""
        self._open.close()
        if self._pulse is not None:
            self._pulse.close()


def _pulse_of(address: StoreAddress | None) -> Pulse | None:
    from graph.store.workspace.pulse import Pulse

    return Pulse(address.folder) if address is not None and address.folder is not None else None


def _of_files(where: str) -> Asked:
    from planner.scenario import read_scenario

    network = read_scenario(where, stages=(), domain=False, trust_shipped=True).network
    return in_memory(where, f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}", network)


def in_memory(name: str, version: str, network: Network) -> Asked:
    """A network whose tables are frames."""
    from graph.questions.of_network import OfNetwork

    def rows() -> dict[str, int | None]:
        return {table: frame.height for table, frame in sorted(network.frames.items())}

    return Asked(name, version, OfNetwork(network), lambda tables: network, rows)


def _of_store(store: Store, address: StoreAddress, name: str, head: Version) -> Asked:
    if address.folder is not None:
        return in_memory(name, head.digest, store.read(name, version=head.number))
    from graph.store.neo4j.questions import OfNeo4j
    from graph.store.neo4j.store import Neo4jStore

    assert isinstance(store, Neo4jStore)

    def read(tables: Sequence[str]) -> Network:
        return store.read(name, version=head.number, tables=list(tables))

    def rows() -> dict[str, int | None]:
        return dict.fromkeys(store.tables(name, head.number))

    return Asked(name, head.digest, OfNeo4j(store, name, head.number), read, rows)
