"""Texts as the API shows them."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Message(BaseModel):
    """A text in both languages."""

    zh: str = Field(description="in Chinese", examples=["规则不能同时成立"])
    en: str = Field(description="in English", examples=["the rules cannot hold together"])
