"""Freezes as the API takes and shows them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.day import Day
from graph.office.register import Freeze as Frozen


class FreezeWanted(BaseModel):
    """A place that is to be frozen."""

    model_config = ConfigDict(extra="forbid")

    region: str = Field(max_length=100, description="code of the place; everything below it is frozen, too", examples=["533300"])  # fmt: skip
    since: Day | None = Field(None, description="first day; null: at once", examples=["2026-12-01"])
    until: Day | None = Field(None, description="day behind the last; null: until it is thawed", examples=["2099-01-01"])  # fmt: skip
    reason: str = Field("", max_length=10_000, description="why", examples=["普查"])


class Freeze(BaseModel):
    """A place whose rows do not change for a time."""

    region: str = Field(description="code of the place", examples=["533300"])
    name: str = Field(description="its name", examples=["怒江傈僳族自治州"])
    since: Day | None = Field(description="first day; null: from the beginning", examples=[None])
    until: Day | None = Field(
        description="day behind the last; null: until it is thawed", examples=["2099-01-01"]
    )
    reason: str = Field(description="why", examples=["普查"])
    by: str = Field(description="who froze it", examples=["wang"])

    @classmethod
    def of(cls, freeze: Frozen, name: str) -> Freeze:
        """A freeze of the register."""
        return cls(name=name, **freeze.to_dict())


class FreezeList(BaseModel):
    """Freezes in force or to come, in the order in which they were set."""

    freezes: list[Freeze] = Field(description="the freezes")
    next: None = Field(None, description="always null: there is one page", examples=[None])
