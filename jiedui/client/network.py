"""Questions of the network, and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from jiedui.client.call import Call, at
from jiedui.client.frames import question, read_frame, save_table
from jiedui.client.modes import Group, M, method

Day = date | str
"""A date, or its ISO form."""


class Network(Group[M]):
    """The network that the service answers about; the same answers as ``jiedui ask`` and its like."""

    async def _ask(self, *parts: object, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = (await self._talk.send(Call("GET", at("network", *parts), query))).json()
        return found

    @method
    async def about(self) -> dict[str, Any]:
        """Its name, version and date, its tables with their rows, its levels and rules."""
        return await self._ask()

    @method
    async def search(
        self, words: str, *, level: str | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """Places and units that are called so: full or short names, pinyin, initials, codes, former names."""
        return await self._ask("search", q=words, level=level, limit=limit)

    @method
    async def card(self, id: str, *, at: Day | None = None) -> dict[str, Any]:
        """All about a place or a unit at a date."""
        return await self._ask("cards", id, at=at)

    @method
    async def record(self, id: str) -> dict[str, Any]:
        """What is kept of an id, and since when."""
        return await self._ask("records", id)

    @method
    async def pairs(self, a: str, b: str | None = None) -> dict[str, Any]:
        """Who supports ``a`` or is supported by it; with ``b``: the history and ledger of that one pair."""
        return await self._ask("pairs", a, *([] if b is None else [b]))

    @method
    async def gaps(self, *, at: Day | None = None, rule: str | None = None) -> dict[str, Any]:
        """Who is not covered, by rule, with the three kinds of nothing."""
        return await self._ask("gaps", at=at, rule=rule)

    @method
    async def withdraw(self, supporter: str) -> dict[str, Any]:
        """What breaks if a supporter withdraws, and who could take over."""
        return await self._ask("withdrawals", supporter)

    @method
    async def loads(self) -> dict[str, Any]:
        """Who carries how much, and who is overloaded."""
        return await self._ask("loads")

    @method
    async def ledger(self, *, year: int | None = None, subject: str | None = None) -> dict[str, Any]:
        """What was pledged and delivered."""
        return await self._ask("ledger", year=year, subject=subject)

    @method
    async def flows(self, *, level: str | None = None, year: int | None = None) -> dict[str, Any]:
        """Where money flows, added up to a level (yuan)."""
        return await self._ask("flows", level=level, year=year)

    @method
    async def endings(self, *, months: int | None = None) -> dict[str, Any]:
        """Terms that end within some months."""
        return await self._ask("endings", months=months)

    @method
    async def paths(self, a: str, b: str) -> dict[str, Any]:
        """How two are connected."""
        return await self._ask("paths", a, b)

    @method
    async def ego(self, id: str, *, depth: int | None = None, limit: int | None = None) -> dict[str, Any]:
        """What is around one, some steps far."""
        return await self._ask("ego", id, depth=depth, limit=limit)

    @method
    async def structure(self) -> dict[str, Any]:
        """Articulation points, communities, centrality."""
        return await self._ask("structure")

    @method
    async def difference(self, before: Day, after: Day) -> dict[str, Any]:
        """What changed between two dates."""
        return await self._ask("difference", before=before, after=after)

    @method
    async def geometry(self) -> dict[str, Any]:
        """Places as GeoJSON."""
        return await self._ask("geometry")

    @method
    async def tables(self) -> dict[str, Any]:
        """Its tables, with their rows."""
        return await self._ask("tables")

    @method
    async def table(
        self, name: str, where: Mapping[str, Any] | None = None, *, sort: Sequence[str] = (), columns: Sequence[str] = (), limit: int | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """A table, as a frame; parameters as :func:`jiedui.client.frames.question`."""
        return await read_frame(
            self._talk, at("network", "tables", name), question(where, sort, columns, limit)
        )

    @method
    async def save(
        self, name: str, file: str | Path, where: Mapping[str, Any] | None = None, *, sort: Sequence[str] = (), columns: Sequence[str] = (),
    ) -> Path:  # fmt: skip
        """A table into a file, in the format that its ending names; its path."""
        return await save_table(
            self._talk, at("network", "tables", name), question(where, sort, columns), file
        )
