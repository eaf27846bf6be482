"""The stage `exit`: from tables to the table `exits`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text, several
from graph.network import Network
from planner.composition import TOTAL_COST, Composition, Part
from planner.cost import SCALE
from planner.policy import Setting
from planner.published import CHANGES_MAX, FROZEN
from planner.reason import Explanation
from planner.solve.choice import ChoiceModel
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome
from planner.stages.exit.asked import hold_years
from planner.stages.exit.count import count_clashes, counted_ahead, persons_short
from planner.stages.exit.figures import TITLES, measure_exits, pledge_short
from planner.stages.exit.model import Built, Parts, build, find_parts
from planner.stages.exit.settings import SETTINGS
from planner.stages.exit.tables import NEVER, exits_table, hand_out, poorest_last
from planner.stages.exit.why import explain_exits, name_rows
from planner.stages.keeping import let_go as unweighed
from planner.stages.keeping import nearest, places_of, told
from planner.stages.pairs import let_go
from planner.stages.words import name_list

NAME = "exit"
TITLE = Text("退出计划", "exit")

READS: dict[str, tuple[str, ...]] = {
    "regions": ("code", "name", "level", "parent"),
    "region_tags": ("region", "tag", "since", "until", "value"),
    "region_facts": ("region", "year", "measure", "value"),
    "register_changes": ("village", "date", "kind", "persons"),
    "relations": ("kind", "supporter", "recipient", "since", "until"),
    "postings": ("cadre", "village", "since", "until"),
    "village_posts": ("village", "minimum"),
    "capacities": ("region", "year", "kind", "value"),
    "pledges": ("region", "year", "measure", "amount"),
    "findings": ("id", "region", "severity", "status", "received", "due"),
}


@dataclass(frozen=True)
class Named:
    """The model with the names that its rows stand for."""

    built: Built
    network: Network

    @property
    def model(self) -> ChoiceModel:
        """Columns and rows."""
        return self.built.model

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """What the clashing rows of a rule stand for."""
        if self.built.keep is not None and rule in (CHANGES_MAX, FROZEN):
            return places_of(self.built.keep, self.network, rule)
        return name_rows(self.network, self.built, rule, rows)


@dataclass(frozen=True)
class Exit:
    """The stage `exit`; see the package's docstring."""

    name: str = NAME
    title: Text = TITLE
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("regions", "region_tags", "region_facts")
    sees: tuple[str, ...] = ("pairing", "designation", "cadres", "funds")
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """The standard, the deadline, capacity, pace, pledges and support of what has exited."""
        return count_clashes(context, find_parts(context))

    def count_ahead(self, context: Context, undecided: Collection[str]) -> list[Text]:
        """Of these what needs no money or pairs that are still to be decided."""
        return counted_ahead(context) if undecided else self.count(context)

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """One integer model."""
        built = build(context)
        named = Named(built, context.network)
        arrays = hold_years(context, built, built.model.arrays())
        arrays = nearest(context, built.keep, arrays, np.arange(built.model.n_columns), 0)
        return [Task("mip", arrays, limits.options(), NAME)], named

    def answer(self, context: Context, named: Named, answers: Sequence[Answer]) -> Outcome:
        """Years as a table."""
        built = named.built
        answer, parts = let_go(answers[0], built.model, context.what_if), built.parts
        answer = unweighed(context, built.keep, answer, built.model, 0)
        engine = Text("HiGHS 整数规划", "HiGHS, integer programme")
        sizes = {
            "counties": len(parts.places.counties),
            "villages": len(parts.villages.codes),
            "columns": built.model.n_columns,
            "rows": built.model.n_rows,
        }
        bound = answer.facts.get("bound")
        status: Any = answer.status
        if status not in ("OPTIMAL", "FEASIBLE"):
            return Outcome(status, {}, None, bound, SCALE, engine, Text("", ""), sizes=sizes)
        x = answer.arrays["x"]
        chosen = x[built.x]
        county_year = np.where(chosen.any(axis=1), chosen.argmax(axis=1), NEVER)
        exits = exits_table(context, parts, county_year, hand_out(parts, x[built.v]))
        outcome = Outcome(
            status=status,
            tables={"exits": exits},
            objective=int(answer.facts["objective"]),
            bound=bound,
            scale=SCALE,
            engine=engine,
            proof=Text(
                "界由求解器给出；可行性与目标由 verify 复核",
                "the bound is the solver's word; verify re-checks feasibility and objective",
            ),
            sizes=sizes,
            warnings=[] if context.what_if is not None else warnings(context, parts, exits),
            composition=composed(built, x, exits),
            details={"cut_short": bool(answer.facts.get("cut_short")), "nodes": answer.facts.get("nodes", 0)},
        )
        if built.keep is None:
            return outcome
        kept = int(x[built.keep.published].sum())
        return told(outcome, built.keep, kept, 0, built.keep.held - kept)

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """The poorest last, equal numbers a year; it asks no other rule."""
        parts = find_parts(context)
        return {"exits": exits_table(context, parts, *poorest_last(parts))}

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """Counties per year beside the published, persons, margins, pledges, the real years."""
        return measure_exits(context, find_parts(context), tables["exits"])

    def explain(
        self, context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]
    ) -> list[Explanation]:
        """Every planned year of the subject with its terms, and what closes it."""
        return explain_exits(context, tables["exits"], keys)


def composed(built: Built, x: np.ndarray, exits: pl.DataFrame) -> Composition:
    """The cost of the years chosen, what pledges fall short, and who does not exit at all."""
    cost = np.concatenate(built.model.cost)
    years, short = round(float(exits["cost"].sum()) * SCALE), int(cost[built.u] @ x[built.u])
    left = int(cost @ x) - years - short
    named = (
        (Text("总成本", "total cost"), years),
        (Text("责任书短缺", "pledges short"), short),
        (Text("到期限未退出", "not exited by the end"), left),
    )
    parts = [Part(title, value / SCALE) for i, (title, value) in enumerate(named) if value or not i]
    words = Text(
        "相加；短缺按 county_short_weight、village_short_weight 计",
        "added up; pledges short count by county_short_weight and village_short_weight",
    )
    return Composition(words, parts) if len(parts) > 1 else TOTAL_COST


def warnings(context: Context, parts: Parts, exits: pl.DataFrame) -> list[Text]:
    """Counties without an incidence of their own, and pledges that the plan does not keep."""
    found = []
    guessed = parts.proxy.guessed
    if guessed:
        names = name_list(context.network, guessed)
        found.append(Text(
            f"{len(guessed)} 个县没有贫困发生率，用上级或全国的代替：{names.zh}",
            f"{several(len(guessed), 'county has', 'counties have')} no incidence of {'its' if len(guessed) == 1 else 'their'} own, a region's above or the country's stands in: {names.en}",
        ))  # fmt: skip
    year_of = dict(exits.select("region", "year").iter_rows())
    for rule, missing in pledge_short(context, parts, year_of).items():
        if missing:
            found.append(
                Text(
                    f"{TITLES[rule].zh}，共 {missing:,}（{rule}）",
                    f"{TITLES[rule].en}, {missing:,} in all ({rule})",
                )
            )
    return [*found, *persons_short(context, parts)[:3]]


STAGE = Exit()
