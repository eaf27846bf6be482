"""Answers that are frames or have no ``to_dict``, as plain values for JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from graph.questions.loads import concentration
from graph.questions.terms import Endings


def endings_dict(found: Endings, minimum: float | None, *, each: bool) -> dict[str, Any]:
    """Terms that end; ``minimum``: the minimum term that was counted with (years), ``each``: also a row per posting."""
    told = {
        "at": found.at,
        "by": found.by,
        "minimum_term_years": minimum,
        "relations": found.relations.to_dicts(),
        "postings": found.postings.to_dicts(),
    }
    return told | ({"each": found.each.to_dicts()} if each else {})


def loads_dict(found: pl.DataFrame) -> dict[str, Any]:
    """Loads of supporters, and how far support leans on a few."""
    return {"concentration": concentration(found), "supporters": found.to_dicts()}


def read_pairs(plan: Path | str) -> pl.DataFrame:
    """Table ``pairs`` of a plan folder.

    Raises
    ------
    InputError
        When the folder has no such table.
    """
    from planner.plan import read_plan

    return read_plan(plan).table("pairs")
