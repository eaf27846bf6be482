"""Floors of money that cannot all be kept: as few yuan short as can be, whole and exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graph.language import Text
from planner.decisions import merge
from planner.elastic.promises import Least, Promise
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits, Stage
from planner.stages.funds.built import Built
from planner.stages.funds.stage import STAGE, seen
from planner.stages.funds.tasks import task_of
from planner.verify.funds import check
from planner.verify.outcome import Broken, Resolved

FLOORS = ("county", "class", "share")
"""Families of arcs whose lower bounds are floors."""
REASONS = 50
"""Floors whose reason is looked for; each takes a flow."""
COUNTS = Text("各下限所欠的元数，相加", "yuan short of each floor, added up")
NOT_LOOKED_FOR = Text(
    f"欠的下限多于 {REASONS} 处，没有逐一求证",
    f"more than {REASONS} floors are short; this one was not looked into",
)
CANNOT = Text(
    "上限或可用的资金不容许（已再求解证实）",
    "a ceiling, or the money that may come here, does not allow it (solved again)",
)


def flows_alone(context: Context) -> bool:
    """Whether the rules on money make a pure flow, and it is the weighted need met that counts."""
    if context.policy["fairness"] != "weighted":
        return False
    task, _ = task_of(context, *seen(context), Limits())
    return task.engine == "bounded_flow"


def by_money(stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress) -> Least:
    """The allocation with the fewest yuan short of floors, then of the most worth; without prices and certificates.

    What is broken is told by the check without the solver.

    Raises
    ------
    RuntimeError
        When the check breaks more than the engine knows of: a defect of ours.
    """
    facts, known = seen(context)
    _, built = task_of(context, facts, known, limits)
    arrays = dict(built.model.arrays())
    may = np.zeros(built.model.n_arcs, dtype=bool)
    for family in FLOORS:
        may[built.model.families[family]] = True
    task = Task("flow_short", {**arrays, "may_short": may}, {**limits.options(), "reasons": REASONS}, "funds")
    (answer,) = executor.run([task], tell)
    if answer.status != "OPTIMAL":
        return Least(STAGE.outcome(context, built, answer, None))
    nothing = np.zeros(built.model.n_nodes, dtype=np.int64)
    priced = replace(answer, arrays={**answer.arrays, "potential": nothing})
    outcome = replace(STAGE.outcome(context, built, priced, None), certificates={})
    outcome = replace(outcome, proof=Text("最少短缺与目标由求解器给出；违约由 verify 逐行重算",
                                          "what is short, and the objective, are the solver's word; verify counts what is broken again"))  # fmt: skip
    least = float(answer.facts["least"])
    promises = list(_promises(context, outcome.tables, built, answer))
    return Least(outcome, promises, least, least, COUNTS)


def _promises(
    context: Context, tables: Mapping[str, pl.DataFrame], built: Built, answer: Answer
) -> Iterator[Promise]:
    """What the check finds broken, each with the reason of its arc."""
    values = {s: p.values for s, p in context.policies.items()} | {STAGE.name: context.policy.values}
    resolved = Resolved(context.network, values, context.on, context.seed)
    broken = [b for b in check(resolved, merge(context.decided, tables), {}).broken if b.required is not None]
    told = list({(b.rule, b.about, b.required): b for b in broken}.values())
    arcs = {name: arc for arc, name in _names(built)}
    short = {name: int(answer.arrays["short"][arc]) for name, arc in arcs.items()}
    _agree(told, short)
    why = {int(arc): k for k, arc in enumerate(answer.arrays["why_arc"].tolist())}
    for b in told:
        arc = arcs[_place(b)]
        reason = _why(context, built, answer, why[arc]) if arc in why else NOT_LOOKED_FOR
        assert b.required is not None
        assert b.got is not None
        yield Promise(b.rule, b.about, b.required, b.got, reason)


def _agree(told: Sequence[Broken], short: Mapping[tuple[str, str], int]) -> None:
    """The most that any rule is short at a place is what the engine says."""
    found: dict[tuple[str, str], int] = {}
    for b in told:
        place = _place(b)
        found[place] = max(found.get(place, 0), int((b.required or 0) - (b.got or 0)))
    wrong = sorted(p for p, n in short.items() if n != found.get(p, 0))
    if wrong:
        raise RuntimeError(
            f"what is short at {wrong[0]} is counted otherwise by the check: {found.get(wrong[0], 0)}"
        )


def _place(broken: Broken) -> tuple[str, str]:
    """Which arc a promise is about: a class of counties by its rule, all else by what it names."""
    return ("" if ">" in broken.about else broken.rule, broken.about)


def _names(built: Built) -> Iterator[tuple[int, tuple[str, str]]]:
    """Arcs of floors, and what each is about."""
    facts, families, index = built.facts, built.model.families, built.index
    for family, place in ((f, families[f]) for f in FLOORS):
        for arc, row in zip(range(place.start, place.stop), index[family].tolist(), strict=True):
            year = facts.years[row[-1]]
            if family == "county":
                yield arc, ("", f"{facts.counties[row[0]]}>{year}")
            elif family == "class":
                yield arc, (("deep_poverty_share", "outside_share")[row[0]], str(year))
            else:
                yield arc, ("", f"{facts.sources[row[0]]}>{facts.provinces[row[1]]}>{year}")


def _why(context: Context, built: Built, answer: Answer, k: int) -> Text:
    """What the flow found in which this floor was kept."""
    least, ptr = int(answer.arrays["why_least"][k]), answer.arrays["why_ptr"]
    if least < 0:
        return CANNOT
    names = dict(_names(built))
    rows = answer.arrays["why_other"][ptr[k] : ptr[k + 1]].tolist()
    told = [" → ".join(context.network.label(part) for part in names[r][1].split(">")) for r in rows[:3]]
    zh, en = "、".join(told), ", ".join(told)
    more = least - int(answer.facts["least"])
    if more:
        return Text(f"守住它，合计要多欠 {more:,} 元，欠在 {zh} 等处（已再求解证实）",
                    f"kept, {more:,} yuan more would be short in all, at {en} and the like (solved again)")  # fmt: skip
    return Text(f"守住它，别处要欠同样多：{zh} 等处；这样得益不更少（已再求解证实）",
                f"kept, as much would be short elsewhere: {en} and the like; this way is worth no less (solved again)")  # fmt: skip
