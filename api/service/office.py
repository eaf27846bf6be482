"""The office of the network that the service answers about, and entries that are carried out at once where they may be."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from api.service.service import Service
from graph.language import Text
from graph.network import Network
from graph.office.drafting import drafted_digest
from graph.office.locked import Locked
from graph.office.office import Office
from graph.office.request import Request, SameEyes, WrongState
from graph.store.changes import Changes
from graph.store.clash import StaleError
from graph.store.papers import StalePaper
from graph.store.version import Version

TRIES = 8
"""How often an entry goes on where the same one, sent at the same time, took a step before it."""


def office_of(service: Service) -> Office:
    """The office; four eyes are wanted where the network's register or the service's setting wants them.

    Raises
    ------
    CheckFailed
        When the service answers about files.
    OutsideError
        When the store cannot be reached.
    """
    store, name = service.networks.store()
    return Office(store, name, four_eyes=service.settings.four_eyes)


def as_stored(office: Office, *tables: str) -> tuple[int, Network]:
    """The head's number, and some tables as they are there."""
    head = office.store.head(office.network).number
    return head, office.store.read(office.network, version=head, tables=tables)


@dataclass(frozen=True)
class Entered:
    """What became of an entry.

    Parameters
    ----------
    request : Request
        The request that it is.
    version : Version or None
        The version that it made; ``None`` where it waits, or was carried out before.
    waits : Text or None
        Why it waits.
    new : bool
        Whether it was entered now; not where it was with the same key before, or in the same moment.
    """

    request: Request
    version: Version | None = None
    waits: Text | None = None
    new: bool = True


def enter(
    office: Office, changes: Changes, *, by: str, reason: str, base: int, may: bool, key: str = ""
) -> Entered:
    """A change that is drafted, submitted and, where that may be, approved and applied.

    Called again with the same key, or without one by the same person with the same words, it goes on where it was cut off: what was
    approved and not yet applied holds its rows, and would be in the way of whoever tries again. Called several times at once, each takes
    what steps the others have not: they end with the same entry.

    Parameters
    ----------
    office : Office
    changes : Changes
    by, reason, base, key
        As :meth:`graph.office.office.Office.draft` has them.
    may : bool
        Whether whoever enters it may carry it out.

    Raises
    ------
    StaleError, Locked
        When it clashes with what others did or hold; the request is rejected then, nothing waits.
    """
    begun = None if key else _begun(office, changes, by, reason)
    request, new = (begun, False) if begun else _drafted(office, changes, by, reason, base, key)
    for _ in range(TRIES):
        try:
            return replace(_carried_out(office, request, by, may), new=new)
        except (WrongState, StalePaper):  # the same entry, sent twice in one moment, is a step further
            request = office.request(request.id)
    return replace(_carried_out(office, request, by, may), new=new)


def _drafted(
    office: Office, changes: Changes, by: str, reason: str, base: int, key: str
) -> tuple[Request, bool]:
    """The request, and whether it is new. Without a key the same words about the same version are one entry, unless it was refused."""
    once = key or f"{base} {drafted_digest(changes, reason.strip())}"
    request, new = office.begin(changes, by=by, reason=reason, key=once, base=base)
    if key or new or request.pending or request.state == "applied":
        return request, new
    return office.begin(changes, by=by, reason=reason, base=base)


def _carried_out(office: Office, request: Request, by: str, may: bool) -> Entered:
    """All steps that are still to be taken."""
    if request.state == "draft":
        request = office.step(request.id, "submit", by=by)
    if not may:
        waits = Text("须由规划者批准", "a planner has to approve it") if request.pending else None
        return Entered(request, waits=waits)
    try:
        if request.state == "submitted":
            request = office.approve(request.id, by=by)
        version = office.apply(request.id, by=by) if request.state == "approved" else None
    except SameEyes:
        return Entered(request, waits=Text("须由他人批准", "somebody else has to approve it"))
    except (StaleError, Locked):
        if office.request(request.id).state == "applied":  # by the same entry, in the same moment
            return Entered(office.request(request.id))
        with suppress(WrongState):
            office.step(request.id, "reject", by=by)
        raise
    return Entered(office.request(request.id), version)


def _begun(office: Office, changes: Changes, by: str, reason: str) -> Request | None:
    """The same entry of the same person, where it was begun and is neither applied nor refused."""
    wanted = (by, reason.strip(), changes.tables)
    begun = office.requests(("draft", "submitted", "approved"))
    same = (r for r in begun if (r.author, r.reason, r.changes.tables) == wanted)
    return next((r for r in same if r.changes.digest == changes.digest), None)
