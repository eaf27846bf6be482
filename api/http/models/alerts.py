"""Alerts as the API takes and shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.message import Message
from graph.alerts.alert import Kind, Severity
from graph.alerts.rounds import Round as Looked
from graph.alerts.standing import Standing, State

At = Annotated[date | None, Field(description="day up to which it is acknowledged; null: until it is reopened", examples=["2027-01-01"])]  # fmt: skip


class AlertFound(BaseModel):
    """Something that wants attention."""

    id: str = Field(
        description="the same as long as the same thing is the matter", examples=["0170d506a9a794c2"]
    )
    kind: Kind = Field(description="what kind of thing", examples=["term_ending"])
    severity: Severity = Field(description="how grave", examples=["medium"])
    subject: str = Field(description="id of the relation, place, unit, finding or request that it is about", examples=["ew:440400:533300"])  # fmt: skip
    region: str | None = Field(description="code of the place whose business it is; null: nobody's alone", examples=["533300"])  # fmt: skip
    since: date | None = Field(description="day from which it holds; null: the data do not say", examples=["2016-10-01"])  # fmt: skip
    due: date | None = Field(description="day by which something is to be done; null: there is none", examples=["2017-01-01"])  # fmt: skip
    text: Message = Field(description="what is the matter, in words")


class Alert(AlertFound):
    """An alert and how it stands."""

    state: State = Field(description="`active`, `acknowledged` or `resolved`", examples=["acknowledged"])
    gone: bool = Field(description="whether it is resolved because its condition is gone", examples=[False])
    by: str = Field(description="who said something of it last; empty: nobody", examples=["li"])
    note: str = Field(description="what they said", examples=["续签中"])
    until: At
    at: datetime | None = Field(description="when something was said of it last (UTC)", examples=["2026-11-28T05:05:11Z"])  # fmt: skip
    revision: int = Field(description="how often something was said of it", examples=[1])

    @classmethod
    def of(cls, standing: Standing) -> Alert:
        """An alert of the board."""
        return cls.model_validate(standing.to_dict())


class AlertPage(BaseModel):
    """Some alerts, the gravest first, then the most urgent; those that are gone last."""

    alerts: list[Alert] = Field(description="the alerts")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class Said(BaseModel):
    """What is said of an alert."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field("", max_length=10_000, description="beside it; a reason where it is resolved", examples=["续签中"])  # fmt: skip
    until: At = None


class Round(BaseModel):
    """What was new and what was gone when somebody looked."""

    number: int = Field(description="from 1; 0 where nothing has ever been found", examples=[3])
    at: datetime | None = Field(description="when (UTC)", examples=["2026-11-28T05:05:11Z"])
    by: str = Field(description="who looked", examples=["cron"])
    new: list[AlertFound] = Field(description="alerts that are active and were not in the round before")
    gone: list[str] = Field(description="ids of those that were and are not active any more", examples=[["0170d506a9a794c2"]])  # fmt: skip

    @classmethod
    def of(cls, looked: Looked) -> Round:
        """A round of the board."""
        return cls.model_validate(looked.to_dict())


class RoundList(BaseModel):
    """Rounds, the oldest first."""

    rounds: list[Round] = Field(description="the rounds")
    next: int | None = Field(
        description="number of a round: `after` of the page behind this one; null at the end", examples=[None]
    )
