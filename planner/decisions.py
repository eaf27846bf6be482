"""What stages have decided, and what of it a later one sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from planner.stages import STAGES

DECIDED_BY = {"postings": "cadres", "allocations": "funds", "exits": "exit", "inspections": "inspection"}
"""Result table → the stage that decides it; ``pairs`` has a column for it."""

Decisions = Mapping[str, Mapping[str, pl.DataFrame]]
"""Stage → its result tables."""


def looked_at(stage: str, order: Sequence[str]) -> tuple[str, ...]:
    """Stages that run before this one and whose decisions it looks at, in order."""
    return tuple(s for s in order[: order.index(stage)] if s in STAGES[stage].sees)


def seen_by(stage: str, order: Sequence[str], decided: Decisions) -> dict[str, pl.DataFrame]:
    """Result tables of the stages that a stage looks at, as far as they are among ``decided``."""
    found: dict[str, pl.DataFrame] = {}
    for earlier in looked_at(stage, order):
        found = merge(found, decided.get(earlier, {}))
    return found


def of_stages(tables: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, pl.DataFrame]]:
    """Result tables stage by stage; ``pairs`` is divided by its column."""
    found: dict[str, dict[str, pl.DataFrame]] = {}
    for name, frame in tables.items():
        if name != "pairs":
            found.setdefault(DECIDED_BY[name], {})[name] = frame
            continue
        for stage in frame["stage"].unique(maintain_order=True).to_list():
            found.setdefault(stage, {})[name] = frame.filter(pl.col("stage") == stage)
    return found


def merge(decided: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Result tables with a stage's added; several stages' ``pairs`` stand in one table."""
    found = dict(decided)
    for name, frame in new.items():
        found[name] = pl.concat([found[name], frame]) if name in found else frame
    return found
