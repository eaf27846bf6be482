"""Plans of the service: their tables, certificates and labels; proposed, adopted, withdrawn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from jiedui.client.call import Call, at
from jiedui.client.frames import pages, question, read_frame, save_table
from jiedui.client.modes import Group, M, method, stream


class Plans(Group[M]):
    """Plans that the service keeps."""

    async def _json(self, call: Call) -> dict[str, Any]:
        found: dict[str, Any] = (await self._talk.send(call)).json()
        return found

    @stream
    async def all(self) -> AsyncIterator[dict[str, Any]]:
        """Every plan, the newest first."""
        async for plan in pages(self._talk, at("plans"), "plans"):
            yield plan

    @method
    async def get(self, id: str) -> dict[str, Any]:
        """A plan: stages with status, objective, bound and gap; figures; tables."""
        return await self._json(Call("GET", at("plans", id)))

    @method
    async def table(
        self, id: str, name: str, where: Mapping[str, Any] | None = None, *, baseline: bool = False, sort: Sequence[str] = (),
        columns: Sequence[str] = (), limit: int | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """A table of a plan (``pairs``, ``postings``, ``allocations``, …) as a frame.

        Parameters
        ----------
        id, name : str
            Plan and table.
        baseline : bool
            What people do without an optimiser, instead of the plan.
        where, sort, columns, limit
            As :func:`jiedui.client.frames.question`.
        """
        return await read_frame(self._talk, _table(id, name, baseline), question(where, sort, columns, limit))

    @method
    async def save(
        self, id: str, name: str, file: str | Path, where: Mapping[str, Any] | None = None, *, baseline: bool = False,
        sort: Sequence[str] = (), columns: Sequence[str] = (),
    ) -> Path:  # fmt: skip
        """A table of a plan into a file, in the format that its ending names; its path."""
        return await save_table(self._talk, _table(id, name, baseline), question(where, sort, columns), file)

    @method
    async def certificate(self, id: str, name: str) -> dict[str, Any]:
        """A certificate of a plan; see docs/certificates.md."""
        return await self._json(Call("GET", at("plans", id, "certificates", name)))

    @method
    async def label(self, id: str, label: str, note: str = "") -> dict[str, Any]:
        """Give a plan a name for people."""
        return await self._json(Call("PUT", at("plans", id, "label"), body={"label": label, "note": note}))

    @method
    async def propose(self, id: str, reason: str = "") -> dict[str, Any]:
        """Propose a plan to the network."""
        return await self._json(Call("POST", at("plans", id, "propose"), body={"reason": reason}))

    @method
    async def adopt(
        self,
        id: str,
        *,
        dry_run: bool = False,
        only: Sequence[str] = (),
        leave: Sequence[str] = (),
        reason: str = "",
    ) -> dict[str, Any]:
        """Adopt a proposed plan, as a whole or in parts.

        Parameters
        ----------
        id : str
            The plan.
        dry_run : bool
            Only tell what would change.
        only, leave : sequence of str
            Regions that alone are adopted, or that are left as they are, with all below them.
        reason : str
        """
        body = {"dry_run": dry_run, "only": list(only), "except": list(leave), "reason": reason}
        return await self._json(Call("POST", at("plans", id, "adopt"), body=body))

    @method
    async def withdraw(self, id: str, reason: str = "") -> dict[str, Any]:
        """Take back a proposal that is not adopted."""
        return await self._json(Call("POST", at("plans", id, "withdraw"), body={"reason": reason}))

    @method
    async def remove(self, id: str) -> None:
        """Remove a plan from the service."""
        await self._talk.send(Call("DELETE", at("plans", id)))


def _table(plan: str, name: str, baseline: bool) -> str:
    return at("plans", plan, *(["baseline"] if baseline else []), "tables", name)
