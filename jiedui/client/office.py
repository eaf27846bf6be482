"""What an office does: change requests, freezes, findings, ledger entries, alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from jiedui.client.call import Call, Day, Facts, at, key
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.talk import Talk


class Request(Group[M]):
    """A change request, with the state that was read last.

    Parameters
    ----------
    talk : Talk
    facts : mapping
        As the service tells it.
    state : str, optional
        Its ETag.
    """

    def __init__(self, talk: Talk, facts: Mapping[str, Any], state: str | None) -> None:
        super().__init__(talk)
        self.facts, self._state = facts, state

    def __repr__(self) -> str:
        return f"<request {self.id}: {self.facts.get('state')}>"

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.facts["id"])

    async def _send(self, call: Call) -> Request[M]:
        answer = await self._talk.send(call)
        self.facts, self._state = answer.json(), answer.headers.get("ETag", self._state)
        return self

    @method
    async def look(self) -> Request[M]:
        """Look at it again; the same object, as it is now."""
        return await self._send(Call("GET", at("requests", self.id)))

    @method
    async def edit(self, changes: Mapping[str, Any]) -> Request[M]:
        """Put another content in the place of the one that was read.

        Raises
        ------
        Stale
            When somebody else has changed it since.
        """
        headers = {"If-Match": self._state or "*"}
        return await self._send(Call("PUT", at("requests", self.id), body=dict(changes), headers=headers))

    @method
    async def log(self) -> Facts:
        """Every step that was taken, with old and new rows."""
        return await read_json(self._talk, Call("GET", at("requests", self.id, "log")))

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
    async def all(self, /, **where: Any) -> AsyncIterator[Request[M]]:
        """Every request."""
        async for facts in pages(self._talk, at("requests"), "requests", where):
            yield Request[M](self._talk, facts, None)

    @method
    async def draft(self, changes: Mapping[str, Any]) -> Request[M]:
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
    async def all(self) -> AsyncIterator[Facts]:
        """Every freeze."""
        async for one in pages(self._talk, at("freezes"), "freezes"):
            yield one

    @method
    async def freeze(
        self, region: str, *, since: Day | None = None, until: Day | None = None, reason: str = ""
    ) -> Facts:
        """Freeze a region from a day until another."""
        body = {"region": region, "since": _day(since), "until": _day(until), "reason": reason}
        return await read_json(self._talk, Call("POST", at("freezes"), body=body))

    @method
    async def thaw(self, region: str) -> None:
        """End it."""
        await self._talk.send(Call("DELETE", at("freezes", region)))


class Findings(Group[M]):
    """Findings of inspections, and what became of them."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[Facts]:
        """Findings; ``where``: ``region``, ``status``, ``kind``, ``programme``, ``severity``, ``owner``, ``overdue_on``."""
        async for one in pages(self._talk, at("findings"), "findings", where):
            yield one

    @method
    async def get(self, id: str) -> Facts:
        """A finding, with its states in the past."""
        return await read_json(self._talk, Call("GET", at("findings", id)))

    @method
    async def enter(self, region: str, /, **given: Any) -> Facts:
        """Enter a finding; ``given``: ``kind``, ``programme``, ``severity``, ``owner``, ``due``, ``evidence``, … as the document of the API says."""
        body = {"region": region, **given}
        return await read_json(self._talk, Call("POST", at("findings"), body=body, headers=key()))

    @method
    async def step(self, id: str, step: str, /, **given: Any) -> Facts:
        """Assign, rectify, recheck, close or reopen it; ``given``: ``owner``, ``due``, ``evidence``, ``on``, ``reason``."""
        return await read_json(self._talk, Call("POST", at("findings", id, step), body=given))


class Ledger(Group[M]):
    """What was pledged and delivered."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[Facts]:
        """Entries; ``where``: ``relation``, ``year``, ``item``, ``subject``, ``short`` (only where less came than was pledged)."""
        async for one in pages(self._talk, at("ledger"), "entries", where):
            yield one

    @method
    async def enter(
        self, relation: str, year: int, item: str, *, pledged: int | None = None, delivered: int | None = None,
        source: str | None = None, reason: str = "",
    ) -> Facts:  # fmt: skip
        """Enter what was pledged and delivered, in the item's unit; ``None`` leaves an amount as it is."""
        given = {"pledged": pledged, "delivered": delivered, "source": source}
        body = {"reason": reason} | {k: v for k, v in given.items() if v is not None}
        return await read_json(self._talk, Call("PUT", at("ledger", relation, year, item), body=body))


class Alerts(Group[M]):
    """Terms that end, overload, thin spots, missed deliveries: active, acknowledged, resolved."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[Facts]:
        """Alerts, the gravest first; ``where``: ``state``, ``kind``, ``severity``, ``region``, ``at``."""
        async for one in pages(self._talk, at("alerts"), "alerts", where):
            yield one

    @method
    async def get(self, id: str, *, day: Day | None = None) -> Facts:
        """One alert, as it is on a day."""
        return await read_json(self._talk, Call("GET", at("alerts", id), {"at": day}))

    @method
    async def acknowledge(self, id: str, note: str = "", *, until: Day | None = None) -> Facts:
        """Say that somebody looks after it, until a day or for good."""
        return await self._step(id, "acknowledge", note, until)

    @method
    async def resolve(self, id: str, note: str = "") -> Facts:
        """Say that it is mended."""
        return await self._step(id, "resolve", note)

    @method
    async def reopen(self, id: str, note: str = "") -> Facts:
        """Take back that it is looked after, or mended."""
        return await self._step(id, "reopen", note)

    @method
    async def look(self) -> Facts:
        """Go round now, and tell what is new."""
        return await read_json(self._talk, Call("POST", at("alerts", "rounds")))

    @stream
    async def rounds(self) -> AsyncIterator[Facts]:
        """Rounds, the oldest first."""
        after: int | None = None
        while True:
            page = await read_json(self._talk, Call("GET", at("alerts", "rounds"), {"after": after}))
            for one in page["rounds"]:
                yield one
            after = page["next"]
            if after is None:
                return

    async def _step(self, id: str, step: str, note: str, until: Day | None = None) -> Facts:
        body = {"note": note} | ({} if until is None else {"until": _day(until)})
        return await read_json(self._talk, Call("POST", at("alerts", id, step), body=body))


def _day(day: Day | None) -> str | None:
    return None if day is None else str(day)
