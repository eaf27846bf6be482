"""A proposed plan comes into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.network import Network
from graph.office.office import Office
from graph.office.request import Request, WrongState
from graph.questions.place import one_subject
from graph.store.changes import Changes
from graph.store.proposal import Proposal
from graph.store.protocol import Store
from graph.store.refusals import no_proposal
from graph.store.version import Version
from planner.decisions import of_stages
from planner.office.effects import READS, Decided, effects, narrowed
from planner.office.ground import refuse_moved, tried
from planner.office.rows import Touched, as_json, touched
from planner.stages import STAGES


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
    rows : mapping of str to Touched
        Table of the network → the rows that would change; only where it was only tried.
    """

    plan: str
    part: Part
    counts: Mapping[str, tuple[int, int]]
    version: Version | None
    rows: Mapping[str, Touched] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "plan": self.plan,
            **self.part.to_dict(),
            "counts": {t: list(n) for t, n in self.counts.items()},
            "version": self.version.to_dict() if self.version is not None else None,
            **({"rows": as_json(self.rows)} if self.version is None else {}),
        }


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
    from the version that the plan was computed from, and refused where what it touches has changed since, or where it would now
    have to change other rows (:mod:`planner.office.ground`).

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
        When its request was returned or rejected, or the plan was withdrawn.
    SameEyes
        When nobody approved it yet, the office wants four eyes, and these proposed it; a dry run is open to all.
    StaleError
        When the ground has changed; every place is named.
    Locked
        When an approved request holds one of the rows, or a place is frozen.
    UsageError
        When the part names what is no stage and no place, or nothing is left of the plan.
    """
    office = Office(store, network)
    request = next((r for r in office.requests() if r.id == plan and r.plan), None)
    if request is None:
        raise no_proposal(network, plan)
    proposal = next((p for p in store.proposals(network) if p.plan == plan), None)
    if proposal is None:
        raise withdrawn(plan)
    agreed = request
    if request.state not in ("approved", "applied"):
        agreed = (
            request.after("approve", note)  # a dry run changes nothing: anybody may try
            if dry_run
            else office.agreed(request, office.register(), by=by, note=note)
        )
    meant = _worked_out(store, network, proposal, part)
    base, decided, changes = proposal.base, meant.decided, meant.changes

    def still() -> None:
        refuse_moved(store, network, base, decided, changes)

    counts = tried(store, network, base, decided, changes)
    office.check(changes, plan)
    if dry_run:
        return Adoption(plan, part, counts, None, touched(store, network, changes))
    before = meant.left(_parts(request.applied))
    after = meant.left([*_parts(request.applied), part])
    if request.state == "applied" and not counts and before == after:
        return Adoption(plan, part, counts, store.head(network))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    done = {**part.to_dict(), "at": at, "by": by, "decided": _stages(decided.tables)}
    applied = replace(
        agreed.after("apply", note), applied=(*request.applied, done), open=[s for s, n in after.items() if n]
    )
    version = office.write(
        changes,
        base=base,
        how="adopt",
        by=by,
        why=plan,
        request=applied,
        still=still,
        mark=Request.marked if counts else lambda it, _: it,
    )
    return Adoption(plan, part, counts, version)


@dataclass(frozen=True)
class _Meant:
    """What of a plan is meant, what that changes, and the whole plan."""

    decided: Decided
    changes: Changes
    tables: Mapping[str, pl.DataFrame]
    before: Network

    def left(self, parts: Sequence[Part]) -> dict[str, int]:
        """Stage → decisions in none of these parts."""
        counted = {t: f.with_row_index("number") for t, f in self.tables.items()}
        for part in parts:
            taken = _narrowed(counted, self.before, part)
            counted = {
                t: f.join(taken[t], on="number", how="anti", maintain_order="left") if t in taken else f
                for t, f in counted.items()
            }
        stages = of_stages(self.tables)
        found = {s: sum(f.height for f in theirs.values()) for s, theirs in of_stages(counted).items()}
        return {s: found.get(s, 0) for s in stages}


def _narrowed(tables: Mapping[str, pl.DataFrame], before: Network, part: Part) -> dict[str, pl.DataFrame]:
    return narrowed(tables, before, stages=part.stages, regions=part.regions, without=part.without)


def _parts(applied: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [Part(tuple(a["stages"]), tuple(a["regions"]), tuple(a["without"])) for a in applied]


def _stages(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    return [s for s, theirs in of_stages(tables).items() if any(f.height for f in theirs.values())]


def withdrawn(plan: str) -> WrongState:
    """The plan's request is there, but not the plan."""
    return WrongState(
        f"方案 {plan} 已撤下（未采纳的部分视为已否决）；用 jiedui graph propose 重新提出",
        f"plan {plan} was withdrawn (what was not adopted of it counts as rejected); jiedui graph propose proposes it again",
    )


def _worked_out(store: Store, network: str, proposal: Proposal, part: Part) -> _Meant:
    plan = proposal.plan
    tables = {t: store.proposed(network, plan, t) for t, n in proposal.rows.items() if n}
    before = store.read(network, version=proposal.base, tables=READS)
    chosen = _narrowed(tables, before, part)
    if not any(f.height for f in chosen.values()):
        raise UsageError(f"方案 {plan} 中没有符合的内容", f"nothing of plan {plan} is left")
    decided = Decided(plan, proposal.on, proposal.announced_days, chosen)
    return _Meant(decided, effects(decided, before), tables, before)


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
