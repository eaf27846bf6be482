"""Decide all stages of a scenario, and make their baselines: each as soon as the decisions it looks at are made."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from graph.errors import InfeasibleError, LimitReached
from graph.language import Text
from graph.network import Network
from planner.clash.smallest import Clashing, smallest_clash
from planner.clash.told import tight_rows, told_beside, told_of
from planner.clash.trial import Remembering
from planner.decisions import looked_at, seen_by
from planner.elastic.broken import broken_in, places_in
from planner.elastic.deciding import firm_alone, gives, keeping_all, least_broken
from planner.frozen import freezes, past_words
from planner.plan_writer import PlanWriter
from planner.republished import tables_of
from planner.reuse import Answers, Reusing
from planner.scenario import Scenario
from planner.shortage_certificate import certificate_of
from planner.side_by_side import SideBySide
from planner.solve.pool import Executor, Pool, SolverDefect, Timed
from planner.solve.task import Answer, Task
from planner.stage import Beside, Context, Kpi, Outcome, Stage, in_steps
from planner.stages import STAGES
from planner.stages.words import conflict_words, of_rules_in_force
from planner.verify.cadres.shortage import check_shortage
from planner.verify.outcome import Resolved
from planner.workplace import FAILURES, in_words

OnProgress = Callable[[str, str, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Made:
    """What came of a stage's decision or of its baseline: tables, certificates, its part of ``plan.json``, seconds.

    ``reused`` and ``solved`` count its tasks: answered from what was kept, and by a solver; ``resumed`` those of the latter
    that began with an earlier answer. ``prices`` and ``beside`` are
    those of the outcome, ``beside_values`` the key figures of each plan beside.
    """

    tables: Mapping[str, pl.DataFrame]
    kpis: Sequence[Kpi]
    certificates: Mapping[str, np.ndarray]
    head: dict[str, Any]
    seconds: float
    solver_seconds: float
    reused: int = 0
    solved: int = 0
    resumed: int = 0
    prices: pl.DataFrame | None = None
    beside: Mapping[str, Beside] = field(default_factory=dict)
    beside_values: Mapping[str, Mapping[str, float | int | None]] = field(default_factory=dict)


BASELINE = " baseline"  # names of jobs: a stage, or a stage and this


def decide_all(
    scenario: Scenario,
    network: Network,
    writer: PlanWriter,
    pool: Pool,
    answers: Answers | None,
    tell: OnProgress,
) -> dict[str, Made]:
    """Every stage and every baseline, each as soon as the decisions it looks at are made; with one worker one after another.

    While a stage waits for its solver, another stage or a baseline may go on. Where one fails meanwhile, the pool is stopped.
    """
    stages, made, contexts = scenario.stages, dict[str, Made](), dict[str, Context]()
    order = [*stages, *(s + BASELINE for s in stages)]
    after = {s + kind: looked_at(s, stages) for s in stages for kind in ("", BASELINE)}
    jobs = SideBySide[Made](order, after, pool.workers, pool.stop)

    def begin(job: str) -> Callable[[], Made]:
        name = job.removesuffix(BASELINE)
        if name not in contexts:
            seen = seen_by(name, stages, {s: made[s].tables for s in stages if s in made})
            policies = scenario.policies
            contexts[name] = Context(
                network,
                policies[name],
                scenario.on,
                scenario.seed,
                seen,
                policies,
                published=scenario.published,
            )
        context = contexts[name]
        if job != name:
            return lambda: _make_baseline(STAGES[name], context)
        tell(name, "", {"state": "begun"})
        reusing = Reusing(pool, answers)
        return lambda: _make_decision(name, context, scenario, reusing, lambda *told: jobs.say(told))

    def finish(job: str, found: Made) -> None:
        name = job.removesuffix(BASELINE)
        made[job] = found
        if {name, name + BASELINE} <= made.keys():
            del contexts[name]
        if job != name:
            return
        writer.certificates(name, found.certificates)
        if found.prices is not None:
            writer.tables("prices", {name: found.prices})
        for key, other in found.beside.items():
            writer.tables("beside", {f"{name}.{key}.{t}": frame for t, frame in other.tables.items()})
        broken = broken_in(found.head)
        facts = {"seconds": found.seconds, "reused": found.reused, "solved": found.solved,
                 "resumed": found.resumed, "broken": len(broken), "broken_at": places_in(broken)}  # fmt: skip
        tell(name, "", {"state": "done", "status": found.head["status"], **facts})

    jobs.run(begin, finish, lambda told: tell(*told))
    return made


def _make_decision(
    name: str, context: Context, scenario: Scenario, executor: Reusing, tell: OnProgress
) -> Made:
    started, stage, timed = time.perf_counter(), STAGES[name], Timed(executor)
    outcome = decide(stage, context, scenario, timed, tell, executor.executor)
    over = past_words(freezes(context, name), context.on)
    outcome = replace(outcome, warnings=[*outcome.warnings, *over])
    kpis, head = stage.measure(context, outcome.tables), _stage_head(stage, outcome)
    others = {
        key: {k.key: k.value for k in stage.measure(context, other.tables)} if other.tables else {}
        for key, other in outcome.beside.items()
    }
    seconds = time.perf_counter() - started
    return Made(
        outcome.tables,
        kpis,
        outcome.certificates,
        head,
        seconds,
        timed.seconds,
        executor.reused,
        executor.solved,
        executor.resumed,
        outcome.prices,
        outcome.beside,
        others,
    )


def _make_baseline(stage: Stage, context: Context) -> Made:
    started = time.perf_counter()
    tables = stage.baseline(context)
    kpis = stage.measure(context, tables)
    return Made(tables, kpis, {}, {}, time.perf_counter() - started, 0.0)


def decide(
    stage: Stage,
    context: Context,
    scenario: Scenario,
    executor: Executor,
    tell: OnProgress,
    trials: Executor | None = None,
) -> Outcome:
    """One stage's outcome; see :func:`make_plan` for what is raised.

    Why there is none is tried in ``trials`` where it is given: an executor that keeps no answers.
    """

    def told(label: str, facts: Mapping[str, Any]) -> None:
        tell(stage.name, label, facts)

    can_give = scenario.elastic and gives(stage, context)
    if can_give:
        return _elastic(stage, context, scenario, executor, told, trials or executor)
    more = [CANNOT_GIVE] if scenario.elastic else []
    where = trials or executor
    clashes = stage.count(context)
    if clashes:
        found = members_of(stage, context, scenario, where, clashes)
        raise infeasible(stage, context, [*clashes, *more], None, found)
    found = None
    try:
        if in_steps(stage):
            outcome = stage.solve(context, executor, scenario.limits, told)
        else:
            tasks, built = stage.tasks(context, scenario.limits)
            answers = executor.run(tasks, told)
            outcome = stage.answer(context, built, answers)
            if outcome.status == "INFEASIBLE" and not outcome.clashes:
                named = [Text("", ", ".join(built.model.rules))]
                found = members_of(stage, context, scenario, where, named)
                told_of = conflict(stage, context, tasks, answers, built, executor, found)
                outcome = replace(outcome, clashes=told_of)
    except FAILURES as error:
        raise in_words(stage.title, error) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage.name}: {error}") from error
    if outcome.status == "INFEASIBLE":
        certificate = None if outcome.shortage is None else count_again(context, outcome)
        short = () if outcome.shortage is None else outcome.shortage.posts
        if found is None:
            found = members_of(stage, context, scenario, where, outcome.clashes, set(short) or None)
        raise infeasible(stage, context, [*outcome.clashes, *more], certificate, found)
    return in_time(stage, outcome)


def in_time(stage: Stage, outcome: Outcome) -> Outcome:
    """The outcome, where there is one.

    Raises
    ------
    LimitReached
        When the limit was reached before.
    """
    if outcome.status == "NO_SOLUTION_IN_TIME" and outcome.gave_up is not None:
        raise LimitReached(
            f"{stage.title.zh}：{outcome.gave_up.zh}", f"{stage.title.en}: {outcome.gave_up.en}"
        )
    if outcome.status == "NO_SOLUTION_IN_TIME":
        zh, en = ("".join(f"\n  · {getattr(c, k)}" for c in outcome.clashes) for k in ("zh", "en"))
        raise LimitReached(
            f"{stage.title.zh}：限定的时间（工作量）内没有找到任何解；放宽 --time-limit 或 [limits] work{zh}",
            f"{stage.title.en}: no solution within the limit; allow more with --time-limit or [limits] work{en}",
        )
    return outcome


def _elastic(
    stage: Stage, context: Context, scenario: Scenario, executor: Executor, told: Any, trials: Executor
) -> Outcome:
    """The outcome with the least broken promises: the very same as without where every rule can hold.

    Raises
    ------
    InfeasibleError
        When the rules that never give cannot hold together; its members are of these alone.
    LimitReached
        When the limit was reached before there was an answer.
    """
    try:
        outcome = keeping_all(stage, context, executor, scenario.limits, told)
        if outcome is None:
            outcome = least_broken(stage, context, executor, scenario.limits, told)
    except FAILURES as error:
        raise in_words(stage.title, error) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage.name}: {error}") from error
    if outcome is None:
        firm = firm_alone(stage, context)
        clashes = [NOT_EVEN_BROKEN, *stage.count(firm)]
        raise infeasible(stage, firm, clashes, None, members_of(stage, firm, scenario, trials, clashes))
    return in_time(stage, outcome)


CANNOT_GIVE = Text(
    "--elastic 在此不能用：自带评分的驻村选派、人员或资金的变动上限、不成层级的资金规则、公平不是 weighted 的资金分配（docs/elastic.md）",
    "--elastic is no help here: postings by own scores, a limit on changes of people or money, rules on money that cross, and fairness other than "
    "weighted (docs/elastic.md)",
)
NOT_EVEN_BROKEN = Text(
    "即使违反一切可以违反的承诺也不行（--elastic）：不可放松的规则本身不能同时成立",
    "not even with every promise broken that may be (--elastic): the rules that never give cannot hold together",
)


def conflict(
    stage: Stage,
    context: Context,
    tasks: list[Task],
    answers: list[Answer],
    built: Any,
    executor: Executor,
    known: Clashing | None = None,
) -> list[Text]:
    """Smallest set of rules of an infeasible choice model that cannot hold together, in words; ``known``: its members."""
    at = next(i for i, a in enumerate(answers) if a.status == "INFEASIBLE")
    keys = {m.key for m in known.members} if known is not None and known.irreducible else set()
    among = [i for i, rule in enumerate(built.model.rules) if rule in keys]
    options = {**tasks[at].options, "among": among}
    answer = executor.run([Task("conflict", tasks[at].arrays, options, f"{stage.name}: why")])[0]
    return conflict_words(stage, built, context, answer)


def members_of(
    stage: Stage,
    context: Context,
    scenario: Scenario,
    executor: Executor,
    told: Sequence[Text],
    posts: Collection[tuple[str, str]] | None = None,
) -> Clashing | None:
    """The smallest set of members that clash; ``None`` where it is left to ``jiedui repair``, as it would take too long.

    Raises
    ------
    OutsideError
        When the memory or a solver process fails.
    """
    people = stage.name == "cadres" and posts is None
    if people and context.network.frame("village_posts").height > MOST_POSTS:
        return None
    try:
        return smallest_clash(stage, context, Remembering(executor), scenario.limits, told, posts)
    except FAILURES as failure:
        raise in_words(stage.title, failure) from failure


MOST_POSTS = 2_000
"""With more posts than these, and not known to be short of people, ``jiedui repair`` alone looks for the members of a clash."""


def infeasible(
    stage: Stage,
    context: Context,
    clashes: Sequence[Text],
    certificate: Mapping[str, Any] | None = None,
    found: Clashing | None = None,
) -> InfeasibleError:
    """The error of a stage whose rules cannot hold together; ``found``: the members that clash, where they were looked for."""
    error = InfeasibleError(*_words(stage, context, told_of(clashes, found), certificate))
    error.certificate, error.stage = certificate, stage.name
    if found is not None:
        error.members, error.irreducible = found.members, found.irreducible
    error.beside = _words(stage, context, told_beside(clashes, found), certificate)
    error.tight = tight_rows(clashes, found)
    return error


def _words(stage: Stage, context: Context, clashes: Sequence[Text], certificate: object) -> Text:
    """That rules cannot hold together, and a line for each clash."""
    told = [of_rules_in_force(c, context.policy) for c in clashes]
    told += [COUNTED_AGAIN] if certificate else []
    zh, en = ("".join(f"\n  · {getattr(c, k)}" for c in told) for k in ("zh", "en"))
    return Text(
        f"{stage.title.zh}：规则不能同时成立{zh}", f"{stage.title.en}: the rules cannot hold together{en}"
    )


COUNTED_AGAIN = Text(
    "已不用求解器、从数据表逐人重数，确是如此；--certificate FILE 留下证书，可用 jiedui verify 核查",
    "counted again from the tables, cadre by cadre and without the solver; --certificate FILE keeps the certificate, which "
    "jiedui verify checks",
)


def count_again(context: Context, outcome: Outcome) -> dict[str, Any]:
    """The certificate that people are too few, once it is known to be true.

    Raises
    ------
    RuntimeError
        When it is not: a defect of ours, and nobody is told a thing that does not hold.
    """
    shortage, values = outcome.shortage, {s: p.values for s, p in context.policies.items()}
    assert shortage is not None
    resolved = Resolved(context.network, values, context.on, context.seed, tables_of(context.published))
    if wrong := check_shortage(resolved, context.decided, shortage):
        listed = "\n".join(w.en for w in wrong)
        raise RuntimeError(f"the cut of the people's model does not hold and is not told:\n{listed}")
    return certificate_of(context, shortage, outcome.clashes)


def _stage_head(stage: Stage, outcome: Outcome) -> dict[str, Any]:
    return {
        "title": stage.title.as_dict(),
        "status": outcome.status,
        "sense": outcome.sense,
        "objective": outcome.objective,
        "bound": outcome.bound,
        "scale": outcome.scale,
        "gap": outcome.gap,
        "composition": outcome.composition.as_dict(),
        "engine": outcome.engine.as_dict(),
        "proof": outcome.proof.as_dict(),
        "sizes": dict(outcome.sizes),
        "rows": {name: frame.height for name, frame in outcome.tables.items()},
        **_beside_head(outcome.beside),
        "warnings": [w.as_dict() for w in outcome.warnings],
        "details": dict(outcome.details),
    }


def _beside_head(beside: Mapping[str, Beside]) -> dict[str, Any]:
    told = {n: {"title": o.title.as_dict(), "note": o.note.as_dict()} for n, o in beside.items()}
    return {"beside": told} if told else {}
