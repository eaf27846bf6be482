"""Uploads as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.models.reports import Report
from api.service.uploads.forms import Form
from api.service.uploads.upload import State
from api.service.uploads.upload import Upload as Kept
from graph.language import Text


class Upload(BaseModel):
    """An upload as it stands."""

    id: str = Field(description="its id", examples=["9f2c4e1ab07d3358"])
    owner: str = Field(description="who sent it", examples=["li"])
    filename: str = Field(description="as it was sent", examples=["units.csv"])
    form: Form = Field(description="what was read", examples=["csv"])
    size: int = Field(description="of the file (bytes)", examples=[20480])
    sent: datetime = Field(description="when it was sent (UTC)", examples=["2026-11-28T05:05:11Z"])
    expires: datetime = Field(
        description="when it is discarded by itself (UTC)", examples=["2026-12-05T05:05:11Z"]
    )
    scenario: str = Field(
        description="scenario whose own values and levels it was read with; empty: those of the network",
        examples=["fujian-20"],
    )
    rows: dict[str, int] = Field(description="tables in it, and their rows", examples=[{"units": 320}])
    errors: int = Field(
        description="number of bad places; where there is one nothing can be committed", examples=[0]
    )
    others: int = Field(description="number of warnings and notices", examples=[1])
    left_out: bool = Field(
        description="whether columns were left out because no table has them", examples=[False]
    )
    state: State = Field(description="`ready`, `refused` (rows are bad) or `committed`", examples=["ready"])
    result: dict[str, Any] = Field(
        description="of a committed one: `scenario` and `etag` of its new state, or `request`, the request's id",
        examples=[{}],
    )

    @classmethod
    def of(cls, upload: Kept) -> Upload:
        """An upload of the tray."""
        return cls(**{key: getattr(upload, key) for key in cls.model_fields})


class Uploaded(Upload):
    """An upload that was just read."""

    report: Report = Field(description="the row report, its first 1000 findings; `report.csv` has them all")


class UploadPage(BaseModel):
    """Some uploads, the newest first."""

    uploads: list[Upload] = Field(description="the uploads")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class Commit(BaseModel):
    """Where the tables of an upload go."""

    model_config = ConfigDict(extra="forbid")

    into: Literal["scenario", "network"] = Field(
        description="`scenario`: its tables, in the place of those there (`If-Match`); `network`: a draft request for change",
        examples=["scenario"],
    )
    scenario: str | None = Field(
        None, max_length=64, description="the scenario's name", examples=["fujian-20"]
    )
    why: str = Field(
        "", max_length=1000, description="reason; a request has to have one", examples=["年度更新"]
    )

    @model_validator(mode="after")
    def _named(self) -> Commit:
        if (self.into == "scenario") != bool(self.scenario):
            raise ValueError(
                Text(
                    "只有放进场景时才给出 scenario，且必须给出",
                    "scenario is given where it goes into one, and only there",
                )
            )
        return self
