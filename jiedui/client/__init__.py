"""A jiedui service, asked from Python.

::

    from jiedui.client import Client

    with Client("https://jiedui.example", token="…") as client:
        client.network.card("533300")
        counties = client.network.table("regions", {"level": "county"})
        job = client.plan("china-2016", set={"funds.deep_poverty_share": 0.5})
        for event in job.progress():
            print(event.stage, event.gap)
        plan = job.result()

Answers are dicts whose types are in :mod:`jiedui.client.answers`. :class:`AsyncClient` has the same methods, to be awaited. What the service says no to comes as the errors of
:mod:`jiedui.client.problems`, which are jiedui's own: ``except jiedui.InputError`` catches them too.
"""

from __future__ import annotations

from jiedui.client import answers
from jiedui.client.client import AsyncClient, Client
from jiedui.client.jobs import Job, PlanJob
from jiedui.client.modes import Async, Sync
from jiedui.client.office import Request
from jiedui.client.problems import (
    BadInput,
    BadRequest,
    Conflict,
    Infeasible,
    JobCancelled,
    JobFailed,
    JobInfeasible,
    JobStopped,
    NoAnswer,
    NotFound,
    Outside,
    ProblemError,
    Refused,
    Stale,
    TooMany,
    Unreachable,
)
from jiedui.client.progress import Event
from jiedui.client.scenarios import Scenario
from jiedui.client.uploads import Upload

__all__ = [
    "Async",
    "AsyncClient",
    "BadInput",
    "BadRequest",
    "Client",
    "Conflict",
    "Event",
    "Infeasible",
    "Job",
    "JobCancelled",
    "JobFailed",
    "JobInfeasible",
    "JobStopped",
    "NoAnswer",
    "NotFound",
    "Outside",
    "PlanJob",
    "ProblemError",
    "Refused",
    "Request",
    "Scenario",
    "Stale",
    "Sync",
    "TooMany",
    "Unreachable",
    "Upload",
    "answers",
]
