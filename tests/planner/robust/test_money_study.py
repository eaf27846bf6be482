"""Money in a study: shares by county and year, plans that spend too much elsewhere, one allocation for all futures."""

from __future__ import annotations

import polars as pl
import pytest

from planner.robust.futures import Futures, make_futures
from planner.robust.held import Value
from planner.robust.kept import as_dict, candidate_rows, write_robust
from planner.robust.plans import Asked, Robust, compatible, robust_money, robust_pairs
from planner.robust.study import Options, RobustStudy, make_robust
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from planner.stage import Limits
from planner.sweep.design import design_of
from tests.planner.robust.futures_land import MONEY, write_money


@pytest.fixture(scope="module")
def futures(tmp_path_factory: pytest.TempPathFactory) -> Futures:
    """Four futures in which each budget is drawn on its own."""
    place = tmp_path_factory.mktemp("money")
    scenario = read_scenario(write_money(place / "money"))
    design = design_of(scenario, (), sample=4, seed=1, each_row=[MONEY])
    return make_futures(scenario, design, place / "futures")


@pytest.fixture(scope="module")
def study(futures: Futures) -> RobustStudy:
    return make_robust(futures, Options(), executor=InProcess())


def test_county_years_are_told(study: RobustStudy) -> None:
    assert set(study.shares["decision"]) == {"A:2017", "B:2017"}
    assert study.shares["nominal"].all()


def test_plans_of_richer_futures_break_poorer_budgets(study: RobustStudy) -> None:
    (one,) = study.stages
    robust = next(j for j in one.judged if j.candidate.name == "robust:every")
    assert robust.candidate.breaks == ()
    others = [j for j in one.judged if j is not robust]
    assert all(j.candidate.breaks for j in others)
    told = [v.first.en for j in others for v in j.candidate.values.values() if v.cost is None]
    assert all("budget" in t for t in told)
    assert set(map(tuple, one.picks.values())) == {("robust:every",)}


def test_the_allocation_for_all_spends_the_least_of_each_budget(futures: Futures, study: RobustStudy) -> None:
    (robust,) = study.stages[0].robust
    assert robust.status == "OPTIMAL"
    assert robust.decision is not None
    spent = dict(robust.decision.group_by("source").agg(pl.col("amount").sum()).iter_rows())
    budgets = [
        dict(futures.at(n).network.frame("fund_budgets").select("source", "amount").iter_rows())
        for n in futures.planned
    ]
    assert spent == {s: min(b[s] for b in budgets) for s in ("g", "h")}


def test_points_of_money_are_told_as_people_read_them(study: RobustStudy) -> None:
    rows = candidate_rows(study)
    assert rows["mean"].drop_nulls().min() > 0  # type: ignore[operator]  # a number
    assert rows["regret"].drop_nulls().min() >= 0  # type: ignore[operator]  # a number
    told = as_dict(study)["stages"]["funds"]["robust"][0]
    assert told["objective"] == told["bound"] > 0
    assert (write_robust(study) / "funds.every.parquet").is_file()


def test_futures_whose_rules_clash_are_left_out(futures: Futures, monkeypatch: pytest.MonkeyPatch) -> None:
    """Futures that come first and fit are kept; where none does there is no plan, and what the checks refuse is never told."""
    contexts = {n: futures.context(n, "funds") for n in futures.planned}
    best = dict.fromkeys(contexts, 0)
    asked = Asked(
        "funds", contexts, best, 0.5, Limits(), InProcess().run, lambda _number, _decision: Value(None, 1)
    )
    monkeypatch.setattr("planner.robust.plans._holds", lambda _, numbers: not {1, 2} <= set(numbers))
    assert compatible(asked) == ((0, 1, 3), (2,))
    with pytest.raises(RuntimeError, match="future 0 counts None"):
        robust_money(asked)
    monkeypatch.setattr("planner.robust.plans._holds", lambda *_: False)
    (found,) = robust_money(asked)
    assert (found.status, found.left_out) == ("INFEASIBLE", futures.planned)
    assert robust_pairs(asked, ["worst"]) == [
        Robust("worst", "INFEASIBLE", left_out=futures.planned, why=found.why)
    ]
