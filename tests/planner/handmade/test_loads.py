"""Loads that a file leaves open: no rule breaks where any division of them keeps all."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor

import numpy as np
import polars as pl
import pytest

from graph.errors import OutsideError
from graph.schema import RESULTS
from planner.handmade import loads as room
from planner.handmade.loads import SOLVED, UNSOLVED
from planner.handmade.pricing import price_pairs
from planner.solve.pool import InProcess, SolverDefect, SolverKilled
from planner.stages.pairing import STAGE
from planner.verify.pairing import check
from tests.planner.pairing_land import FREE, tables
from tests.planner.tiny import context, network, resolved

THREE = [("E1", "W1", None), ("E2", "W1", None), ("E2", "W2", None)]
"""W1 has 300 poor people, W2 100; by strength E2 would carry 75 + 100 of a fair share of 100."""


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "run_apart", lambda stage, tasks: InProcess().run(tasks))


def filled(
    rows: list[tuple[str, str, int | None]], poor: dict[str, int] | None = None, **values: object
) -> tuple[list[int], list[str], list[str]]:
    """Loads, rules that break, and the notes about loads."""
    facts = {"E1": 300, "E2": 100}, poor or {"W1": 300, "W2": 100}
    measures = ("fiscal_revenue", "poor_population")
    table = [
        {"region": r, "year": 2016, "measure": m, "value": float(v)}
        for m, known in zip(measures, facts, strict=True) for r, v in known.items()
    ]  # fmt: skip
    seen = context(STAGE, network(**tables(region_facts=table)), **{**FREE, **values})
    given = pl.DataFrame(
        [{"stage": "pairing", "supporter": s, "recipient": r, "load": n} for s, r, n in rows],
        schema={c: RESULTS["pairs"].dtypes[c] for c in ("stage", "supporter", "recipient", "load")},
    )
    whole = given.with_columns(
        pl.lit(None, dtype=t).alias(c) for c, t in RESULTS["pairs"].dtypes.items() if c not in given.columns
    )
    done, notes = price_pairs(seen, "pairing", whole.select(list(RESULTS["pairs"].dtypes)))
    broken = sorted({b.rule for b in check(resolved(STAGE, seen), {"pairs": done}, {}).broken})
    return done["load"].to_list(), broken, [n.en for n in notes if "loads" in n.en]


def test_by_strength_where_that_breaks_nothing() -> None:
    assert filled(THREE) == ([225, 75, 100], [], [])
    assert filled(THREE, fair_load_tolerance=0.75) == ([225, 75, 100], [], [])


def test_otherwise_so_that_no_rule_breaks() -> None:
    """E2 may carry 130, and must take all of W2 and a tenth of W1."""
    assert filled(THREE, fair_load_tolerance=0.3, least_part=0.1) == ([270, 30, 100], [], [SOLVED.en])


def test_where_no_division_helps_the_broken_rule_says_so() -> None:
    assert filled(THREE, fair_load_tolerance=0.2, least_part=0.1) == (
        [225, 75, 100],
        ["fair_load_tolerance"],
        [UNSOLVED.en],
    )


def test_loads_that_are_given_stand() -> None:
    rest = [("E1", "W1", 280), *THREE[1:]]
    assert filled(rest) == ([280, 20, 100], [], [])
    assert filled(rest, fair_load_tolerance=0.3) == ([280, 20, 100], [], [])
    assert filled(rest, least_part=0.1) == ([280, 20, 100], ["least_part"], [UNSOLVED.en])
    assert filled([("E1", "W1", 400), *THREE[1:]]) == ([400, 0, 100], ["load"], [UNSOLVED.en])
    whole = [("E1", "W1", 225), ("E2", "W1", 75), ("E2", "W2", 100)]
    assert filled(whole, fair_load_tolerance=0.3) == ([225, 75, 100], ["fair_load_tolerance"], [])


def test_one_load_given_and_the_others_solved_around_it() -> None:
    """E1 takes 60 of W2, so that E2 has room for 90 of W1 at most."""
    rows = [("E1", "W1", None), ("E2", "W1", None), ("E1", "W2", 60), ("E2", "W2", None)]
    found, broken, notes = filled(rows, fair_load_tolerance=0.1)
    assert (found[2:], broken, notes) == ([60, 40], [], [SOLVED.en])
    assert sum(found[:2]) == 300 and found[1] <= 70


def test_county_loads_are_even_around_those_given() -> None:
    """d (W1a) has seven poor people and two partners: whoever is given three leaves four."""
    pair = [("E1", "W1", None)]
    poor = {"W1": 300, "W2": 100, "W1a": 7, "W1b": 4, "W2a": 5}
    values = {
        "county_pairs": True,
        "county_partners_per_recipient": "off",
        "county_partners_per_supporter": "off",
    }
    for first, wanted in ((None, [4, 3]), (3, [3, 4]), (4, [4, 3])):
        rows = [*pair, ("E1a", "W1a", first), ("E1b", "W1a", None)]
        found, broken, _ = filled(rows, poor, **values)
        assert (found[1:], broken) == (wanted, [])


@pytest.mark.parametrize("seed", range(40))
def test_brute_force_over_all_divisions(seed: int) -> None:
    """Whenever some division of whole persons keeps every rule, the one that is filled in does."""
    draw = np.random.default_rng(seed)
    poor = {"W1": int(draw.integers(1, 9)), "W2": int(draw.integers(1, 9))}
    every = [(s, r) for s in ("E1", "E2") for r in ("W1", "W2")]
    rows = [
        (s, r, int(draw.integers(0, poor[r] + 1)) if draw.random() < 0.3 else None)
        for s, r in every
        if draw.random() < 0.8
    ]
    tolerance, part = float(draw.choice([0.0, 0.1, 0.5, 1.0])), float(draw.choice([0.0, 0.1, 0.3]))
    if not rows:
        return
    strength, total = {"E1": 300, "E2": 100}, sum(poor.values())
    cap = {s: floor(Fraction(v * total, 400) * (1 + Fraction(str(tolerance)))) for s, v in strength.items()}

    def keeps(loads: tuple[int, ...]) -> bool:
        taken = {r: sum(n for (_, x, _), n in zip(rows, loads, strict=True) if x == r) for _, r, _ in rows}
        carried = {s: sum(n for (x, _, _), n in zip(rows, loads, strict=True) if x == s) for s in strength}
        least = all(
            n >= ceil(Fraction(str(part)) * poor[r]) for (_, r, _), n in zip(rows, loads, strict=True)
        )
        return (
            least and all(n == poor[r] for r, n in taken.items()) and all(carried[s] <= cap[s] for s in cap)
        )

    choices = [range(poor[r] + 1) if n is None else (n,) for _, r, n in rows]
    possible = any(keeps(loads) for loads in product(*choices))
    _, broken, _ = filled(rows, poor, fair_load_tolerance=tolerance, least_part=part)
    assert (broken == []) == possible


@pytest.mark.parametrize(
    ("raised", "expected"), [(SolverKilled("x", -9), OutsideError), (SolverDefect("trace"), RuntimeError)]
)
def test_a_solver_that_ends_is_told(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, expected: type[Exception]
) -> None:
    monkeypatch.undo()

    def run(self: object, tasks: object) -> None:
        raise raised

    monkeypatch.setattr(room.LocalProcesses, "run", run)
    with pytest.raises(expected):
        filled(THREE, fair_load_tolerance=0.3)
