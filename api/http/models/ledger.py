"""The ledger as the API takes and shows it."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.models.network import Entry
from api.http.models.requests import Words
from graph.language import Text

AMOUNT = 10**15
"""Amounts up to here, in the item's unit."""


class LedgerEntry(Entry):  # type: ignore[misc, valid-type] # made of the schema
    """What was promised and what came, of one item of one year of a relation."""

    unit: str = Field(description="unit of the amounts", examples=["yuan"])


class LedgerEntryPage(BaseModel):
    """Some entries, by relation, year and item."""

    entries: list[LedgerEntry] = Field(description="the entries")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class Amounts(BaseModel):
    """What is entered; at least one of the two amounts."""

    model_config = ConfigDict(extra="forbid")

    pledged: int | None = Field(None, ge=0, le=AMOUNT, description="promised (unit of the item); null: as it was", examples=[None])  # fmt: skip
    delivered: int | None = Field(None, ge=0, le=AMOUNT, description="come (unit of the item); null: as it was", examples=[190_000_000])  # fmt: skip
    source: Words | None = Field(None, description="where the figures are from; the caller's name where none is given", examples=["拨付凭证 2016-221"])  # fmt: skip
    reason: str = Field("", max_length=10_000, description="why; empty: said by the entry", examples=[""])

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.pledged is None and self.delivered is None:
            raise ValueError(Text("请给出 pledged、delivered 或两者", "give pledged, delivered or both"))
        return self
