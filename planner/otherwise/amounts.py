"""Money: a county gets another amount in a year, for one programme or from one source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.schema import ENUMS
from planner.otherwise.choice import Asking, Move, Otherwise, priced
from planner.solve.potentials import exact_dot
from planner.solve.task import Arrays, Task
from planner.stages.funds.amount import Amount, county_money, most_of
from planner.stages.funds.barred import Barred
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known
from planner.stages.funds.laid import laid, rows_of
from planner.stages.funds.loans import lends
from planner.stages.funds.stage import STAGE, seen
from planner.stages.funds.tasks import task_of
from planner.subject import Subject

NAMED = 30
"""Counties whose money changes that are told at most, by how much it changes."""


def amounts_otherwise(asking: Asking, subject: Subject) -> list[Otherwise]:
    """The amount of ``--instead``; else a step less and a step more. Only for subjects that name a year or a programme.

    Raises
    ------
    UsageError
        When it is not said which year's amount is meant, or the amount is none that the stage decides by itself.
    """
    if not subject.special and asking.instead is None:
        return []
    facts, known = seen(asking.context)
    held = _amount(asking, facts, subject, 0)
    now = _now(asking, facts, held)
    step = int(asking.context.policy["price_step"])
    wanted = [asking.instead] if asking.instead is not None else _steps(facts, known, held, now, step)
    if asking.context.policy["fairness"] == "leximin":
        raise UsageError(
            '[funds] fairness = "leximin" 时金额没有价：各县的满足率先于一切',
            '[funds] under fairness = "leximin" an amount has no price: the counties\' shares come before everything',
        )
    return [_one(asking, facts, known, _amount(asking, facts, subject, w), now) for w in wanted if w != now]


def _steps(facts: Facts, known: Known, held: Amount, now: int, step: int) -> list[int]:
    """A step less and a step more, as far as they go; where nothing may be paid at all, what the need would take of a step."""
    most = most_of(facts, known, held)
    if not most and held.programme is not None:
        most = int(facts.need[held.county, held.programme, held.year])
    return [max(0, now - step), min(now + step, max(most, now))]


def _amount(asking: Asking, facts: Facts, subject: Subject, yuan: int) -> Amount:
    counties = [k for k in subject.keys if k in facts.counties]
    sources = [k for k in subject.keys if k in facts.sources]
    if len(counties) != 1 or len(counties) + len(sources) != len(subject.keys):
        raise UsageError(
            "金额写作 县:项目:年份、县:年份 或 来源>县:项目:年份",
            "write an amount as county:programme:year, county:year or source>county:programme:year",
        )
    year = subject.year if subject.year is not None else facts.years[0] if len(facts.years) == 1 else None
    if year not in facts.years:
        known = ", ".join(str(y) for y in facts.years)
        raise UsageError(
            f"请指明年份（县:项目:年份）；规划的是 {known}",
            f"say which year (county:programme:year); planned are {known}",
        )
    if subject.programme is not None and subject.programme not in facts.programmes:
        raise UsageError(f"没有人需要 {subject.programme}", f"nobody needs {subject.programme}")
    programme = None if subject.programme is None else facts.programmes.index(subject.programme)
    source = facts.sources.index(sources[0]) if sources else None
    if source is not None and (programme is None or lends(facts)[source]):
        raise UsageError(
            "一个来源的金额要写明项目（来源>县:项目:年份），贷款不能这样问",
            "of one source say the programme (source>county:programme:year); loans cannot be asked about so",
        )
    return Amount(facts.counties.index(counties[0]), facts.years.index(year), yuan, programme, source)


def _now(asking: Asking, facts: Facts, held: Amount) -> int:
    return int(_rows(asking.plan.table("allocations"), facts, held)["amount"].sum())


def _rows(table: pl.DataFrame, facts: Facts, held: Amount) -> pl.DataFrame:
    found = table.filter(
        pl.col("region") == facts.counties[held.county], pl.col("year") == facts.years[held.year]
    )
    if held.programme is not None:
        found = found.filter(pl.col("programme") == facts.programmes[held.programme])
    return found if held.source is None else found.filter(pl.col("source") == facts.sources[held.source])


def _one(asking: Asking, facts: Facts, known: Known, held: Amount, now: int) -> Otherwise:
    context, what = asking.context, _words(asking, facts, held, now)
    most = most_of(facts, known, held)
    if held.yuan > most:
        if (
            held.source is not None
            and held.programme is not None
            and not facts.allowed[held.source, held.county, held.programme]
        ):
            why = Barred(context, facts).why(held.source, held.county, held.programme)
            return Otherwise(asking.stage, what, "INFEASIBLE", forbidden=[why])
        zh, en = (
            f"至多能用 {most:,} 元（needs 与可用数量）",
            f"no more than {most:,} yuan can be used (needs, and what can be done)",
        )
        return Otherwise(asking.stage, what, "INFEASIBLE", forbidden=[Text(zh, en)])
    task, built = task_of(context, facts, known, asking.limits, held)
    if task.engine == "flow_nearest":
        task = _beside_plan(asking, task, built)
    answer = asking.executor.run([task], asking.told)[0]
    outcome = STAGE.outcome(context, built, answer, None, rows=False)
    moves = _moves(asking, facts, held, built, answer.arrays) if "before_flow" in answer.arrays else []
    return priced(asking, what, outcome, moves, outcome.clashes)


def _beside_plan(asking: Asking, task: Task, built: Built) -> Task:
    """The task with the plan's own flow to begin with, where that is proven to be a cheapest one."""
    head, table = asking.head, asking.plan.table("allocations")
    if head["status"] != "OPTIMAL":
        return task
    before = {**task.arrays, "lower": task.arrays["before_lower"], "upper": task.arrays["before_upper"]}
    flow = laid(built, before, rows_of(built.facts, table))
    if flow is None or -exact_dot(before["cost"], flow) != head["objective"]:
        return task
    return replace(task, arrays={**task.arrays, "near_flow": flow})


def _words(asking: Asking, facts: Facts, held: Amount, now: int) -> Text:
    name, year = asking.label(facts.counties[held.county]), facts.years[held.year]
    programme = Text("", "")
    if held.programme is not None:
        key = facts.programmes[held.programme]
        programme = ENUMS["programme"].get(key, Text(key, key))
    zh, en = f"{year} 年{programme.zh}", f"in {year}" + (f" for {programme.en}" if programme.en else "")
    if held.source is not None:
        source = asking.source_name(facts.sources[held.source])
        zh, en = f"{source} {zh}", f"{en} from {source}"
    return Text(
        f"若 {name} {zh}得 {held.yuan:,} 元（现为 {now:,} 元）",
        f"with {held.yuan:,} yuan for {name} {en} (now {now:,})",
    )


def _moves(asking: Asking, facts: Facts, held: Amount, built: Built, arrays: Arrays) -> list[Move]:
    """Counties that get another amount in a year then, the largest changes first, the one asked about before them."""
    before, after = (county_money(built, np.asarray(arrays[k])) for k in ("before_flow", "flow"))
    changed = [(int(c), int(t)) for c, t in np.argwhere(before != after)]
    mine = (held.county, held.year)
    changed.sort(key=lambda ct: (ct != mine, -abs(int(after[ct] - before[ct])), ct))
    return [
        Move(f"{asking.label(facts.counties[c])} {facts.years[t]}", f"{before[c, t]:,}", f"{after[c, t]:,}")
        for c, t in changed[:NAMED]
    ]
