"""Small networks for stage tests: rows in, a network out; engines run here, without a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network, RegionSettings
from graph.schema import TABLES
from planner.policy import Policy, resolve
from planner.published import Published
from planner.republished import tables_of
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Outcome, in_steps
from planner.verify.outcome import Resolved, StageCheck

DAY = date(2016, 12, 31)
Rows = Sequence[Mapping[str, Any]]


def frame(table: str, rows: Rows) -> pl.DataFrame:
    """A table's frame; columns that are not given take their default."""
    declared = TABLES[table]
    filled = [{c.name: row.get(c.name, c.default) for c in declared.columns} for row in rows]
    return pl.DataFrame(filled, schema=declared.dtypes)


def network(**tables: Rows) -> Network:
    """A network of the given rows, free codes."""
    return Network({n: frame(n, r) for n, r in tables.items()}, RegionSettings("free"), name="tiny", on=DAY)


def policy(stage: Any, **values: Any) -> Policy:
    """The stage's defaults with these values."""
    declared = {s.key: s for s in stage.settings}
    for key, value in values.items():
        assert declared[key].problem(value) is None, (key, value, declared[key].problem(value))
    return resolve(stage.settings, values, {})


def context(
    stage: Any,
    net: Network,
    decided: Mapping[str, pl.DataFrame] | None = None,
    seed: int = 0,
    published: Mapping[str, pl.DataFrame] | None = None,
    **values: Any,
) -> Context:
    """What the stage sees; ``published``: its own tables of a plan that is published."""
    known = None if published is None else Published("published", {stage.name: published})
    return Context(net, policy(stage, **values), DAY, seed, decided or {}, published=known)


def solve(stage: Any, seen: Context, limits: Limits | None = None) -> Outcome:
    """The stage's outcome, without a child process."""
    limits = limits or Limits()
    if in_steps(stage):
        return stage.solve(seen, InProcess(), limits, None)
    tasks, built = stage.tasks(seen, limits)
    answered: Outcome = stage.answer(seen, built, InProcess().run(tasks))
    return answered


def resolved(stage: Any, seen: Context) -> Resolved:
    """The resolved scenario that verify sees."""
    return Resolved(
        seen.network, {stage.name: seen.policy.values}, seen.on, seen.seed, tables_of(seen.published)
    )


def assert_told(found: StageCheck) -> None:
    """Every rule in force says where it is tightest, or which number it comes to."""
    silent = [r.rule for r in found.rules if r.state in ("binding", "slack") and not all(r.tightest)]
    assert silent == []
    assert all(not r.at for r in found.rules if r.state != "binding")
