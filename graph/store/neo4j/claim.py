"""The lock on a network's head: one writer at a time, and what a writer that died left behind.

A change is staged in many transactions: it claims the network first, and every further transaction locks the network's node,
sees that the claim is still its own, and moves the claim's position along. A claim whose holder is gone is taken over: the same
change goes on where it stopped, another one takes back what was staged.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.errors import OutsideError
from graph.store.neo4j.bookkeeping import (
    STATE_FIELDS,
    about_of,
    claim_of,
    head_of,
    no_such_head,
    places_of,
    tables_of,
    version_record,
)
from graph.store.neo4j.run import Run

LEASE_SECONDS = 60
"""A claim that has not moved for so long is a dead one's; its holder's next transaction would find it gone, and end."""


@dataclass(frozen=True)
class Head:
    """A network's node, locked.

    Parameters
    ----------
    version : int
        The head; 0 before the first version.
    next_places : mapping of str to int
        Table → place of its next new row.
    tables : tuple of str
        Tables that were given.
    about : str
        Settings as JSON; empty for a new network.
    digest : str
        The head's digest; empty for a new network.
    claim : mapping of str to object or None
        ``token``, ``digest``, ``position``, ``tables``, ``age`` in seconds, ``host``, ``pid``, ``by``, ``why`` of who is changing
        it.
    """

    version: int
    next_places: Mapping[str, int]
    tables: tuple[str, ...]
    about: str
    digest: str
    claim: Mapping[str, Any] | None


@dataclass(frozen=True)
class Holder:
    """Who is writing.

    Parameters
    ----------
    token : str
        Drawn anew for every write; it is how a transaction that is tried again knows its own work.
    host, pid : str, int
        Where it runs.
    """

    token: str = field(default_factory=lambda: secrets.token_hex(16))
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)


class ClaimLost(OutsideError):
    """Another writer took a claim over, as this one stood still for too long."""

    def __init__(self, network: str) -> None:
        super().__init__(
            f"{network}：写入停顿过久，已被另一写入者接手；没有半途可见的内容，请再试一次",
            f"{network}: this write stood still for so long that another took over; nothing half-done is seen, try again",
        )


def lock(run: Run, network: str) -> Head:
    """Lock a network's node (made where it is not there yet) and read it."""
    return _head(
        run, network, "MERGE (n:Network {name: $network}) ON CREATE SET n.head = 0 SET n.locked = true "
    )


def look(run: Run, network: str) -> Head:
    """Read a network's node without locking it; as of a new one where there is none."""
    return _head(run, network, "OPTIONAL MATCH (n:Network {name: $network}) ")


def _head(run: Run, network: str, found: str) -> Head:
    state = ", ".join(f"v.{name}" for name in STATE_FIELDS)
    (row,) = run(
        f"{found}WITH n OPTIONAL MATCH (v:Version {{network: $network, number: n.head}}) "
        f"RETURN n IS NULL, n.head, {state}, n.claim_token, n.claim_digest, "
        "n.claim_position, n.claim_tables, CASE WHEN n.claim_beat IS :: INTEGER NOT NULL THEN (timestamp() - n.claim_beat) / 1000.0 END, n.claim_host, n.claim_pid, n.claim_by, "
        "n.claim_why",
        network=network,
    )
    new, number, *told = row
    cells, claimed = told[: len(STATE_FIELDS)], told[len(STATE_FIELDS) :]
    head, claim = 0 if new else head_of(network, number), claim_of(network, claimed)
    if not head:
        return Head(0, {}, (), "", "", claim)
    record = version_record(network, STATE_FIELDS, cells)
    if record.cells["number"] is None:
        raise no_such_head(network, head)
    about_of(record)
    return Head(
        head, places_of(record), tuple(tables_of(record)), record.text("about"), record.text("digest"), claim
    )


def names(run: Run) -> list[str]:
    """Networks that have a version, by name."""
    return [name for (name,) in run("MATCH (n:Network) WHERE n.head > 0 RETURN n.name ORDER BY n.name")]


def take(
    run: Run,
    network: str,
    holder: Holder,
    digest: str,
    by: str,
    why: str,
    position: int,
    tables: Sequence[str],
) -> None:
    """Claim a network whose node is locked; ``tables`` are those that are going to change. It is counted as a write."""
    run(
        "MATCH (n:Network {name: $network}) SET n.claim_token = $token, n.claim_digest = $digest, "
        "n.claim_position = $position, n.claim_beat = timestamp(), n.claim_host = $host, n.claim_pid = $pid, "
        "n.claim_by = $by, n.claim_why = $why, n.claim_tables = $tables, n.writes = coalesce(n.writes, 0) + 1",
        network=network, token=holder.token, digest=digest, position=position, host=holder.host, pid=holder.pid, by=by, why=why,
        tables=list(tables),
    )  # fmt: skip


def advance(run: Run, network: str, holder: Holder, position: int) -> int:
    """Lock, see that the claim is the holder's, and move it; gives where it stood.

    Raises
    ------
    ClaimLost
        When it is not.
    """
    rows = run(
        "MATCH (n:Network {name: $network}) SET n.locked = true WITH n, n.claim_position AS stood "
        "WHERE n.claim_token = $token SET n.claim_beat = timestamp(), "
        "n.claim_position = CASE WHEN stood < $position THEN $position ELSE stood END RETURN stood",
        network=network,
        token=holder.token,
        position=position,
    )
    if not rows:
        raise ClaimLost(network)
    return int(rows[0][0])


def let_go(run: Run, network: str, holder: Holder) -> None:
    """Give a claim back, where it is still the holder's."""
    run(
        "MATCH (n:Network {name: $network}) WHERE n.claim_token = $token "
        "REMOVE n.claim_token, n.claim_digest, n.claim_position, n.claim_beat, n.claim_host, n.claim_pid, n.claim_by, n.claim_why, "
        "n.claim_tables",
        network=network,
        token=holder.token,
    )


class Busy(Exception):
    """Somebody alive holds the claim."""


class Left(Exception):
    """Somebody dead holds it, and what was staged is of no use for this write."""


def free(head: Head, holder: Holder, digest: str = "") -> int:
    """The position from which a write goes on: 0, or where a dead writer of the same rows stopped.

    Raises
    ------
    Busy, Left
        When the claim is somebody else's.
    """
    claim = head.claim
    if claim is None:
        return 0
    if claim["token"] == holder.token or (is_dead(claim, holder) and digest and claim["digest"] == digest):
        return int(claim["position"])
    if is_dead(claim, holder):
        raise Left
    raise Busy(f"{claim['by']} {claim['why']}".strip())


def is_dead(claim: Mapping[str, Any], holder: Holder) -> bool:
    """Whether nobody holds a claim any more: its process on this machine is gone, or it has not moved for a lease."""
    if claim["age"] > LEASE_SECONDS:
        return True
    if claim["host"] != holder.host:
        return False
    return claim["pid"] != holder.pid and not _runs(int(claim["pid"]))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
