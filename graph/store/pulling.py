"""A stored network as tables again, with what breaks the schema row by row.

Colleagues may change what stands: a property of a current row that is set by hand comes back as it is. What no reader
sees, or would see twice, is reported: rows without bookkeeping, two states at once, ends that are not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

import polars as pl

from graph.findings import Finding
from graph.language import Text, several
from graph.network import Network
from graph.store.keyring import TABLE as SEALED_TABLE
from graph.store.protocol import Store
from graph.store.told import SAID_BY_GRAPH, placed
from graph.tables.checks import Checked, check_tables
from graph.tables.read import without_bad_rows
from graph.tables.rows import with_rows, without_rows


def pulled(store: Store, network: str, version: int) -> tuple[Network, list[Finding]]:
    """What can be read of a network, and everything that is wrong with the rest.

    Parameters
    ----------
    store : Store
        Any store.
    network, version : str, int
        Which network, as of which version.

    Returns
    -------
    Network
        Rows that keep the schema, also among each other; all rows where no finding is an error.
    list of Finding
        Errors for rows that are left out and for what is wrong with the graph itself.

    Raises
    ------
    NoSuchNetwork
        When there is no such network or version.
    """
    found, told, rows = _read(store, network, version)
    frames = {t: with_rows(f) for t, f in found.frames.items()}
    checked = _checked(found, frames)
    said = any(f.severity == "error" for f in told)
    told += [placed(f, rows, network) for f in checked.findings if not (said and f.code in SAID_BY_GRAPH)]
    if checked.errors:
        checked = without_bad_rows(frames, checked, [], partial(_checked, found))
        told += _left_out(found.frames, checked.frames)
    return found_with(found, checked), told


def _left_out(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """How many rows of each table stay out: those that are wrong, and those that rest on them."""
    lost = {t: f.height - after[t].height for t, f in before.items() if f.height > after[t].height}
    return [
        Finding(
            "left-out", "warning", table, None, None, None,
            Text(f"去掉了 {n} 行（有错的，以及引用它们的）", f"{several(n, 'row')} left out: wrong ones, and those that rest on them"),
            Text("", ""),
        )
        for table, n in lost.items()
    ]  # fmt: skip


def found_with(network: Network, checked: Checked) -> Network:
    """The network with checked tables instead of its own."""
    return replace(network, frames=checked.frames)


def _checked(
    network: Network, frames: Mapping[str, pl.DataFrame], before: Collection[Finding] = ()
) -> Checked:
    """Codes are as they were settled when the network was loaded; sealed names are no text to be checked."""
    checked = {t: f for t, f in frames.items() if t != SEALED_TABLE}
    found = check_tables(checked, network.settings, network.enums, domain=False)
    return Checked(without_rows(frames), network.settings, [*before, *found])


def _read(store: Store, network: str, version: int) -> tuple[Network, list[Finding], dict[str, list[str]]]:
    """What can be read, what the graph says, and keys of rows by table."""
    from graph.store.workspace.workspace import Workspace

    if isinstance(store, Workspace):
        return store.read(network, version=version), [], {}
    from graph.store.neo4j.checking import graph_findings, read_sound
    from graph.store.neo4j.store import Neo4jStore

    assert isinstance(store, Neo4jStore)
    sound = read_sound(store, network, version)
    told = graph_findings(store, network) if version == store.head(network).number else list(sound.findings)
    return sound.network, told, sound.rows
