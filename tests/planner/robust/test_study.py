"""A study of the small scenario: what stays, who is picked, robust plans; the same bytes again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from graph.errors import InfeasibleError, InputError
from planner.robust.choose import Judged
from planner.robust.futures import NOMINAL, Futures, make_futures
from planner.robust.held import decision_of, value_of
from planner.robust.kept import candidate_rows, write_robust
from planner.robust.shares import county_sums, decisions, shares
from planner.robust.study import Options, RobustStudy, make_robust
from planner.scenario import Scenario
from planner.solve.pool import InProcess, OnProgress
from planner.solve.task import Answer, Task
from planner.sweep.design import Design, design_of

UNCERTAIN = ("units[].strength*=0.1:1.1", "units[].capacity*=0.3:1.2", "needs[].amount*=0.1:2")
ALL = ("worst", "regret", "tail", "mean")


def drawn(small: Scenario) -> Design:
    return design_of(small, (), sample=8, seed=3, each_row=UNCERTAIN)


@pytest.fixture(scope="module")
def futures(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Futures:
    """Eight futures of the small scenario, some of them infeasible. Not to be changed."""
    return make_futures(small, drawn(small), tmp_path_factory.mktemp("futures"))


@pytest.fixture(scope="module")
def study(futures: Futures) -> RobustStudy:
    return make_robust(futures, Options(criteria=ALL, tail=0.5), executor=InProcess())


def test_infeasible_futures_are_counted(futures: Futures) -> None:
    without = futures.without()
    assert without.keys() == {"infeasible"}
    assert 2 <= len(futures.planned) < 8
    assert sorted([*futures.planned, *without["infeasible"]]) == list(range(8))


def test_shares_are_what_the_plans_say(futures: Futures, study: RobustStudy) -> None:
    plans = {n: set(decisions(futures.plan(n))["designation"]) for n in (NOMINAL, *futures.planned)}
    rows = {r["decision"]: r for r in study.shares.iter_rows(named=True)}
    assert rows.keys() == set().union(*plans.values())
    for told, row in rows.items():
        count = sum(told in plans[n] for n in futures.planned)
        assert (row["futures"], row["share"]) == (count, count / len(futures.planned))
        assert row["nominal"] == (told in plans[NOMINAL])
    assert study.shares["futures"].is_sorted(descending=True)
    assert study.shares["share"].max() == 1.0
    assert study.shares["share"].min() < 1.0  # type: ignore[operator]  # a number


def test_a_plan_held_in_its_own_future_comes_to_its_own_objective(futures: Futures) -> None:
    for n, plan in futures.plans():
        context = futures.context(n, "designation")
        value = value_of(context, "designation", decision_of(plan, "designation"), {}, InProcess().run)
        assert value.cost == plan.stages["designation"]["objective"]


def test_a_plan_that_breaks_a_rule_elsewhere_says_which(futures: Futures, study: RobustStudy) -> None:
    broken = [v for j in study.stages[0].judged for v in j.candidate.values.values() if v.cost is None]
    assert broken
    assert all(v.broken and v.first.en for v in broken)
    assert any("unit_capacity" in v.first.en for v in broken)
    context = futures.context(futures.planned[0], "designation")
    nobody = pl.DataFrame({"supporter": ["u9"], "recipient": ["A"]})
    told = value_of(context, "designation", nobody, {}, InProcess().run)
    assert told.cost is None
    assert "cannot be chosen" in told.first.en


def test_no_candidate_beats_a_robust_plan_by_its_own_criterion(study: RobustStudy) -> None:
    (one,) = study.stages
    judged = {j.candidate.name: j for j in one.judged}
    for robust in one.robust:
        assert robust.status == "OPTIMAL"
        assert robust.objective == robust.bound
        assert set(robust.futures) | set(robust.left_out) == set(study.futures.planned)
        if robust.criterion == "tail":
            assert robust.tail == -(-len(robust.futures) // 2)
            continue
        for other in judged.values():
            costs = {n: c for n, c in other.candidate.costs.items() if n in robust.futures}
            if len(costs) == len(robust.futures):
                best = {n: judged[_owner(one.judged, n)].candidate.costs[n] for n in robust.futures}
                told = {"worst": max(costs.values()), "mean": sum(costs.values()),
                        "regret": max(costs[n] - best[n] for n in costs)}  # fmt: skip
                assert int(robust.objective or 0) <= told[robust.criterion]


def _owner(judged: Sequence[Judged], future: int) -> str:
    return next(j.candidate.name for j in judged if str(future) in (j.candidate.name, *j.candidate.also))


def test_the_same_bytes_again_with_two_workers(study: RobustStudy, small: Scenario, tmp_path: Path) -> None:
    again = make_robust(
        make_futures(small, drawn(small), tmp_path, workers=2), study.options, executor=InProcess()
    )
    mine, theirs = write_robust(study), write_robust(again)
    files = sorted(p.name for p in mine.iterdir())
    assert "robust.json" in files and "designation.worst.parquet" in files
    for name in files:
        assert (mine / name).read_bytes() == (theirs / name).read_bytes()
    told = json.loads((mine / "robust.json").read_text(encoding="utf-8"))
    assert told["planned"] == len(study.futures.planned)
    assert told["stages"]["designation"]["picks"].keys() == {"mean", "worst", "regret"}
    assert candidate_rows(study).height == len(study.stages[0].judged)


def test_other_options_are_kept_beside(study: RobustStudy, futures: Futures) -> None:
    bare = make_robust(futures, Options(criteria=()), executor=InProcess())
    assert bare.stages[0].robust == ()
    assert write_robust(bare) != write_robust(study)


def test_no_future_with_a_plan_is_infeasible(futures: Futures) -> None:
    runs = futures.sweep.runs.with_columns(status=pl.lit("infeasible"))
    empty = dataclasses.replace(futures, sweep=dataclasses.replace(futures.sweep, runs=runs))
    with pytest.raises(InfeasibleError) as told:
        make_robust(empty, Options(), executor=InProcess())
    assert "no future has a plan" in told.value.text.en
    assert "rules cannot hold together" in told.value.text.en
    failed = dataclasses.replace(empty.sweep, runs=runs.with_columns(status=pl.lit("failed")))
    with pytest.raises(InputError):
        make_robust(dataclasses.replace(empty, sweep=failed), Options(), executor=InProcess())


def test_money_stays_within_its_tolerance(futures: Futures, monkeypatch: pytest.MonkeyPatch) -> None:
    """100 yuan now: 91 and 109 are within a tenth, 89 is not; what nobody has now stays where nobody gets it."""
    amounts = iter([{"A:2017": 100}, {"A:2017": 91}, {"A:2017": 109, "B:2017": 5}, {"A:2017": 89}])
    numbers = (0, 1, 2)
    monkeypatch.setattr("planner.robust.shares.county_sums", lambda _: next(amounts))
    monkeypatch.setattr("planner.robust.shares.decisions", lambda _: {})
    plan = futures.nominal
    monkeypatch.setattr(Futures, "plans", lambda _: ((n, plan) for n in (NOMINAL, *numbers)))
    scenario = dataclasses.replace(futures.scenario, stages=("funds",))
    found = shares(dataclasses.replace(futures, scenario=scenario), 0.1)
    rows = {r["decision"]: (r["futures"], r["nominal"]) for r in found.iter_rows(named=True)}
    assert rows == {"A:2017": (2, True), "B:2017": (2, False)}
    assert county_sums(plan) == {}  # type: ignore[arg-type]  # there is one


def test_what_was_solved_is_not_solved_again(study: RobustStudy, futures: Futures) -> None:
    """A study that was interrupted after its solves goes on with their answers."""

    class Idle(InProcess):
        def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
            assert tasks == []
            return []

    again = make_robust(futures, study.options, executor=Idle())
    assert candidate_rows(again).equals(candidate_rows(study))
    for one, other in zip(study.stages, again.stages, strict=True):
        assert [r.objective for r in one.robust] == [r.objective for r in other.robust]


def test_progress_is_told_plan_by_plan(futures: Futures) -> None:
    told: list[str] = []
    made = make_robust(
        futures, Options(criteria=()), executor=InProcess(), on_step=lambda step: told.append(step.en)
    )
    n = len(made.stages[0].judged)
    assert [t for t in told if "holding plan" in t] == [
        f"designated assistance: holding plan {k}/{n} in every future" for k in range(1, n + 1)
    ]
