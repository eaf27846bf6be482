"""The rules of `designation` as rows of a choice model, each row with what it stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from graph.language import Text
from graph.network import Network
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages import pairs as pairing
from planner.stages.designation_pairs import (
    all_pairs,
    capacities,
    deep_counties,
    eligible_pairs,
    excluded,
    keep_of,
    kinds,
    strong_units,
    unit_room,
)
from planner.stages.keeping import Keep, hold_rows, places_of
from planner.stages.pairs import Pairs
from planner.stages.room import Room, rows_hit
from planner.stages.words import name_list


@dataclass(frozen=True)
class Built:
    """Arrays of the model and what is needed to read the answer.

    Parameters
    ----------
    pairs : Pairs
        The eligible pairs: the model's first columns.
    model : ChoiceModel
        Columns and rows.
    network : Network
        For names.
    stands_for : dict of str to list of str
        Rule → what each of its rows is about: a county, a unit, a pair.
    room : Room
        Capacities and loads.
    keep : Keep or None
        What a published plan asks.
    """

    pairs: Pairs
    model: ChoiceModel
    network: Network
    room: Room
    stands_for: dict[str, list[str]] = field(default_factory=dict)
    keep: Keep | None = None

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """What the clashing rows of a rule stand for: counties, units or pairs by name."""
        hit = rows_hit(self.model.rules, np.concatenate(self.model.row_rule), rule, rows)
        if rule == "unit_capacity":
            return self.room.told(hit)
        if rule == "units_per_county" and self.capped:
            return self.room.weights(hit)
        if rule not in self.stands_for:
            return Text("", "") if self.keep is None else places_of(self.keep, self.network, rule)
        every = self.stands_for[rule]
        named = name_list(self.network, [every[i] for i in hit] or every)
        return named

    @property
    def capped(self) -> bool:
        """Whether loads are held against capacities."""
        return "unit_capacity" in self.model.rules


def build(context: Context) -> Built:
    """Columns: one per eligible pair. Rows: one rule after the other."""
    pairs = all_pairs(context) if context.elastic else eligible_pairs(context)
    model = ChoiceModel(named=context.elastic)
    columns = model.columns(pairs.cost)
    built = Built(pairs, model, context.network, unit_room(context, pairs), keep=keep_of(context, pairs))
    _degrees(context, built, columns)
    _kinds(context, built, columns)
    _strength(context, built, columns)
    _continuity(context, built, columns)
    if built.keep is not None:
        hold_rows(model, built.keep, columns)
    if context.elastic:
        _excluded(context, built, columns)
    return built


def _degrees(context: Context, built: Built, columns: np.ndarray) -> None:
    policy, pairs, model = context.policy, built.pairs, built.model
    n, m = len(pairs.supporters), len(pairs.recipients)
    if policy.on("units_per_county"):
        low, high = policy["units_per_county"]
        pairing.degree_rows(
            model, "units_per_county", columns, pairs.recipient, m, (low, high), about=pairs.recipients
        )
        built.stands_for["units_per_county"] = pairs.recipients
    if policy.on("unit_capacity"):
        limits = (-INFINITY, capacities(context, pairs.supporters))
        pairing.degree_rows(
            model, "unit_capacity", columns, pairs.supporter, n, limits, pairs.load, pairs.supporters
        )
        built.stands_for["unit_capacity"] = pairs.supporters
    if policy.on("counties_per_unit"):
        low, high = policy["counties_per_unit"]
        pairing.degree_rows(
            model, "counties_per_unit", columns, pairs.supporter, n, (low, high), about=pairs.supporters
        )
        built.stands_for["counties_per_unit"] = pairs.supporters


def _kinds(context: Context, built: Built, columns: np.ndarray) -> None:
    if not context.policy.on("same_kind_max"):
        return
    pairs = built.pairs
    kind_of = kinds(context, pairs.supporters)
    known = sorted(set(kind_of) - {""})
    number = np.array([known.index(k) if k else -1 for k in kind_of], dtype=np.int64)
    limited = np.flatnonzero(number[pairs.supporter] >= 0)
    code = pairs.recipient[limited] * max(1, len(known)) + number[pairs.supporter[limited]]
    used, row = np.unique(code, return_inverse=True)
    most = float(context.policy["same_kind_max"])
    about = [f"{pairs.recipients[c // len(known)]}>{known[c % len(known)]}" for c in used.tolist()]
    built.model.rows("same_kind_max", row, columns[limited], 1.0, -INFINITY, most, len(used), about)
    built.stands_for["same_kind_max"] = [
        f"{context.network.label(pairs.recipients[c // len(known)])} ({known[c % len(known)]})"
        for c in used.tolist()
    ]


def _strength(context: Context, built: Built, columns: np.ndarray) -> None:
    if not context.policy.on("deep_poverty_strength"):
        return
    pairs = built.pairs
    is_deep = deep_counties(context, pairs.recipients)
    if not is_deep.any():
        return
    strong = strong_units(context, pairs.supporters)
    entry = strong[pairs.supporter] & is_deep[pairs.recipient]
    row = (np.cumsum(is_deep) - 1)[pairs.recipient[entry]]
    deep = [pairs.recipients[i] for i in np.flatnonzero(is_deep)]
    built.model.rows("deep_poverty_strength", row, columns[entry], 1.0, 1.0, INFINITY, len(deep), deep)
    built.stands_for["deep_poverty_strength"] = deep


def _continuity(context: Context, built: Built, columns: np.ndarray) -> None:
    policy, pairs, label = context.policy, built.pairs, context.network.label
    could_stay = pairs.in_force.copy()
    for mask in excluded(context, pairs).values() if context.elastic else ():
        could_stay &= ~mask
    if context.what_if is not None and context.what_if.banned:
        could_stay &= ~pairs.positions([">".join(pair) for pair in context.what_if.banned], "bans")
    if policy.on("keep_share") and could_stay.any():
        least = np.ceil(float(policy["keep_share"]) * could_stay.sum() - 1e-9)
        pairing.single_row(built.model, "keep_share", columns[could_stay], float(least), INFINITY)
        held = f"{int(least)} / {int(could_stay.sum())}"
        built.stands_for["keep_share"] = [held]
    if policy.on("pins"):
        named = np.flatnonzero(pairs.positions(policy["pins"], "pins"))
        rows = np.arange(len(named))
        built.model.rows("pins", rows, columns[named], 1.0, 1.0, 1.0, len(named), pairs.ids(named))
        built.stands_for["pins"] = [
            f"{label(pairs.supporters[pairs.supporter[p]])} → {label(pairs.recipients[pairs.recipient[p]])}"
            for p in named.tolist()
        ]


def _excluded(context: Context, built: Built, columns: np.ndarray) -> None:
    """A row for each pair that a rule excludes: it may be chosen where promises are broken, and counts as one."""
    for rule, mask in excluded(context, built.pairs).items():
        shut = np.flatnonzero(mask)
        about = built.pairs.ids(shut)
        built.model.rows(rule, np.arange(len(shut)), columns[shut], 1.0, -INFINITY, 0.0, len(shut), about)
