"""The stage `funds`: what it reads, its policy, build, answer, baseline, key figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from graph.percent import percent
from planner.policy import Setting
from planner.reason import Explanation
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Beside, Context, Kpi, Limits, Outcome
from planner.stages.funds.amounts import check_amounts
from planner.stages.funds.baseline import sensitivity, two_steps
from planner.stages.funds.built import Built
from planner.stages.funds.certificate import proof_prices
from planner.stages.funds.clashes import counted, counted_ahead, cut_floors, cut_words, gave_up_words
from planner.stages.funds.composed import composition, engine_words, level_words
from planner.stages.funds.explain import explain
from planner.stages.funds.facts import Facts, read_facts
from planner.stages.funds.keeping import handed_out, told
from planner.stages.funds.known import Known, known_numbers
from planner.stages.funds.levels import Levels, decided
from planner.stages.funds.measure import kpis, least_share, stays_worth, worth_of
from planner.stages.funds.myopic import year_by_year
from planner.stages.funds.priced import no_prices, prices
from planner.stages.funds.published import change_clash, told_words
from planner.stages.funds.reading import Kept, allocation_table, allocations
from planner.stages.funds.settings import READS, SETTINGS
from planner.stages.funds.tasks import task_of
from planner.stages.words import CHECKED

NAME = "funds"
TITLE = Text("资金分配", "funds")
SCALE = 1000


@dataclass(frozen=True)
class Funds:
    """The stage `funds`; see the package's docstring."""

    name: str = NAME
    title: Text = TITLE
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("regions", "needs", "fund_sources", "fund_budgets")
    sees: tuple[str, ...] = ("pairing", "designation")
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """Floors above ceilings, above what can be used, above what there is."""
        return counted(context, *seen(context))

    def count_ahead(self, context: Context, undecided: Collection[str]) -> list[Text]:
        """Of these what holds whatever pairs are still to be decided."""
        return counted_ahead(context, read_facts(context)) if undecided else self.count(context)

    def solve(
        self, context: Context, executor: Executor, limits: Limits, on_progress: OnProgress | None
    ) -> Outcome:
        """The plan; what a million yuan less or more would change of it; and the plan of deciding year by year beside it."""
        built, answer, levels = decided(context, *seen(context), executor, limits, on_progress)
        kept = handed_out(built, answer, executor, limits, on_progress)
        outcome = self.outcome(context, built, answer, levels, kept)
        if "allocations" not in outcome.tables:
            return outcome
        if len(built.facts.years) > 1:
            table, failed = year_by_year(context, *seen(context), executor, limits, on_progress)
            outcome = with_years(context, outcome, table, failed)
        why = no_prices(context, built.why_rows)
        if why is not None:
            return replace(outcome, details={**outcome.details, "prices": {"why_not": why.as_dict()}})
        flow = np.asarray(answer.arrays["flow"])
        table, told = prices(context, built, flow, executor, limits, on_progress)
        return replace(outcome, prices=table, details={**outcome.details, "prices": told})

    def by_steps(self, context: Context) -> bool:
        """Where the least served come first: then round after round."""
        return bool(context.policy["fairness"] == "leximin")

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """One flow; with rules that do not fit, the same flow with side rows. Without the rounds of leximin."""
        task, built = task_of(context, *seen(context), limits)
        return [task], built

    def answer(self, context: Context, built: Built, answers: Sequence[Answer]) -> Outcome:
        """The table `allocations`, and the prices that prove it."""
        return self.outcome(context, built, answers[0], None)

    def outcome(
        self,
        context: Context,
        built: Built,
        answer: Answer,
        levels: Levels | None,
        kept: Sequence[Kept] = (),
        rows: bool = True,
    ) -> Outcome:
        """As :meth:`answer`; with ``levels``, the flow that keeps them; ``kept``: what goes the published way; ``rows``: the table too."""
        words, proof = engine_words(context, built, levels)
        sizes = {
            "sources": len(built.facts.sources), "counties": len(built.facts.counties),
            "cells": int((built.known.cell > 0).sum()), "nodes": built.model.n_nodes, "arcs": built.model.n_arcs,
            "side_rows": built.model.n_rows,
        }  # fmt: skip
        if answer.status not in ("OPTIMAL", "FEASIBLE"):
            clashes: list[Text] = []
            least = {k: int(v) for k, v in answer.facts.items() if k == "least_changes"}
            if "behind" in answer.arrays:
                clashes = cut_words(
                    context, built, np.asarray(answer.arrays["behind"]), int(answer.facts["short"])
                )
            elif least:
                clashes = [change_clash(least["least_changes"])]
            elif answer.status == "INFEASIBLE":
                clashes = [_row_clash(built, np.asarray(answer.arrays["rows"]))]
            status: Any = answer.status
            gave_up = status == "NO_SOLUTION_IN_TIME" and not answer.facts.get("cut_short")
            return Outcome(
                status, {}, None, None, SCALE, words, Text("", ""), "max", sizes, clashes=clashes, details=least,
                gave_up=gave_up_words(context) if gave_up else None,
            )  # fmt: skip
        flow = np.asarray(answer.arrays["flow"])
        objective, bound = -int(answer.facts["objective"]), -int(answer.facts["bound"])
        certificates = proof_prices(
            built, np.asarray(answer.arrays["potential"]), int(answer.facts.get("dual_scale", 1))
        )
        if "change_price" in answer.facts:
            certificates["change_price"] = np.array([answer.facts["change_price"]], dtype=np.int64)
        for family, place in built.model.row_families.items():
            certificates[f"row_{family.replace(':', '_')}"] = np.asarray(answer.arrays["multiplier"])[place]
        warnings = cut_floors(context, built.facts, built.known)
        details: dict[str, Any] = {
            "years": built.facts.years,
            "crossing": built.why_rows,
            "rounding_cost": int(answer.facts.get("rounding_cost", 0)),
            "factor_weights": "assumed",
            "sensitivity": sensitivity(context, built.facts),
        }
        tables = {"allocations": allocations(built, flow, kept)} if rows else {}
        if built.known.published is not None and context.published is not None and tables:
            against, plan = (
                told(built.facts, built.known.published, tables["allocations"]),
                context.published.plan,
            )
            details["published"] = {"plan": plan, **against}
            warnings += told_words(context, plan, against["changes"], built.known.published.lost)
        if levels is not None:
            certificates |= levels.certificates()
            details["leximin"] = levels.told()
            warnings += [w for w in (level_words(levels),) if w]
        return Outcome(
            status="OPTIMAL" if objective == bound else "FEASIBLE",
            tables=tables,
            objective=objective,
            bound=bound,
            scale=SCALE,
            engine=words,
            proof=proof,
            sense="max",
            sizes=sizes,
            certificates=certificates,
            warnings=warnings,
            composition=composition(built, flow, objective, bound, levels),
            details=details,
        )

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """The two-step factor method."""
        facts, known = seen(context)
        rows = two_steps(context, facts, known)
        return {"allocations": allocation_table(facts, *rows.T)}

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """Need met, who gets what, loans and what they cost."""
        return kpis(context, *seen(context), tables["allocations"])

    def explain(
        self, context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]
    ) -> list[Explanation]:
        """Need, what meets it, and the worth of the next yuan; see :mod:`planner.stages.funds.explain`."""
        return explain(context, tables, keys)


