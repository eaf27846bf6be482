"""What an office does: change requests, freezes, findings, ledger entries, alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Unpack

from jiedui.client import answers
from jiedui.client.answers import (
    Alert,
    AlertsWhere,
    Draft,
    Edit,
    Entered,
    Finding,
    FindingGiven,
    FindingStates,
    FindingStepGiven,
    FindingsWhere,
    Freeze,
    LedgerEntry,
    LedgerWhere,
    RequestListed,
    RequestLog,
    RequestsWhere,
    Round,
    RoundList,
)
from jiedui.client.call import Call, Day, at, key
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.talk import Talk


class Request(Group[M]):
    """A change request, with the state that was read last.

    Parameters
    ----------
    talk : Talk
    facts : answers.Request or answers.RequestListed
        As the service tells it; of a list the shorter one, until it is looked at.
    state : str, optional
        Its ETag.
    """

    def __init__(self, talk: Talk, facts: answers.Request | RequestListed, state: str | None) -> None:
        super().__init__(talk)
        self.facts: answers.Request | RequestListed = facts
        self._state = state

    def __repr__(self) -> str:
        return f"<request {self.id}: {self.facts['state']}>"

    @property
    def id(self) -> str:
        """Its id."""
        return self.facts["id"]

    async def _send(self, call: Call) -> Request[M]:
        answer = await self._talk.send(call)
        self.facts, self._state = answer.json(), answer.headers.get("ETag", self._state)
        return self

    @method
    async def look(self) -> Request[M]:
        """Look at it again; the same object, as it is now."""
        return await self._send(Call("GET", at("requests", self.id)))

    @method
    async def edit(self, changes: Edit) -> Request[M]:
        """Put another content in the place of the one that was read.

        Raises
        ------
        Stale
            When somebody else has changed it since.
        """
        headers = {"If-Match": self._state or "*"}
        return await self._send(Call("PUT", at("requests", self.id), body=dict(changes), headers=headers))

    @method
    async def log(self) -> RequestLog:
        """Every step that was taken, with old and new rows."""
        return await read_json(self._talk, Call("GET", at("requests", self.id, "log")), RequestLog)

    @method
    async def step(self, step: str, note: str = "") -> Request[M]:
        """Submit, return, reject, approve, unapprove or apply it, as it was when it was looked at last.

        Raises
        ------
        Stale
            When somebody else has changed it since.
        Conflict
            When its state does not allow the step, or rows that it changes are held or have changed.
        """
        headers = {"If-Match": self._state} if self._state else {}
        call = Call("POST", at("requests", self.id, step), body={"note": note}, headers=headers)
        return await self._send(call)


class Requests(Group[M]):
    """Change requests of the network."""

    @stream
    async def all(self, /, **where: Unpack[RequestsWhere]) -> AsyncIterator[Request[M]]:
        """Requests; ``where``: ``state``, ``pending``, ``by``, ``table``, ``region``."""
        async for facts in pages(self._talk, at("requests"), "requests", RequestListed, where):
            yield Request[M](self._talk, facts, None)

    @method
    async def draft(self, changes: Draft) -> Request[M]:
        """Draft a request.

        Parameters
        ----------
        changes : mapping
            ``reason``, and what is to change: ``set`` (cells: table, row, column, value), ``rows`` (table → whole rows), ``remove`` (rows).
        """
        answer = await self._talk.send(Call("POST", at("requests"), body=dict(changes), headers=key()))
        return Request[M](self._talk, answer.json(), answer.headers.get("ETag"))

    @method
    async def get(self, id: str) -> Request[M]:
        """One request."""
        answer = await self._talk.send(Call("GET", at("requests", id)))
        return Request[M](self._talk, answer.json(), answer.headers.get("ETag"))


class Freezes(Group[M]):
    """Regions whose facts nobody may change for a time."""

    @stream
    async def all(self) -> AsyncIterator[Freeze]:
        """Every freeze."""
        async for one in pages(self._talk, at("freezes"), "freezes", Freeze):
            yield one

    @method
    async def freeze(
        self, region: str, *, since: Day | None = None, until: Day | None = None, reason: str = ""
    ) -> Freeze:
        """Freeze a region from a day until another."""
        body = {"region": region, "since": _day(since), "until": _day(until), "reason": reason}
        return await read_json(self._talk, Call("POST", at("freezes"), body=body), Freeze)

    @method
    async def thaw(self, region: str) -> None:
        """End it."""
        await self._talk.send(Call("DELETE", at("freezes", region)))


class Findings(Group[M]):
    """Findings of inspections, and what became of them."""

    @stream
    async def all(self, /, **where: Unpack[FindingsWhere]) -> AsyncIterator[Finding]:
        """Findings; ``where``: ``region``, ``status``, ``kind``, ``programme``, ``severity``, ``owner``, ``overdue_on``."""
        async for one in pages(self._talk, at("findings"), "findings", Finding, where):
            yield one

    @method
    async def get(self, id: str) -> FindingStates:
        """A finding, with its states in the past."""
        return await read_json(self._talk, Call("GET", at("findings", id)), FindingStates)

    @method
    async def enter(self, region: str, /, **given: Unpack[FindingGiven]) -> Entered:
        """Enter a finding; ``given``: ``kind``, ``programme``, ``severity``, ``owner``, ``due``, ``evidence``, … as the document of the API says."""
        body = {"region": region, **_dated(given)}
        call = Call("POST", at("findings"), body=body, headers=key())
        return await read_json(self._talk, call, Entered)

    @method
    async def step(self, id: str, step: str, /, **given: Unpack[FindingStepGiven]) -> Entered:
        """Assign, rectify, recheck, close or reopen it; ``given``: ``owner``, ``due``, ``evidence``, ``on``, ``reason``."""
        call = Call("POST", at("findings", id, step), body=_dated(given))
        return await read_json(self._talk, call, Entered)


class Ledger(Group[M]):
    """What was pledged and delivered."""

    @stream
    async def all(self, /, **where: Unpack[LedgerWhere]) -> AsyncIterator[LedgerEntry]:
        """Entries; ``where``: ``relation``, ``year``, ``item``, ``subject``, ``short`` (only where less came than was pledged)."""
        async for one in pages(self._talk, at("ledger"), "entries", LedgerEntry, where):
            yield one

    @method
    async def enter(
        self, relation: str, year: int, item: str, *, pledged: int | None = None, delivered: int | None = None,
        source: str | None = None, reason: str = "",
    ) -> Entered:  # fmt: skip
        """Enter what was pledged and delivered, in the item's unit; ``None`` leaves an amount as it is."""
        given = {"pledged": pledged, "delivered": delivered, "source": source}
        body = {"reason": reason} | {k: v for k, v in given.items() if v is not None}
        call = Call("PUT", at("ledger", relation, year, item), body=body)
        return await read_json(self._talk, call, Entered)


