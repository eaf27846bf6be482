"""What a network must be after a step, whatever happened on the way; worked out without a store."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.killing.grounds import Ground
from benchmarks.killing.left import doubled, proposed_twice
from benchmarks.killing.material import Frames, Material, changed, edit
from graph.office.office import Office
from graph.store.neo4j.store import Neo4jStore
from graph.store.protocol import Store
from graph.store.rows import table_checksum
from graph.store.version import NoSuchNetwork


@dataclass
class Known:
    """What a network must be.

    Parameters
    ----------
    material : Material
        What is loaded and proposed.
    versions : list of (str, frames)
        What made each version, and the tables as of it; the head last.
    proposed, adopted : bool
        Whether the plan is.
    """

    material: Material
    versions: list[tuple[str, Frames]] = field(default_factory=list)
    proposed: bool = False
    adopted: bool = False

    @property
    def head(self) -> int:
        """Number of the head; 0 before the first."""
        return len(self.versions)

    def done(self, step: str) -> None:
        """A step was done to its end."""
        word, _, number = step.partition(":")
        if word in ("propose", "withdraw"):
            self.proposed = word == "propose"
            return
        if word in ("load", "reload"):
            given = self.material.first if word == "load" else self.material.second
            how, frames = "load", dict(given.frames)
        else:
            how = "adopt" if word == "adopt" else "pull"
            changes = self.material.adoption if word == "adopt" else edit(int(number))
            frames = changed(self.versions[-1][1], changes)
        self.adopted |= word == "adopt"
        self.versions.append((how, frames))


def head_of(store: Store, network: str) -> int:
    """The head; 0 where there is no such network."""
    try:
        return store.head(network).number
    except NoSuchNetwork:
        return 0


def readable(store: Store, network: str, known: Known) -> list[str]:
    """What is wrong with what readers see; empty when all is well."""
    if not known.head:
        return []
    told = store.versions(network)
    faults = [] if [v.number for v in told] == [*range(1, known.head + 1)] else [f"versions {told}"]
    faults += [
        f"version {v.number} was made by {v.how}, not {how}"
        for v, (how, _) in zip(told, known.versions, strict=False)
        if v.how != how
    ]
    for number in {known.head, max(known.head - 1, 1)}:
        read, wanted = store.read(network, version=number), known.versions[number - 1][1]
        faults += [
            f"version {number}: {table} has {read.frame(table).height} rows where {frame.height} are due, or others"
            for table, frame in wanted.items()
            if read.frame(table).height != frame.height
            or table_checksum(table, read.frame(table)) != table_checksum(table, frame)
        ]
    return faults


def settled(ground: Ground, store: Store, network: str, known: Known) -> list[str]:
    """What is wrong where nobody writes any more; empty when all is well."""
    faults = readable(store, network, known) + (ground.left(store, network) if known.head else [])
    if not known.head:
        return faults
    plan = known.material.plan
    if isinstance(store, Neo4jStore):
        frames = known.versions[-1][1]
        faults += store.ask(lambda run: doubled(run, network, frames))
        rows = {t: f.height for t, f in plan.tables().items()} if known.proposed else {}
        faults += store.ask(lambda run: proposed_twice(run, network, plan.id, rows))
    if not known.proposed:
        return faults
    requests = [r for r in Office(store, network).requests() if r.plan]
    if [(r.id, r.state) for r in requests] != [(plan.id, "applied" if known.adopted else "submitted")]:
        faults.append(f"requests: {[(r.id, r.state) for r in requests]}")
    if [p.plan for p in store.proposals(network)] != [plan.id]:
        faults.append("the proposal is not there just once")
    faults += [
        f"proposed {table} are not the plan's"
        for table, frame in plan.tables().items()
        if not store.proposed(network, plan.id, table).equals(
            frame.select(store.proposed(network, plan.id, table).columns)
        )
    ]
    return faults
