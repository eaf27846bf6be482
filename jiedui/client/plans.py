"""Plans of the service: their tables, certificates and labels; proposed, adopted, withdrawn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from jiedui.client.answers import (
    AdoptionTold,
    Groups,
    LabelTold,
    PlanListed,
    PlanRead,
    RequestTold,
    Withdrawn,
)
from jiedui.client.call import Call, at, several
from jiedui.client.frames import question, read_frame, save_table
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream


class Plans(Group[M]):
    """Plans that the service keeps."""

    @stream
    async def all(
        self, *, scenario: str | None = None, label: str | None = None, stage: str | None = None, status: str | None = None
    ) -> AsyncIterator[PlanListed]:  # fmt: skip
        """Every plan, the newest first; only those of a scenario, with a label, with a stage that ended with a status."""
        where = {"scenario": scenario, "label": label, "stage": stage, "status": status}
        async for plan in pages(self._talk, at("plans"), "plans", PlanListed, where):
            yield plan

    @method
    async def get(self, id: str) -> PlanRead:
        """A plan: stages with status, objective, bound and gap; figures; tables."""
        return await read_json(self._talk, Call("GET", at("plans", id)), PlanRead)

    @method
    async def groups(self, id: str, name: str, by: str, where: Mapping[str, Any] | None = None) -> Groups:
        """Rows of a table of a plan counted by the values of some columns, commas between."""
        call = Call("GET", at("plans", id, "tables", name, "groups"), {"by": by, **(where or {})})
        return await read_json(self._talk, call, Groups)

    @method
    async def table(
        self, id: str, name: str, where: Mapping[str, Any] | None = None, *, baseline: bool = False, sort: str | Sequence[str] = (),
        columns: str | Sequence[str] = (), limit: int | None = None,
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
        sort: str | Sequence[str] = (), columns: str | Sequence[str] = (),
    ) -> Path:  # fmt: skip
        """A table of a plan into a file, in the format that its ending names; its path."""
        return await save_table(self._talk, _table(id, name, baseline), question(where, sort, columns), file)

    @method
    async def certificate(self, id: str, name: str, file: str | Path) -> Path:
        """A certificate of a plan into a file, in the format that its ending names (``.parquet``, ``.csv``, ``.npy``, …); its path.

        See docs/certificates.md.
        """
        return await save_table(self._talk, at("plans", id, "certificates", name), {}, file)

    @method
    async def label(self, id: str, label: str, note: str = "") -> LabelTold:
        """Give a plan a name for people."""
        body = {"label": label, "note": note}
        return await read_json(self._talk, Call("PUT", at("plans", id, "label"), body=body), LabelTold)

    @method
    async def propose(self, id: str, why: str = "") -> RequestTold:
        """Propose a plan to the network."""
        call = Call("POST", at("plans", id, "propose"), body={"why": why})
        return await read_json(self._talk, call, RequestTold)

    @method
    async def adopt(
        self, id: str, *, dry_run: bool = False, only: str | Sequence[str] = (), leave: str | Sequence[str] = (), note: str = ""
    ) -> AdoptionTold:  # fmt: skip
        """Adopt a proposed plan, as a whole or in parts.

        Parameters
        ----------
        id : str
            The plan.
        dry_run : bool
            Only tell what would change.
        only, leave : str or sequence of str
            Stages and regions that alone are adopted, or that are left as they are, with all below them.
        note : str
            Kept beside it.
        """
        body = {"dry_run": dry_run, "only": several(only), "except": several(leave), "note": note}
        return await read_json(self._talk, Call("POST", at("plans", id, "adopt"), body=body), AdoptionTold)

    @method
    async def withdraw(self, id: str) -> Withdrawn:
        """Take back a proposal that is not adopted."""
        return await read_json(self._talk, Call("POST", at("plans", id, "withdraw")), Withdrawn)

    @method
    async def remove(self, id: str) -> None:
        """Remove a plan from the service."""
        await self._talk.send(Call("DELETE", at("plans", id)))


def _table(plan: str, name: str, baseline: bool) -> str:
    return at("plans", plan, *(["baseline"] if baseline else []), "tables", name)
