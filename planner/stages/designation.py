"""Designated assistance: which unit helps which county.

Generalised assignment. For unit u and county c, ``x[u,c] ∈ {0,1}``; minimise ``Σ cost[u,c]·x[u,c]`` subject to the
rules below. The mathematics in these symbols: docs/stages/designation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from graph.geography import coordinates, distances_km
from graph.language import Text
from graph.network import Network
from planner.cost import points
from planner.policy import Setting
from planner.reason import Explanation
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome
from planner.stages import pairs as pairing
from planner.stages.need import match_profiles, need_rank
from planner.stages.pairs import OBJECTIVE_SETTINGS, Pairs
from planner.stages.words import clash, name_list

NAME = "designation"
KINDS = ("designated",)

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
            reads=("units.kind",)),
    Setting("keep_share", "share", 0.8, "保持现有关系比例", "share of the pairs in force that stays",
            reads=("relations.since", "relations.until")),
    Setting("distance_max_km", "number", "off", "距离上限", "distance at most", unit="km", minimum=0,
            reads=("regions.lon", "regions.lat")),
    Setting("deep_poverty_strength", "share", 0.5, "深度贫困县的单位实力下限", "strength that a deep-poverty county's unit needs",
            reads=("units.strength", "region_tags.tag"),
            note_zh="至少一个单位达到", note_en="at least one of its units reaches it"),
    Setting("deep_poverty_tag", "text", "deep_poverty", "深度贫困标签", "tag of deep poverty", rule=False),
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
    Setting("pins", "texts", "off", "指定", "pinned pairs", never_relax=False, note_zh="帮扶方>受扶方", note_en="supporter>recipient"),
    Setting("bans", "texts", "off", "禁止", "forbidden pairs"),
)  # fmt: skip


@dataclass(frozen=True)
class Built:
    """Arrays of the model and what is needed to read the answer."""

    pairs: Pairs
    model: ChoiceModel
    network: Network

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """What the clashing rows of a rule stand for: counties or units by name."""
        mine = np.flatnonzero(np.concatenate(self.model.row_rule) == self.model.rules.index(rule))
        hit = np.flatnonzero(np.isin(mine, rows))
        side = {"units_per_county": self.pairs.recipients, "unit_capacity": self.pairs.supporters,
                 "counties_per_unit": self.pairs.supporters}.get(rule)  # fmt: skip
        if side is None or not hit.size:
            return Text("", "")
        named = name_list(self.network, [side[i] for i in hit.tolist()])
        return Text(named, named)


def eligible_pairs(context: Context) -> Pairs:
    """Every unit with every recipient county, with costs; or the listed pairs under own scores."""
    if context.policy["objective"] == "scores":
        return pairing.scored_pairs(context, NAME)
    return computed_pairs(context, recipient_counties(context))


def recipient_counties(context: Context) -> list[str]:
    """Counties that are to have a unit: those with the tag, and those that have one now if so set."""
    found = set(context.network.tagged(str(context.policy["recipients_tag"])))
    if context.policy["include_in_force"]:
        found |= set(pairing.pairs_in_force(context, KINDS)["recipient"].to_list())
    return sorted(found)


def computed_pairs(context: Context, counties: list[str]) -> Pairs:
    """All pairs of units and ``counties`` with the terms of their cost."""
    network, policy = context.network, context.policy
    units = network.frame("units").filter(pl.col("kind") != "military").sort("id")
    units = units.filter(pl.col("id").is_in(_designated_units(context)))
    ids = units["id"].to_list()
    n, m = len(ids), len(counties)
    km = distances_km(coordinates(network, ids), coordinates(network, counties))
    miss = 1.0 - match_profiles(context, units["profile"].to_list(), counties)
    weak = 1.0 - units["strength"].fill_null(0.5).to_numpy()
    need = need_rank(context, counties)
    supporter, recipient = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    held = pairing.pairs_in_force(context, KINDS)
    in_force = pairing.mark_in_force(ids, counties, supporter, recipient, held)
    terms = {
        "distance": points(policy.weight("distance_weight") * km / 100).ravel(),
        "profile": points(policy.weight("profile_weight") * miss).ravel(),
        "need": points(policy.weight("need_weight") * weak[:, None] * need[None, :]).ravel(),
        "change": points(policy.weight("change_weight") * ~in_force),
    }
    cost = np.sum(list(terms.values()), axis=0)
    found = Pairs(ids, counties, supporter, recipient, cost, np.ones(n * m, dtype=np.int64), in_force, terms)
    allowed = np.ones(n * m, dtype=bool)
    if policy.on("distance_max_km"):
        allowed &= ~(km.ravel() > float(policy["distance_max_km"]))
    if policy.on("bans"):
        allowed &= ~found.positions(policy["bans"], "bans")
    return found.keep(allowed)


def _designated_units(context: Context) -> list[str]:
    """Units that take part: those that have a capacity, else all."""
    units = context.network.frame("units")
    able = units.filter(pl.col("capacity") > 0)
    return (able if able.height else units)["id"].to_list()


def build(context: Context) -> Built:
    """Columns: one per eligible pair. Rows: one rule after the other."""
    pairs = eligible_pairs(context)
    if context.policy["objective"] == "scores" and context.policy.on("bans"):
        pairs = pairs.keep(~pairs.positions(context.policy["bans"], "bans"))
    model = ChoiceModel()
    columns = model.columns(pairs.cost)
    _degrees(context, model, pairs, columns)
    _kinds(context, model, pairs, columns)
    _strength(context, model, pairs, columns)
    _continuity(context, model, pairs, columns)
    return Built(pairs, model, context.network)


def _degrees(context: Context, model: ChoiceModel, pairs: Pairs, columns: np.ndarray) -> None:
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    if policy.on("units_per_county"):
        low, high = policy["units_per_county"]
        pairing.degree_rows(model, "units_per_county", columns, pairs.recipient, m, (low, high))
    if policy.on("unit_capacity"):
        capacity = capacities(context, pairs.supporters)
        limits = (-INFINITY, capacity)
        pairing.degree_rows(model, "unit_capacity", columns, pairs.supporter, n, limits, pairs.load)
    if policy.on("counties_per_unit"):
        low, high = policy["counties_per_unit"]
        pairing.degree_rows(model, "counties_per_unit", columns, pairs.supporter, n, (low, high))


def capacities(context: Context, units: Sequence[str]) -> np.ndarray:
    """(n,) float64 capacity of each unit; infinite where none is given."""
    given = dict(context.network.frame("units").select("id", "capacity").iter_rows())
    return np.array([INFINITY if given.get(u) is None else given[u] for u in units], dtype=np.float64)


def _kinds(context: Context, model: ChoiceModel, pairs: Pairs, columns: np.ndarray) -> None:
    if not context.policy.on("same_kind_max"):
        return
    kind_of = dict(context.network.frame("units").select("id", "kind").iter_rows())
    kinds = sorted(set(kind_of.values()))
    kind = np.array([kinds.index(kind_of.get(u, kinds[0])) for u in pairs.supporters], dtype=np.int64)
    row = pairs.recipient * len(kinds) + kind[pairs.supporter]
    used, row = np.unique(row, return_inverse=True)
    model.rows(
        "same_kind_max", row, columns, 1.0, -INFINITY, float(context.policy["same_kind_max"]), len(used)
    )


def _strength(context: Context, model: ChoiceModel, pairs: Pairs, columns: np.ndarray) -> None:
    policy = context.policy
    if not policy.on("deep_poverty_strength"):
        return
    deep = set(context.network.tagged(str(policy["deep_poverty_tag"])))
    is_deep = np.array([c in deep for c in pairs.recipients])
    strength = dict(context.network.frame("units").select("id", "strength").iter_rows())
    strong = np.array(
        [(strength.get(u) or 0.0) >= float(policy["deep_poverty_strength"]) for u in pairs.supporters]
    )
    if not is_deep.any():
        return
    row_of = np.cumsum(is_deep) - 1
    entry = strong[pairs.supporter] & is_deep[pairs.recipient]
    row = row_of[pairs.recipient[entry]]
    model.rows("deep_poverty_strength", row, columns[entry], 1.0, 1.0, INFINITY, int(is_deep.sum()))


def _continuity(context: Context, model: ChoiceModel, pairs: Pairs, columns: np.ndarray) -> None:
    policy = context.policy
    if policy.on("keep_share") and pairs.in_force.any():
        least = np.ceil(float(policy["keep_share"]) * pairs.in_force.sum() - 1e-9)
        pairing.single_row(model, "keep_share", columns[pairs.in_force], float(least), INFINITY)
    if policy.on("pins"):
        pinned = columns[pairs.positions(policy["pins"], "pins")]
        model.rows("pins", np.arange(len(pinned)), pinned, 1.0, 1.0, 1.0, len(pinned))


@dataclass(frozen=True)
class Designation:
    """The stage `designation`; see the module's docstring."""

    name: str = NAME
    title: Text = Text("定点帮扶", "designated assistance")
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("regions", "units")
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """Capacity against demand, and counties that no unit may help."""
        pairs = eligible_pairs(context)
        policy, found = context.policy, []
        least = int(policy["units_per_county"][0]) if policy.on("units_per_county") else 0
        reach = np.bincount(pairs.recipient, minlength=len(pairs.recipients))
        alone = [pairs.recipients[i] for i in np.flatnonzero(reach < least)]
        if alone:
            found.append(clash(
                Text(f"{len(alone)} 个县可选单位不足 {least} 个：{name_list(context.network, alone)}",
                     f"{len(alone)} counties have fewer than {least} eligible units: {name_list(context.network, alone)}"),
                "units_per_county", "distance_max_km", "bans"))  # fmt: skip
        if policy.on("unit_capacity") and least and pairs.size:
            lightest = np.full(len(pairs.recipients), np.iinfo(np.int64).max)
            np.minimum.at(lightest, pairs.recipient, pairs.load)
            demand = least * int(lightest[reach > 0].sum())
            supply = capacities(context, pairs.supporters).sum()
            if supply < demand:
                n, m = len(pairs.supporters), len(pairs.recipients)
                found.append(clash(
                    Text(f"{n} 个单位的能力合计 {supply:g}，而 {m} 个县至少需要 {demand}",
                         f"the {n} units can carry {supply:g} in all, but the {m} counties need at least {demand}"),
                    "unit_capacity", "units_per_county"))  # fmt: skip
        return found

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """One integer model."""
        built = build(context)
        start = built.pairs.in_force.astype(np.float64) if built.pairs.in_force.any() else None
        task = Task("mip", built.model.arrays(start), limits.options(), NAME)
        return [task], built

    def answer(self, context: Context, built: Built, answers: Sequence[Answer]) -> Outcome:
        """Chosen pairs as a table."""
        return pairing.choice_outcome(NAME, built.pairs, answers[0], model=built.model)

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
        better: Any = "more" if context.policy["sense"] == "max" else "less"
        found = [
            Kpi("counties_covered", Text("有单位的县", "counties with a unit"), covered, "counties", "more"),
            Kpi("counties_uncovered", Text("没有单位的县", "counties without a unit"), len(wanted) - covered, "counties", "less"),
            Kpi("pairs", Text("结对数", "pairs"), pairs.height, "pairs"),
            Kpi("units_used", Text("参与单位", "units that take part"), pairs["supporter"].n_unique(), "units"),
            Kpi("cost", Text("总成本", "total cost"), round(total, 6), "points", better),
        ]  # fmt: skip
        if pairs.height:
            found.append(
                Kpi(
                    "cost_per_pair",
                    Text("每对成本", "cost per pair"),
                    round(total / pairs.height, 3),
                    "points",
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
        pairs = eligible_pairs(context)
        room = capacities(context, pairs.supporters) if context.policy.on("unit_capacity") else None
        return pairing.explain_pairs(context, NAME, pairs, tables["pairs"], keys, capacity=room)


def cheapest_first(pairs: Pairs, capacity: np.ndarray) -> np.ndarray:
    """Recipients in order, each to its cheapest supporter that still has room; (k,) numbers of pairs."""
    room = capacity.copy()
    order = np.lexsort((pairs.cost, pairs.recipient))
    chosen: list[int] = []
    last = -1
    for p in order.tolist():
        recipient, supporter = int(pairs.recipient[p]), int(pairs.supporter[p])
        if recipient != last and room[supporter] >= pairs.load[p]:
            chosen.append(p)
            room[supporter] -= pairs.load[p]
            last = recipient
    return np.array(chosen, dtype=np.int64)


READS: dict[str, tuple[str, ...]] = {
    "regions": ("code", "name", "level", "parent", "lon", "lat"),
    "region_tags": ("region", "tag", "since", "until"),
    "region_facts": ("region", "year", "measure", "value"),
    "units": ("id", "name", "kind", "home_region", "capacity", "strength", "profile"),
    "relations": ("kind", "supporter", "recipient", "since", "until"),
    "needs": ("region", "year", "programme", "amount"),
    "pair_scores": ("stage", "supporter", "recipient", "cost", "load"),
}
STAGE = Designation()
