"""What an office does: change requests, freezes, findings, ledger entries, alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from jiedui.client.call import Call, at
from jiedui.client.frames import pages
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
    async def step(self, step: str, note: str = "") -> Request[M]:
        """Submit, return, reject, approve, unapprove or apply it.

        Raises
        ------
        Conflict
            When its state does not allow the step, or rows that it changes are held or have changed.
        """
        return await self._send(Call("POST", at("requests", self.id, step), body={"note": note}))


class Requests(Group[M]):
    """Change requests of the network."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[Request[M]]:
        """Every request."""
        async for facts in pages(self._talk, at("requests"), "requests", where):
            yield Request[M](self._talk, facts, None)

    @method
    async def draft(self, changes: Mapping[str, Any]) -> Request[M]:
        """Draft a request."""
        answer = await self._talk.send(Call("POST", at("requests"), body=dict(changes)))
        return Request[M](self._talk, answer.json(), answer.headers.get("ETag"))

    @method
    async def get(self, id: str) -> Request[M]:
        """One request."""
        answer = await self._talk.send(Call("GET", at("requests", id)))
        return Request[M](self._talk, answer.json(), answer.headers.get("ETag"))


class Freezes(Group[M]):
    """Regions whose facts nobody may change for a time."""

    @stream
    async def all(self) -> AsyncIterator[dict[str, Any]]:
        """Every freeze."""
        async for one in pages(self._talk, at("freezes"), "freezes"):
            yield one


class Findings(Group[M]):
    """Findings of inspections, and what became of them."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[dict[str, Any]]:
        """Every finding."""
        async for one in pages(self._talk, at("findings"), "findings", where):
            yield one


class Ledger(Group[M]):
    """What was pledged and delivered."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[dict[str, Any]]:
        """Every entry."""
        async for one in pages(self._talk, at("ledger"), "entries", where):
            yield one


class Alerts(Group[M]):
    """Terms that end, overload, thin spots, missed deliveries: active, acknowledged, resolved."""

    @stream
    async def all(self, /, **where: Any) -> AsyncIterator[dict[str, Any]]:
        """Every alert."""
        async for one in pages(self._talk, at("alerts"), "alerts", where):
            yield one

    @method
    async def acknowledge(self, id: str, note: str = "") -> dict[str, Any]:
        """Say that somebody looks after it."""
        return await self._step(id, "acknowledge", note)

    @method
    async def resolve(self, id: str, note: str = "") -> dict[str, Any]:
        """Say that it is mended."""
        return await self._step(id, "resolve", note)

    async def _step(self, id: str, step: str, note: str) -> dict[str, Any]:
        found: dict[str, Any] = (
            await self._talk.send(Call("POST", at("alerts", id, step), body={"note": note}))
        ).json()
        return found
