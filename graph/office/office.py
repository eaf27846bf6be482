"""The office of a network: requests from draft to applied, locks and freezes; the same on every store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import polars as pl

from graph.errors import CheckFailed, UsageError
from graph.network import Network
from graph.office.register import KIND as REGISTER
from graph.office.register import Freeze, Register
from graph.office.request import KIND, Request, State, Step
from graph.office.written import rows_to_json
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.keyring import seal_changes
from graph.store.papers import Filing, StalePaper
from graph.store.protocol import How, Store, Version
from graph.store.rows import keyed

T = TypeVar("T")
TRIES = 20
"""How often a step is tried again where colleagues filed something in between."""


@dataclass(frozen=True)
class Overlap:
    """A row that two requests want to change.

    Parameters
    ----------
    table, row : str
        The row.
    request, author : str
        The other request, and who wants it.
    state : str
        Its state.
    """

    table: str
    row: str
    request: str
    author: str
    state: State


class SameEyes(CheckFailed):
    """Somebody would approve what they submitted themselves, where the office wants four eyes."""


class Office:
    """Requests for one network of a store.

    Parameters
    ----------
    store : Store
        The store.
    network : str
        Name of the network.
    today : callable
        Gives the day, for freezes; the clock's by default.
    """

    def __init__(self, store: Store, network: str, today: Callable[[], date] = date.today) -> None:
        self.store, self.network, self.today = store, network, today

    def requests(self, states: Collection[str] = ()) -> list[Request]:
        """All requests, or those in some states, by number."""
        found = [Request.of(p) for p in self.store.papers(self.network, KIND)]
        found.sort(key=lambda r: (len(r.id), r.id) if not r.plan else (1000, r.id))
        return [r for r in found if not states or r.state in states]

    def request(self, id: str) -> Request:
        """One request.

        Raises
        ------
        UsageError
            When there is none of that number; the message names those that are pending.
        """
        for request in self.requests():
            if request.id == id:
                return request
        pending = [r.id for r in self.requests() if r.pending]
        zh, en = "、".join(pending) or "无", ", ".join(pending) or "none"
        raise UsageError(
            f"{self.network} 没有请求 {id}；待办的有：{zh}",
            f"{self.network} has no request {id}; pending are: {en}",
        )

    def log(self, id: str) -> list[dict[str, Any]]:
        """Every step of a request, the oldest first.

        Each has ``revision``, ``at``, ``by``, ``step``, ``state``, ``note``, and old and new rows.
        """
        self.request(id)
        papers = self.store.paper_log(self.network, KIND, id)
        return [
            {"revision": p.revision, "at": p.at.isoformat(), "by": p.by, **{k: p.content[k] for k in ("step", "state", "note")},
             "changes": p.content["changes"], "current": p.content["current"]}
            for p in papers
        ]  # fmt: skip

    def draft(self, changes: Changes, *, by: str, reason: str) -> Request:
        """A new request, worked out from the head.

        Raises
        ------
        UsageError
            When there is no reason given, or nothing would change.
        InputError
            When rows name what is not there.
        """
        if not reason.strip():
            raise UsageError("请说明理由（--reason）", "say why (--reason)")
        head, changes = self.store.head(self.network).number, seal_changes(self.network, changes)
        if not sum(
            put + gone for put, gone in self.store.rehearse(self.network, changes, base=head).values()
        ):
            raise UsageError(
                "这些行与现状相同，没有要改的",
                "these rows are as they are already; there is nothing to change",
            )
        current = self._current(changes, head)

        def file() -> Request:
            number = 1 + max((int(r.id[1:]) for r in self.requests() if not r.plan), default=0)
            made = Request(f"r{number}", "draft", by, reason.strip(), head, changes, current, step="draft")
            return self._filed([made.filing()], by)

        return self._again(file)

    def edit(self, id: str, changes: Changes, *, by: str, reason: str = "") -> Request:
        """Other rows in a draft or in what was returned; worked out from the head anew.

        Raises
        ------
        WrongState
            When the request is not open to edits.
        InputError
            When rows name what is not there.
        """
        old, changes = self.request(id).after("edit"), seal_changes(self.network, changes)
        head = self.store.head(self.network).number
        self.store.rehearse(self.network, changes, base=head)
        new = replace(
            old, changes=changes, base=head, current=self._current(changes, head), reason=reason or old.reason
        )
        return self._filed([new.filing()], by)

    def _current(self, changes: Changes, version: int) -> dict[str, list[dict[str, Any]]]:
        network = self.store.read(self.network, version=version, tables=changes.tables)
        found = {}
        for table in changes.tables:
            rows = keyed(table, network.frame(table)).filter(pl.col(ROW).is_in(changes.keys(table)))
            found[table] = rows_to_json(rows.drop(ROW))
        return found

    def step(self, id: str, step: Step, *, by: str, note: str = "") -> Request:
        """Submit, return, reject a request, or take its approval back. Approving and applying have methods of their own.

        Raises
        ------
        WrongState
            When its state does not allow the step.
        StalePaper
            When a colleague took a step in the same moment.
        """

        def take() -> Request:
            request, register = self.request(id).after(step, note), self.register()
            filings = [request.filing()]
            if step in ("unapprove", "reject"):
                filings.append(register.without(id).filing())
            return self._filed(filings, by)

        return self._again(take)

    def approve(self, id: str, *, by: str, note: str = "") -> Request:
        """Approve a request; its rows are held until it is applied, rejected or its approval is taken back.

        Raises
        ------
        WrongState
            When its state does not allow it.
        SameEyes
            When the office wants four eyes, and these are the author's.
        StaleError
            When what it changes has changed since it was drafted.
        Locked
            When another approved request holds one of its rows, or a place is frozen.
        """

        def take() -> Request:
            request, register = self.request(id).after("approve", note), self.register()
            if register.four_eyes and by == request.author:
                raise SameEyes(
                    f"请求 {id} 由 {by} 提出，须由他人批准",
                    f"request {id} is {by}'s own; somebody else must approve it",
                )
            self.store.rehearse(self.network, request.changes, base=request.base)
            self._guard(register, request.changes, id)
            held = register.holding(request.rows(), id)
            return self._filed([request.filing(), held.filing()], by)

        return self._again(take)

    def apply(self, id: str, *, by: str, note: str = "") -> Version:
        """Carry out an approved edit, in one version.

        Raises
        ------
        WrongState
            When it is not approved.
        UsageError
            When it is a plan's: those are adopted.
        StaleError, Locked
            As for :meth:`approve`.
        """
        request = self.request(id)
        if request.plan:
            raise UsageError(
                f"{id} 是方案；请用 jiedui graph adopt {id}", f"{id} is a plan; use jiedui graph adopt {id}"
            )
        done = request.after("apply", note)
        return self.write(request.changes, base=request.base, how="request", by=by, why=id, request=done)

    def write(
        self, changes: Changes, *, base: int, how: How, by: str, why: str, request: Request | None = None
    ) -> Version:
        """Change the network, guarded by the register, which is filed along so that nothing is approved in between.

        Raises
        ------
        StaleError, Locked, InputError
            When the ground has changed, is held or frozen, or rows name what is not there; nothing is done.
        """
        own = request.id if request is not None else ""

        def take() -> Version:
            register = self.register()
            self._guard(register, changes, own)
            filings = [
                register.without(own).filing()
            ]  # even unchanged: so that nothing is approved in between
            if request is not None:
                filings.append(request.filing())
            return self.store.write(
                self.network, changes, base=base, how=how, by=by, why=why, filings=filings
            )

        return self._again(take)

    def overlaps(self, request: Request, rows: Collection[tuple[str, str]] | None = None) -> list[Overlap]:
        """Rows that other pending requests want to change, too."""
        mine = request.rows() if rows is None else set(rows)
        return [
            Overlap(table, row, other.id, other.author, other.state)
            for other in self.requests()
            if other.id != request.id and other.pending
            for table, row in sorted(mine & other.rows())
        ]

    def register(self) -> Register:
        """Locks and freezes in force."""
        return Register.of(self.store.papers(self.network, REGISTER))

    def freeze(self, freeze: Freeze, *, by: str) -> Register:
        """Freeze a place.

        Raises
        ------
        UsageError
            When there is no such place, or the time is empty.
        """
        regions = self.store.read(self.network, tables=["regions"])
        if freeze.region not in regions.parents:
            raise UsageError(f"没有地区 {freeze.region}", f"there is no region {freeze.region}")
        if freeze.since and freeze.until and freeze.until <= freeze.since:
            raise UsageError("冻结的止日须晚于起日", "the freeze ends before it begins")
        return self._change_register(lambda r: replace(r, freezes=(*r.freezes, freeze)), by)

    def thaw(self, region: str, *, by: str) -> Register:
        """Lift every freeze of a place.

        Raises
        ------
        UsageError
            When it is not frozen.
        """
        if all(f.region != region for f in self.register().freezes):
            raise UsageError(f"{region} 没有冻结", f"{region} is not frozen")
        return self._change_register(
            lambda r: replace(r, freezes=tuple(f for f in r.freezes if f.region != region)), by
        )

    def want_four_eyes(self, wanted: bool, *, by: str) -> Register:
        """Whether nobody may approve their own requests."""
        return self._change_register(lambda r: replace(r, four_eyes=wanted), by)

    def _change_register(self, change: Callable[[Register], Register], by: str) -> Register:
        def take() -> Register:
            new = change(self.register())
            self.store.file(self.network, [new.filing()], by=by)
            return new

        return self._again(take)

    def _guard(self, register: Register, changes: Changes, own: str) -> None:
        def read() -> Network:
            return self.store.read(self.network, tables=["regions", *changes.tables])

        register.guard(changes, read, self.today(), own)

    def _filed(self, filings: Sequence[Filing], by: str) -> Request:
        return Request.of(self.store.file(self.network, filings, by=by)[0])

    def _again(self, work: Callable[[], T], fixed: bool = False) -> T:
        """``work``, and again where a colleague filed a paper in between; not where the request is ``fixed`` and it was that."""
        for _ in range(TRIES - 1):
            try:
                return work()
            except StalePaper as error:
                if error.filing.kind == KIND and fixed:
                    raise
        return work()
