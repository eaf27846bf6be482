"""Jobs as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.message import Message
from api.jobs.job import Job as Ordered
from api.jobs.job import State


class JobError(BaseModel):
    """What went wrong, as the command line's ``--json`` tells it."""

    model_config = ConfigDict(extra="allow")

    exit: int = Field(
        description="exit status of the command (3: the rules clash, 4: a limit is reached)", examples=[3]
    )
    message: Message = Field(description="where, what and how to mend it")


class Job(BaseModel):
    """A job as it stands."""

    id: str = Field(description="the job's id", examples=["9f2c4e1ab07d3358"])
    kind: str = Field(description="the command that is carried out", examples=["plan"])
    arguments: dict[str, Any] = Field(description="what was asked for", examples=[{"scenario": "china-2016"}])
    owner: str = Field(description="who ordered it", examples=["local"])
    priority: int = Field(description="-10 to 10, the higher the sooner", examples=[0])
    state: State = Field(
        description="`waiting`, `running`, `done`, `failed` or `cancelled`", examples=["running"]
    )
    attempts: int = Field(
        description="how often it was begun; again once where its process was killed", examples=[1]
    )
    submitted: datetime = Field(description="when it was ordered (UTC)", examples=["2026-11-28T05:05:11Z"])
    started: datetime | None = Field(
        description="when it was begun last (UTC)", examples=["2026-11-28T05:05:12Z"]
    )
    ended: datetime | None = Field(description="when it ended (UTC)", examples=[None])
    error: JobError | None = Field(description="what went wrong, where something did", examples=[None])

    @classmethod
    def of(cls, job: Ordered) -> Job:
        """A job of the desk."""
        error = None if job.error is None else JobError.model_validate(job.error)
        shown = (
            "id",
            "kind",
            "arguments",
            "owner",
            "priority",
            "state",
            "attempts",
            "submitted",
            "started",
            "ended",
        )
        return cls(**{key: getattr(job, key) for key in shown}, error=error)


class JobPage(BaseModel):
    """Some jobs, the newest first."""

    jobs: list[Job] = Field(description="the jobs")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class Progress(BaseModel):
    """Data of an event of a stream; ``event`` says which kind, ``id`` where to go on behind it."""

    model_config = ConfigDict(extra="allow")

    at: datetime = Field(description="when (UTC)", examples=["2026-11-28T05:05:14Z"])
    state: str | None = Field(
        None,
        description="of `state`: the job's new state; of `progress`: `begun` or `done`",
        examples=["running"],
    )
    stage: str | None = Field(None, description="of `progress`: the stage that tells it", examples=["cadres"])
    label: str | None = Field(None, description="of `progress`: the part of the stage", examples=["53"])
    objective: float | None = Field(
        None, description="of `progress`: the best answer yet (thousandths of a point)", examples=[812_345]
    )
    bound: float | None = Field(
        None,
        description="of `progress`: what no answer is below (thousandths of a point)",
        examples=[811_900],
    )


Wanted = Literal["waiting", "running", "done", "failed", "cancelled"]
