"""A flow in which a project gets nothing or at least so much: closing and raising, round by round.

The flow without that rule gives the bound. Each round looks at the projects that got something, but too little: those at
half the least size or more are raised to it, the others closed; settled projects stay settled, so that it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve import bounded_flow, flow_rows
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]

ROUNDS = 60


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``cost·f`` where the arcs of each ``project`` carry nothing or at least ``options["smallest"]``.

    Arrays in: as ``bounded_flow`` (or ``flow_rows`` where there are side rows), and ``project`` (n_arcs,) int64, −1
    for arcs of no project; a project's arcs are listed from the most to the least valuable. Arrays out: as there; the
    prices are those of the flow without the rule. Facts: ``rounds``, ``closed``, ``raised`` besides. Where no round
    finds a flow: NO_SOLUTION_IN_TIME; ``cut_short`` in facts says whether a limit was the reason.
    """
    inner = flow_rows.solve if len(arrays["row_lower"]) else bounded_flow.solve
    smallest = int(options["smallest"])
    first = inner(arrays, options, report)
    if "flow" not in first.arrays:
        return first
    work = {**arrays, "lower": arrays["lower"].copy(), "upper": arrays["upper"].copy()}
    flow, closed, raised, cut_short = np.asarray(first.arrays["flow"]), 0, 0, False
    for number in range(ROUNDS):
        size = project_sizes(arrays["project"], flow)
        small = np.flatnonzero((size > 0) & (size < smallest))
        if not small.size:
            return _answer(arrays, first, flow, {"rounds": number, "closed": closed, "raised": raised})
        report({"round": number + 1, "too_small": len(small)})
        room = project_sizes(arrays["project"], arrays["upper"])
        raises = (2 * size >= smallest) & (room >= smallest)
        before = {k: work[k].copy() for k in ("lower", "upper")}
        settle(work, small[raises[small]], small[~raises[small]], smallest)
        answer = inner(work, options, report)
        if "flow" not in answer.arrays:  # raising took too much: close them instead
            work.update(before)
            settle(work, small[:0], small, smallest)
            raises[small] = False
            answer = inner(work, options, report)
        if "flow" not in answer.arrays:
            cut_short = bool(answer.facts.get("cut_short"))
            break
        closed, raised = closed + int((~raises[small]).sum()), raised + int(raises[small].sum())
        flow = np.asarray(answer.arrays["flow"])
    return Answer("NO_SOLUTION_IN_TIME", {}, {"bound": first.facts["bound"], "cut_short": cut_short})


def project_sizes(project: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """What each project's arcs carry in all, (n_projects,) int64."""
    inside = project >= 0
    found = np.zeros(int(project.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(found, project[inside], amount[inside])
    return found


def settle(work: dict[str, np.ndarray], raised: np.ndarray, closed: np.ndarray, smallest: int) -> None:
    """Set bounds, in place: raised projects carry at least ``smallest``, filled from their first arc; closed ones nothing."""
    project = work["project"]
    work["upper"][np.isin(project, closed)] = 0
    mine = np.flatnonzero(np.isin(project, raised))
    mine = mine[np.argsort(project[mine], kind="stable")]
    if not mine.size:
        return
    upper, owner = work["upper"][mine], project[mine]
    upto = np.cumsum(upper)
    first = np.searchsorted(owner, owner)
    before = upto - upper - (upto - upper)[first]
    work["lower"][mine] = np.clip(smallest - before, 0, upper)


def _answer(arrays: Arrays, first: Answer, flow: np.ndarray, facts: dict[str, Any]) -> Answer:
    objective, bound = exact_dot(arrays["cost"], flow), int(first.facts["bound"])
    status = "OPTIMAL" if objective == bound else "FEASIBLE"
    return Answer(
        status,
        {**first.arrays, "flow": flow},
        {**first.facts, **facts, "objective": objective, "bound": bound},
    )
