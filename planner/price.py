"""What another choice would cost in all: the stage solved again with one pair forbidden, or forced.

The rules stay as they are; only the columns of the pair are fixed, so shares and counts mean what they meant. A stage's
later stages are not solved again: the price is that of the stage's own objective.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from planner.deciding import OnProgress, conflict
from planner.elastic.broken import to_be_priced
from planner.explain import context_of, resolve_subject, rows_about
from planner.plan import Plan
from planner.replay import limits_of
from planner.solve.executor import LocalProcesses
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Outcome, WhatIf
from planner.stages import STAGES

PRICED = ("pairing", "designation")
"""Stages whose pairs can be priced so."""
MOST = 3
"""Pairs of one subject that are priced."""
PAIR = ["supporter", "recipient"]


@dataclass(frozen=True)
class Price:
    """What one other choice would cost.

    Parameters
    ----------
    stage, supporter, recipient : str
        The pair.
    forced : bool
        Whether the pair is forced; else it is one of the plan's and forbidden.
    status : str
        Of the second solve; INFEASIBLE where nothing else is possible.
    change : float or None
        Objective of the second solve less the plan's, in points; where the objective has ranks, of both together.
    parts : mapping of str to float
        The change by rank or part, by title, where the objective has several.
    least : float or None
        A proven bound on ``change`` where the second solve was cut short.
    worse : bool or None
        Whether that is worse in the sense of the objective.
    moves : DataFrame
        ``supporter, recipient, how`` (new, ended): what else is chosen otherwise; the pairs of the recipient first.
    forbidden : sequence of Text
        Where nothing else is possible: a smallest set of rules that forbids it, where the stage can tell.
    """

    stage: str
    supporter: str
    recipient: str
    forced: bool
    status: str
    change: float | None = None
    parts: Sequence[tuple[Text, float]] = ()
    least: float | None = None
    worse: bool | None = None
    moves: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=dict.fromkeys([*PAIR, "how"], pl.String))
    )
    forbidden: Sequence[Text] = ()

    @property
    def tie(self) -> bool:
        """Whether both choices are equally good, and it is known that the second cannot be bettered."""
        return self.change == 0 and self.status == "OPTIMAL"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        parts = [{"title": t.as_dict(), "change": c} for t, c in self.parts]
        return {"stage": self.stage, "supporter": self.supporter, "recipient": self.recipient, "forced": self.forced,
                "status": self.status, "change": self.change, "parts": parts, "least": self.least, "worse": self.worse,
                "tie": self.tie, "moves": self.moves.to_dicts(),
                "forbidden": [t.as_dict() for t in self.forbidden]}  # fmt: skip

    def what(self, network: Network) -> Text:
        """Which other choice it is."""
        named = f"{network.label(self.supporter)} → {network.label(self.recipient)}"
        return (
            Text(f"若选 {named}", f"with {named}")
            if self.forced
            else Text(f"若不选 {named}", f"without {named}")
        )


def price(
    plan: Plan, subject: str, stages: Sequence[str] | None = None, on_progress: OnProgress | None = None
) -> list[Price]:
    """Price the plan's pairs of a subject, each forbidden in turn; of a pair that is not chosen, the pair forced.

    Raises
    ------
    UsageError
        When the plan has no pair of the subject to price, the pair may not be chosen at all, or promises are broken.
    """
    keys = resolve_subject(plan, subject)
    found: list[Price] = []
    wanted = to_be_priced(plan, [s for s in stages or plan.stages if s in plan.stages and s in PRICED])
    with LocalProcesses() as executor:
        for name in wanted:
            tables = plan.table("pairs")
            rows = rows_about(tables, "pairs", keys, name)
            chosen = rows.filter(~shown_only(plan, name)).sort("cost", descending=True).select(PAIR).rows()
            cases = [(*pair, False) for pair in chosen[:MOST]]
            if len(keys) == 2 and not chosen:
                cases = [(keys[0], keys[1], True)] if may_pair(plan, name, keys) else []
            for supporter, recipient, forced in cases:
                if on_progress:
                    on_progress(name, "", {"state": "begun"})
                found.append(_priced(plan, name, (supporter, recipient), forced, executor, on_progress))
    if not found:
        shown = ">".join(plan.network.label(k) for k in keys)
        raise UsageError(
            f"方案的 {'、'.join(PRICED)} 没有 {shown} 的可另选的组合",
            f"{' and '.join(PRICED)} of the plan have no pair of {shown} that could be chosen otherwise",
        )
    return found


def shown_only(plan: Plan, stage: str) -> pl.Expr:
    """Pairs that stand in the table but are not decided: counterpart support as it is."""
    reassigned = plan.head["inputs"]["policy"][stage].get("reassign_counterpart")
    return pl.lit(False) if reassigned is True else pl.col("kind") == "counterpart"


def may_pair(plan: Plan, stage: str, pair: Sequence[str]) -> bool:
    """Whether a pair is among those that the stage may choose."""
    chooser: Any = STAGES[stage]
    rows = plan.table("pairs").filter(pl.col("stage") == stage)
    found = chooser.eligible(context_of(plan, stage), rows)
    return any((pair[0], pair[1]) in pairs for pairs in found)


def _priced(
    plan: Plan,
    name: str,
    pair: tuple[str, str],
    forced: bool,
    executor: Executor,
    on_progress: OnProgress | None,
) -> Price:
    mine = plan.table("pairs").filter(pl.col("stage") == name)
    what_if = WhatIf({pair: forced}, frozenset(mine.select(PAIR).iter_rows()))
    outcome = _solved(context_of(plan, name), name, what_if, limits_of(plan), executor, on_progress)
    bare = Price(name, *pair, forced, outcome.status, forbidden=outcome.clashes)
    head = plan.stages[name]
    if outcome.objective is None or head["objective"] is None:
        return bare
    before = {p["title"]["en"]: p["objective"] for p in (head.get("composition") or {}).get("parts", ())}
    after = {p.title.en: (p.title, p.objective) for p in outcome.composition.parts}
    parts = [(title, value - before[en]) for en, (title, value) in after.items() if en in before]
    change = (outcome.objective - head["objective"]) / head["scale"]
    least = None
    if outcome.status != "OPTIMAL" and outcome.bound is not None and not parts:
        least = (outcome.bound - head["objective"]) / head["scale"]
    sign = -1 if outcome.sense == "max" else 1
    return replace(
        bare,
        change=sum(c for _, c in parts) if parts else change,
        parts=parts,
        least=least,
        worse=sign * change > 0,
        moves=moved(plan, name, pair, outcome.tables["pairs"]),
    )


def _solved(
    context: Context,
    name: str,
    what_if: WhatIf,
    limits: Limits,
    executor: Executor,
    on_progress: OnProgress | None,
) -> Outcome:
    stage, seen = STAGES[name], replace(context, what_if=what_if)

    def told(label: str, facts: Mapping[str, Any]) -> None:
        if on_progress:
            on_progress(name, label, facts)

    if hasattr(stage, "solve"):
        solved: Outcome = stage.solve(seen, executor, limits, told)
        return solved
    tasks, built = stage.tasks(seen, limits)
    answers = executor.run(tasks, told)
    outcome = stage.answer(seen, built, answers)
    if outcome.status != "INFEASIBLE" or outcome.clashes:
        return outcome
    return replace(outcome, clashes=conflict(stage, seen, tasks, answers, built, executor))


def moved(plan: Plan, stage: str, pair: tuple[str, str], after: pl.DataFrame) -> pl.DataFrame:
    """Pairs that one of the two solves has and the other has not, the recipient's and the supporter's first."""
    before = plan.table("pairs").filter(pl.col("stage") == stage).select(PAIR)
    ended = before.join(after, on=PAIR, how="anti").with_columns(how=pl.lit("ended"))
    new = after.select(PAIR).join(before, on=PAIR, how="anti").with_columns(how=pl.lit("new"))
    own = (
        pl.when(pl.col("recipient") == pair[1])
        .then(0)
        .when(pl.col("supporter") == pair[0])
        .then(1)
        .otherwise(2)
    )
    return pl.concat([ended, new]).sort(own, "recipient", "how", "supporter").select(*PAIR, "how")
