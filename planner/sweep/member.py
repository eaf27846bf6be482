"""One run of a sweep: its scenario, its plan, and the row that is kept of it, whatever came of it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from graph.errors import InfeasibleError, JieduiError, LimitReached, OutsideError, TableErrors
from graph.language import Text
from graph.tables.checks import check_tables
from planner.changes import apply_changes
from planner.plan import Plan
from planner.policy import Origin, Policy, resolve
from planner.run import make_plan
from planner.scenario import Scenario
from planner.solve.pool import InProcess
from planner.solve.scratch import Scratch
from planner.stages import SETTINGS
from planner.sweep.axis import OPTION, cells, plain
from planner.sweep.design import Design
from planner.titles import in_own_words

DONE, INFEASIBLE, NO_ANSWER, FAILED = "done", "infeasible", "no_answer", "failed"
Row = dict[str, Any]
"""What is kept of a run, JSON-ready: ``number``, ``values``, ``status``, ``reason``, ``plan``, ``stages``, ``kpis``; ``outside``
where something outside failed, so that it is worth another try."""
Facts = dict[str, Any]
"""What is kept beside it and compared with nothing: seconds, tasks."""


@dataclass(frozen=True)
class Job:
    """Where runs are made: the sweep's folder, and those for answers and for plans, if they are kept."""

    sweep: str
    answers: str | None = None
    plans: str | None = None


def scenario_at(scenario: Scenario, design: Design, number: int) -> Scenario:
    """The scenario of a run.

    Raises
    ------
    TableErrors
        When cells, as they are varied, make a table wrong.
    """
    point = design.point(number)
    stages = {a.stage for a in design.axes if a.stage}
    varied = {
        s: {a.setting: point[a.key] for a in design.axes if a.stage == s}
        for s in scenario.stages
        if s in stages
    }
    policies = {s: _policy(s, scenario.policies[s], values) for s, values in varied.items()}
    made = replace(scenario, policies={**scenario.policies, **policies})
    mine = cells(design.axes)
    if not mine and not design.each_row:
        return made
    tables = dict.fromkeys([*(a.table for a in mine), *(a.table for a in design.each_row)])
    frames = {t: made.network.frame(t) for t in tables}
    frames = apply_changes(frames, [a.change(point[a.key]) for a in mine], OPTION)
    for axis, shares in zip(
        design.each_row, design.row_shares(number) if design.each_row else (), strict=True
    ):
        frames[axis.table] = axis.drawn(frames[axis.table], shares)
    network = made.network.with_frames(frames)
    found = check_tables(network.frames, network.settings, network.enums, domain=False)
    if any(f.severity == "error" for f in found):
        raise TableErrors([f for f in found if f.severity == "error"])
    return replace(made, network=network)


def _policy(stage: str, before: Policy, varied: Mapping[str, Any]) -> Policy:
    """As ``--set`` would do: another objective brings its own defaults."""
    origins = {**before.origins, **dict.fromkeys(varied, Origin(OPTION))}
    if varied.get("objective", before.values.get("objective")) == before.values.get("objective"):
        return Policy({**before.values, **varied}, origins)
    given = {} if varied["objective"] == "scores" else {k: before.values[k] for k in before.origins}
    return resolve(SETTINGS[stage], {**given, **varied}, origins)


@in_own_words
def plan_run(scenario: Scenario, design: Design, number: int, job: Job) -> tuple[Row, Facts]:
    """Make one run in this process; never fails but by the death of the process.

    Parameters
    ----------
    scenario : Scenario
        What is varied.
    design : Design
        The runs.
    number : int
        Which one.
    job : Job
        Where answers and plans are kept.
    """
    began = time.perf_counter()
    facts: Facts = {}
    try:
        row = _planned(scenario_at(scenario, design, number), job, facts)
    except InfeasibleError as error:
        row = _without(INFEASIBLE, error.text)
    except LimitReached as error:
        row = _without(NO_ANSWER, error.text)
    except OutsideError as error:
        row = _without(FAILED, error.text) | {"outside": True}
    except JieduiError as error:
        row = _without(FAILED, error.text)
    except OSError as error:
        row = _without(FAILED, Text(f"系统出错：{error}", f"the system failed: {error}")) | {"outside": True}
    except MemoryError:
        row = _without(FAILED, Text("内存不足", "out of memory")) | {"outside": True}
    except Exception as error:
        last = f"{type(error).__name__}: {error}".splitlines()[0]
        row = _without(FAILED, Text(f"这是 jiedui 的缺陷（{last}）", f"this is a defect of jiedui ({last})"))
        facts["trace"] = traceback.format_exc()
    facts["seconds"] = round(time.perf_counter() - began, 3)
    return {**_numbered(design, number), **row}, facts


def lost(design: Design, number: int, reason: Text) -> Row:
    """The row of a run whose process was ended from outside."""
    return {**_numbered(design, number), **_without(FAILED, reason), "outside": True}


def killed(code: object) -> Text:
    """Why, where a process was killed each time."""
    return Text(
        f"进程两次被终止（{code}）；再运行同一条命令会重试",
        f"its process was killed twice ({code}); the same command tries again",
    )


def _numbered(design: Design, number: int) -> Row:
    return {"number": number, "values": {k: plain(v) for k, v in design.point(number).items()}}


def _without(status: str, reason: Text) -> Row:
    return {"status": status, "reason": reason.as_dict(), "plan": None, "stages": {}, "kpis": {}}


def _planned(scenario: Scenario, job: Job, facts: Facts) -> Row:
    with closing(_Scratch()) as scratch:
        plan = make_plan(
            scenario,
            job.plans or scratch.inside(),
            executor=InProcess(),
            reuse=job.answers is not None,
            answers=job.answers,
        )
        facts["tasks"] = plan.run.get("tasks", {})
        return row_of(plan)


class _Scratch(Scratch):
    """A folder for a plan that is not kept."""

    close = Scratch.remove


def row_of(plan: Plan) -> Row:
    """What is kept of a plan: its id, each stage's status, objective and bound in points or yuan, gap, every key figure."""
    stages, kpis = {}, {}
    for name, head in plan.stages.items():
        stages[name] = {
            "status": head["status"],
            "objective": _points(head["objective"], head["scale"]),
            "bound": _points(head["bound"], head["scale"]),
            "gap": head["gap"],
        }
        kpis.update({f"{name}.{k['key']}": k["plan"] for k in head["kpis"]})
    return {"status": DONE, "reason": None, "plan": plan.id, "stages": stages, "kpis": kpis}


def _points(value: int | None, scale: int) -> float | None:
    return None if value is None else value / scale
