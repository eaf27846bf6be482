"""Make a change: one writer at a time, everything or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from graph.store.about import About
from graph.store.changes import Changes
from graph.store.clash import StaleError
from graph.store.papers import Filing
from graph.store.references import refuse_missing, refuse_named_twice, refuse_orphans
from graph.store.refusals import check_name, no_network, no_settings, no_version
from graph.store.version import How, Version, chained
from graph.store.workspace import papers, proposals
from graph.store.workspace.catalogue import Catalogue
from graph.store.workspace.files import put_in_place, staging, sweep, sweep_proposals, write_file
from graph.store.workspace.ground import Ground
from graph.store.workspace.judging import Judge
from graph.store.workspace.reading import Reader
from graph.store.workspace.snapshot import Snapshot, chain, encoded
from graph.store.workspace.steps import Step, changes_of, steps_of

MOST_LAYERS = 32
"""Snapshots of changes upon a whole one, at most; then a whole one is written anew."""
FEW_ROWS, SHARE = 1_000, 10
"""A whole one is also written once changes upon it have more rows than a tenth of it, and more than these."""


@dataclass(frozen=True)
class Wish:
    """What a caller of ``write`` asks for; ``changes`` and ``tables`` as :mod:`graph.store.incoming` gives them."""

    network: str
    changes: Changes
    base: int
    how: How
    by: str
    why: str
    about: About | None
    tables: list[str]
    filings: Sequence[Filing] = ()


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def write(folder: Path, catalogue: Catalogue, reader: Reader, wish: Wish) -> Version:
    """Inside the writing transaction: judge the wish, file its papers, put its files in place, and note it.

    Raises
    ------
    NoSuchNetwork, StaleError, StalePaper, InputError
        See :meth:`graph.store.protocol.Store.write`.
    OSError
        When the disk is full, or cannot be written.
    """
    sweep(folder, catalogue.heads())
    sweep_proposals(folder, proposals.numbers(catalogue.connection))
    ground = _ground(catalogue, reader, wish)
    judge, steps = _judged(ground, wish)
    refuse_orphans(wish.network, judge.orphans())
    about = wish.about if ground.network is None else catalogue.about(ground.network, ground.head)
    if about is None:
        raise no_settings(wish.network)
    papers.file(catalogue.connection, wish.network, wish.filings, wish.by)
    new_about = wish.about or about
    if ground.network is not None:
        if not steps and new_about == about and not judge.given - set(ground.given):
            return catalogue.versions(ground.network, ground.head)[0]
        network = ground.network
    else:
        network = catalogue.add_network(wish.network)
    return _store(folder, ground, network, steps, wish, new_about)


def rehearse(catalogue: Catalogue, reader: Reader, wish: Wish) -> dict[str, tuple[int, int]]:
    """Inside a transaction: table → rows that would be put and removed.

    Raises
    ------
    NoSuchNetwork, StaleError, InputError
        See :meth:`graph.store.protocol.Store.rehearse`.
    """
    catalogue.number(wish.network)
    judge, steps = _judged(_ground(catalogue, reader, wish), wish)
    refuse_orphans(wish.network, judge.orphans())
    return {s.table: (s.put.height, s.gone.height) for s in steps}


def _judged(ground: Ground, wish: Wish) -> tuple[Judge, list[Step]]:
    """What really changes; refused where the ground has changed, or rows name what is not there."""
    steps = steps_of(wish.changes, ground)
    judge = Judge(changes_of(steps), ground, {*ground.given, *wish.tables})
    if found := judge.clashes(wish.base):
        raise StaleError(wish.network, wish.base, ground.head, found)
    refuse_missing(wish.network, judge.missing())
    refuse_named_twice(wish.network, judge.named_twice())
    return judge, steps


def _ground(catalogue: Catalogue, reader: Reader, wish: Wish) -> Ground:
    ground = Ground(catalogue, reader, catalogue.find(wish.network))
    if ground.network is None:
        check_name(wish.network)
        if wish.base:
            raise no_network(wish.network, catalogue.names())
    if not 0 <= wish.base <= ground.head:
        raise no_version(wish.network, wish.base, ground.head)
    return ground


def _store(
    folder: Path, ground: Ground, network: int, steps: list[Step], wish: Wish, about: About
) -> Version:
    number, catalogue = ground.head + 1, ground.catalogue
    before = catalogue.versions(network, ground.head)[0].digest if ground.head else ""
    digest = chained(before, wish.changes, about, {*ground.given, *wish.tables})
    snapshots: list[Snapshot] = []
    with staging(folder) as aside:
        for step in steps:
            for snapshot, content in _files(step, ground, network, number):
                write_file(aside, snapshot, content)
                snapshots.append(snapshot)
        if snapshots:
            put_in_place(folder, aside, network, number)
    catalogue.add_version(network, Version(number, now(), wish.how, wish.by, wish.why, {}, digest), about)
    catalogue.add_snapshots(snapshots)
    following = {s.table: s.next_position for s in steps}
    for table in [*wish.tables, *(t for t in following if t not in wish.tables)]:
        catalogue.give(network, table, number, following.get(table, catalogue.next_position(network, table)))
    return catalogue.versions(network, number)[0]


def _files(step: Step, ground: Ground, network: int, number: int) -> list[tuple[Snapshot, bytes]]:
    made = []
    if step.put.height:
        made.append(encoded(network, number, step.table, "rows", step.put, step.put_places))
    if step.gone.height:
        made.append(encoded(network, number, step.table, "gone", step.gone, step.gone_places))
    if _many(ground.snapshots(step.table), [s for s, _ in made]):
        made.append(encoded(network, number, step.table, "whole", *_whole(step, ground)))
    return made


def _many(before: list[Snapshot], added: Collection[Snapshot]) -> bool:
    """Whether a read would have to put too many snapshots together."""
    needed = chain(before)
    upon = [*needed[1:], *added] if needed else []
    return len(upon) > MOST_LAYERS or sum(s.height for s in upon) > max(
        FEW_ROWS, needed[0].height if needed else 0
    )


def _whole(step: Step, ground: Ground) -> tuple[pl.DataFrame, np.ndarray]:
    """The table as it stands after the step, and the place of each row."""
    rows, places = ground.reader.placed(step.table, ground.snapshots(step.table))
    stays = ~np.isin(places, np.concatenate([step.put_places, step.gone_places]))
    after = pl.concat([rows.filter(pl.Series(stays)), step.put])
    place = np.concatenate([places[stays], step.put_places])
    order = np.argsort(place, kind="stable")
    return after[pl.Series(order)], place[order]
