"""Uploads: a file goes up, its rows are reported on, then it is committed or thrown away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import polars as pl

from jiedui.client import answers
from jiedui.client.call import Call, at
from jiedui.client.frames import PARQUET, as_parquet
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.talk import Talk

MEDIA = {
    ".csv": "text/csv",
    ".parquet": PARQUET,
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Upload(Group[M]):
    """A file that was sent and is not in use yet.

    Parameters
    ----------
    talk : Talk
    facts : answers.Upload
        As the service tells it.
    report : answers.Report, optional
        On its rows.
    """

    def __init__(self, talk: Talk, facts: answers.Upload, report: answers.Report | None = None) -> None:
        super().__init__(talk)
        self.facts, self._report = facts, report

    def __repr__(self) -> str:
        return f"<upload {self.id}>"

    @property
    def id(self) -> str:
        """Its id."""
        return self.facts["id"]

    @property
    def report(self) -> answers.Report | None:
        """Every bad row, in the shape of a Frictionless report; of what was just sent."""
        return self._report

    @property
    def valid(self) -> bool:
        """Whether no row is bad."""
        return not self.facts["errors"]

    @method
    async def commit(self, *, scenario: str | None = None, why: str = "") -> Upload[M]:
        """Put its tables into a scenario or, where none is named, draft a change request of the network; the same object, as it is now.

        Raises
        ------
        BadInput
            When rows are bad.
        """
        body = {"into": "network" if scenario is None else "scenario", "scenario": scenario, "why": why}
        call = Call("POST", at("uploads", self.id, "commit"), body=body)
        self.facts, self._report = await read_json(self._talk, call, answers.Upload), None
        return self

    @method
    async def discard(self) -> None:
        """Throw it away."""
        await self._talk.send(Call("DELETE", at("uploads", self.id)))


class Uploads(Group[M]):
    """Files that were sent."""

    @method
    async def send(
        self, what: str | Path | pl.DataFrame, *, table: str | None = None, scenario: str | None = None
    ) -> Upload[M]:
        """Send a CSV, Parquet or Excel file, or a frame; nothing of it is in use before :meth:`Upload.commit`.

        Parameters
        ----------
        what : path or frame
        table : str, optional
            Which table it is; the file's name by default. A workbook has a sheet for each.
        scenario : str, optional
            Whose other tables its rows are checked against; the network's by default.

        Raises
        ------
        BadInput
            When it cannot be read at all.
        """
        if isinstance(what, pl.DataFrame):
            content: bytes | Path = as_parquet(what)
            name, media = f"{table}.parquet", PARQUET
        else:
            content = Path(what)
            name, media = content.name, MEDIA.get(content.suffix, "application/octet-stream")
        query, headers = {"filename": name, "table": table, "scenario": scenario}, {"Content-Type": media}
        call = Call("POST", at("uploads"), query, content=content, headers=headers)
        sent = await read_json(self._talk, call, answers.Uploaded)
        return Upload[M](self._talk, sent, sent["report"])

    @method
    async def get(self, id: str) -> Upload[M]:
        """One upload."""
        return Upload[M](
            self._talk, await read_json(self._talk, Call("GET", at("uploads", id)), answers.Upload)
        )

    @stream
    async def all(self) -> AsyncIterator[Upload[M]]:
        """Every upload that is neither committed nor thrown away."""
        async for facts in pages(self._talk, at("uploads"), "uploads", answers.Upload):
            yield Upload[M](self._talk, facts)
