"""Findings as the API takes and shows them, and what becomes of an entry."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.day import Day
from api.http.models.message import Message
from api.http.models.requests import Words
from api.http.models.tables import row_model
from api.service.office import Entered as Done
from graph.office.request import State
from graph.schema import TABLES


class Finding(row_model(TABLES["findings"])):  # type: ignore[misc] # made of the schema
    """Something that was found, and what becomes of it."""


class FindingPage(BaseModel):
    """Some findings, those that are due first before the others."""

    findings: list[Finding] = Field(description="the findings")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class FindingState(BaseModel):
    """A state of a finding."""

    recorded_at: int = Field(description="version of the network from which it is known", examples=[1])
    superseded_by: int | None = Field(description="version from which it is known no longer; null: it stands", examples=[None])  # fmt: skip
    row: Finding = Field(description="the row")


class FindingStates(BaseModel):
    """A finding, and all that it has been."""

    finding: Finding = Field(description="as it is")
    past: list[FindingState] = Field(description="its states, the oldest first")


class NewFinding(BaseModel):
    """Something that was found."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(None, min_length=1, max_length=200, description="its number; null: it gets one", examples=["f-2026-001"])  # fmt: skip
    region: str = Field(max_length=100, description="code of the place", examples=["533300"])
    year: int | None = Field(None, ge=1949, le=2100, description="year that it is about", examples=[2016])
    kind: str = Field("inspection", max_length=100, description="where it comes from: a value of `finding_kind`", examples=["audit"])  # fmt: skip
    programme: str | None = Field(None, max_length=100, description="programme: a value of `programme`", examples=["industry"])  # fmt: skip
    severity: str = Field(
        "medium", max_length=100, description="`low`, `medium` or `severe`", examples=["severe"]
    )
    received: Day | None = Field(None, description="day on which it came in", examples=["2016-11-02"])
    owner: Words | None = Field(None, description="who is to rectify it", examples=["怒江州扶贫办"])
    due: Day | None = Field(None, description="day by which", examples=["2016-12-31"])
    evidence: Words | None = Field(None, description="evidence", examples=[None])
    source: Words | None = Field(None, description="where this is from; the caller's name where none is given", examples=["审计报告 2016-17"])  # fmt: skip
    reason: str = Field("", max_length=10_000, description="why it is entered; empty: said by its number", examples=[""])  # fmt: skip


class FindingStep(BaseModel):
    """What is said with a step."""

    model_config = ConfigDict(extra="forbid")

    owner: Words | None = Field(None, description="of `assign`: who is to rectify it; null: as it was", examples=["怒江州扶贫办"])  # fmt: skip
    due: Day | None = Field(
        None, description="of `assign`: day by which; null: as it was", examples=["2016-12-31"]
    )
    evidence: Words | None = Field(None, description="evidence; null: as it was", examples=["验收单 17"])
    on: Day | None = Field(None, description="of `close`: the day; null: today", examples=["2017-01-20"])
    reason: str = Field("", max_length=10_000, description="why; empty: said by the step", examples=[""])


class Entered(BaseModel):
    """What became of an entry: carried out (200 or 201), or a request that waits for somebody (202)."""

    request: str | None = Field(description="the request that it is: `/requests/{id}`; null where nothing had to change", examples=["r7"])  # fmt: skip
    state: State | None = Field(description="the request's state", examples=["applied"])
    applied: bool = Field(description="whether the network has it", examples=[True])
    version: int | None = Field(description="version of the network that it made; null where it waits, or was made before", examples=[8])  # fmt: skip
    waits: Message | None = Field(description="what it waits for", examples=[None])
    row: dict[str, Any] | None = Field(description="the row as it is to be, by column", examples=[{"id": "f1", "status": "assigned"}])  # fmt: skip

    @classmethod
    def of(cls, done: Done) -> Entered:
        """What the office made of it."""
        rows = [e["proposed"] for e in done.request.side_by_side()]
        applied = done.request.state == "applied"
        return cls(
            request=done.request.id, state=done.request.state, applied=applied, version=done.version.number if done.version else None,
            waits=Message(**done.waits.as_dict()) if done.waits else None, row=rows[0] if rows else None,
        )  # fmt: skip
