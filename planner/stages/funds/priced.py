"""The table of prices: what a million yuan less, and one more, would change; and the most valuable ones by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.policy import OFF, Policy
from planner.published import CHANGES_MAX
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Arrays, Task
from planner.stage import Context, Limits
from planner.stages.funds.asked import Rows
from planner.stages.funds.built import Built
from planner.stages.funds.eligible import allowed_cells
from planner.stages.funds.facts import Facts, Marks
from planner.stages.funds.million import questions
from planner.stages.funds.moved import planned_anew

NAMED = 5
SCHEMA = {
    "rule": pl.String(), "source": pl.String(), "region": pl.String(), "programme": pl.String(), "year": pl.Int64(),
    "less": pl.Int64(), "less_yuan": pl.Int64(), "more": pl.Int64(), "more_yuan": pl.Int64(),
}  # fmt: skip
"""``rule``: what the money is put to. ``less``, ``more``: change of the objective in thousandths of a point, null where the side
makes no sense or was not worked out; ``*_yuan``: for how many yuan, fewer than the step where there are no more."""


def prices(
    context: Context,
    built: Built,
    flow: np.ndarray,
    executor: Executor,
    limits: Limits,
    on_progress: OnProgress | None,
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The table of prices (:data:`SCHEMA`), and what of it goes to ``plan.json``.

    Of budgets that bounds follow by planning again. Sorted by rule (budgets, floors, earmarks, needs), source, region, programme, year.
    """
    step = int(context.policy["price_step"])
    arrays, rows = questions(built, flow, freed_cells(context, built.facts), step)
    options = {**limits.options(), "step": step}
    answer = executor.run([Task("flow_prices", arrays, options, "prices")], on_progress)[0]
    frames = [_frame(built.facts, r, answer.arrays) for r in rows]
    frames = [
        planned_anew(context, built, flow, f, step, executor, limits, on_progress)
        if r.rule == "budgets"
        else f
        for f, r in zip(frames, rows, strict=True)
    ]
    table = pl.concat(frames)
    missing = sum(table[f"{side}_yuan"].is_null().sum() for side in ("less", "more"))
    missing -= table.filter(pl.col("rule") == "earmarks").height  # of an earmark there is one side
    return table, {"step": step, "rows": table.height, "unknown": missing, "best": best(table)}


def no_prices(context: Context, crossing: list[str]) -> Text | None:
    """Why a plan has no table of prices; ``None`` where it has one."""
    if not context.policy.on("budgets"):
        return Text("预算已关闭，没有预算可多可少", "budgets are off: there is none to be more or less")
    if context.policy["fairness"] != "weighted":
        return Text("公平先于加权满足的需求，价不能只用后者来说",
                    "fairness comes before the weighted need met, and a price in the latter would not tell it")  # fmt: skip
    if context.policy.on("smallest_project"):
        return Text(
            "最小项目使价值不再逐段递减", "with a smallest project the value does not diminish steadily"
        )
    if context.published is not None and context.policy.on(CHANGES_MAX):
        return Text(
            "变动有上限，多一百万可能只是换来别处的变动",
            "changes are limited: a million more may only allow another change",
        )
    if crossing:
        listed = ", ".join(crossing)
        return Text(f"有不成层级的规则（{listed}），目标由线性规划取整得来",
                    f"some rules cross ({listed}): the plan is a rounded linear programme")  # fmt: skip
    return None


def freed_cells(context: Context, facts: Facts) -> np.ndarray:
    """(S, C, P) bool: what grants could pay for besides, were they not earmarked for programmes or places."""
    values = {**context.policy.values, "earmarks": False, "direction_tags": OFF}
    free = replace(context, policy=Policy(values))
    sources = context.network.frame("fund_sources").sort("id")
    marks = Marks(context.network, facts.counties, context)
    grants = np.array(facts.instrument) == "grant"
    may = allowed_cells(free, sources, facts.counties, facts.programmes, marks)
    return np.asarray(may & ~facts.allowed & grants[:, None, None])


