"""Make a plan: stage after stage, those that do not look at each other side by side, checked before anyone sees it."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.network import Network
from planner import memory
from planner.deciding import BASELINE, OnProgress, decide_all
from planner.decisions import merge
from planner.identity import PLAN_FORMAT, input_digests, plan_id
from planner.inputs import demand_tables, display_tables, resolved_head, seen_network
from planner.plan import Plan, read_plan
from planner.plan_writer import PlanWriter
from planner.republished import FOLDER as PUBLISHED
from planner.republished import kept_tables, published_digests
from planner.reuse import FOLDER, Answers
from planner.scenario import Scenario
from planner.solve.pool import Pool
from planner.stage import Kpi
from planner.titles import in_own_words
from planner.unfinished import tidy
from planner.verify import verify_stages
from planner.verify.plan import check_seals
from planner.workplace import workplace


@in_own_words
def make_plan(
    scenario: Scenario,
    out: str | Path = "plans",
    *,
    workers: int | None = None,
    dask: str | None = None,
    executor: Pool | None = None,
    time_limit: float | None = None,
    elastic: bool = False,
    again: bool = False,
    reuse: bool = True,
    answers: str | Path | None = None,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Plan a scenario and write the plan's folder.

    Parameters
    ----------
    scenario : Scenario
        What to plan.
    out : str or Path
        Folder that holds plans; the plan becomes ``out/<id>``.
    workers : int, optional
        Child processes that stages and their components are spread over (1 where it is not given); with ``dask`` the most
        tasks that run there at once (all that the cluster has threads for). Changes nothing in the plan.
    dask : str, optional
        Address of a Dask cluster's scheduler (``tcp://127.0.0.1:8786``) on which to solve; needs the extra ``jiedui[dask]``.
        Changes nothing in the plan.
    executor : Pool, optional
        A pool of the caller's to solve in, such as for many plans; left open, but stopped where the plan fails while
        several of its stages run.
    time_limit : float, optional
        Seconds for each solve; part of the id.
    elastic : bool
        Where the rules of a stage cannot hold together, break as few promises as possible (:mod:`planner.elastic`) and tell
        which; part of the id.
    again : bool
        Compute although a plan of this id is there, and solve every task anew.
    reuse : bool
        Use answers of earlier plans in ``out`` for tasks that are the same, and keep those of this one. Changes nothing in
        the plan.
    answers : str or Path, optional
        Folder where such answers are kept instead.
    on_progress : callable, optional
        Called with stage, what is worked on, and facts (objective, bound, …).

    Raises
    ------
    InputError
        When a stage lacks a table that it needs, or a plan of this id is there and was altered.
    InfeasibleError
        When the rules of a stage cannot hold together, with ``elastic`` those that never give. Nothing is written.
    LimitReached
        When a stage has no answer within the limit.
    UsageError
        When ``dask`` is given and not installed.
    OutsideError
        When the disk, the memory or a solver process fails, or the cluster does not answer or has other software.
    """
    if time_limit is not None:
        scenario = replace(scenario, limits=replace(scenario.limits, time_limit=time_limit))
    scenario = replace(scenario, elastic=elastic or scenario.elastic)
    demand_tables(scenario)
    network = seen_network(scenario)
    head = resolved_head(scenario)
    published = kept_tables(scenario.published)
    digests = input_digests(network.frames) | published_digests(published)
    name = plan_id(head, digests, version("jiedui"))
    folder = Path(out)
    if not again and (folder / name / "plan.json").is_file():
        tidy(folder)
        return _found_again(folder / name, on_progress or _silent)
    memory.demand(network, scenario.stages, workers or 1)
    kept = Path(answers) if answers is not None else folder / FOLDER
    with workplace(workers, dask, executor) as pool, _answers(kept, reuse, again) as found:
        writer = PlanWriter(folder)
        try:
            _compute(scenario, network, {"id": name, **head}, writer, pool, found, on_progress or _silent)
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


def _answers(folder: Path, reuse: bool, again: bool) -> AbstractContextManager[Answers | None]:
    return Answers(folder, read=not again) if reuse else nullcontext()


def _silent(stage: str, label: str, facts: Mapping[str, Any]) -> None:
    return None


