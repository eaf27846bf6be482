"""Why a plan is as it is: the terms of a choice, the rules that bind it, the next-best alternative."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.schema import RESULTS
from graph.search import find
from planner.decisions import of_stages, seen_by
from planner.here import with_rules
from planner.plan import Plan
from planner.policy import OFF, Policy
from planner.reason import Explanation, Option
from planner.stage import Context
from planner.stages import STAGES

SUBJECTS = Text(
    "地区、单位、村、干部、督查组、资金来源（代码或名称），或 帮扶方>受扶方",
    "a region, a unit, a village, a cadre, an inspection team or a fund source, by code or name, or supporter>recipient",
)
NEAR = 3


def explain(plan: Plan, subject: str, stages: Sequence[str] | None = None) -> list[Explanation]:
    """Explain whatever the plan decided about a subject.

    Parameters
    ----------
    plan : Plan
        A plan.
    subject : str
        A code, an id, a name, or ``supporter>recipient``.
    stages : sequence of str, optional
        Only these stages.

    Raises
    ------
    UsageError
        When the subject is not known, means several things, or the plan decided nothing about it.
    """
    keys = resolve_subject(plan, subject)
    found: list[Explanation] = []
    for name in stages or plan.stages:
        if name not in plan.stages:
            known = ", ".join(plan.stages)
            raise UsageError(
                f"方案没有阶段 {name}；有：{known}", f"the plan has no stage {name}; it has: {known}"
            )
        found += _explain_stage(plan, name, keys)
    if not found:
        shown = ">".join(plan.network.label(k) for k in keys)
        raise UsageError(f"方案对 {shown} 没有任何决定", f"the plan decides nothing about {shown}")
    return found


def resolve_subject(plan: Plan, subject: str) -> tuple[str, ...]:
    """Ids that a subject names: one, or two for ``supporter>recipient``."""
    return tuple(_one(plan, part.strip()) for part in subject.split(">"))


def _one(plan: Plan, text: str) -> str:
    if _known_id(plan, text):
        return text
    hits = find(plan.network, text, limit=10)
    best = min((h.quality for h in hits), default=0)
    exact = [h for h in hits if h.quality == best]
    if len(exact) == 1 and best < 3:
        return str(exact[0].id)
    if exact and best < 3:
        listed = [f"{h.id} {plan.network.label(h.id)}" for h in exact[:8]]
        zh, en = "、".join(listed), ", ".join(listed)
        raise UsageError(
            f"{text} 指多个对象，请用代码：{zh}", f"{text} means several things, give the code: {en}"
        )
    alike = difflib.get_close_matches(text, list(plan.network.names.values()), n=NEAR, cutoff=0.4)
    near = list(dict.fromkeys([*(h.name for h in hits), *alike]))[:NEAR] or example(plan)
    zh, en, known = "、".join(near), ", ".join(near), bool(hits or alike)
    raise UsageError(
        f"方案里没有 {text}。可以问：{SUBJECTS.zh}" + (f"；是不是 {zh}？" if known else f"，例如 {zh}"),
        f"the plan knows no {text}. Ask about {SUBJECTS.en}"
        + (f"; did you mean {en}?" if known else f", such as {en}"),
    )


def example(plan: Plan) -> list[str]:
    """One thing that the plan decided about, as people name it."""
    for name, frame in plan.tables().items():
        ids = [c.name for c in RESULTS[name].columns if c.kind == "code"]
        if frame.height:
            return [plan.network.label(frame[ids[-1]][0])]
    return []


def _known_id(plan: Plan, text: str) -> bool:
    if text in plan.network.names:
        return True
    for name, frame in plan.tables().items():
        ids = [c.name for c in RESULTS[name].columns if c.kind == "code"]
        if frame.select(pl.any_horizontal([(pl.col(c) == text).any() for c in ids])).item():
            return True
    return any(
        (plan.network.frame(t)["id"] == text).any()
        for t in ("cadres", "inspection_teams")
        if plan.network.has(t)
    )


def context_of(plan: Plan, stage: str) -> Context:
    """What a stage saw when the plan was made, from the plan's own folder."""
    inputs = plan.head["inputs"]
    policies = {s: Policy({**later_values(s), **values}) for s, values in inputs["policy"].items()}
    decided = seen_by(stage, list(plan.stages), of_stages(plan.tables()))
    on = date.fromisoformat(inputs["date"])
    return Context(plan.network, policies[stage], on, int(inputs["seed"]), decided, policies)


