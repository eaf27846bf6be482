"""Jobs as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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


class Measured(BaseModel):
    """How far a work is."""

    model_config = ConfigDict(extra="allow")

    objective: float | None = Field(
        None, description="the best answer yet (thousandths of a point)", examples=[812_345]
    )
    bound: float | None = Field(
        None, description="what no answer is below (thousandths of a point)", examples=[811_900]
    )
    gap: float | None = Field(
        None, description="difference of the two as a share of the objective (0–1)", examples=[0.0005]
    )
    share: float | None = Field(
        None, description="share of the whole work that is done (0–1), where it is known", examples=[0.43]
    )


class Progress(Measured):
    """What a work tells of itself while it runs."""

    stage: str = Field(
        description="what tells it: a stage, `verify`, `start` (the command begins), `plan`, `runs` of a sweep, `years` of a roll, …",
        examples=["cadres"],
    )
    label: str = Field("", description="the part of the stage", examples=["53"])
    state: str | None = Field(
        None, description="`begun`, `done`, or `found` where the plan was there already", examples=[None]
    )


class Told(Measured):
    """Data of an event of a stream. ``event`` says which kind, ``id`` where to go on behind it."""

    at: datetime = Field(description="when (UTC)", examples=["2026-11-28T05:05:14Z"])
    stage: str | None = Field(None, description="of `progress`: what tells it", examples=["cadres"])
    label: str | None = Field(None, description="of `progress`: the part of the stage", examples=["53"])
    state: str | None = Field(
        None,
        description="of `state`: the job's new state; of `progress`: `begun`, `done` or `found`",
        examples=["running"],
    )
    attempt: int | None = Field(
        None, description="of `state` `running`: how often it was begun, this time included", examples=[1]
    )
    again: bool | None = Field(
        None,
        description="of `state` `waiting`: its process was cut off, and it is begun again",
        examples=[None],
    )
    error: JobError | None = Field(None, description="of `state` `failed`: what went wrong", examples=[None])


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
    shared: bool = Field(
        description="whether an equal order came before, whose work answers this one, too", examples=[False]
    )
    attempts: int = Field(
        description="how often it was begun; again once where its process was killed", examples=[1]
    )
    submitted: datetime = Field(description="when it was ordered (UTC)", examples=["2026-11-28T05:05:11Z"])
    started: datetime | None = Field(
        description="when its work was begun last (UTC)", examples=["2026-11-28T05:05:12Z"]
    )
    ended: datetime | None = Field(description="when it ended (UTC)", examples=[None])
    exit: int | None = Field(
        description="exit status of the command, once it has ended; 0: well, 1: it answered, and the answer is no",
        examples=[None],
    )
    error: JobError | None = Field(description="what went wrong, where something did", examples=[None])
    progress: Progress | None = Field(description="the last that its work told", examples=[None])

    @classmethod
    def of(cls, job: Ordered) -> Job:
        """A job of the desk."""
        error = None if job.error is None else JobError.model_validate(job.error)
        progress = None if job.progress is None else Progress.model_validate(job.progress)
        shown = cls.model_fields.keys() - {"exit", "error", "progress"}
        held = {key: getattr(job, key) for key in shown}
        return cls(**held, exit=job.code, error=error, progress=progress)


class JobPage(BaseModel):
    """Some jobs, the newest first."""

    jobs: list[Job] = Field(description="the jobs")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class File(BaseModel):
    """A file that a job has written."""

    name: str = Field(description="under which it is asked for", examples=["comparison.xlsx"])
    bytes: int = Field(description="its size in bytes", examples=[48_213])


class FileList(BaseModel):
    """Files of a job, by name."""

    files: list[File] = Field(description="the files")
