"""Make a plan: stage after stage, those that do not look at each other side by side, checked before anyone sees it."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.errors import InfeasibleError, InputError, LimitReached, OutsideError
from graph.language import Text
from graph.network import Network
from planner.decisions import looked_at, merge, seen_by
from planner.identity import PLAN_FORMAT, input_digests, plan_id
from planner.inputs import demand_tables, display_tables, resolved_head, seen_network
from planner.plan import Plan, PlanWriter, read_plan
from planner.scenario import Scenario
from planner.side_by_side import SideBySide
from planner.solve.executor import Executor, LocalProcesses, SolverDefect, SolverKilled, SolverMemory
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Outcome, Stage
from planner.stages import STAGES
from planner.stages.words import conflict_words, of_rules_in_force
from planner.unfinished import tidy
from planner.verify import verify_stages
from planner.verify.plan import check_seals

OnProgress = Callable[[str, str, Mapping[str, Any]], None]


def make_plan(
    scenario: Scenario,
    out: str | Path = "plans",
    *,
    workers: int = 1,
    time_limit: float | None = None,
    again: bool = False,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Plan a scenario and write the plan's folder.

    Parameters
    ----------
    scenario : Scenario
        What to plan.
    out : str or Path
        Folder that holds plans; the plan becomes ``out/<id>``.
    workers : int
        Child processes that stages and their components are spread over; changes nothing in the plan.
    time_limit : float, optional
        Seconds for each solve; part of the id.
    again : bool
        Compute although a plan of this id is there.
    on_progress : callable, optional
        Called with stage, what is worked on, and facts (objective, bound, …).

    Raises
    ------
    InputError
        When a stage lacks a table that it needs, or a plan of this id is there and was altered.
    InfeasibleError
        When the rules of a stage cannot hold together. Nothing is written.
    LimitReached
        When a stage has no answer within the limit.
    OutsideError
        When the disk, the memory or a solver process fails.
    """
    if time_limit is not None:
        scenario = replace(scenario, limits=replace(scenario.limits, time_limit=time_limit))
    demand_tables(scenario)
    network = seen_network(scenario)
    head = resolved_head(scenario)
    name = plan_id(head, input_digests(network.frames), version("jiedui"))
    folder = Path(out)
    if not again and (folder / name / "plan.json").is_file():
        tidy(folder)
        return _found_again(folder / name, on_progress or _silent)
    writer = PlanWriter(folder)
    try:
        _compute(scenario, network, {"id": name, **head}, writer, workers, on_progress or _silent)
        return read_plan(writer.publish(name))
    except BaseException:
        writer.discard()
        raise


def _found_again(folder: Path, tell: OnProgress) -> Plan:
    """A plan of this id that is there already, if it is still as it was written."""
    plan = read_plan(folder)
    if altered := check_seals(plan):
        first = altered[0].text
        raise InputError(
            f"{folder} 已有同号方案，但被改动过（{first.zh}）；用 --again 重新计算，或删去该文件夹",
            f"{folder} holds a plan of this id that was altered ({first.en}); compute it with --again, or remove the folder",
        )
    tell("plan", "", {"state": "found"})
    return plan


def _silent(stage: str, label: str, facts: Mapping[str, Any]) -> None:
    return None


def _compute(
    scenario: Scenario,
    network: Network,
    head: Mapping[str, Any],
    writer: PlanWriter,
    workers: int,
    tell: OnProgress,
) -> None:
    began = time.perf_counter()
    writer.tables("resolved", {**display_tables(scenario), **network.frames})
    made = _decide_all(scenario, network, writer, workers, tell)
    decided: dict[str, pl.DataFrame] = {}
    before: dict[str, pl.DataFrame] = {}
    for name in scenario.stages:  # in this order, whichever was done first
        decided, before = merge(decided, made[name].tables), merge(before, made[name].baseline)
    parts = {name: made[name].head for name in scenario.stages}
    seconds = {name: made[name].seconds for name in scenario.stages}
    writer.tables("tables", decided)
    writer.tables("baseline", before)
    plan_head = {
        "format": PLAN_FORMAT,
        "id": head["id"],
        "title": head["title"],
        "jiedui": version("jiedui"),
        "reproducible": not any(p["details"].get("cut_short") for p in parts.values()),
        "marks": marks(network),
        "inputs": {k: v for k, v in head.items() if k not in ("format", "id", "title")},
        "stages": parts,
    }
    writer.json("plan.json", plan_head)
    tell("verify", "", {"state": "begun"})
    _settle_rules(writer, plan_head)
    writer.json("plan.json", plan_head)
    writer.seal()
    writer.json("run.json", _run_facts(scenario, workers, time.perf_counter() - began, seconds))


