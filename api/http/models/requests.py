"""Requests for change as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.models.message import Message
from graph.language import Text
from graph.office.request import Overlap as Overlapping
from graph.office.request import Request as Requested
from graph.office.request import State

ROWS = 10_000
"""Rows of a table, or cells, or removals, in one request at most; more go in by an upload."""
Words = Annotated[str, Field(max_length=10_000)]
Cell = Words | int | float | bool | Annotated[list[Words], Field(max_length=1000)] | None
Row = Annotated[dict[str, Cell], Field(max_length=100)]


class CellSet(BaseModel):
    """One cell that is to change."""

    model_config = ConfigDict(extra="forbid")

    table: str = Field(max_length=100, description="the table", examples=["units"])
    row: str = Field(max_length=1000, description="the row's key, `|` between its cells", examples=["u001"])
    column: str = Field(max_length=100, description="the column", examples=["capacity"])
    value: Cell = Field(
        description="what is to stand there, in the column's unit; null empties it", examples=[2]
    )


class RowNamed(BaseModel):
    """A row that is to go."""

    model_config = ConfigDict(extra="forbid")

    table: str = Field(max_length=100, description="the table", examples=["relations"])
    row: str = Field(max_length=1000, description="the row's key, `|` between its cells", examples=["r12"])


class Wanted(BaseModel):
    """What is to change: whole rows, single cells, rows to remove; at least one of them."""

    model_config = ConfigDict(extra="forbid")

    rows: dict[str, Annotated[list[Row], Field(max_length=ROWS)]] = Field(
        default_factory=dict, description="table → whole rows, new or changed; columns that are left out take their default",
        examples=[{"documents": [{"id": "d1", "subject": "533300", "title": "协议", "date": "2016-12-07"}]}],
    )  # fmt: skip
    cells: list[CellSet] = Field(
        default_factory=list, alias="set", max_length=ROWS, description="cells of rows that are there"
    )
    remove: list[RowNamed] = Field(
        default_factory=list, max_length=ROWS, description="rows that are to go", examples=[[]]
    )
    base: int | None = Field(
        None,
        ge=1,
        description="version of the network that it was worked out from; null: the newest",
        examples=[None],
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (any(self.rows.values()) or self.cells or self.remove):
            raise ValueError(
                Text("要改什么？请给出 rows、set 或 remove", "what is to change? give rows, set or remove")
            )
        return self


class Draft(Wanted):
    """A new request."""

    reason: str = Field(min_length=1, max_length=10_000, description="why", examples=["能力核实"])


class Edit(Wanted):
    """Other content of a draft, or of one that was returned; it takes the place of all that was there."""

    reason: str = Field("", max_length=10_000, description="another reason; empty: as it was", examples=[""])


class Note(BaseModel):
    """What is written beside a step."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field("", max_length=10_000, description="for whoever reads the log", examples=["同意"])


class Overlap(BaseModel):
    """A row that another pending request wants to change, too."""

    table: str = Field(description="the table", examples=["units"])
    row: str = Field(description="the row's key", examples=["u001"])
    request: str | None = Field(
        description="the other request; null where it reaches beyond the caller's regions", examples=["r4"]
    )
    author: str | None = Field(description="who wants it; null likewise", examples=["li"])
    state: State | None = Field(description="its state; null likewise", examples=["submitted"])

    @classmethod
    def of(cls, overlap: Overlapping, *, seen: bool) -> Overlap:
        """An overlap of the office; no more than that there is one where the other request is not ``seen``."""
        if seen:
            return cls(**overlap.__dict__)
        return cls(table=overlap.table, row=overlap.row, request=None, author=None, state=None)


class SideBySide(BaseModel):
    """A row as it is and as it is to be."""

    table: str = Field(description="the table", examples=["units"])
    row: str = Field(description="the row's key", examples=["u001"])
    current: dict[str, Any] | None = Field(
        description="as it was at `base`; null: a new row", examples=[{"id": "u001", "capacity": 1}]
    )
    proposed: dict[str, Any] | None = Field(
        description="as it is to be; null: removed", examples=[{"id": "u001", "capacity": 2}]
    )


class Logged(BaseModel):
    """A step that was taken."""

    revision: int = Field(description="of the request, from 1", examples=[2])
    at: datetime = Field(description="when (UTC)", examples=["2026-11-28T05:05:11Z"])
    by: str = Field(description="who took it", examples=["li"])
    step: str = Field(description="which: `draft`, `edit`, `submit`, `return`, `reject`, `approve`, `unapprove`, `apply`, `revert`", examples=["submit"])  # fmt: skip
    state: State = Field(description="the state after it", examples=["submitted"])
    note: str = Field(description="what was written beside", examples=[""])


class RequestListed(BaseModel):
    """A request in a list."""

    id: str = Field(description="its number; of a plan the plan's id", examples=["r3"])
    revision: int = Field(description="from 1; every step is one more; the ETag names it", examples=[2])
    state: State = Field(description="where it stands", examples=["submitted"])
    told: Message = Field(description="the same in words; of a plan also how much of it stands")
    pending: bool = Field(description="whether something may still come of it", examples=[True])
    author: str = Field(description="who wants it", examples=["li"])
    reason: str = Field(description="why", examples=["能力核实"])
    base: int = Field(description="version of the network that it was worked out from", examples=[1])
    plan: str = Field(description="the plan's id; empty for an edit", examples=[""])
    note: str = Field(description="what whoever took the last step wrote", examples=[""])
    step: str = Field(description="the last step", examples=["submit"])
    tables: list[str] = Field(description="tables that change", examples=[["units"]])
    size: int = Field(description="rows that are put or removed", examples=[1])

    @classmethod
    def facts(cls, request: Requested) -> dict[str, Any]:
        """The fields of a request."""
        same = ("id", "revision", "state", "pending", "author", "reason", "base", "plan", "note", "step")
        return {name: getattr(request, name) for name in same} | {
            "told": request.told.as_dict(),
            "tables": request.changes.tables,
            "size": request.changes.size,
        }

    @classmethod
    def of(cls, request: Requested) -> RequestListed:
        """A request of the office."""
        return cls(**cls.facts(request))


class RequestPage(BaseModel):
    """Some requests: edits, the newest first, then plans."""

    requests: list[RequestListed] = Field(description="the requests")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class Request(RequestListed):
    """A request with everything that whoever decides about it looks at."""

    side_by_side: list[SideBySide] = Field(description="row by row: as it is, as it is to be; of a plan none")
    overlaps: list[Overlap] = Field(description="rows that other pending requests want, too")
    hindrance: Message | None = Field(
        description="what keeps it from being applied as things are; without place, request or reason where those are outside the caller's regions",
        examples=[None],
    )
    version: int | None = Field(
        None,
        description="version of the network that applying it made, where that was just done",
        examples=[None],
    )

    @classmethod
    def whole(
        cls,
        request: Requested,
        rows: list[dict[str, Any]],
        overlaps: list[Overlap],
        hindrance: Text | None,
        version: int | None = None,
    ) -> Request:
        """A request of the office with its rows and what it says about it."""
        return cls(
            **cls.facts(request), side_by_side=[SideBySide(**entry) for entry in rows],
            overlaps=overlaps,
            hindrance=Message(**hindrance.as_dict()) if hindrance else None, version=version,
        )  # fmt: skip


class RequestLog(BaseModel):
    """Every step of a request, the oldest first."""

    steps: list[Logged] = Field(description="the steps")
