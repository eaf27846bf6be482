"""A published plan beside a tiny scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from graph.schema import RESULTS
from planner.published import Published
from planner.stage import Context, Outcome
from planner.verify.outcome import RuleState, StageCheck
from tests.planner.tiny import assert_told, resolved, solve

PLAN = "0123456789abcdef"


def beside(stage: Any, seen: Context, tables: Mapping[str, pl.DataFrame]) -> Context:
    """What the stage sees, with these tables as the published plan."""
    return replace(seen, published=Published(PLAN, {stage.name: tables}))


def pairs_table(stage: str, pairs: Iterable[tuple[str, str]], kind: str | None) -> pl.DataFrame:
    """The result table ``pairs`` of some pairs, without costs."""
    rows = [
        {"stage": stage, "supporter": s, "recipient": r, "cost": 0.0, "load": 1, "terms": "{}", "kind": kind}
        for s, r in pairs
    ]
    return pl.DataFrame(rows, schema=RESULTS["pairs"].dtypes)


def checked(stage: Any, seen: Context, check: Any) -> tuple[Outcome, StageCheck]:
    """The stage's outcome; its rows pass the independent check, which finds the same objective."""
    outcome = solve(stage, seen)
    assert outcome.status == "OPTIMAL", (outcome.status, [str(c) for c in outcome.clashes])
    found = check(resolved(stage, seen), {**seen.decided, **outcome.tables}, outcome.certificates)
    assert [str(b.text) for b in found.broken] == []
    assert_told(found)
    assert found.objective == outcome.objective == outcome.bound
    return outcome, found


def cost(outcome: Outcome) -> int:
    """Its objective, which must be there."""
    assert outcome.objective is not None
    return outcome.objective


def changed(outcome: Outcome) -> int:
    """New and ended decisions, as the outcome tells."""
    told = outcome.details["published"]
    return int(told["new"]) + int(told["ended"])


def rule(found: StageCheck, key: str) -> RuleState:
    """How a rule stands."""
    return next(r for r in found.rules if r.rule == key)