@dataclass(frozen=True)
class _Made:
    """What came of a stage: result tables, the baseline's, certificates, its part of ``plan.json``, seconds."""

    tables: Mapping[str, pl.DataFrame]
    baseline: Mapping[str, pl.DataFrame]
    certificates: Mapping[str, np.ndarray]
    head: dict[str, Any]
    seconds: float


def _decide_all(
    scenario: Scenario, network: Network, writer: PlanWriter, workers: int, tell: OnProgress
) -> dict[str, _Made]:
    """Every stage, each as soon as those that it looks at are done; with one worker one after another."""
    order, made = scenario.stages, dict[str, _Made]()
    with LocalProcesses(workers) as executor:
        jobs = SideBySide[_Made](order, {s: looked_at(s, order) for s in order}, workers, executor.stop)

        def begin(name: str) -> Callable[[], _Made]:
            seen = seen_by(name, order, {s: m.tables for s, m in made.items()})
            policies = scenario.policies
            context = Context(network, policies[name], scenario.on, scenario.seed, seen, policies)
            tell(name, "", {"state": "begun"})
            return lambda: _make_stage(name, context, scenario, executor, lambda *told: jobs.say(told))

        def finish(name: str, found: _Made) -> None:
            made[name] = found
            writer.certificates(name, found.certificates)
            tell(name, "", {"state": "done", "status": found.head["status"], "seconds": found.seconds})

        jobs.run(begin, finish, lambda told: tell(*told))
    return made


def _make_stage(
    name: str, context: Context, scenario: Scenario, executor: Executor, tell: OnProgress
) -> _Made:
    started, stage = time.perf_counter(), STAGES[name]
    outcome = decide(stage, context, scenario, executor, tell)
    baseline = stage.baseline(context)
    head = _stage_head(stage, context, outcome, baseline)
    return _Made(outcome.tables, baseline, outcome.certificates, head, time.perf_counter() - started)


def decide(
    stage: Stage, context: Context, scenario: Scenario, executor: Executor, tell: OnProgress
) -> Outcome:
    """One stage's outcome; see :func:`make_plan` for what is raised."""
    clashes = stage.count(context)
    if clashes:
        raise infeasible(stage, context, clashes)

    def told(label: str, facts: Mapping[str, Any]) -> None:
        tell(stage.name, label, facts)

    try:
        if hasattr(stage, "solve"):
            outcome: Outcome = stage.solve(context, executor, scenario.limits, told)
        else:
            tasks, built = stage.tasks(context, scenario.limits)
            answers = executor.run(tasks, told)
            outcome = stage.answer(context, built, answers)
            if outcome.status == "INFEASIBLE" and not outcome.clashes:
                outcome = replace(outcome, clashes=conflict(stage, context, tasks, answers, built, executor))
    except SolverKilled as error:
        raise OutsideError(
            f"{stage.title.zh}：求解进程被终止（{error.code}）；没有写出任何内容",
            f"{stage.title.en}: the solver process was killed ({error.code}); nothing was written",
        ) from error
    except (SolverMemory, MemoryError) as error:
        raise OutsideError(
            f"{stage.title.zh}：内存不足；减少 --workers 或缩小场景",
            f"{stage.title.en}: out of memory; use fewer --workers or a smaller scenario",
        ) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage.name}: {error}") from error
    if outcome.status == "INFEASIBLE":
        raise infeasible(stage, context, outcome.clashes)
    if outcome.status == "NO_SOLUTION_IN_TIME":
        raise LimitReached(
            f"{stage.title.zh}：限定的时间（工作量）内没有找到任何解；放宽 --time-limit",
            f"{stage.title.en}: no solution within the limit; allow more with --time-limit",
        )
    return outcome


