"""Verify a plan's folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.errors import InputError
from graph.language import Text
from planner.identity import input_digests, plan_id, table_digest
from planner.plan import Plan, read_plan
from planner.seal import differences, file_digest
from planner.verify.checks import CHECKS
from planner.verify.excused import excused
from planner.verify.outcome import Broken, Resolved, StageCheck

UNREADABLE = (
    pl.exceptions.PolarsError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    ArithmeticError,
    OSError,
)
"""What an altered plan may raise in the middle of its check."""


@dataclass(frozen=True)
class Verification:
    """What a check found. ``ok`` only when nothing is broken."""

    plan: Plan
    stages: Mapping[str, StageCheck]
    broken: list[Broken]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "plan": self.plan.id,
            "ok": self.ok,
            "broken": [b.as_dict() for b in self.broken],
            "stages": {
                name: {
                    "objective": check.objective,
                    "bound_proved": check.bound,
                    "rules": [r.as_dict() for r in check.rules],
                    "notes": [n.as_dict() for n in check.notes],
                }
                for name, check in self.stages.items()
            },
        }


def verify(where: str | Path | Plan) -> Verification:
    """Check seals, id, every rule, objective and certificate of a plan.

    Raises
    ------
    InputError
        When there is no plan at all, or ``plan.json`` cannot be read.
    """
    plan = where if isinstance(where, Plan) else read_plan(where)
    broken = check_seals(plan)
    try:
        broken += check_id(plan)
        stages = verify_stages(plan)
    except InputError as error:
        return Verification(plan, {}, [*broken, Broken("readable", "plan", None, None, error.text)])
    except UNREADABLE as error:
        if not broken:
            raise  # an untouched plan that cannot be checked is a defect of ours
        what = Text(
            f"内容已被改动，无法继续核查：{error}", f"altered so that the check cannot go on: {error}"
        )
        return Verification(plan, {}, [*broken, Broken("readable", "plan", None, None, what)])
    broken += [b for check in stages.values() for b in check.broken]
    return Verification(plan, stages, broken)


def verify_stages(plan: Plan) -> dict[str, StageCheck]:
    """Check the stages of a plan against what its ``plan.json`` says of them."""
    inputs = plan.head["inputs"]
    resolved = Resolved(
        plan.network,
        inputs["policy"],
        date.fromisoformat(inputs["date"]),
        int(inputs["seed"]),
        {} if plan.published is None else plan.published.tables,
    )
    tables = plan.tables() | {f"prices/{s}": t for s, t in plan.tables("prices").items()}
    found: dict[str, StageCheck] = {}
    for name, head in plan.stages.items():
        check = CHECKS[name](resolved, tables, plan.certificates(name))
        if "elastic" in inputs:
            check = excused(name, resolved, head["details"].get("elastic"), check)
        extra = _told_wrongly(name, head, check)
        found[name] = StageCheck(
            [*check.broken, *extra], check.rules, check.objective, check.bound, check.notes
        )
    return found


def _told_wrongly(name: str, head: Mapping[str, Any], check: StageCheck) -> list[Broken]:
    found = []
    if check.objective != head["objective"]:
        what = Text(
            f"{name} 的目标应为 {check.objective}，却写着 {head['objective']}",
            f"the objective of {name} is {check.objective}, not {head['objective']} as told",
        )
        found.append(Broken("objective", "plan.json", None, f"stages.{name}.objective", what))
    sign = -1 if head["sense"] == "max" else 1
    objective, bound = head["objective"], head["bound"]
    if objective is not None and bound is not None and sign * bound > sign * objective:
        what = Text(
            f"{name} 的界 {bound} 好过目标 {objective}",
            f"the bound {bound} of {name} is beyond its objective {objective}",
        )
        found.append(Broken("bound", "plan.json", None, f"stages.{name}.bound", what))
    if check.bound is not None and not check.proves(head) and not beyond_prices(head):
        what = Text(
            f"{name} 写的界 {bound} 强于证书能证明的 {check.bound}",
            f"the bound {bound} told for {name} is stronger than the {check.bound} its certificate proves",
        )
        found.append(Broken("certificate", "plan.json", None, f"stages.{name}.bound", what))
    if head["status"] == "OPTIMAL" and objective != bound:
        what = Text(
            f"{name} 写着最优，目标与界却不等", f"{name} is told optimal, but objective and bound differ"
        )
        found.append(Broken("status", "plan.json", None, f"stages.{name}.status", what))
    return found


def beyond_prices(head: Mapping[str, Any]) -> bool:
    """Whether a plan says itself that its bound goes beyond what its certificate proves."""
    return bool(head["details"].get("bound_by") == "search")


def check_id(plan: Plan) -> list[Broken]:
    """Whether the plan's id is the hash of its resolved scenario."""
    head = {"format": plan.head["format"], "title": plan.head["title"], **plan.head["inputs"]}
    digests = input_digests(plan.tables("resolved"))
    digests |= {f"published/{name}": table_digest(frame) for name, frame in plan.tables("published").items()}
    found = plan_id(head, digests, str(plan.head.get("jiedui", "")))
    if found == plan.id and (plan.folder.name == plan.id or plan.folder.name.startswith(".writing-")):
        return []
    what = Text(
        f"编号应为 {found}：输入、编号或文件夹名被改过",
        f"the id should be {found}: inputs, id or folder name were altered",
    )
    return [Broken("id", "plan.json", None, "id", what)]