def with_years(context: Context, outcome: Outcome, table: pl.DataFrame | None, failed: int | None) -> Outcome:
    """The outcome with the plan of deciding year by year beside it, and what looking ahead is worth."""
    title = Text("逐年决定", "year by year")
    if table is None:
        note = Text(f"逐年决定行不通：到 {failed} 年规则不能同时成立（或限定内无解）",
                    f"deciding year by year fails: in {failed} the rules cannot hold together (or the limit is reached)")  # fmt: skip
        return replace(outcome, beside={"year_by_year": Beside(title, {}, note)})
    facts, known = seen(context)
    details = dict(outcome.details)
    years = len(facts.years)
    if context.policy["fairness"] == "weighted":
        worth = (
            (outcome.objective or 0)
            - worth_of(context, facts, known, table)
            - stays_worth(facts, known, table)
        )
        details["looking_ahead"] = worth
        points, share = worth / SCALE, worth / max(outcome.objective or 0, 1)
        note = Text(f"通盘考虑 {years} 年，比它多 {points:,.3f} 分（{percent(share, 3)}）",
                    f"looking at all {years} years together is worth {points:,.3f} points more ({percent(share, 3)})")  # fmt: skip
    else:
        ours, theirs = (least_share(facts, known, t) for t in (outcome.tables["allocations"], table))
        note = Text(f"最低满足率 {theirs:.1%}，通盘考虑 {years} 年为 {ours:.1%}",
                    f"its least met share is {theirs:.1%}, with all {years} years together {ours:.1%}")  # fmt: skip
    beside = {"year_by_year": Beside(title, {"allocations": table}, note)}
    return replace(outcome, beside=beside, details=details)


def seen(context: Context) -> tuple[Facts, Known]:
    """What the stage knows of a scenario; read once for a context."""
    return context.once("funds.seen", lambda: _read(context))


def _read(context: Context) -> tuple[Facts, Known]:
    facts = read_facts(context)
    check_amounts(context, facts)
    return facts, known_numbers(context, facts)


def _row_clash(built: Built, rows: np.ndarray) -> Text:
    """The rules of the side ``rows`` that are shown to clash with the flow; all of them where none is."""
    shown = [
        f
        for f, place in built.model.row_families.items()
        if ((rows >= place.start) & (rows < place.stop)).any()
    ]
    listed = ", ".join(shown or built.why_rows)
    who = CHECKED["rows" if shown else ""]
    return Text(f"下限与这些跨年或跨县的规则不能同时成立（规则：{listed}）；{who.zh}",
                f"the floors and these rules across years or counties cannot hold together (rules: {listed}); {who.en}")  # fmt: skip


STAGE = Funds()
