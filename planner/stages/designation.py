"""Designated assistance: which unit helps which county.

Generalised assignment. For unit u and county c, ``x[u,c] ∈ {0,1}``; minimise ``Σ cost[u,c]·x[u,c]`` subject to the
rules below. Who may help whom: ``designation_pairs``; the rules as rows: ``designation_rows``; what counting alone
shows to be impossible: ``designation_counts``. The mathematics in these symbols: docs/stages/designation.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.policy import Setting
from planner.published import settings as published_settings
from planner.reason import Explanation, Left
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome
from planner.stages import pairs as pairing
from planner.stages.designation_counts import count_clashes, least_units
from planner.stages.designation_pairs import (
    KINDS,
    NAME,
    capacities,
    computed_pairs,
    eligible_pairs,
    may_take_part,
    recipient_counties,
    why_outside,
)
from planner.stages.designation_rows import Built, build
from planner.stages.keeping import let_go, nearest, with_told
from planner.stages.keeping_pairs import with_ended
from planner.stages.pairs import OBJECTIVE_SETTINGS, Pairs
from planner.stages.pairs_explained import explain_pairs, explain_shut
from planner.stages.pairs_left import chosen_of, why_left
from planner.stages.pairs_uncounted import nothing_asked

__all__ = ["KINDS", "NAME", "SETTINGS", "STAGE", "build", "capacities", "cheapest_first", "eligible_pairs"]

SETTINGS = (
    *OBJECTIVE_SETTINGS,
    Setting("recipients_tag", "text", "key_county_592", "受扶县标签", "tag of the recipient counties", rule=False,
            reads=("region_tags.tag",)),
    Setting("include_in_force", "boolean", False, "也包括现有受扶县", "also counties that have a unit now", rule=False),
    Setting("units_per_county", "range", [1, 3], "每县单位数", "units per county", unit="units", minimum=0,
            with_scores=[1, 1], note_zh="[最少, 最多]", note_en="[at least, at most]"),
    Setting("unit_capacity", "boolean", True, "单位能力", "unit capacity", with_scores=True, reads=("units.capacity",),
            note_zh="各单位负载之和不超过 capacity", note_en="the loads of a unit at most its capacity"),
    Setting("counties_per_unit", "range", "off", "每单位县数", "counties per unit", unit="counties", minimum=0),
    Setting("same_kind_max", "integer", 2, "一县同类单位上限", "units of one kind per county at most", minimum=1,
            reads=("units.kind",),
            note_zh="未分类（空或 other）的单位不计", note_en="units without a kind (empty or other) do not count"),
    Setting("keep_share", "share", 0.8, "保持现有关系比例", "share of the pairs in force that stays",
            reads=("relations.since", "relations.until")),
    Setting("distance_max_km", "number", "off", "距离上限", "distance at most", unit="km", minimum=0,
            reads=("regions.lon", "regions.lat")),
    Setting("deep_poverty_strength", "share", 0.5, "优先的县的单位实力下限", "strength that a unit of a county that comes first needs",
            reads=("units.strength", "region_tags.tag"),
            note_zh="至少一个单位达到", note_en="at least one of its units reaches it"),
    Setting("deep_poverty_tag", "text", "deep_poverty", "优先的县标签", "tag of the counties that come first", rule=False),
    Setting("distance_weight", "number", 1.0, "距离权重", "weight of distance", unit="points per 100 km", minimum=0,
            reads=("regions.lon", "regions.lat")),
    Setting("profile_weight", "number", 4.0, "专长权重", "weight of profile", unit="points", minimum=0,
            reads=("units.profile", "needs.amount"),
            note_zh="单位专长与县需求不符时计", note_en="counted where the unit's profile misses the county's needs"),
    Setting("need_weight", "number", 3.0, "需求与实力权重", "weight of need against strength", unit="points", minimum=0,
            reads=("units.strength", "region_facts.value")),
    Setting("change_weight", "number", 6.0, "变动权重", "weight of change", unit="points", minimum=0,
            reads=("relations.since", "relations.until"),
            note_zh="每一对新关系计", note_en="counted for each pair that is not in force"),
    Setting("pins", "texts", "off", "指定", "pinned pairs", never_relax=False, entries="singly", note_zh="帮扶方>受扶方", note_en="supporter>recipient"),
    Setting("bans", "texts", "off", "禁止", "forbidden pairs", entries="singly"),
    *published_settings("pairs", "pair", "新增与取消的结对各计一次", "a new pair and an ended pair count one each"),
)  # fmt: skip


@dataclass(frozen=True)
class Designation:
    """The stage `designation`; see the module's docstring."""

    name: str = NAME
    title: Text = Text("定点帮扶", "designated assistance")
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("regions", "units")
    sees: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """Pins that clash, capacity against demand, counties that no (strong) unit may help."""
        return count_clashes(context)

    def count_ahead(self, context: Context, undecided: Collection[str]) -> list[Text]:
        """The same; where own scores decide and no rule asks for a pair, that there is nothing to count."""
        return [
            *self.count(context),
            *nothing_asked(context, least_units(context), "units_per_county", "counties_per_unit"),
        ]

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """One choice model; a plain assignment inside it is recognised and solved as such."""
        built = build(context)
        arrays = pairing.hold(built.model.arrays(_start(built)), built.pairs, context.what_if)
        arrays = nearest(
            context, built.keep, arrays, np.arange(built.pairs.size), _most_pairs(context, built)
        )
        # without the rule on counties an assignment could be one the other way round, and prices those of units
        engine = "choose" if context.policy.on("units_per_county") and built.keep is None else "mip"
        task = Task(engine, arrays, limits.options(), NAME)
        return [task], built

    def eligible(self, context: Context, chosen: pl.DataFrame) -> list[set[tuple[str, str]]]:
        """Pairs that may be chosen."""
        return [eligible_pairs(context).named()]

    def answer(self, context: Context, built: Built, answers: Sequence[Answer]) -> Outcome:
        """Chosen pairs as a table."""
        warnings = []
        if not built.pairs.recipients:
            tag = context.policy["recipients_tag"]
            warnings.append(Text(f"没有一个县带标签 {tag}，因此没有可结的对；见 recipients_tag",
                                 f"no county bears the tag {tag}, so there is nothing to pair; see recipients_tag"))  # fmt: skip
        answer = pairing.let_go(answers[0], built.model, context.what_if)
        answer = let_go(context, built.keep, answer, built.model, _most_pairs(context, built))
        outcome = pairing.choice_outcome(NAME, built.pairs, answer, model=built.model, warnings=warnings)
        if not outcome.tables:
            return outcome
        chosen = answer.arrays["x"][: built.pairs.size] > 0
        return with_told(with_ended(outcome, built.pairs, chosen), built.keep, chosen)

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """The list in force; with own scores each recipient, in order, takes its cheapest unit with room."""
        if context.policy["objective"] == "scores":
            pairs = pairing.scored_pairs(context, NAME)
            chosen = cheapest_first(pairs, capacities(context, pairs.supporters))
            return {"pairs": pairing.chosen_table(NAME, pairs, chosen)}
        pairs = computed_pairs(context, recipient_counties(context))
        return {"pairs": pairing.chosen_table(NAME, pairs, np.flatnonzero(pairs.in_force))}

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """Covered counties, pairs, load, cost per pair."""
        pairs = tables["pairs"].filter(pl.col("stage") == NAME)
        scores = context.network.frame("pair_scores").filter(pl.col("stage") == NAME)
        scored = context.policy["objective"] == "scores"
        wanted = scores["recipient"].unique().to_list() if scored else recipient_counties(context)
        covered = int(pairs.filter(pl.col("recipient").is_in(wanted))["recipient"].n_unique())
        total = float(pairs["cost"].sum())
        unit = "" if scored else "points"
        better: Any = "more" if context.policy["sense"] == "max" else "less"
        found = [
            Kpi("counties_covered", Text("有单位的县", "counties with a unit"), covered, "counties", "more"),
            Kpi("counties_uncovered", Text("没有单位的县", "counties without a unit"), len(wanted) - covered, "counties", "less"),
            Kpi("pairs", Text("结对数", "pairs"), pairs.height, "pairs"),
            Kpi("units_used", Text("参与单位", "units that take part"), pairs["supporter"].n_unique(), "units"),
            Kpi("cost", Text("总评分", "total score") if scored else Text("总成本", "total cost"), round(total, 6), unit, better),
        ]  # fmt: skip
        if pairs.height:
            found.append(
                Kpi(
                    "cost_per_pair",
                    Text("每对评分", "score per pair") if scored else Text("每对成本", "cost per pair"),
                    round(total / pairs.height, 3),
                    unit,
                    better,
                )
            )
        if not scored and pairs.height:
            held = pairing.pairs_in_force(context, KINDS)
            kept = pairs.join(held, on=["supporter", "recipient"], how="semi").height
            found.append(
                Kpi("kept", Text("保持的现有关系", "pairs in force that stay"), kept, "pairs", "more")
            )
        return found

    def explain(
        self, context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]
    ) -> list[Explanation]:
        """Each chosen pair of the subject beside the cheapest ones that were not chosen."""
        if not all(may_take_part(context, key) for key in keys):
            return []
        built = build(context)
        pairs, mine = built.pairs, tables["pairs"].filter(pl.col("stage") == NAME)
        room = capacities(context, pairs.supporters) if context.policy.on("unit_capacity") else None

        def left(numbers: np.ndarray) -> Left:
            return why_left(NAME, chosen_of(context, pairs, built.model, mine), numbers, SETTINGS)

        found = explain_pairs(
            context, NAME, pairs, mine, keys, capacity=room, full_by="unit_capacity", why=left
        )
        return found or explain_shut(context, NAME, keys, self.why_outside(context, mine, keys))

    def why_outside(self, context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> Left | None:
        """Why there is no pair with all of ``keys`` to choose from; ``rows``: the pairs that the stage decided."""
        return why_outside(context, keys, SETTINGS)


def _start(built: Built) -> np.ndarray | None:
    """The published pairs, or those in force, as a first guess; NaN leaves further columns to the solver."""
    guess = built.pairs.in_force if built.keep is None else built.keep.published
    if not guess.any():
        return None
    start = np.full(built.model.n_columns, np.nan)
    start[: built.pairs.size] = guess
    return start


def _most_pairs(context: Context, built: Built) -> int:
    """Pairs that can be chosen at most."""
    if not context.policy.on("units_per_county"):
        return built.pairs.size
    return min(built.pairs.size, int(context.policy["units_per_county"][1]) * len(built.pairs.recipients))


def cheapest_first(pairs: Pairs, capacity: np.ndarray) -> np.ndarray:
    """Recipients in order, each to its cheapest supporter that still has room; (k,) numbers of pairs."""
    room = capacity.copy()
    order = np.argsort(pairs.recipient, kind="stable")
    start = np.searchsorted(pairs.recipient[order], np.arange(len(pairs.recipients) + 1))
    chosen: list[int] = []
    for first, end in itertools.pairwise(start.tolist()):
        mine = order[first:end]
        mine = mine[room[pairs.supporter[mine]] >= pairs.load[mine]]
        if mine.size:
            taken = int(mine[pairs.cost[mine].argmin()])
            chosen.append(taken)
            room[pairs.supporter[taken]] -= pairs.load[taken]
    return np.array(chosen, dtype=np.int64)


READS: dict[str, tuple[str, ...]] = {
    "regions": ("code", "name", "level", "parent", "lon", "lat"),
    "region_tags": ("region", "tag", "since", "until"),
    "region_facts": ("region", "year", "measure", "value"),
    "units": ("id", "name", "kind", "home_region", "capacity", "strength", "profile", "since", "until"),
    "relations": ("kind", "supporter", "recipient", "since", "until"),
    "needs": ("region", "year", "programme", "amount"),
    "pair_scores": ("stage", "supporter", "recipient", "cost", "load"),
}
STAGE = Designation()
