"""Whether a plan's decisions would still mean what they meant when it was computed.

A store compares rows. That two plans give one county different supporters, or one seat different people, are different rows; so
what a plan would change is worked out once more from the head, and must be the same.
"""

from __future__ import annotations

from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.clash import SHOWN, Clash, StaleError
from graph.store.protocol import Store
from graph.store.rows import keyed, row_keys
from planner.office.effects import CHANGES, READS, Decided, effects


def tried(
    store: Store, network: str, base: int, decided: Decided, changes: Changes
) -> dict[str, tuple[int, int]]:
    """What an adoption would put and remove, table by table. Parameters and errors as :func:`refuse_moved`.

    Raises
    ------
    StaleError
        Also where one of the rows has changed, or what it names; all is told at once.
    """
    try:
        counts = store.rehearse(network, changes, base=base)
    except StaleError as error:
        known = {(c.table, c.row) for c in error.clashes}
        more = [c for c in _moved(store, network, base, decided, changes) if (c.table, c.row) not in known]
        raise StaleError(network, base, error.head, error.clashes + more) from None
    refuse_moved(store, network, base, decided, changes)
    return counts


def refuse_moved(store: Store, network: str, base: int, decided: Decided, changes: Changes) -> None:
    """Refuse decisions that would change other rows at the head than they changed at ``base``.

    Parameters
    ----------
    store, network : Store, str
        Where.
    base : int
        Version that the plan was computed from.
    decided : Decided
        What is adopted.
    changes : Changes
        Its effects at ``base``.

    Raises
    ------
    StaleError
        Every row of which there is one and not the other is named, with the version in which its table changed last.
    """
    clashes = _moved(store, network, base, decided, changes)
    if clashes:
        raise StaleError(network, base, store.head(network).number, clashes)


def _moved(store: Store, network: str, base: int, decided: Decided, changes: Changes) -> list[Clash]:
    tables = {CHANGES[t] for t, rows in decided.tables.items() if rows.height}
    later = [v for v in store.versions(network) if v.number > base]
    moved = {t: v.number for v in later for t in v.counts if t in tables}
    if not moved:
        return []
    there = store.read(network, version=later[-1].number, tables=READS)
    now = effects(decided, there)
    rows = [
        (t, row)
        for t in TABLES
        if t in moved
        for row in sorted(_real(changes, t, there) ^ _real(now, t, there))
    ]
    return [_dated(store, network, t, row, moved[t]) for t, row in rows[:SHOWN]] + [
        Clash(t, row, moved[t]) for t, row in rows[SHOWN:]
    ]


def _real(changes: Changes, table: str, there: Network) -> set[str]:
    """Keys of the rows that would really change."""
    frame = keyed(table, there.frame(table))
    put = keyed(table, changes.put_rows(table))
    new = put.join(frame, on=put.columns, how="anti", nulls_equal=True)[ROW]
    gone = row_keys(table, changes.removed_rows(table))
    return {*new.to_list(), *gone.filter(gone.is_in(frame[ROW].implode())).to_list()}


def _dated(store: Store, network: str, table: str, row: str, version: int) -> Clash:
    """The clash with the version that last put its row; with that of its table where it was never there."""
    states = store.history(network, table, row)
    return Clash(table, row, states[-1].recorded_at if states else version)
