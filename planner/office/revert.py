"""Take a version of a shared network back."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graph.errors import UsageError
from graph.office.office import Office
from graph.office.request import Request
from graph.store.changes import Changes, difference, merged
from graph.store.protocol import Store
from graph.store.version import Version


def undoing(store: Store, network: str, version: int) -> Changes:
    """What takes a version back: its rows as they were before it.

    Raises
    ------
    UsageError
        When it is the first version.
    NoSuchNetwork
        When there is no such version.
    """
    if version == 1:
        raise UsageError("第一个版本不能撤回", "the first version cannot be taken back")
    told = next((v for v in store.versions(network) if v.number == version), None)
    tables: Collection[str] = told.counts if told is not None else ()
    after = store.read(network, version=version, tables=list(tables))
    before = store.read(network, version=version - 1, tables=list(tables))
    return merged(difference(t, after.frame(t), before.frame(t)) for t in tables)


def revert(
    store: Store, network: str, version: int, *, by: str, why: str = "", dry_run: bool = False
) -> tuple[Mapping[str, tuple[int, int]], Version | None]:
    """Take a version back by an inverse change; history stays. The request of a plan that it adopted is told as reverted.

    Returns
    -------
    mapping of str to (int, int)
        Table → rows put and removed.
    Version or None
        The new head; ``None`` where it was only tried.

    Raises
    ------
    StaleError
        When one of its rows has changed since.
    Locked
        When an approved request holds one, or a place is frozen.
    UsageError
        When it is the first version.
    """
    changes = undoing(store, network, version)
    counts = store.rehearse(network, changes, base=version)
    if dry_run:
        return counts, None
    reason, office = why or f"revert {version}", Office(store, network)
    request = next((r for r in office.requests() if r.made(version)), None) if counts else None

    def mark(request: Request, number: int) -> Request:
        return request.reverted(version, by, why, number)

    return counts, office.write(
        changes, base=version, how="revert", by=by, why=reason, request=request, mark=mark
    )
