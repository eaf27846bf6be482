"""A second opinion on a model that HiGHS calls infeasible, where only integrality is in the way: SCIP, as OR-Tools ships it.

What the linear relaxation already forbids is shown with NumPy (:mod:`planner.solve.cores`); no short proof is known for the
rest, so that another solver, with other cuts and another search, looks at the very rows that are to be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper
from scipy.sparse import csr_matrix

from planner.solve import mip
from planner.solve.task import Arrays

NODES = 20_000
"""Branch-and-bound nodes, so that the answer does not depend on the clock."""


def agrees(arrays: Arrays, options: Mapping[str, Any]) -> bool:
    """Whether SCIP, too, finds no point; no where it did not settle it within its nodes.

    Raises
    ------
    ArithmeticError
        When it finds a point that keeps every row: then the word of the first solver was wrong.
    """
    model: Any = model_builder_helper.ModelBuilderHelper()  # its stubs know no plain array
    n, m = len(arrays["lower"]), len(arrays["row_lower"])
    rows = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=(m, n))
    model.fill_model_from_sparse_data(
        arrays["lower"], arrays["upper"], np.zeros(n), arrays["row_lower"], arrays["row_upper"], rows
    )
    for column in np.flatnonzero(arrays["integer"]).tolist():
        model.set_var_integrality(column, True)
    solver = model_builder_helper.ModelSolverHelper("scip")
    nodes = max(1, int(NODES * float(options.get("work") or 1.0)))
    solver.set_solver_specific_parameters(f"limits/nodes = {nodes}\n")
    if options.get("time_limit"):
        solver.set_time_limit_in_seconds(float(options["time_limit"]))
    solver.solve(model)
    if solver.has_solution():
        raw = np.asarray(solver.variable_values())
        x = np.where(arrays["integer"], np.rint(raw), raw)
        if not mip.violated(arrays, x).size:
            raise ArithmeticError("HiGHS calls rows infeasible that a point found by SCIP keeps")
    return bool(solver.status() == model_builder_helper.SolveStatus.INFEASIBLE)
