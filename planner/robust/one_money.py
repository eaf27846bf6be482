"""One allocation of money for all futures: amounts, and what is carried over, are decided now and must fit every future.

Such an allocation keeps a budget in every future exactly where it keeps the least of the futures' budgets, and so on: the rules
of all futures together are those of one money network whose upper bounds are the least, and whose floors are the greatest, of
the futures', with the side rows of each (:mod:`planner.robust.one_rows`). It is solved in whole yuan, as the stage itself is.
What a yuan is worth must be the same in every future; else see :mod:`planner.robust.one_worth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
import polars as pl

from graph.language import Text
from planner.robust.one_rows import add_rows_of_all, meet_rows, same_returns
from planner.robust.refused import LEXIMIN, LOGARITHMS, RETURNED, WORTH
from planner.solve.task import Answer, Arrays, Task
from planner.stage import Context, Limits
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known
from planner.stages.funds.network import build_network
from planner.stages.funds.reading import allocations
from planner.stages.funds.stage import seen
from planner.stages.funds.tasks import projects

SAME = ("years", "counties", "provinces", "programmes", "sources", "level", "instrument", "direction")


def money_task(contexts: Sequence[Context], limits: Limits) -> tuple[Task, Built] | Text:
    """The model that fits every future, or why there is none.

    It is a flow; with rules that are no bounds on its arcs, a flow with side rows; with least sizes of projects, rounds of it: as
    the stage itself is solved (:mod:`planner.stages.funds.tasks`).
    """
    fairness = {c.policy["fairness"] for c in contexts}
    if "leximin" in fairness:
        return LEXIMIN
    if len(fairness) > 1:
        return LOGARITHMS
    if not same_returns(contexts):
        return RETURNED
    read, held = [seen(c) for c in contexts], {c.policy.on("budgets") for c in contexts}
    if len(held) > 1 or not all(_same_worth(read[0], other) for other in read[1:]):
        return WORTH
    if not all(equal_arrays(read[0][1], k, "fair_width") for _, k in read[1:]):
        return LOGARITHMS
    facts = reduce(meet_facts, (f for f, _ in read))
    known = reduce(meet_known, (k for _, k in read))
    built = build_network(facts, known, contexts[0].policy.on("budgets"))
    rows = add_rows_of_all(contexts, read, built)
    arrays = meet_rows(built.model.arrays())
    return _task(contexts, built, arrays, limits, "flow_rows" if rows else "bounded_flow"), built


def _task(contexts: Sequence[Context], built: Built, arrays: Arrays, limits: Limits, engine: str) -> Task:
    """The task; a project that is large enough in every future has the greatest of their least sizes."""
    sizes = [int(c.policy["smallest_project"]) for c in contexts if c.policy.on("smallest_project")]
    if not sizes:
        return Task(engine, arrays, limits.options(), "funds")
    options = {**limits.options(), "smallest": max(sizes)}
    return Task("flow_sizes", {**arrays, "project": projects(built)}, options, "funds")


def _same_worth(one: tuple[Facts, Known], other: tuple[Facts, Known]) -> bool:
    """Whether two futures differ in bounds alone; which counties a floor is for matters where there is one."""
    (facts, known), (more, other_known) = one, other
    masks = [
        k
        for k, low in (("deep", "deep_low"), ("outside", "outside_low"))
        if getattr(known, low).any() or getattr(other_known, low).any()
    ]
    return (
        not other_ground(facts, more)
        and equal_arrays(facts, more, "need", "allowed", *masks)
        and equal_arrays(known, other_known, "cell", "steps", "value", "loan_cost")
    )


def other_ground(one: Facts, other: Facts) -> list[str]:
    """In what the nodes and arcs of the network stand for other things in two futures."""
    listed = [k for k in SAME if getattr(one, k) != getattr(other, k)]
    return listed + [k for k in ("province", "shared", "unit_cost") if not equal_arrays(one, other, k)]


def equal_arrays(one: Facts | Known, other: Facts | Known, *names: str) -> bool:
    """Whether these arrays are the same in both."""
    return all(np.array_equal(getattr(one, k), getattr(other, k)) for k in names)


def meet_facts(one: Facts, other: Facts) -> Facts:
    """Budgets that both have."""
    return replace(one, budget=np.minimum(one.budget, other.budget), carry=np.minimum(one.carry, other.carry))


def meet_known(one: Known, other: Known) -> Known:
    """Floors and ceilings that keep both's."""
    high = {
        k: np.minimum(getattr(one, k), getattr(other, k)) for k in ("county_high", "share_high", "spendable")
    }
    low = {
        k: np.maximum(getattr(one, k), getattr(other, k))
        for k in ("county_low", "share_low", "deep_low", "outside_low")
    }
    loans = {i: np.minimum(v, other.loan_high[i]) for i, v in one.loan_high.items()}
    return replace(one, **high, **low, loan_high=loans)


def money_table(built: Built, answer: Answer) -> pl.DataFrame:
    """The table ``allocations`` of the flow."""
    return allocations(built, np.asarray(answer.arrays["flow"]))
