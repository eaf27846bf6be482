"""Multipliers from few columns: they prove as much as those from all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.solve import least, sifted
from planner.solve.choice import ChoiceModel
from planner.solve.task import Arrays
from tests.planner.solve.models import run


def assigned(seed: int, n: int = 12) -> tuple[ChoiceModel, np.ndarray]:
    """``n`` to ``n``, each once, and an answer."""
    draw = np.random.default_rng(seed)
    model = ChoiceModel()
    x = model.columns(draw.integers(0, 1000, n * n))
    model.rows("left", np.repeat(np.arange(n), n), x, 1.0, 1.0, 1.0, n)
    model.rows("right", np.tile(np.arange(n), n), x, 1.0, -np.inf, 1.0, n)
    return model, np.eye(n, dtype=np.int64)[draw.permutation(n)].ravel()


@pytest.mark.parametrize("seed", range(6))
def test_few_columns_prove_as_much_as_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    model, at = assigned(seed)
    arrays = {**model.arrays(), "at": at}
    whole = run("least", arrays, threads=1)
    monkeypatch.setattr(least, "MANY", 1)
    added: list[int] = []
    add = sifted._add

    def noted(h: Any, of: Arrays, columns: np.ndarray) -> None:
        added.append(len(columns))
        add(h, of, columns)

    monkeypatch.setattr(sifted, "_add", noted)
    few = run("least", arrays, threads=1)
    assert few.facts["bound"] == pytest.approx(whole.facts["bound"])
    assert sum(added) < model.n_columns and len(added) > 1
    for column in range(0, model.n_columns, 17):
        name, to = ("less", 0.0) if at[column] else ("more", 1.0)
        lower, upper = arrays["lower"].copy(), arrays["upper"].copy()
        lower[column] = upper[column] = to
        held = run("mip", {**model.arrays(), "lower": lower, "upper": upper})
        assert few.arrays[name][column] <= held.facts["objective"] + 1e-6


def test_where_few_columns_have_no_answer_all_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of three are asked for; the cheapest of the row alone is not enough, and the answer held against is none."""
    model = ChoiceModel()
    x = model.columns(np.array([1, 2, 3]))
    model.rows("two", np.zeros(3), x, 1.0, 2.0, 2.0, 1)
    arrays = {**model.arrays(), "at": np.zeros(3, np.int64)}
    assert sifted.sifted(arrays, {"threads": 1}) is None
    monkeypatch.setattr(least, "MANY", 1)
    assert run("least", arrays, threads=1).facts["bound"] == pytest.approx(3.0)
