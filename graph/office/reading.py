"""What an office has on its desk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from graph.errors import UsageError
from graph.office.request import KIND, Ended, Overlap, Request
from graph.office.watch import Watch
from graph.store.papers import StalePaper


class NoSuchRequest(UsageError):
    """A network has no request of that number."""


class Reading(Watch):
    """The requests of one network of a store, to be read; parameters as :class:`Watch`."""

    def requests(self, states: Collection[str] = ()) -> list[Request]:
        """All requests, or those in some states, by number."""
        found = [Request.of(p) for p in self.store.papers(self.network, KIND)]
        if any(r.plan and r.pending and r.applied for r in found):
            proposed = {p.plan for p in self.store.proposals(self.network)}
            found = [replace(r, ended=_ended(r, found, proposed)) if r.open else r for r in found]
        found.sort(key=lambda r: (len(r.id), r.id) if not r.plan else (1000, r.id))
        return [r for r in found if not states or r.state in states]

    def request(self, id: str, revision: int | None = None) -> Request:
        """One request.

        Parameters
        ----------
        id : str
            Its number.
        revision : int, optional
            The one that somebody looked at.

        Raises
        ------
        NoSuchRequest
            When there is none of that number; the message names those that are pending.
        StalePaper
            When it is at another revision.
        """
        request = self._filed_last(id)
        if request is not None:
            if revision not in (None, request.revision):
                raise StalePaper(replace(request, revision=revision or 0).filing(), request.revision)
            return request
        pending = [r.id for r in self.requests() if r.pending]
        zh, en = "、".join(pending) or "无", ", ".join(pending) or "none"
        raise NoSuchRequest(
            f"{self.network} 没有请求 {id}；待办的有：{zh}",
            f"{self.network} has no request {id}; pending are: {en}",
        )

    def _filed_last(self, id: str) -> Request | None:
        """A request by its newest filing; what became of the rest of a plan, the others say."""
        log = self.store.paper_log(self.network, KIND, id)
        request = Request.of(log[-1]) if log else None
        if request is not None and request.open:
            return next(r for r in self.requests() if r.id == id)
        return request

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

    def overlaps(self, request: Request, rows: Collection[tuple[str, str]] | None = None) -> list[Overlap]:
        """Rows that other pending requests want to change, too."""
        mine = request.rows() if rows is None else set(rows)
        return [
            Overlap(table, row, other.id, other.author, other.state)
            for other in self.requests()
            if other.id != request.id and other.pending
            for table, row in sorted(mine & other.rows())
        ]


def _ended(request: Request, others: Collection[Request], proposed: Collection[str]) -> Ended:
    """Why nothing comes of what is left of a plan: other plans adopted later decided about all those stages to the end."""
    if request.id not in proposed:
        return "withdrawn"
    last = _last(request)
    later = [o for o in others if o.id != request.id and o.plan and _last(o) > last]
    settled = {s for o in later for p in o.standing for s in p.get("decided", ()) if s not in o.open}
    return "superseded" if settled.issuperset(request.open) else ""


def _last(request: Request) -> int:
    """The version in which something of a plan was adopted last; 0: never."""
    return max((int(p.get("version", 0)) for p in request.standing), default=0)
