"""The audit log as the API shows it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.service.audit.entry import Step

_HASH = "230c6d71858cee611fce7c261dd25116cd79d1c946ca6beae908dab9de09dcdc"


class AuditEntry(BaseModel):
    """A row of the audit log."""

    number: int = Field(description="its number in the log, from 1 without gaps", examples=[2])
    at: str = Field(description="when it was written (UTC)", examples=["2026-11-28T09:35:56.000901+00:00"])
    step: Step = Field(
        description="`begun`: a change was about to be made; `ended`: how it went; `refused`: it was not let in; `event`: something else",
        examples=["ended"],
    )
    caller: str | None = Field(description="who; null where nobody was known", examples=["ann"])
    via: str | None = Field(description="how they were known", examples=["token"])
    address: str | None = Field(description="from where", examples=["10.0.0.1"])
    request: str = Field(
        description="number of the request, as in the log and in `X-Request-Id`",
        examples=["5a9bbe8390234250a3aeb5d527f7d2ed"],
    )
    method: str = Field(description="HTTP method; `CLI` of the command line", examples=["POST"])
    route: str = Field(description="template of the route, or the command", examples=["/api/v1/jobs/plan"])
    parameters: dict[str, str] = Field(
        description="what the path names: ids as they are, all else as the beginning of its SHA-256",
        examples=[{"id": "9f2c4e1ab07d3358"}],
    )
    status: int | None = Field(
        description="HTTP status, or exit status; null as long as it is not known", examples=[202]
    )
    facts: dict[str, Any] = Field(
        description="what the route adds: ids and counts", examples=[{"location": "e5ecc0fbc18241d1"}]
    )
    before: str = Field(description="digest of the row before", examples=["0" * 64])
    hash: str = Field(description="SHA-256 of all of this but itself", examples=[_HASH])


class AuditHead(BaseModel):
    """The newest row: note it elsewhere, and `jiedui audit verify --head` tells whether it is still there."""

    number: int = Field(description="its number in the log; 0 where that is empty", examples=[2])
    hash: str = Field(description="its digest", examples=[_HASH])


class AuditPage(BaseModel):
    """Some rows, the newest first."""

    entries: list[AuditEntry] = Field(description="the rows")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )
