"""Scenarios of the service: read, made, edited. Who edits holds the state that they have read, so that nobody overwrites another's edit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from jiedui.client import answers
from jiedui.client.answers import OneScenario, ScenarioChecked, ScenarioEdit, ScenarioState
from jiedui.client.call import Call, at
from jiedui.client.frames import PARQUET, Frame, as_parquet
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.talk import Talk


class Scenario(Group[M]):
    """A scenario, in the state that was read last: whoever edits it holds on to that, and is refused where somebody else was faster.

    Parameters
    ----------
    talk : Talk
    name : str
    state : str, optional
        ETag of what was read; read when it is first needed where there is none.
    """

    def __init__(self, talk: Talk, name: str, state: str | None = None) -> None:
        super().__init__(talk)
        self.name = name
        self._state = state

    def __repr__(self) -> str:
        return f"<scenario {self.name}>"

    async def _read(self) -> str:
        answer = await self._talk.send(
            Call("GET", at("scenarios", self.name, "toml"), accept="application/toml")
        )
        self._state = answer.headers.get("ETag")
        return answer.text

    async def _write(self, call: Call) -> ScenarioEdit:
        answer = await self._talk.send(call)
        self._state = answer.headers.get("ETag")
        found: ScenarioEdit = answer.json()
        return found

    async def _matching(self) -> dict[str, str]:
        if self._state is None:
            await self._read()
        return {"If-Match": self._state or "*"}

    @method
    async def about(self) -> OneScenario:
        """What it is: title, base, stages, tables, settings; what is written next is written on this."""
        answer = await self._talk.send(Call("GET", at("scenarios", self.name)))
        self._state = answer.headers.get("ETag")
        found: OneScenario = answer.json()
        return found

    @method
    async def toml(self) -> str:
        """Its ``scenario.toml`` as it is now; what is written next is written on this."""
        return await self._read()

    @method
    async def write(self, toml: str, *, why: str = "") -> ScenarioEdit:
        """Put another ``scenario.toml`` in the place of the one that was read; ``why`` is kept in the history.

        Raises
        ------
        Stale
            When somebody else has changed it since: read again.
        BadInput
            When it is no scenario; says line and key.
        """
        headers = await self._matching() | {"Content-Type": "application/toml"}
        path, query = at("scenarios", self.name, "toml"), {"why": why or None}
        return await self._write(Call("PUT", path, query, content=toml.encode(), headers=headers))

    @method
    async def edit(
        self, values: Mapping[str, Any] | None = None, *, add: Sequence[Mapping[str, Any]] = (), drop: Sequence[int] = (), why: str = "",
    ) -> ScenarioEdit:  # fmt: skip
        """Change single values, and ordered changes of tables; comments and order stay.

        Parameters
        ----------
        values : mapping
            ``{"funds.deep_poverty_share": 0.5}``; ``None`` takes one away, so that the base's holds.
        add : sequence of mapping
            Changes as ``[[change]]`` has them.
        drop : sequence of int
            Numbers of changes that go.
        why : str
            Kept in the history.

        Raises
        ------
        Stale, BadInput
            As :meth:`write`.
        """
        headers = await self._matching()
        body = {
            "values": dict(values or {}),
            "add_changes": list(add),
            "drop_changes": list(drop),
            "why": why,
        }
        return await self._write(
            Call("PATCH", at("scenarios", self.name, "toml"), body=body, headers=headers)
        )

    @method
    async def put_table(self, table: str, frame: Frame, *, why: str = "") -> ScenarioEdit:
        """Put a table in the place of the base's; a frame of Polars, of pandas, or of whatever gives its rows as Arrow.

        Raises
        ------
        Stale
            When somebody else has changed the scenario since.
        BadInput
            When rows are bad; ``report`` has every one.
        """
        path, query = at("scenarios", self.name, "tables", table), {"why": why or None}
        headers = await self._matching() | {"Content-Type": PARQUET}
        return await self._write(Call("PUT", path, query, content=as_parquet(frame), headers=headers))

    @method
    async def remove_table(self, table: str, *, why: str = "") -> ScenarioEdit:
        """Take a table away, so that the base's holds."""
        path, query = at("scenarios", self.name, "tables", table), {"why": why or None}
        return await self._write(Call("DELETE", path, query, headers=await self._matching()))

    @method
    async def validate(self) -> ScenarioChecked:
        """Check what stands in it, without solving."""
        call = Call("POST", at("scenarios", self.name, "validate"))
        return await read_json(self._talk, call, ScenarioChecked)

    @stream
    async def history(self) -> AsyncIterator[ScenarioEdit]:
        """Who changed what, when and why, the newest first."""
        async for one in pages(self._talk, at("scenarios", self.name, "history"), "edits", ScenarioEdit):
            yield one

    @method
    async def state(self, revision: int) -> ScenarioState:
        """What it was at a revision of its history."""
        call = Call("GET", at("scenarios", self.name, "history", revision))
        return await read_json(self._talk, call, ScenarioState)

    @method
    async def restore(self, revision: int, *, why: str = "") -> ScenarioEdit:
        """Put the state of a revision of its history in the place of the one that was read."""
        path, query = at("scenarios", self.name, "history", revision, "restore"), {"why": why or None}
        return await self._write(Call("POST", path, query, headers=await self._matching()))

    @method
    async def remove(self) -> None:
        """Remove it from the service."""
        await self._talk.send(Call("DELETE", at("scenarios", self.name), headers=await self._matching()))


class Scenarios(Group[M]):
    """Scenarios that are shipped, and those that were made at the service."""

    @stream
    async def all(self) -> AsyncIterator[answers.Scenario]:
        """Every scenario."""
        async for one in pages(self._talk, at("scenarios"), "scenarios", answers.Scenario):
            yield one

    @method
    async def get(self, name: str) -> Scenario[M]:
        """One scenario.

        Raises
        ------
        NotFound
            When there is none of that name.
        """
        answer = await self._talk.send(Call("GET", at("scenarios", name)))
        return Scenario[M](self._talk, name, answer.headers.get("ETag"))

    @method
    async def create(self, name: str, *, base: str | None = None, title: str | None = None) -> Scenario[M]:
        """Make a scenario: an overlay of a base, or an empty one.

        Raises
        ------
        Conflict
            When there is one of that name.
        """
        given = {"name": name, "base": base, "title": title}
        body = {k: v for k, v in given.items() if v is not None}
        answer = await self._talk.send(Call("POST", at("scenarios"), body=body))
        return Scenario[M](self._talk, name, answer.headers.get("ETag"))