def conflict(
    stage: Stage, context: Context, tasks: list[Task], answers: list[Answer], built: Any, executor: Executor
) -> list[Text]:
    """Smallest set of rules of an infeasible choice model that cannot hold together, in words."""
    at = next(i for i, a in enumerate(answers) if a.status == "INFEASIBLE")
    answer = executor.run([Task("conflict", tasks[at].arrays, tasks[at].options, f"{stage.name}: why")])[0]
    rules = [built.model.rules[int(r)] for r in answer.arrays["rules"]]
    alone = bool(answer.facts["irreducible"])
    return conflict_words(stage, rules, built, answer.arrays["rows"], context, irreducible=alone)


def infeasible(stage: Stage, context: Context, clashes: Any) -> InfeasibleError:
    """The error of a stage whose rules cannot hold together."""
    clashes = [of_rules_in_force(c, context.policy) for c in clashes]
    zh = "\n".join(f"  · {c.zh}" for c in clashes)
    en = "\n".join(f"  · {c.en}" for c in clashes)
    return InfeasibleError(
        f"{stage.title.zh}：规则不能同时成立\n{zh}", f"{stage.title.en}: the rules cannot hold together\n{en}"
    )


def marks(network: Network) -> dict[str, dict[str, int]]:
    """Table → mark → rows that bear it, of everything that the plan read."""
    found: dict[str, dict[str, int]] = {}
    for table, frame in network.frames.items():
        counted = frame.filter(pl.col("mark").is_not_null())["mark"].value_counts().sort("mark")
        if counted.height:
            found[table] = dict(counted.iter_rows())
    return found


def _stage_head(
    stage: Stage, context: Context, outcome: Outcome, baseline: Mapping[str, pl.DataFrame]
) -> dict[str, Any]:
    after = {k.key: k for k in stage.measure(context, outcome.tables)}
    before = {k.key: k.value for k in stage.measure(context, baseline)}
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
        "kpis": [_kpi_head(k, before.get(k.key)) for k in after.values()],
        "warnings": [w.as_dict() for w in outcome.warnings],
        "details": dict(outcome.details),
    }


def _kpi_head(kpi: Kpi, baseline: float | int | None) -> dict[str, Any]:
    return {
        "key": kpi.key,
        "title": kpi.title.as_dict(),
        "unit": kpi.unit,
        "better": kpi.better,
        "plan": kpi.value,
        "baseline": baseline,
    }


def _settle_rules(writer: PlanWriter, head: dict[str, Any]) -> None:
    """Check the plan as written, and keep the state of every rule. A plan that breaks one is a defect of ours."""
    checks = verify_stages(Plan(writer.folder, head))
    broken = [b for check in checks.values() for b in check.broken]
    if broken:
        listed = "\n".join(str(b.text) for b in broken[:20])
        raise RuntimeError(
            f"the plan breaks its own rules and is not written ({len(broken)} places):\n{listed}"
        )
    at: list[tuple[str, str, str]] = []
    for name, check in checks.items():
        head["stages"][name]["rules"] = [r.as_head() for r in check.rules]
        head["stages"][name]["bound_proved"] = check.proves(head["stages"][name])
        at += [(name, r.rule, place) for r in check.rules for place in sorted(set(r.at))]
    schema = dict.fromkeys(("stage", "rule", "at"), pl.String)
    writer.tables("rules", {"at": pl.DataFrame(at, schema=schema, orient="row")})


def _run_facts(
    scenario: Scenario, workers: int, total: float, seconds: Mapping[str, float]
) -> dict[str, Any]:
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "scenario": scenario.name,
        "chain": list(scenario.chain),
        "origins": {
            s: {k: o.as_dict() for k, o in scenario.policies[s].origins.items()} for s in scenario.stages
        },
        "seconds": {"total": round(total, 3), **{k: round(v, 3) for k, v in seconds.items()}},
        "workers": workers,
        "peak_memory_mb": round(peak / 1024),
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
        "versions": {p: version(p) for p in ("ortools", "highspy", "polars", "numpy")},
    }
