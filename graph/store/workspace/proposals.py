"""Plans that are proposed: a row of the database each, and a Parquet file for each of their result tables."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from graph.schema.model import SHAPES
from graph.store.decided import decided, named
from graph.store.proposal import Proposal
from graph.store.references import refuse_missing
from graph.store.refusals import no_proposal
from graph.store.workspace.catalogue import Catalogue
from graph.store.workspace.files import PROPOSALS, put_proposal, staging, sweep_proposals, write_synced
from graph.store.workspace.ground import Ground
from graph.store.workspace.reading import Reader


@dataclass(frozen=True)
class Kept:
    """What the database knows of the file of a result table.

    Parameters
    ----------
    proposal : int
        Number of the proposal.
    table : str
        The result table.
    size : int
        Bytes of the file.
    sha256 : str
        Digest of its bytes.
    """

    proposal: int
    table: str
    size: int
    sha256: str

    @property
    def file(self) -> Path:
        """Its file, seen from the workspace's folder."""
        return Path(PROPOSALS, str(self.proposal), f"{self.table}.parquet")


def propose(
    folder: Path,
    connection: sqlite3.Connection,
    reader: Reader,
    network: str,
    proposal: Proposal,
    tables: Mapping[str, pl.DataFrame],
) -> None:
    """Inside the writing transaction: put the files in place, and note them.

    Raises
    ------
    NoSuchNetwork, InputError
        See :meth:`graph.store.protocol.Store.propose`.
    OSError
        When the disk is full, or cannot be written.
    """
    sweep_proposals(folder, numbers(connection))
    catalogue = Catalogue(connection)
    number = catalogue.number(network)
    if find(connection, network, proposal.plan) is not None:
        return
    rows = decided(tables)
    refuse_missing(network, _missing(Ground(catalogue, reader, number), rows))
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    told = json.dumps(proposal.to_dict(), ensure_ascii=False)
    inserted = connection.execute(
        "INSERT INTO proposals (network, plan, at, content) VALUES (?, ?, ?, ?)",
        (number, proposal.plan, at, told),
    )
    mine = int(inserted.lastrowid or 0)
    with staging(folder, PROPOSALS) as aside:
        kept = [_written(aside, mine, table, frame) for table, frame in rows.items()]
        put_proposal(folder, aside, mine)
    connection.executemany(
        "INSERT INTO proposal_files (proposal, tab, size, sha256) VALUES (?, ?, ?, ?)",
        [(k.proposal, k.table, k.size, k.sha256) for k in kept],
    )


def _written(aside: Path, proposal: int, table: str, rows: pl.DataFrame) -> Kept:
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    content = buffer.getvalue()
    kept = Kept(proposal, table, len(content), hashlib.sha256(content).hexdigest())
    write_synced(aside / kept.file.name, content)
    return kept


def _missing(ground: Ground, tables: Mapping[str, pl.DataFrame]) -> dict[tuple[str, str], list[str]]:
    """Table and column → what it names and nobody ever knew, of entities whose tables were given."""
    found: dict[tuple[str, str], list[str]] = {}
    for table, rows in tables.items():
        for link, names in named(table, rows):
            if not set(link.targets) <= set(ground.given):
                continue
            left = names
            for target in link.targets:
                left = left.filter(~left.is_in(_known(ground, target, left).implode()))
            if left.len():
                found[table, link.column] = left.to_list()
    return found


def _known(ground: Ground, target: str, names: pl.Series) -> pl.Series:
    """Names that stand in an entity's table, or once did: what went since is told when the plan is adopted."""
    key = SHAPES[target].key
    former = ground.former(target, pl.DataFrame({key: names}))
    return pl.concat([ground.standing(target, names), former[key]])


def find(connection: sqlite3.Connection, network: str, plan: str) -> int | None:
    """Number of a proposal; ``None`` where the plan is not proposed."""
    found = connection.execute(
        "SELECT p.id FROM proposals AS p JOIN networks AS n ON n.id = p.network WHERE n.name = ? AND p.plan = ?",
        (network, plan),
    ).fetchone()
    return None if found is None else int(found[0])


def numbers(connection: sqlite3.Connection) -> list[int]:
    """Numbers of all proposals of all networks."""
    return [int(number) for (number,) in connection.execute("SELECT id FROM proposals ORDER BY id")]


def proposals(connection: sqlite3.Connection, network: str) -> list[Proposal]:
    """Plans that are proposed for a network, by id."""
    rows = connection.execute(
        "SELECT p.content FROM proposals AS p JOIN networks AS n ON n.id = p.network WHERE n.name = ? ORDER BY p.plan",
        (network,),
    )
    return [Proposal.from_dict(json.loads(content)) for (content,) in rows]


def all_kept(connection: sqlite3.Connection) -> list[Kept]:
    """Files of all proposals of all networks."""
    rows = connection.execute("SELECT proposal, tab, size, sha256 FROM proposal_files ORDER BY proposal, tab")
    return [Kept(*row) for row in rows]


def kept_of(connection: sqlite3.Connection, network: str, plan: str, table: str) -> Kept | None:
    """The file of a result table; ``None`` where the plan decides nothing of it.

    Raises
    ------
    NoSuchProposal
        When the plan is not proposed.
    """
    number = find(connection, network, plan)
    if number is None:
        raise no_proposal(network, plan)
    row = connection.execute(
        "SELECT proposal, tab, size, sha256 FROM proposal_files WHERE proposal = ? AND tab = ?",
        (number, table),
    ).fetchone()
    return None if row is None else Kept(*row)


def withdraw(connection: sqlite3.Connection, network: str, plan: str) -> int:
    """Inside the writing transaction: forget a proposal; its number. Its files go afterwards.

    Raises
    ------
    NoSuchProposal
        When the plan is not proposed.
    """
    number = find(connection, network, plan)
    if number is None:
        raise no_proposal(network, plan)
    connection.execute("DELETE FROM proposals WHERE id = ?", (number,))
    return number


def remove_files(folder: Path, number: int) -> None:
    """Remove the files of a proposal that is withdrawn; where that fails the next writer sweeps them."""
    shutil.rmtree(folder / PROPOSALS / str(number), ignore_errors=True)
