"""Forget a person: the name's key goes, and with it the name from every version, export and backup."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from graph.errors import UsageError
from graph.office.office import Office
from graph.store.changes import Changes
from graph.store.keyring import FORGOTTEN, TABLE, Keyring, key_id, place_of
from graph.store.papers import Filing
from graph.store.protocol import Store
from graph.store.rows import row_keys
from graph.store.version import Version

EXPORT = "export"
"""Kind of the papers that log files with names in clear."""


@dataclass(frozen=True)
class Forgotten:
    """What was done.

    Parameters
    ----------
    cadres : tuple of str
        Who was forgotten.
    version : Version or None
        Version from which the rows are gone; ``None`` where there were none any more.
    exports : tuple of str
        Files with names in clear that were written before; nobody but their holders can mend those.
    elsewhere : tuple of str
        Those of whom some name is sealed under a key that is not in this file of keys: who has it must forget them, too.
    """

    cadres: tuple[str, ...]
    version: Version | None
    exports: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


def forget(
    store: Store, network: str, cadres: Collection[str], *, by: str, why: str, keyring: Keyring | None = None
) -> Forgotten:
    """Remove the keys of names, then their rows from the network; log both.

    Cut short at any point, the same call again finishes it.

    Parameters
    ----------
    store, network : Store, str
        Where.
    cadres : collection of str
        Ids of cadres.
    by, why : str
        Who asks, and on which ground.
    keyring : Keyring, optional
        By default the user's.

    Raises
    ------
    UsageError
        When no reason is given, or one of them never had a name here.
    OutsideError
        When the keys or the store cannot be used.
    """
    if not why.strip():
        raise UsageError("请说明依据（--why）", "say on which ground (--why)")
    keys, ids = keyring or Keyring(), sorted(set(cadres))
    head = store.head(network).number
    rows = store.read(network, tables=[TABLE]).frame(TABLE)
    logged = {paper.id for paper in store.papers(network, FORGOTTEN)}
    sealed, place = {c: _key_ids(store, network, c) for c in ids}, place_of(store.address, network)
    known = (
        logged | keys.in_use(place).keys()
    )  # a request that was never applied, or an upload, may hold a name, too
    unknown = [c for c in ids if c not in known and not sealed[c]]
    if unknown:
        told = ", ".join(unknown[:10])
        raise UsageError(f"没有存过这些干部的姓名：{told}", f"no name of these cadres is stored: {told}")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    store.file(network, [_logged(store, network, c, why, at) for c in ids], by=by)
    every = [id for found in sealed.values() for id in found]
    here = keys.keys(every)
    keys.forget(place, ids, every)
    there = rows.filter(pl.col("id").is_in(ids)).select("id")
    version = None
    if there.height:
        office = Office(store, network)
        version = office.write(Changes({}, {TABLE: there}), base=head, how="forget", by=by, why=why)
    exports = [str(p.content["folder"]) for p in store.papers(network, EXPORT)]
    elsewhere = tuple(c for c, found in sealed.items() if not set(found) <= set(here))
    return Forgotten(tuple(ids), version, tuple(exports), elsewhere)


def _key_ids(store: Store, network: str, cadre: str) -> list[str]:
    """Ids of all keys under which the name of a cadre was ever stored."""
    if TABLE not in store.tables(network):
        return []
    (row,) = row_keys(TABLE, pl.DataFrame({"id": [cadre]})).to_list()
    names = (state.row["name"] for state in store.history(network, TABLE, row))
    return list(dict.fromkeys(id for name in names if name is not None and (id := key_id(name))))


def _logged(store: Store, network: str, cadre: str, why: str, at: str) -> Filing:
    log = store.paper_log(network, FORGOTTEN, cadre)
    return Filing(FORGOTTEN, cadre, {"why": why, "at": at}, log[-1].revision if log else 0)


def note_export(store: Store, network: str, folder: str, version: int, *, by: str) -> None:
    """Log that a file was written with names in clear, so that :func:`forget` can name it."""
    log = store.paper_log(network, EXPORT, folder)
    content = {"folder": folder, "version": version}
    store.file(network, [Filing(EXPORT, folder, content, log[-1].revision if log else 0)], by=by)


def log_of(store: Store, network: str) -> Sequence[dict[str, object]]:
    """Who was forgotten, when, by whom and why."""
    return [p.to_dict() for p in store.papers(network, FORGOTTEN)]
