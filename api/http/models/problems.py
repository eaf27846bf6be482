"""Problem documents (RFC 9457) as the document of the API shows them; they are made in :mod:`api.http.problems`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.message import Message
from api.http.models.reports import Report


class Fault(BaseModel):
    """One place of a request that is not written as it should be."""

    where: str = Field(
        description="`path`, `query`, `header` or `body`, then the names down to it", examples=["query.limit"]
    )
    what: str = Field(
        description="what is wrong with it", examples=["Input should be less than or equal to 1000"]
    )


class Problem(BaseModel):
    """What went wrong: where, what, and how to mend it. What an error holds besides (clashes, members of a conflict) stands beside."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="kind of the problem, as a reference", examples=["/problems/not-found"])
    title: str = Field(description="the kind in a few words", examples=["not found"])
    status: int = Field(
        description="HTTP status code of the answer (400 to 599)", ge=400, le=599, examples=[404]
    )
    detail: str = Field(
        description="where, what and how to mend it, in the reader's language",
        examples=["there is no plan nix"],
    )
    instance: str = Field(description="the path that was asked", examples=["/api/v1/plans/nix"])
    message: Message = Field(description="`detail` in both languages")
    request_id: str = Field(
        description="the request's number, as in `X-Request-Id`; give it when you report a defect",
        examples=["0f6c3e1ab07d33589f2c4e1ab07d3358"],
    )
    errors: list[Fault] | None = Field(
        None, description="of `bad-form`: every place that is not written as it should be"
    )
    report: Report | None = Field(None, description="of `bad-rows`: every bad row")
    candidates: list[dict[str, Any]] | None = Field(
        None,
        description="of `ambiguous`: everything that the words may mean, with the id by which to ask again; of `not-found`: what has a similar name",
        examples=[[{"id": "533300", "name": "怒江傈僳族自治州", "level": "prefecture"}]],
    )
