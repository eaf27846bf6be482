"""Rows of a table counted by values, as the API shows them."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, Field

Cell = bool | int | float | datetime.date | str | None


class Group(BaseModel):
    """Rows that are alike in some columns."""

    values: dict[str, Cell] = Field(
        description="column → the cell that they share", examples=[{"level": "county"}]
    )
    rows: int = Field(description="number of these rows", examples=[2843])


class Groups(BaseModel):
    """Rows of a table counted by the values of some columns."""

    table: str = Field(description="the table", examples=["regions"])
    by: list[str] = Field(description="the columns", examples=[["level"]])
    groups: list[Group] = Field(
        description="the groups, in the order of the columns; the first 10,000 where there are more"
    )
    total: int = Field(description="number of all groups", examples=[5])
    rows: int = Field(description="number of rows in all groups", examples=[12_985])
