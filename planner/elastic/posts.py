"""Posts that must be filled and cannot all be: as few as possible stay open, the first tiers first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.elastic.promises import Least, Promise
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer
from planner.stage import Context, Limits, Outcome, Stage
from planner.verify.cadres.shortage import check_shortage
from planner.verify.outcome import Resolved

RULE = "must_fill_tier"
COUNTS = Text(
    "必须配齐的岗位空着的人数；先比前面的层级，再比后面的",
    "people missing at posts that must be filled; first tiers first, the next ones among equals",
)
CONFIRMED = Text("（已再求解证实）", " (solved again)")
ELSEWHERE = Text(
    "按优先层级与别的岗位更需要人",
    "the people whom it could have are needed more at other posts, by tiers and rules on teams",
)


def by_posts(stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress) -> Least:
    """The outcome in which as few people as possible are missing at posts that must be filled."""
    tasks, built = stage.tasks(context, limits)
    outcome = stage.answer(context, built, executor.run(tasks, tell))
    if outcome.status not in ("OPTIMAL", "FEASIBLE"):
        return Least(outcome)
    why = _why(stage, context, executor, limits)
    short = _short(context, outcome.tables["postings"])
    promises = [
        Promise(RULE, f"{village}>{post}", least, there, why.get((village, post), ELSEWHERE))
        for village, post, least, there in short.select("village", "post", "minimum", "there").iter_rows()
    ]
    weight = float((short["minimum"] - short["there"]).sum())
    return Least(outcome, promises, weight, weight if _proved(outcome) else 0.0, COUNTS)


def _proved(outcome: Outcome) -> bool:
    """Whether no plan leaves posts open that weigh less: what comes before all costs is at its bound."""
    first = outcome.composition.parts[0]
    return first.objective == first.bound


def _short(context: Context, postings: pl.DataFrame) -> pl.DataFrame:
    """Posts that must be filled with fewer people than their minimum, in the order of the table."""
    top = int(context.policy[RULE])
    there = postings.group_by("village", "post").agg(pl.len().cast(pl.Int64).alias("there"))
    posts = context.network.frame("village_posts").filter(pl.col("tier") <= top)
    joined = posts.join(there, on=["village", "post"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("there").fill_null(0)).filter(pl.col("there") < pl.col("minimum"))


def _why(stage: Stage, context: Context, executor: Executor, limits: Limits) -> dict[tuple[str, str], Text]:
    """(village, post) → why it cannot be filled with all the others: each part of the country solved with its posts filled."""
    firm = replace(context, elastic=False)
    tasks, built = stage.tasks(firm, limits)
    answers = executor.run(tasks)
    found: dict[tuple[str, str], Text] = {}
    for k, answer in enumerate(answers):
        if answer.status == "INFEASIBLE":
            words = _words(stage, firm, built, answers, k)
            posts = built.model.posts.table[built.parts[k][1][_lacking(answer)]]
            found |= dict.fromkeys(posts.select("village", "post").iter_rows(), words)
    return found


def _words(stage: Stage, context: Context, built: Any, answers: Sequence[Answer], k: int) -> Text:
    """What the stage says of a part that has no answer, were it the only one; people are counted again from the tables.

    Raises
    ------
    RuntimeError
        When the count does not hold: a defect of ours.
    """
    alone = [replace(a, status="OPTIMAL") if i != k else a for i, a in enumerate(answers)]
    outcome = stage.answer(context, built, alone)
    if outcome.shortage is not None:
        values = {s: p.values for s, p in context.policies.items()} | {stage.name: context.policy.values}
        resolved = Resolved(context.network, values, context.on, context.seed)
        if wrong := check_shortage(resolved, context.decided, outcome.shortage):
            raise RuntimeError(f"the cut of the people's model does not hold and is not told: {wrong[0].en}")
    told = outcome.clashes[0]
    return Text(told.zh + CONFIRMED.zh, told.en + CONFIRMED.en)


def _lacking(answer: Answer) -> np.ndarray:
    """Numbers of the slots of a part that cannot all be filled."""
    return np.flatnonzero(answer.arrays["cut_slots" if "cut_slots" in answer.arrays else "hard_open"])