def _compute(
    scenario: Scenario,
    network: Network,
    head: Mapping[str, Any],
    writer: PlanWriter,
    pool: Pool,
    answers: Answers | None,
    tell: OnProgress,
) -> None:
    began = time.perf_counter()
    writer.tables("resolved", {**display_tables(scenario), **network.frames})
    if scenario.published is not None:
        writer.tables(PUBLISHED, kept_tables(scenario.published))
    made = decide_all(scenario, network, writer, pool, answers, tell)
    decided: dict[str, pl.DataFrame] = {}
    before: dict[str, pl.DataFrame] = {}
    parts: dict[str, Any] = {}
    for name in scenario.stages:  # in this order, whichever was done first
        plan, baseline = made[name], made[name + BASELINE]
        decided, before = merge(decided, plan.tables), merge(before, baseline.tables)
        values = {k.key: k.value for k in baseline.kpis}
        parts[name] = {
            **plan.head,
            "kpis": [_kpi_head(k, values.get(k.key), plan.beside_values) for k in plan.kpis],
        }
    seconds = {job.replace(" ", "_"): m.seconds for job, m in made.items()}
    solving = sum(m.solver_seconds for m in made.values())
    writer.tables("tables", decided)
    writer.tables("baseline", before)
    plan_head = {
        "format": PLAN_FORMAT,
        "id": head["id"],
        "title": head["title"],
        "jiedui": version("jiedui"),
        **({"elastic": True} if scenario.elastic else {}),
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
    seconds = {"total": time.perf_counter() - began, "solvers": solving, **seconds}
    counts = ("reused", "solved", "resumed")
    tasks = {name: {c: getattr(made[name], c) for c in counts} for name in scenario.stages}
    writer.json("run.json", _run_facts(scenario, pool, seconds, tasks))


def marks(network: Network) -> dict[str, dict[str, int]]:
    """Table → mark → rows that bear it, of everything that the plan read."""
    found: dict[str, dict[str, int]] = {}
    for table, frame in network.frames.items():
        counted = frame.filter(pl.col("mark").is_not_null())["mark"].value_counts().sort("mark")
        if counted.height:
            found[table] = dict(counted.iter_rows())
    return found


def _kpi_head(
    kpi: Kpi, baseline: float | int | None, others: Mapping[str, Mapping[str, float | int | None]]
) -> dict[str, Any]:
    found = {
        "key": kpi.key,
        "title": kpi.title.as_dict(),
        "unit": kpi.unit,
        "better": kpi.better,
        "plan": kpi.value,
        "baseline": baseline,
    }
    return found | ({"beside": {n: v.get(kpi.key) for n, v in others.items()}} if others else {})


def _settle_rules(writer: PlanWriter, head: dict[str, Any]) -> None:
    """Check the plan as written, and keep the state of every rule. A plan that breaks one is a defect of ours."""
    checks = verify_stages(Plan(writer.folder, head))
    broken = [b for check in checks.values() for b in check.broken]
    if broken:
        listed = "\n".join(str(b.text) for b in broken[:20])
        raise RuntimeError(
            f"the plan breaks its own rules and is not written ({len(broken)} places):\n{listed}"
        )
    at: list[tuple[str, str, str, str]] = []
    for name, check in checks.items():
        head["stages"][name]["rules"] = [r.as_head() for r in check.rules]
        head["stages"][name]["bound_proved"] = check.proves(head["stages"][name])
        at += [(name, r.rule, place, side) for r in check.rules for place, side in r.sides.items()]
    schema = dict.fromkeys(("stage", "rule", "at", "side"), pl.String)
    writer.tables("rules", {"at": pl.DataFrame(at, schema=schema, orient="row")})


def _run_facts(
    scenario: Scenario, pool: Pool, seconds: Mapping[str, float], tasks: Mapping[str, Any]
) -> dict[str, Any]:
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "scenario": scenario.name,
        "chain": list(scenario.chain),
        "origins": {
            s: {k: o.as_dict() for k, o in scenario.policies[s].origins.items()} for s in scenario.stages
        },
        "seconds": {k: round(v, 3) for k, v in seconds.items()},
        "tasks": dict(tasks),
        "workers": pool.workers,
        "solved_in": pool.where,
        "peak_memory_mb": round(peak / 1024),
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
        "versions": {p: version(p) for p in ("ortools", "highspy", "polars", "numpy")},
    }
