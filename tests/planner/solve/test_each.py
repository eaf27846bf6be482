"""One column after another held: what relaxations tell is the best answer, and what they do not tell they leave open."""

from __future__ import annotations

import numpy as np

from planner.solve.choice import ChoiceModel
from tests.planner.solve.models import brute_force, random_model, run


def test_what_is_told_is_the_best_answer_of_all() -> None:
    seen = set[str]()
    for seed in range(60):
        model = random_model(seed)
        arrays = model.arrays()
        held = np.tile(np.arange(model.n_columns), 2)
        to = np.repeat([0.0, 1.0], model.n_columns)
        answer = run("each", {**arrays, "held": held, "to": to}, threads=1)
        for k, status in enumerate(answer.facts["told"]):
            lower, upper = arrays["lower"].copy(), arrays["upper"].copy()
            lower[held[k]] = upper[held[k]] = to[k]
            points = {**arrays, "lower": lower, "upper": upper}
            best, least = brute_force(points), answer.facts["least"][k]
            seen.add(status)
            if status == "OPTIMAL":
                assert int(arrays["cost"] @ answer.arrays["x"][k]) == best == least
                assert answer.arrays["x"][k][held[k]] == to[k]
            elif status == "INFEASIBLE":
                assert best is None and least is None
            else:
                assert best is None or least is None or least <= best
    assert seen == {"OPTIMAL", "INFEASIBLE", "UNKNOWN"}


def test_a_triangle_needs_an_integer_solve() -> None:
    """One of each two of three, whatever a fourth does: 1½ in the relaxation, and whoever rounds that up knows no answer yet."""
    model = ChoiceModel()
    x = model.columns(np.array([1, 1, 1, 5]))
    model.rows("one of two", np.array([0, 0, 1, 1, 2, 2]), x[[0, 1, 1, 2, 0, 2]], 1.0, 1.0, np.inf, 3)
    answer = run("each", {**model.arrays(), "held": x[[3, 0]], "to": np.ones(2)}, threads=1)
    assert (
        answer.facts["told"][0] == "UNKNOWN" and answer.facts["least"][0] == 7
    )  # 5 + 1½, and costs are whole
    assert answer.facts["told"][1] == "OPTIMAL" and answer.facts["least"][1] == 2  # with the first, one other
