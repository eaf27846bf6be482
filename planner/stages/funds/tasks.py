"""From what is known to a task for the engine that the rules need."""

from __future__ import annotations

import numpy as np

from graph.errors import ScenarioError
from planner.published import CHANGES_MAX
from planner.solve.task import Task
from planner.stage import Context, Limits
from planner.stages.funds.amount import Amount, hold_amount
from planner.stages.funds.built import Built
from planner.stages.funds.crossing import add_crossing_rows
from planner.stages.funds.facts import Facts
from planner.stages.funds.keeping import counted, keeping, limit_changes
from planner.stages.funds.known import Known
from planner.stages.funds.network import build_network


def task_of(
    context: Context, facts: Facts, known: Known, limits: Limits, held: Amount | None = None
) -> tuple[Task, Built]:
    """The task that decides what is known, by the engine that its rules need, and the model behind it; ``held``: to be priced."""
    apart = held.county if held is not None and held.source is not None else None
    built = build_network(facts, known, context.policy.on("budgets"), apart)
    built.why_rows = add_crossing_rows(context, built)
    budget = None if known.published is None else change_budget(context, held)
    if budget is not None and built.why_rows:
        limit_changes(built, budget)
        built.why_rows.append(CHANGES_MAX)
    before = None if held is None else built.model.arrays()
    if held is not None:
        hold_amount(built, held)
    arrays = dict(built.model.arrays())
    engine = "flow_rows" if built.why_rows else "bounded_flow"
    options = limits.options()
    if context.policy.on("smallest_project"):
        arrays["project"] = projects(built)
        options["smallest"] = int(context.policy["smallest_project"])
        engine = "flow_sizes"
    elif engine == "bounded_flow" and before is None and known.published is not None:
        arrays |= keeping(built, known.published)
        engine = "flow_kept"
        if budget is not None:
            arrays["counted"] = counted(built)
            options["changes_max"] = budget
            engine = "flow_budget"
    elif before is None and known.published is not None:
        arrays |= keeping(built, known.published)
        engine = "flow_rows_kept"
    if before is not None and engine == "bounded_flow":
        engine = "flow_nearest"
        arrays |= {"before_lower": before["lower"], "before_upper": before["upper"]}
    return Task(engine, arrays, options, "funds"), built


def change_budget(context: Context, held: Amount | None) -> int | None:
    """Yuan that may be moved at most; ``None`` where that is no rule.

    Raises
    ------
    ScenarioError
        When projects have a smallest size as well, or an amount is to be priced.
    """
    if not context.policy.on(CHANGES_MAX):
        return None
    if context.policy.on("smallest_project"):
        raise ScenarioError(
            f"[funds] {CHANGES_MAX} 不能与 smallest_project 同时使用；请关闭其一",
            f"[funds] {CHANGES_MAX} cannot be used together with smallest_project; switch one of them off",
        )
    if held is not None:
        raise ScenarioError(
            f"[funds] {CHANGES_MAX} 之下不能给一笔金额计价",
            f"[funds] an amount cannot be priced under {CHANGES_MAX}",
        )
    return int(context.policy[CHANGES_MAX])


def projects(built: Built) -> np.ndarray:
    """(n_arcs,) int64: the cell that a step arc belongs to, −1 for every other arc."""
    found = np.full(built.model.n_arcs, -1, dtype=np.int64)
    _, c, p, t = built.index["step"].T
    _, n_p, n_t = built.start.shape
    found[built.model.families["step"]] = (c * n_p + p) * n_t + t
    return found
