"""All of it for a scenario: shares of futures, candidate plans, robust plans."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.errors import InfeasibleError, InputError, JieduiError
from graph.language import Text
from graph.wording import Wording
from planner.plan import Plan
from planner.reuse import FOLDER as ANSWERS
from planner.reuse import Answers, Reusing
from planner.robust.choose import Candidate, Judged, judge, picks
from planner.robust.futures import NOMINAL, Futures
from planner.robust.held import STAGES, Run, Value, decision_of, value_of
from planner.robust.plans import Asked, Robust, robust_money, robust_pairs
from planner.robust.shares import TOLERANCE, shares
from planner.solve.pool import Executor, Pool, SolverDefect
from planner.stages import STAGES as ALL
from planner.sweep.member import FAILED
from planner.sweep.summary import failures
from planner.titles import in_own_words
from planner.workplace import FAILURES, in_words, workplace

TAIL = 0.25
DEFAULT = ("worst", "regret", "tail")
OnStep = Callable[[Text], None]
Before = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Options:
    """What is asked for, besides the futures.

    Parameters
    ----------
    tolerance : float
        See :func:`planner.robust.shares.shares`.
    criteria : tuple of str
        Of robust plans; none: no such plan.
    tail : float
        Share of the futures that the tail holds.
    """

    tolerance: float = TOLERANCE
    criteria: tuple[str, ...] = DEFAULT
    tail: float = TAIL

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"tolerance": self.tolerance, "criteria": list(self.criteria), "tail": self.tail}


@dataclass(frozen=True)
class StageStudy:
    """What came out for a stage: its candidates with their figures, who is picked, and robust plans."""

    stage: str
    judged: tuple[Judged, ...]
    picks: Mapping[str, list[str]]
    robust: tuple[Robust, ...]


@dataclass(frozen=True)
class RobustStudy:
    """Everything that is told."""

    futures: Futures
    options: Options
    shares: pl.DataFrame = field(repr=False)
    stages: tuple[StageStudy, ...]

    @property
    def wording(self) -> Wording:
        """The scenario's own words."""
        return self.futures.wording


@in_own_words
def make_robust(
    futures: Futures,
    options: Options,
    *,
    dask: str | None = None,
    executor: Pool | None = None,
    on_step: OnStep | None = None,
) -> RobustStudy:
    """Shares, candidates and robust plans of the stages that can be held in another future.

    Answers of its solves are kept with those of the futures: what was interrupted goes on with them.

    Parameters
    ----------
    futures : Futures
        Sampled and planned.
    options : Options
        What is asked for.
    dask : str, optional
        Address of a Dask cluster's scheduler, where its tasks run. Changes no result.
    executor : Pool, optional
        A pool of the caller's; one child process by default.
    on_step : callable, optional
        Told what is being done.

    Raises
    ------
    InfeasibleError
        When no future has a plan, with the reasons; as InputError where all of them failed, so that the ranges are wrong.
    UsageError, OutsideError
        As :func:`planner.workplace.workplace` does.
    """
    if not futures.planned:
        raise _without_plan(futures)
    found = shares(futures, options.tolerance)
    tell = on_step or (lambda _: None)
    policies = futures.scenario.policies
    stages = [
        s for s in STAGES if s in futures.scenario.stages and policies[s].values.get("objective") != "scores"
    ]
    with Answers(futures.sweep.folder / ANSWERS) as answers, workplace(1, dask, executor) as pool:
        made = tuple(_stage(futures, stage, options, Reusing(pool, answers), tell) for stage in stages)
    return RobustStudy(futures, options, found, made)


def _without_plan(futures: Futures) -> JieduiError:
    """Why no future has a plan: what is told of the runs, each reason once."""
    told = failures(futures.sweep)
    zh, en = ("".join(f"\n  · {getattr(reason, k)}" for _, reason, _ in told) for k in ("zh", "en"))
    kind = InputError if told and all(status == FAILED for status, _, _ in told) else InfeasibleError
    return kind(f"没有一个未来有方案{zh}", f"no future has a plan{en}")


def _stage(futures: Futures, stage: str, options: Options, pool: Executor, tell: OnStep) -> StageStudy:
    title = ALL[stage].title
    run: Run = pool.run
    held = _Held(futures, stage, run, tell)
    try:
        candidates = held.candidates()
        asked = held.asked(candidates, options)
        tell(Text(f"{title.zh}：一个模型求稳健方案", f"{title.en}: robust plans as one model"))
        robust = _robust(asked, options)
    except FAILURES as error:
        raise in_words(title, error) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage}: {error}") from error
    made = [Candidate(f"robust:{r.criterion}", (), r.values) for r in robust if r.decision is not None]
    judged = judge([*candidates, *made])
    return StageStudy(stage, tuple(judged), picks(judged), tuple(robust))


def _robust(asked: Asked, options: Options) -> list[Robust]:
    if not options.criteria:
        return []
    made = robust_money if asked.stage == "funds" else robust_pairs
    return made(asked, options.criteria)


class _Held:
    """The plans of a stage, and the futures that they are held in."""

    def __init__(self, futures: Futures, stage: str, run: Run, tell: OnStep) -> None:
        self.futures, self.stage, self.run, self.tell = futures, stage, run, tell
        self.first: Plan = futures.plan(NOMINAL if futures.nominal is not None else futures.planned[0])
        self.contexts = {n: futures.context(n, stage, self.first) for n in futures.planned}

    def candidates(self) -> list[Candidate]:
        """Plans that decide otherwise than those before them, each in every future."""
        known: dict[str, tuple[str, list[str], pl.DataFrame, Before]] = {}
        for number, plan in self.futures.plans():
            decision, before = decision_of(plan, self.stage), _before(plan, self.stage)
            key = _key(decision, before)
            name = "nominal" if number == NOMINAL else str(number)
            if key in known:
                known[key][1].append(name)
            else:
                known[key] = (name, [], decision, before)
        found, title = list[Candidate](), ALL[self.stage].title
        for k, (name, also, decision, before) in enumerate(known.values(), 1):
            self.tell(Text(f"{title.zh}：把方案放到每个未来里，第 {k}/{len(known)} 个",
                           f"{title.en}: holding plan {k}/{len(known)} in every future"))  # fmt: skip
            found.append(
                Candidate(name, tuple(also), {n: self.value(n, decision, before) for n in self.contexts})
            )
        return found

    def value(self, number: int, decision: pl.DataFrame, before: Before) -> Value:
        """What a decision comes to in a future."""
        return value_of(self.contexts[number], self.stage, decision, before, self.run)

    def asked(self, candidates: Sequence[Candidate], options: Options) -> Asked:
        """What robust plans are asked for, with the cost of each future's own best plan."""
        own = {name: c for c in candidates for name in (c.name, *c.also)}
        best = {}
        for number in self.contexts:
            value = own[str(number)].values[number]
            if value.cost is None:
                raise RuntimeError(
                    f"{self.stage}: the plan of future {number} breaks a rule of its own: {value.first.en}"
                )
            best[number] = value.cost
        before = _before(self.first, self.stage)
        return Asked(
            self.stage, self.contexts, best, options.tail, self.futures.scenario.limits, self.run,
            lambda number, decision: self.value(number, decision, before),
        )  # fmt: skip


def _before(plan: Plan, stage: str) -> Before:
    """Earlier decisions that belong to a plan's decision: of money the pairs."""
    return {"pairs": plan.table("pairs")} if stage == "funds" and "pairs" in plan.tables() else {}


def _key(decision: pl.DataFrame, before: Before) -> str:
    digest = hashlib.sha256()
    for frame in (decision, *before.values()):
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()