def later_values(stage: str) -> dict[str, Any]:
    """What holds in plans that are older than a policy value: the default; a rule was off."""
    return {s.key: OFF if s.rule else s.default for s in STAGES[stage].settings}


def _explain_stage(plan: Plan, name: str, keys: tuple[str, ...]) -> list[Explanation]:
    stage, head = STAGES[name], plan.stages[name]
    tables = {t: plan.table(t) for t in head["rows"]}
    if hasattr(stage, "explain"):
        priced = plan.tables("prices")
        prices = {"prices": priced[name]} if name in priced else {}
        explained: list[Explanation] = stage.explain(context_of(plan, name), tables | prices, keys)
    else:
        explained = [
            Explanation(name, Text(*_row_words(plan, table, row)), _own_terms(row))
            for table, frame in tables.items()
            for row in rows_about(frame, table, keys, name).head(20).iter_rows(named=True)
        ]
    rules = binding_rules(plan, name)
    return [with_rules(plan.network, e, keys, rules) for e in explained]


def rows_about(frame: pl.DataFrame, table: str, keys: tuple[str, ...], stage: str) -> pl.DataFrame:
    """Rows of a result table in which every one of ``keys`` stands in some code column."""
    ids = [c.name for c in RESULTS[table].columns if c.kind == "code"]
    found = frame.filter(pl.col("stage") == stage) if "stage" in frame.columns else frame
    for key in keys:
        found = found.filter(pl.any_horizontal([pl.col(c) == key for c in ids]))
    return found


def _row_words(plan: Plan, table: str, row: Mapping[str, Any]) -> tuple[str, str]:
    zh, en = [], []
    for column in RESULTS[table].columns:
        value = row[column.name]
        if value is None or column.name in ("terms", "stage", "sample"):
            continue
        shown = (
            plan.network.label(value)
            if column.kind == "code"
            else f"{value:,}"
            if isinstance(value, int) and column.kind == "money"
            else value
        )
        zh.append(f"{column.zh} {shown}")
        en.append(f"{column.en} {shown}")
    return "，".join(zh), ", ".join(en)


def _own_terms(row: Mapping[str, Any]) -> list[Option]:
    if "cost" not in row:
        return []
    terms = {k: v / 1000 for k, v in json.loads(row.get("terms") or "{}").items()}
    return [Option(Text("方案的选择", "what the plan chose"), float(row["cost"]), terms, chosen=True)]


def binding_rules(plan: Plan, stage: str) -> list[dict[str, Any]]:
    """Rules of a stage that bind in the plan: rule, title, value, tightest, at, and where the value was set."""
    titles = {s.key: s.title for s in STAGES[stage].settings}
    policy = plan.head["inputs"]["policy"][stage]
    cites = plan.head["inputs"]["cites"].get(stage, {})
    origins = plan.run.get("origins", {}).get(stage, {})
    return [
        {
            "rule": r["rule"],
            "title": titles.get(r["rule"], Text(r["rule"], r["rule"])).as_dict(),
            "value": policy.get(r["rule"]),
            "tightest": r["tightest"],
            "at": plan.tight(stage, r),
            "origin": origins.get(r["rule"], {}),
            "cites": cites.get(r["rule"], ""),
        }
        for r in plan.stages[stage]["rules"]
        if r["state"] == "binding"
    ]
