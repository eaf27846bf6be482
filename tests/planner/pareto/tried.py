"""Fronts by trying everything: what the checks let pass, and the best of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from planner.pareto.aims import Aim
from planner.pareto.checked import broken_rules, recomputed, wrong_points
from planner.pareto.front import Front, find_front
from planner.pareto.model import model_of
from planner.solve.pool import InProcess
from planner.stage import Context, Limits

Values = tuple[int, ...]


def best_of(values: set[Values]) -> set[Values]:
    """Those that no other is at least as good as in every aim."""
    return {
        v
        for v in values
        if not any(w != v and all(a <= b for a, b in zip(w, v, strict=True)) for w in values)
    }


def aims_of(stage: str, keys: Sequence[str]) -> tuple[Aim, ...]:
    """Aims of a stage."""
    return tuple(Aim(stage, key) for key in keys)


def holding(context: Context, aims: Sequence[Aim], tables: Iterable[pl.DataFrame]) -> set[Values]:
    """What the tables that break no rule come to; the checks decide, no model is asked."""
    return {recomputed(context, aims, t) for t in tables if not broken_rules(context, aims[0].stage, t)}


def checked_front(context: Context, aims: tuple[Aim, ...]) -> Front:
    """The front of a stage; each point is proved, read again and right."""
    model = model_of(context, aims)
    front = find_front(model, InProcess().run, Limits(), 1000)
    tables = [model.ground.table(p.x, InProcess().run, Limits()) for p in front.points]
    assert wrong_points(context, aims, front, [t for t in tables if t is not None]) == []
    assert len(tables) == len(front.points)
    return front