def _frame(facts: Facts, rows: Rows, answers: Arrays) -> pl.DataFrame:
    """Rows of one rule; of an earmark's provinces the one where freeing it is worth most."""
    names: dict[str, list[Any]] = {"source": facts.sources, "region": facts.counties, "province": facts.provinces,
             "programme": facts.programmes, "year": facts.years}  # fmt: skip
    n = len(rows.less)
    columns = {k: _named(names[k], v) for k, v in rows.at.items()}
    if "province" in columns:
        columns["region"] = columns.pop("province")
    for side in ("less", "more"):
        columns |= _side(rows, side, answers)
    empty = {k: pl.Series([None] * n, dtype=t) for k, t in SCHEMA.items() if k not in columns}
    found = pl.DataFrame({**empty, "rule": pl.Series([rows.rule] * n, dtype=pl.String()), **columns})
    if rows.rule == "earmarks":
        found = found.sort("source", "year", "more", "region", descending=[False, False, True, False])
        found = found.unique(["source", "year"], keep="first", maintain_order=True)
    return found.select(list(SCHEMA)).cast(SCHEMA).sort("source", "region", "programme", "year")  # type: ignore[arg-type]  # Polars types


def _named(names: list[Any], number: np.ndarray) -> pl.Series:
    """Names of row numbers; null for −1."""
    found = pl.Series(names).gather(np.maximum(number, 0))
    return pl.select(pl.when(pl.Series(number >= 0)).then(found)).to_series()


def _side(rows: Rows, side: str, answers: Arrays) -> dict[str, pl.Series]:
    """One side's change of the objective and its yuan; no question: nothing changes."""
    question, way, yuan = getattr(rows, side), getattr(rows, f"{side}_way"), getattr(rows, f"{side}_yuan")
    n = len(question)
    if not way:
        return {name: pl.Series([None] * n, dtype=pl.Int64()) for name in (side, f"{side}_yuan")}
    asked = question >= 0
    q = np.maximum(question, 0)
    change, placed, known = np.zeros(n, np.int64), yuan.copy(), np.ones(n, dtype=bool)
    if asked.any():
        change[asked] = -answers[f"{way}_cost"][q[asked]]
        known[asked] = answers[f"{way}_known"][q[asked]]
        if (
            way == "take"
        ):  # a floor that cannot rise so far, money that cannot be lost without breaking a rule
            placed[asked] = answers[f"{way}_placed"][q[asked]]
    there = known & (placed > 0)
    return {side: _where(there, change), f"{side}_yuan": _where(known, placed)}


def _where(there: np.ndarray, values: np.ndarray) -> pl.Series:
    return pl.select(pl.when(pl.Series(there)).then(pl.Series(values))).to_series()


def best(table: pl.DataFrame) -> list[dict[str, Any]]:
    """The most valuable extra million yuan: of budgets the first five; then the first need, earmark and floor.

    A floor's worth is that of lowering it. Among equals those that lose most by a million less come first, then those
    earlier in the table. Each with ``worth`` and the number of its rule's ``equals``; nothing that is worth nothing.
    """
    worth = pl.when(pl.col("rule").is_in(["budgets", "earmarks", "needs"])).then("more").otherwise("less")
    kind = (
        pl.when(pl.col("rule").is_in(["budgets", "earmarks", "needs"]))
        .then("rule")
        .otherwise(pl.lit("floors"))
    )
    ranked = table.with_row_index("row").with_columns(worth=worth, kind=kind).filter(pl.col("worth") > 0)
    ranked = ranked.with_columns(equals=pl.len().over("kind", "worth") - 1)
    found: list[dict[str, Any]] = []
    for name, many in (("budgets", NAMED), ("needs", 1), ("earmarks", 1), ("floors", 1)):
        mine = ranked.filter(pl.col("kind") == name).sort(
            ["worth", "less", "row"], descending=[True, False, False], nulls_last=True
        )
        found += mine.head(many).drop("row", "kind").to_dicts()
    return found