class Alerts(Group[M]):
    """Terms that end, overload, thin spots, missed deliveries: active, acknowledged, resolved."""

    @stream
    async def all(self, /, **where: Unpack[AlertsWhere]) -> AsyncIterator[Alert]:
        """Alerts, the gravest first; ``where``: ``state``, ``kind``, ``severity``, ``region``, ``at``."""
        async for one in pages(self._talk, at("alerts"), "alerts", Alert, where):
            yield one

    @method
    async def get(self, id: str, *, day: Day | None = None) -> Alert:
        """One alert, as it is on a day."""
        return await read_json(self._talk, Call("GET", at("alerts", id), {"at": day}), Alert)

    @method
    async def acknowledge(self, id: str, note: str = "", *, until: Day | None = None) -> Alert:
        """Say that somebody looks after it, until a day or for good."""
        return await self._step(id, "acknowledge", note, until)

    @method
    async def resolve(self, id: str, note: str = "") -> Alert:
        """Say that it is mended."""
        return await self._step(id, "resolve", note)

    @method
    async def reopen(self, id: str, note: str = "") -> Alert:
        """Take back that it is looked after, or mended."""
        return await self._step(id, "reopen", note)

    @method
    async def look(self) -> Round:
        """Go round now, and tell what is new."""
        return await read_json(self._talk, Call("POST", at("alerts", "rounds")), Round)

    @stream
    async def rounds(self) -> AsyncIterator[Round]:
        """Rounds, the oldest first."""
        after: int | None = None
        while True:
            call = Call("GET", at("alerts", "rounds"), {"after": after})
            page = await read_json(self._talk, call, RoundList)
            for one in page["rounds"]:
                yield one
            after = page["next"]
            if after is None:
                return

    async def _step(self, id: str, step: str, note: str, until: Day | None = None) -> Alert:
        body = {"note": note} | ({} if until is None else {"until": _day(until)})
        return await read_json(self._talk, Call("POST", at("alerts", id, step), body=body), Alert)


def _dated(given: Mapping[str, object]) -> dict[str, object]:
    return {name: _day(value) if isinstance(value, date) else value for name, value in given.items()}


def _day(day: Day | None) -> str | None:
    return None if day is None else str(day)
