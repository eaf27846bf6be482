"""A scenario's tables out of a graph store, at a version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from graph.errors import ScenarioError
from graph.network import Network
from graph.store.opening import opened


@dataclass(frozen=True)
class Stored:
    """Where tables were read.

    Parameters
    ----------
    name : str
        Name of the network in its store.
    version : int
        Version that was read.
    digest : str
        Its digest, so that another store's network of the same name is not taken for it.
    """

    name: str
    version: int
    digest: str = ""

    @property
    def shown(self) -> str:
        """As files are shown in messages."""
        return f"{self.name}@{self.version}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, as a plan keeps them."""
        return {"name": self.name, "version": self.version, "digest": self.digest}


def read_stored(
    address: str, known_on: Any, only: Collection[str] | None, beside: Path | None = None
) -> tuple[Stored, Network]:
    """Read a network as it is, or as it was known on a day.

    Parameters
    ----------
    address : str
        See :mod:`graph.store.opening`.
    known_on : date or str or None
        The day; ``None``: as it is now.
    only : collection of str or None
        Tables to read; ``None``: all.
    beside : Path, optional
        Folder from which a workspace's folder is meant; the current one where none is given.

    Raises
    ------
    ScenarioError
        When ``known_on`` is no day.
    UsageError
        When there is no such store, network or version.
    OutsideError
        When the store cannot be read.
    """
    try:
        day = date.fromisoformat(known_on) if isinstance(known_on, str) else known_on
    except ValueError as error:
        raise ScenarioError(
            f"known_on = {known_on}：应为 年-月-日", f"known_on = {known_on}: must be year-month-day"
        ) from error
    with opened(address, beside) as (store, name):
        version = store.head(name).number if day is None else store.version_on(name, day)
        digest = next(v.digest for v in store.versions(name) if v.number == version)
        return Stored(name, version, digest), store.read(name, version=version, tables=only)
