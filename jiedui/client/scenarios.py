"""Scenarios of the service: read, made, edited. Who edits holds the state that they have read, so that nobody overwrites another's edit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import polars as pl

from jiedui.client.call import Call, at
from jiedui.client.frames import PARQUET, as_parquet, pages
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.talk import Talk


class Scenario(Group[M]):
    """A scenario, with the state of its ``scenario.toml`` that was read last.

    Parameters
    ----------
    talk : Talk
    name : str
    """

    def __init__(self, talk: Talk, name: str) -> None:
        super().__init__(talk)
        self.name = name
        self._state: str | None = None

    def __repr__(self) -> str:
        return f"<scenario {self.name}>"

    async def _read(self) -> str:
        answer = await self._talk.send(
            Call("GET", at("scenarios", self.name, "toml"), accept="application/toml")
        )
        self._state = answer.headers.get("ETag")
        return answer.text

    async def _write(self, call: Call) -> None:
        answer = await self._talk.send(call)
        self._state = answer.headers.get("ETag")

    async def _matching(self) -> dict[str, str]:
        if self._state is None:
            await self._read()
        return {"If-Match": self._state or "*"}

    @method
    async def about(self) -> dict[str, Any]:
        """What it is: title, base, stages, tables, settings."""
        found: dict[str, Any] = (await self._talk.send(Call("GET", at("scenarios", self.name)))).json()
        return found

    @method
    async def toml(self) -> str:
        """Its ``scenario.toml`` as it is now; what is written next is written on this."""
        return await self._read()

    @method
    async def write(self, toml: str) -> None:
        """Put another ``scenario.toml`` in the place of the one that was read.

        Raises
        ------
        Stale
            When somebody else has changed it since: read again.
        BadInput
            When it is no scenario; says line and key.
        """
        headers = {"If-Match": (await self._matching())["If-Match"], "Content-Type": "application/toml"}
        await self._write(
            Call("PUT", at("scenarios", self.name, "toml"), content=toml.encode(), headers=headers)
        )

    @method
    async def edit(self, changes: Mapping[str, Any]) -> None:
        """Change single values; comments and order stay.

        Parameters
        ----------
        changes : mapping
            ``{"funds.deep_poverty_share": 0.5}``; ``None`` takes one away, so that the base's holds.

        Raises
        ------
        Stale, BadInput
            As :meth:`write`.
        """
        headers = await self._matching()
        await self._write(
            Call("PATCH", at("scenarios", self.name, "toml"), body=dict(changes), headers=headers)
        )

    @method
    async def put_table(self, table: str, frame: pl.DataFrame) -> dict[str, Any]:
        """Put a table in the place of the base's.

        Raises
        ------
        BadInput
            When rows are bad; ``report`` has every one.
        """
        path, headers = at("scenarios", self.name, "tables", table), {"Content-Type": PARQUET}
        answer = await self._talk.send(Call("PUT", path, content=as_parquet(frame), headers=headers))
        found: dict[str, Any] = answer.json()
        return found

    @method
    async def remove_table(self, table: str) -> None:
        """Take a table away, so that the base's holds."""
        await self._talk.send(Call("DELETE", at("scenarios", self.name, "tables", table)))

    @method
    async def validate(self) -> dict[str, Any]:
        """Check what stands in it, without solving."""
        found: dict[str, Any] = (
            await self._talk.send(Call("POST", at("scenarios", self.name, "validate")))
        ).json()
        return found

    @method
    async def history(self) -> dict[str, Any]:
        """Who changed what, and when."""
        found: dict[str, Any] = (
            await self._talk.send(Call("GET", at("scenarios", self.name, "history")))
        ).json()
        return found

    @method
    async def remove(self) -> None:
        """Remove it from the service."""
        await self._talk.send(Call("DELETE", at("scenarios", self.name), headers=await self._matching()))


class Scenarios(Group[M]):
    """Scenarios that are shipped, and those that were made at the service."""

    @stream
    async def all(self) -> AsyncIterator[dict[str, Any]]:
        """Every scenario."""
        async for one in pages(self._talk, at("scenarios"), "scenarios"):
            yield one

    @method
    async def get(self, name: str) -> Scenario[M]:
        """One scenario.

        Raises
        ------
        NotFound
            When there is none of that name.
        """
        await self._talk.send(Call("GET", at("scenarios", name)))
        return Scenario[M](self._talk, name)

    @method
    async def create(self, name: str, *, base: str | None = None, title: str | None = None) -> Scenario[M]:
        """Make a scenario: an overlay of a base, or an empty one.

        Raises
        ------
        Conflict
            When there is one of that name.
        """
        body = {
            key: value
            for key, value in (("name", name), ("base", base), ("title", title))
            if value is not None
        }
        await self._talk.send(Call("POST", at("scenarios"), body=body))
        return Scenario[M](self._talk, name)