def check_seals(plan: Plan) -> list[Broken]:
    """Files that are not as they were written, down to the cell where that can be told."""
    path = plan.folder / "seal.json"
    try:
        sealed = json.loads(path.read_text(encoding="utf-8"))
        files, tables = dict(sealed["files"]), dict(sealed["tables"])
    except (OSError, ValueError, KeyError, TypeError):
        return [_altered("seal.json", Text("缺少或已损坏", "missing or damaged"))]
    found: list[Broken] = []
    for name, digest in files.items():
        file = plan.folder / name
        if not file.is_file():
            found.append(_altered(name, Text("文件不见了", "the file is gone")))
        elif file_digest(file) != digest:
            found += _cells(plan, name, tables.get(name))
    known = {*files, "seal.json", "run.json"}
    here = {str(p.relative_to(plan.folder)) for p in plan.folder.rglob("*") if p.is_file()}
    found += [
        _altered(name, Text("多出的文件", "a file that was not written with the plan"))
        for name in sorted(here - known)
    ]
    return found


def _cells(plan: Plan, name: str, head: Mapping[str, Any] | None) -> list[Broken]:
    """Changed cells of a table, or the file as a whole."""
    plain = _altered(name, Text("文件与写出时不同", "the file is not as it was written"))
    if head is None:
        return [plain]
    part, _, file = name.partition("/")
    try:
        frame = pl.read_parquet(plan.folder / name)
        sums = np.load(
            plan.folder / "seals" / f"{part}.{file.removesuffix('.parquet')}.npy", allow_pickle=False
        )
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return [plain]
    changes = differences(frame, sums, list(head["columns"]), int(head["rows"]))
    found = []
    for change in changes:
        if change.first is None or change.column is None:
            what = Text(
                f"行或列与写出时不同（写出时 {head['rows']} 行）",
                f"rows or columns are not as written ({head['rows']} rows then)",
            )
            found.append(Broken("seal", name, None, None, what))
        elif change.first == change.last:
            value = frame[change.column][change.first - 1]
            what = Text(f"值被改过，现为 {value}", f"the value was changed; it is {value} now")
            found.append(Broken("seal", name, change.first, change.column, what))
        else:
            what = Text(
                f"第 {change.first}–{change.last} 行中有多个值被改过",
                f"several values in rows {change.first}–{change.last} were changed",
            )
            found.append(Broken("seal", name, change.first, change.column, what))
    return found or [plain]


def _altered(name: str, what: Text) -> Broken:
    return Broken("seal", name, None, None, what)
