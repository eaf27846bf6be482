"""Row reports as the API shows them: the shape of a Frictionless report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.message import Message
from graph.findings import Finding
from graph.tables.report import report_json


class RowError(BaseModel):
    """One place where something is wrong or remarkable."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="stable machine name", examples=["foreign-key"])
    severity: Literal["error", "warning", "notice"] = Field(
        description="only an `error` refuses the tables", examples=["error"]
    )
    file: str | None = Field(description="the file it came from", examples=["units.csv"])
    table: str = Field(description="table", examples=["units"])
    rowNumber: int | None = Field(
        description="row as a person counts it; the first data row is 2", examples=[17]
    )
    fieldName: str | None = Field(
        description="column; null where the whole row or table is meant", examples=["capacity"]
    )
    cell: str | None = Field(description="what stands there", examples=["many"])
    message: Message = Field(description="what is wrong")
    note: Message = Field(description="what would be right, or how to mend it")


class TableTask(BaseModel):
    """What was found in one table."""

    name: str = Field(description="table", examples=["units"])
    place: str | None = Field(description="its file", examples=["units.csv"])
    type: str = Field(description="always `table`", examples=["table"])
    valid: bool = Field(description="whether nothing in it refuses it", examples=[False])
    stats: dict[str, int] = Field(
        description="how many errors and warnings", examples=[{"errors": 1, "warnings": 0}]
    )
    errors: list[RowError] = Field(description="what refuses it")
    warnings: list[RowError] = Field(description="what does not")


class Report(BaseModel):
    """A row report."""

    valid: bool = Field(description="whether nothing refuses the tables", examples=[True])
    stats: dict[str, int] = Field(
        description="how many tables, errors and warnings are listed",
        examples=[{"tasks": 1, "errors": 0, "warnings": 0}],
    )
    tasks: list[TableTask] = Field(description="a task for each table in which something was found")

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Report:
        """Of findings."""
        return cls.model_validate(report_json(findings))
