"""Why a choice model is infeasible: a smallest set of rules that cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve import second, whether
from planner.solve.cores import find_core, row_part
from planner.solve.task import Answer, Arrays


def solve(arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Answer:
    """Deletion filter over rules, unless they are known, then a checked core of rows inside the rules that are left.

    Arrays in: as ``ChoiceModel.arrays``; ``row_rule`` names each row's rule by number. Arrays out:
    ``rules`` (k,) numbers of rules that cannot hold together, no member of which can be left out;
    ``rows`` (m,) rows of theirs that clash already without integrality (may be empty; see
    :mod:`planner.solve.cores`). A feasible model answers OPTIMAL with both empty; where a trial did not
    finish within the limit, facts say ``irreducible: false``, where a row may be more than needed
    ``rows_minimal: false``. ``checked`` says who else found that they clash: ``rows`` (multipliers that NumPy checked),
    ``second`` (:mod:`planner.solve.second`), or ``""`` where nobody settled it. ``options["among"]``: numbers of rules that are known
    to clash, each of them needed; where they do clash here no other is looked for.

    Raises
    ------
    ArithmeticError
        When a point keeps all of these rules after all.
    """
    empty = np.zeros(0, dtype=np.int64)
    feasibility = {**arrays, "cost": np.zeros_like(arrays["cost"])}
    status = whether.solve(feasibility, options, report).status
    if status != "INFEASIBLE":
        return Answer("OPTIMAL" if status == "OPTIMAL" else status, {"rules": empty, "rows": empty}, {})
    among, irreducible = list(options.get("among") or []), True
    if among and whether.solve(only_rules(feasibility, among), options, report).status == "INFEASIBLE":
        kept = among
    else:
        kept, irreducible = _filtered(feasibility, options, report)
    numbers = np.flatnonzero(np.isin(arrays["row_rule"], kept))
    named = only_rules(feasibility, kept)
    core = find_core(named)
    checked = "rows" if core.rows.size else "second" if second.agrees(named, options) else ""
    found = {"rules": np.array(kept, dtype=np.int64), "rows": numbers[core.rows]}
    facts = {"irreducible": irreducible, "rows_minimal": core.minimal, "checked": checked}
    return Answer("INFEASIBLE", found, facts)


def _filtered(
    arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]
) -> tuple[list[int], bool]:
    """Rules that clash when each that is not needed was left out; whether each of them is known to be needed."""
    kept, irreducible = [int(r) for r in np.unique(arrays["row_rule"])], True
    for rule in list(kept):
        trial = [r for r in kept if r != rule]
        report({"rules_left": len(kept)})
        status = whether.solve(only_rules(arrays, trial), options, report).status
        if status == "INFEASIBLE":
            kept = trial
        elif status == "NO_SOLUTION_IN_TIME":
            irreducible = False
    return kept, irreducible


def only_rules(arrays: Arrays, rules: list[int]) -> dict[str, np.ndarray]:
    """The same model with the rows of ``rules`` only."""
    return row_part(arrays, np.flatnonzero(np.isin(arrays["row_rule"], rules)))
