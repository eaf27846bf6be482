"""Propose a plan to a shared network, adopt it, and go back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from graph.errors import CheckFailed, UsageError
from graph.network import Network
from graph.office.office import Office
from graph.office.request import Request
from graph.questions.place import one_subject
from graph.schema import TABLES
from graph.store.changes import Changes, difference, merged
from graph.store.protocol import NoSuchProposal, Proposal, Store, Version
from planner.identity import DISPLAY
from planner.office.effects import READS, Decided, effects, narrowed
from planner.plan import Plan
from planner.stages import STAGES


class OtherGround(CheckFailed):
    """A plan was computed from other data than the network holds."""


@dataclass(frozen=True)
class Part:
    """What of a plan is meant.

    Parameters
    ----------
    stages, regions : tuple of str
        Only these stages, and only decisions felt in these places (codes) or below; empty: all.
    without : tuple of str
        Stages and places (codes) that are left out.
    """

    stages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, list[str]]:
        """Plain values for JSON."""
        return {"stages": list(self.stages), "regions": list(self.regions), "without": list(self.without)}


WHOLE = Part()


@dataclass(frozen=True)
class Adoption:
    """What an adoption does, or would do.

    Parameters
    ----------
    plan : str
        The plan's id.
    part : Part
        What of it.
    counts : mapping of str to (int, int)
        Table of the network → rows put and removed.
    version : Version or None
        The new head; ``None`` where it was only tried.
    """

    plan: str
    part: Part
    counts: Mapping[str, tuple[int, int]]
    version: Version | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "plan": self.plan,
            **self.part.to_dict(),
            "counts": {t: list(n) for t, n in self.counts.items()},
            "version": self.version.to_dict() if self.version is not None else None,
        }


def propose(store: Store, network: str, plan: Plan, *, by: str, reason: str = "") -> Request:
    """Store a plan's decisions beside the network, and file a request for them.

    Proposing it again goes on where it was interrupted, and changes nothing where it is there.

    Raises
    ------
    OtherGround
        When the plan was computed from other data than any version that is told by it, or the head.
    InputError
        When it decides about places, cadres or units that the network does not have.
    """
    base = ground(store, network, plan)
    tables = plan.tables()
    title = (
        str(plan.head["title"].get("zh", ""))
        if isinstance(plan.head["title"], Mapping)
        else str(plan.head["title"])
    )
    rows = {t: f.height for t, f in tables.items()}
    day = plan.network.on
    assert day is not None  # every plan has one
    announced = int(plan.head["inputs"]["policy"].get("pairing", {}).get("announced_days") or 0)
    told = Proposal(plan.id, base, day, title, by, tuple(plan.stages), rows, announced)
    store.propose(network, told, tables)
    office = Office(store, network)
    known = {r.id: r for r in office.requests()}
    if plan.id in known:
        return known[plan.id]
    request = Request(plan.id, "submitted", by, reason or title, base, plan=plan.id, step="submit")
    return Request.of(store.file(network, [request.filing()], by=by)[0])


def ground(store: Store, network: str, plan: Plan) -> int:
    """The version of the network that a plan was computed from: the one that it names, else the head where it holds the same.

    Raises
    ------
    OtherGround
        When it does not; tables and rows are named.
    """
    origin = plan.head["inputs"].get("network")
    if origin is not None and origin["name"] == network:
        return int(origin["version"])
    head = store.head(network).number
    resolved = {t: f for t, f in plan.tables("resolved").items() if t not in DISPLAY}
    stored = store.read(network, version=head, tables=list(resolved))
    told = [t for t, seen in resolved.items() if not _same(t, seen, stored)]
    if told:
        zh, en = "、".join(told), ", ".join(told)
        raise OtherGround(
            f"方案 {plan.id} 所依据的数据与网络 {network} 版本 {head} 不同（表：{zh}）；请用 network = … 从该网络重新规划",
            f"plan {plan.id} was computed from other data than version {head} of network {network} holds (tables: {en}); plan again from it with network = …",
        )
    return head


def _same(table: str, seen: pl.DataFrame, stored: Network) -> bool:
    now = stored.frame(table).select(seen.columns).sort(TABLES[table].key, nulls_last=False)
    return now.equals(seen)


def adopt(
    store: Store,
    network: str,
    plan: str,
    *,
    by: str,
    part: Part = WHOLE,
    note: str = "",
    dry_run: bool = False,
) -> Adoption:
    """Carry out a proposed plan, or a part of it, on the network.

    Relations and postings begin and end on the day of planning, as :mod:`planner.office.effects` says. The change is worked out
    from the version that the plan was computed from, and refused where what it touches has changed since.

    Parameters
    ----------
    store, network : Store, str
        Where.
    plan : str
        Id of a proposed plan.
    by, note : str
        Who adopts it, and what they write beside it.
    part : Part
        What of it.
    dry_run : bool
        Only say what would happen.

    Raises
    ------
    NoSuchProposal
        When the plan is not proposed.
    WrongState
        When its request was returned or rejected.
    StaleError
        When the ground has changed; every place is named.
    Locked
        When an approved request holds one of the rows, or a place is frozen.
    UsageError
        When the part names what is no stage and no place, or nothing is left of the plan.
    """
    office = Office(store, network)
    request = office.request(plan) if plan in {r.id for r in office.requests()} else None
    if request is None or not request.plan:
        raise NoSuchProposal(
            f"{network} 没有提出过方案 {plan}；请先 jiedui graph propose",
            f"plan {plan} is not proposed for {network}; first: jiedui graph propose",
        )
    changes, base = _worked_out(store, network, plan, part)
    counts = store.rehearse(network, changes, base=base)
    if dry_run:
        return Adoption(plan, part, counts, None)
    done = {**part.to_dict(), "at": datetime.now(UTC).isoformat(timespec="seconds"), "by": by}
    agreed = request if request.state in ("approved", "applied") else request.after("approve", note)
    applied = replace(agreed.after("apply", note), applied=(*request.applied, done))
    version = office.write(changes, base=base, how="adopt", by=by, why=plan, request=applied)
    return Adoption(plan, part, counts, version)


def _worked_out(store: Store, network: str, plan: str, part: Part) -> tuple[Changes, int]:
    proposal = next((p for p in store.proposals(network) if p.plan == plan), None)
    if proposal is None:
        raise NoSuchProposal(f"{network} 没有提出过方案 {plan}", f"plan {plan} is not proposed for {network}")
    tables = {t: store.proposed(network, plan, t) for t, n in proposal.rows.items() if n}
    before = store.read(network, version=proposal.base, tables=READS)
    chosen = narrowed(tables, before, stages=part.stages, regions=part.regions, without=part.without)
    if not any(f.height for f in chosen.values()):
        raise UsageError(f"方案 {plan} 中没有符合的内容", f"nothing of plan {plan} is left")
    return effects(Decided(plan, proposal.on, proposal.announced_days, chosen), before), proposal.base


def part_of(network: Network, only: Sequence[str], without: Sequence[str]) -> Part:
    """What ``--only`` and ``--except`` mean: names of stages, or words for a place.

    Raises
    ------
    UsageError
        When one is neither, or may mean several places.
    """
    stages = tuple(w for w in only if w in STAGES)
    regions = tuple(_place(network, w) for w in only if w not in STAGES)
    return Part(stages, regions, tuple(w if w in STAGES else _place(network, w) for w in without))


def _place(network: Network, words: str) -> str:
    found = one_subject(network, words)
    if found.id not in network.parents:
        raise UsageError(f"{words} 不是阶段，也不是地区", f"{words} is no stage and no place")
    return found.id


def withdraw(store: Store, network: str, plan: str, *, by: str) -> None:
    """Take a proposed plan away; what was adopted of it stays, and its request is rejected where nothing was.

    Raises
    ------
    NoSuchProposal
        When it is not proposed.
    """
    store.withdraw(network, plan)
    office = Office(store, network)
    request = next((r for r in office.requests() if r.id == plan), None)
    if request is not None and request.state in ("submitted", "approved"):
        office.step(plan, "reject", by=by)


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
    """Take a version back by an inverse change; history stays.

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
    reason = why or f"revert {version}"
    return counts, Office(store, network).write(changes, base=version, how="revert", by=by, why=reason)
