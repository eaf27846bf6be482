"""Uploads: a file goes up, its rows are reported on, then it is committed or thrown away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from graph.errors import UsageError
from jiedui.client import answers
from jiedui.client.call import Call, at
from jiedui.client.frames import PARQUET, Frame, as_parquet
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.scenarios import Scenario
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
    async def commit(self, *, scenario: Scenario[M] | str | None = None, why: str = "") -> Upload[M]:
        """Put its tables into a scenario or, where none is given, draft a change request of the network; the same object, as it is now.

        Parameters
        ----------
        scenario : Scenario or str, optional
            In the state that was read last; of a name, as it is now.
        why : str
            Kept in the history.

        Raises
        ------
        Conflict
            When rows are bad, or it was committed before.
        BadInput
            When other tables of the scenario do not fit to it; ``report`` has every row.
        Stale
            When somebody else has changed the scenario since.
        """
        target = Scenario[M](self._talk, scenario) if isinstance(scenario, str) else scenario
        body = {"into": "scenario" if target else "network", "scenario": target and target.name, "why": why}
        call = Call("POST", at("uploads", self.id, "commit"), body=body)
        if target is not None:
            call = replace(call, headers=await target._matching())
        self.facts, self._report = await read_json(self._talk, call, answers.Upload), None
        if target is not None:
            target._state = self.facts["result"].get("etag")
        return self

    @method
    async def discard(self) -> None:
        """Throw it away."""
        await self._talk.send(Call("DELETE", at("uploads", self.id)))


class Uploads(Group[M]):
    """Files that were sent."""

    @method
    async def send(
        self, what: str | Path | Frame, *, table: str | None = None, scenario: str | None = None
    ) -> Upload[M]:
        """Send a CSV, Parquet or Excel file, or a frame; nothing of it is in use before :meth:`Upload.commit`.

        Parameters
        ----------
        what : path or frame
            A frame of Polars, of pandas, or of whatever gives its rows as Arrow.
        table : str, optional
            Which table it is; the file's name by default. A workbook has a sheet for each.
        scenario : str, optional
            By whose levels and further values it is read; the network's by default.

        Raises
        ------
        BadInput
            When it cannot be read at all.
        UsageError
            When there is no such file, or of a frame nobody says which table it is.
        """
        content: bytes | Path
        if isinstance(what, str | Path):
            content = Path(what)
            if not content.is_file():
                raise UsageError(f"没有文件 {content}", f"there is no file {content}")
            name, media = content.name, MEDIA.get(content.suffix, "application/octet-stream")
        elif table is None:
            raise UsageError("请用 table= 说明这是哪张表", "say by table= which table the frame is")
        else:
            content, name, media = as_parquet(what), f"{table}.parquet", PARQUET
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
