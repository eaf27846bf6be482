"""What an office has of requests before anybody decides on them: drafted, edited, lodged; and what refuses them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from graph.errors import CheckFailed, InputError, UsageError
from graph.office.reading import Reading
from graph.office.request import Request
from graph.office.written import rows_to_json
from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.clash import SHOWN
from graph.store.keyring import FORGOTTEN, place_of, seal_changes
from graph.store.keyring import TABLE as NAMES
from graph.store.papers import Filing
from graph.store.rows import keyed
from graph.tables.check_trees import TREES, on_circle, parent_rows


class Drafting(Reading):
    """Requests for one network of a store up to their decision; parameters as :class:`Watch`."""

    def _sealed(self, changes: Changes) -> Changes:
        """Names sealed, those of forgotten cadres left out."""
        left = {paper.id for paper in self.store.papers(self.network, FORGOTTEN)}
        return seal_changes(place_of(self.store.address, self.network), changes, left=left)

    def draft(
        self, changes: Changes, *, by: str, reason: str, key: str = "", base: int | None = None
    ) -> Request:
        """A new request, worked out from the head, or the one that was drafted with its key: as :meth:`begin`."""
        return self.begin(changes, by=by, reason=reason, key=key, base=base)[0]

    def begin(
        self, changes: Changes, *, by: str, reason: str, key: str = "", base: int | None = None
    ) -> tuple[Request, bool]:
        """A new request, worked out from the head, and whether it is new: of all who draft with one key at once, one is told so.

        Parameters
        ----------
        changes, by, reason
            What is to change, who wants it and why.
        key : str
            The same key of the same author gives the request that was drafted with it.
        base : int, optional
            Version that the changes were worked out from; the head by default.

        Raises
        ------
        UsageError
            When there is no reason given, or nothing would change.
        InputError
            When rows name what is not there.
        StaleError
            When what it changes has changed since ``base``.
        CheckFailed
            When the key was used for something else.
        """
        if not reason.strip():
            raise UsageError("请说明理由（why；命令行用 --why）", "say why (why; --why at the command line)")
        drafted = drafted_digest(changes, reason.strip())
        known = self._drafted(key, by, drafted)
        if known is not None:
            return known, False
        head, changes = base or self.store.head(self.network).number, self._sealed(changes)
        try:
            self._refuse_nothing(changes, head)
        except (UsageError, CheckFailed, InputError):
            if (there := self._drafted(key, by, drafted)) is not None:  # and carried out meanwhile
                return there, False
            raise
        current = self._current(changes, head)

        def file() -> tuple[Request, bool]:
            requests = (
                self.requests()
            )  # once: a number from a later look would not clash with what came in between
            there = self._drafted(key, by, drafted, requests)  # by the same one in the same moment
            if there is not None:
                return there, False
            number = 1 + max((int(r.id[1:]) for r in requests if not r.plan), default=0)
            made = Request(
                f"r{number}", "draft", by, reason.strip(), head, changes, current, step="draft", key=key, drafted=drafted
            )  # fmt: skip
            return self._filed([made.filing()], by), True

        return self._again(file)

    def _drafted(
        self, key: str, by: str, drafted: str, among: Sequence[Request] | None = None
    ) -> Request | None:
        """What its author drafted with a key already, among these or all requests."""
        if not key:
            return None
        among = self.requests() if among is None else among
        known = next((r for r in among if (r.key, r.author) == (key, by)), None)
        if known is not None and known.drafted != drafted:
            raise CheckFailed(
                f"Idempotency-Key {key} 已用于请求 {known.id}，内容不同；请换一个",
                f"Idempotency-Key {key} was used for request {known.id}, which wants something else; take another key",
            )
        return known

    def edit(
        self, id: str, changes: Changes, *, by: str, reason: str = "", revision: int | None = None
    ) -> Request:
        """Other rows in a draft or in what was returned; worked out from the head anew.

        ``revision``, here and at every step: the one that was looked at; it is refused where the request is at another.

        Raises
        ------
        StalePaper
            When the request is at another revision than the one given.
        WrongState
            When the request is not open to edits.
        UsageError
            When it is a plan's, or nothing would change.
        InputError
            When rows name what is not there.
        """
        old, changes = self.request(id, revision).after("edit"), self._sealed(changes)
        if old.plan:
            raise UsageError(
                f"{id} 是方案，不能逐行修改；请重新规划", f"{id} is a plan and cannot be edited; plan again"
            )
        head = self.store.head(self.network).number
        self._refuse_nothing(changes, head)
        new = replace(
            old, changes=changes, base=head, current=self._current(changes, head), reason=reason or old.reason
        )
        return self._filed([new.filing()], by)

    def lodge(self, request: Request, *, by: str) -> Request:
        """File a plan's request; one that is there stays, but what was returned or rejected is submitted anew."""

        def file() -> Request:
            known = next((r for r in self.requests() if r.id == request.id), None)
            if known is not None and known.state not in ("returned", "rejected"):
                return known
            if known is None:
                return self._filed([request.filing()], by)
            anew = replace(request, revision=known.revision, applied=known.applied, open=known.open)
            return self._filed([anew.filing()], by)

        return self._again(file)

    def _refuse_nothing(self, changes: Changes, head: int) -> None:
        counts = self._rehearsed(changes, head)
        if not sum(put + gone for put, gone in counts.values()):
            raise UsageError(
                "这些行与现状相同，没有要改的",
                "these rows are as they are already; there is nothing to change",
            )

    def _rehearsed(self, changes: Changes, base: int) -> dict[str, tuple[int, int]]:
        """What a change would do; refused as applying it would be."""
        refuse_own(changes)
        self._refuse_circle(changes)
        return self.store.rehearse(self.network, changes, base=base)

    def _refuse_circle(self, changes: Changes) -> None:
        """Refuse regions and policies that would lie in themselves as things are.

        Raises
        ------
        InputError
            The message names them.
        """
        for table in TREES:
            put, key = changes.put_rows(table), TABLES[table].key[0]
            if put["parent"].null_count() == put.height:
                continue
            there = self.store.read(self.network, tables=[table]).frame(table)
            gone = pl.concat([put[key], changes.removed_rows(table)[key]])
            after = pl.concat([there.filter(~pl.col(key).is_in(gone.implode())), put])
            circle = after[key].gather(on_circle(parent_rows(after, key))).to_list()
            if circle:
                told = ", ".join(circle[:SHOWN])
                raise InputError(
                    f"{table}：上级成环：{told}；请改正其中一个 parent",
                    f"{table}: parents run in a circle: {told}; correct one of their parents",
                )

    def _current(self, changes: Changes, version: int) -> dict[str, list[dict[str, Any]]]:
        network = self.store.read(self.network, version=version, tables=changes.tables)
        found = {}
        for table in changes.tables:
            rows = keyed(table, network.frame(table)).filter(pl.col(ROW).is_in(changes.keys(table)))
            found[table] = rows_to_json(rows.drop(ROW))
        return found

    def _filed(self, filings: Sequence[Filing], by: str) -> Request:
        return Request.of(self.store.file(self.network, filings, by=by)[0])


def drafted_digest(changes: Changes, reason: str) -> str:
    """Digest of what somebody drafts; names of people are left out of it, for it stays where they may be forgotten."""
    told = f"{changes.only(t for t in changes.tables if t != NAMES).digest}\n{reason}"
    return hashlib.sha256(told.encode()).hexdigest()


def refuse_own(changes: Changes) -> None:
    """Refuse relations in which something would support itself.

    Raises
    ------
    InputError
        The message names the rows.
    """
    rows = changes.put_rows("relations")
    own = rows.filter((pl.col("supporter") == pl.col("recipient")) & (pl.col("kind") != "supervision"))
    if own.height:
        told = ", ".join(f"{i} ({s})" for i, s in own.select("id", "supporter").head(SHOWN).iter_rows())
        raise InputError(
            f"relations：帮扶方与受援方相同：{told}；请改正其中之一",
            f"relations: supporter and recipient are the same: {told}; mend one of them",
        )
