"""Jobs: ordered, followed, waited for, cancelled."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from graph.errors import LimitReached
from jiedui.client import answers
from jiedui.client.call import Call, at, key, several
from jiedui.client.lists import T, pages, read_json
from jiedui.client.modes import Group, M, method, stream
from jiedui.client.problems import Outside, TooMany, Unreachable, failure_of
from jiedui.client.progress import OPEN, Event, event_of, number_of
from jiedui.client.talk import Talk

SOONEST, LATEST = 0.1, 2.0
"""Seconds between two looks at a job that is waited for."""


class Job(Group[M]):
    """A job of the service, as it was when it was last looked at.

    Parameters
    ----------
    talk : Talk
    facts : answers.Job
        As the service tells it.
    """

    def __init__(self, talk: Talk, facts: answers.Job) -> None:
        super().__init__(talk)
        self.facts = facts

    def __repr__(self) -> str:
        return f"<{self.kind} job {self.id}: {self.state}>"

    @property
    def id(self) -> str:
        """Its id."""
        return self.facts["id"]

    @property
    def kind(self) -> str:
        """The command that is carried out."""
        return self.facts["kind"]

    @property
    def state(self) -> str:
        """``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``."""
        return self.facts["state"]

    @property
    def open(self) -> bool:
        """Whether something is still to come."""
        return self.state in OPEN

    @property
    def error(self) -> answers.JobError | None:
        """What went wrong, as the command line's ``--json`` tells it."""
        return self.facts.get("error")

    async def _look(self) -> Job[M]:
        self.facts = await read_json(self._talk, Call("GET", at("jobs", self.id)), answers.Job)
        return self

    @method
    async def look(self) -> Job[M]:
        """Look at it again; the same object, as it is now."""
        return await self._look()

    @stream
    async def progress(self, after: int = 0) -> AsyncIterator[Event]:
        """Its events from the first on, as they come; ends with the job, whatever it ends with.

        Where the connection breaks, it goes on behind the last event: none is missed, none comes twice.

        Parameters
        ----------
        after : int
            Only events behind this number.

        Raises
        ------
        Unreachable
            When the service stays away.
        """
        failed = 0
        while True:
            try:
                call = Call("GET", at("jobs", self.id, "events"), headers={"Last-Event-ID": str(after)}, accept="text/event-stream")  # fmt: skip
                async with aclosing(self._talk.events(call)) as told:
                    async for sent in told:
                        event = event_of(sent)
                        after, failed = max(after, number_of(sent)), 0
                        if event is None:
                            continue
                        yield event
                        if event.last:
                            return
                if not (await self._look()).open:  # it had ended before the event that was asked for
                    return
            except (Unreachable, Outside, TooMany):
                failed += 1
                if failed >= self._talk.attempts:
                    raise
            await self._talk.pause(min(LATEST, SOONEST * 2**failed) * random.uniform(0.5, 1.0))

    async def _wait(self, timeout: float | None) -> Job[M]:
        until, pause = None if timeout is None else time.monotonic() + timeout, SOONEST
        while (await self._look()).open:
            left = LATEST if until is None else until - time.monotonic()
            if left <= 0:
                raise LimitReached(f"任务 {self.id} 在 {timeout} 秒内没有结束", f"job {self.id} has not ended within {timeout} s")  # fmt: skip
            await self._talk.pause(min(pause, left))
            pause = min(LATEST, pause * 1.5)
        if self.state != "done":
            raise failure_of(self.id, self.state, self.error)
        return self

    @method
    async def wait(self, timeout: float | None = None) -> Job[M]:
        """Wait for its end.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        JobFailed
            When it ends otherwise than well; :class:`JobInfeasible` where rules clash.
        LimitReached
            When it has not ended in time; it goes on.
        """
        return await self._wait(timeout)

    @method
    async def result(self, timeout: float | None = None) -> Any:
        """What it gave, the command's ``--json``, of which the contract says no more; waits for its end. Raises as :meth:`wait`."""
        return await self._result(timeout, object)

    async def _result(self, timeout: float | None, shape: type[T]) -> T:
        await self._wait(timeout)
        return await read_json(self._talk, Call("GET", at("jobs", self.id, "result")), shape)

    @method
    async def log(self) -> str:
        """What the command said beside."""
        return (await self._talk.send(Call("GET", at("jobs", self.id, "log"), accept="text/plain"))).text

    @method
    async def files(self) -> list[answers.File]:
        """Files that it made besides its result."""
        call = Call("GET", at("jobs", self.id, "files"))
        return (await read_json(self._talk, call, answers.FileList))["files"]

    @method
    async def save(self, name: str, file: str | Path) -> Path:
        """One of its files; its path."""
        target = Path(file)
        await self._talk.save(Call("GET", at("jobs", self.id, "files", name), accept="*/*"), target)
        return target

    @method
    async def cancel(self) -> Job[M]:
        """End it; one that has ended stays as it is."""
        self.facts = await read_json(self._talk, Call("DELETE", at("jobs", self.id)), answers.Job)
        return self


class PlanJob(Job[M]):
    """A job that makes a plan."""

    @method
    async def result(self, timeout: float | None = None) -> answers.PlanHead:
        """The plan, as ``jiedui show --json`` tells it; waits for its end. Raises as :meth:`wait`."""
        return await self._result(timeout, answers.PlanHead)


class Jobs(Group[M]):
    """Jobs of the service."""

    @method
    async def order(
        self,
        kind: answers.JobKind,
        arguments: Mapping[str, Any],
        *,
        again_with: str | None = None,
        priority: int = 0,
    ) -> Job[M]:
        """Order a job.

        Parameters
        ----------
        kind : str
            A command: ``plan``, ``explain``, …
        arguments : mapping
            Its options by the names that the document of the API lists.
        again_with : str, optional
            A key of one's own: ordering again with it gives the same job, after days as well. Without it each order is a new one.
        priority : int
            -10 to 10, the higher the sooner; above 0 for admins.

        Raises
        ------
        NotFound
            When there is no such command; with all that there are.
        BadRequest
            When it does not take these arguments.
        """
        return Job[M](self._talk, await self._order(kind, arguments, again_with, priority))

    async def _order(
        self, kind: str, arguments: Mapping[str, Any], again_with: str | None = None, priority: int = 0
    ) -> answers.Job:
        query, headers = {"priority": priority or None}, key(again_with)
        call = Call("POST", at("jobs", kind), query, body=dict(arguments), headers=headers)
        return await read_json(self._talk, call, answers.Job)

    @method
    async def get(self, id: str) -> Job[M]:
        """One job.

        Raises
        ------
        NotFound
            When there is none of that id, or it is somebody else's.
        """
        return Job[M](self._talk, await read_json(self._talk, Call("GET", at("jobs", id)), answers.Job))

    @stream
    async def all(self, state: str | Sequence[str] = ()) -> AsyncIterator[Job[M]]:
        """One's own jobs, the newest first; an admin's are everybody's.

        Parameters
        ----------
        state : str or sequence of str
            Only those in one of these states.
        """
        async for facts in pages(self._talk, at("jobs"), "jobs", answers.Job, {"state": several(state)}):
            yield Job[M](self._talk, facts)
