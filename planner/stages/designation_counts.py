"""What cannot hold in `designation`, found by counting before any solver."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.language import Text, several
from graph.titles import counties_with
from planner.stage import Context
from planner.stages.designation_pairs import (
    COUNTY,
    UNIT,
    all_pairs,
    capacities,
    deep_counties,
    eligible_pairs,
    excluded,
    kinds,
    strong_units,
    unit_room,
)
from planner.stages.pairs import Pairs
from planner.stages.words import clash, name_list


def count_clashes(context: Context) -> list[Text]:
    """Pins against the other rules; counties that too few may help; capacity against demand."""
    pinned = [*_pins_excluded(context)]
    if pinned:
        return pinned
    pairs = eligible_pairs(context)
    checks = (_pins_too_many, _alone, _capacity, _shares, _deep)
    return [found for check in checks for found in check(context, pairs)]


def _pins_excluded(context: Context) -> Iterator[Text]:
    if not context.policy.on("pins"):
        return
    pairs = all_pairs(context)
    pinned = pairs.positions(context.policy["pins"], "pins")
    most = context.policy.weight("distance_max_km")
    for rule, mask in excluded(context, pairs).items():
        both = np.flatnonzero(pinned & mask)
        if both.size:
            named = _pair_list(context, pairs, both)
            how = {
                "bans": Text(f"同时被指定和禁止：{named.zh}", f"both pinned and forbidden: {named.en}"),
                "distance_max_km": Text(
                    f"被指定，却超过 {most:g} 公里：{named.zh}",
                    f"pinned, but more than {most:g} km apart: {named.en}",
                ),
            }[rule]
            yield clash(how, "pins", rule)


def _pins_too_many(context: Context, pairs: Pairs) -> Iterator[Text]:
    policy, network = context.policy, context.network
    if not policy.on("pins"):
        return
    pinned = np.flatnonzero(pairs.positions(policy["pins"], "pins"))
    supporter, recipient = pairs.supporter[pinned], pairs.recipient[pinned]
    if policy.on("unit_capacity"):
        load = np.bincount(supporter, pairs.load[pinned], len(pairs.supporters))
        room = capacities(context, pairs.supporters)
        for i in np.flatnonzero(load > room).tolist():
            unit = network.label(pairs.supporters[i])
            yield clash(
                Text(f"{unit} 的能力为 {room[i]:g}，而指定的组合需要 {load[i]:g}",
                     f"{unit} can carry {room[i]:g}, but its pinned pairs need {load[i]:g}"),
                "pins", "unit_capacity")  # fmt: skip
    sides = (
        ("units_per_county", recipient, pairs.recipients),
        ("counties_per_unit", supporter, pairs.supporters),
    )
    for rule, side, ids in sides:
        if policy.on(rule):
            number = np.bincount(side, minlength=len(ids))
            for i in np.flatnonzero(number > policy[rule][1]).tolist():
                who, most = network.label(ids[i]), policy[rule][1]
                yield clash(
                    Text(f"{who} 被指定 {number[i]} 对，至多 {most} 对",
                         f"{who} has {number[i]} pinned pairs, at most {most} are allowed"),
                    "pins", rule)  # fmt: skip
    if policy.on("same_kind_max"):
        yield from _pins_of_a_kind(context, pairs, supporter, recipient)


def _pins_of_a_kind(
    context: Context, pairs: Pairs, supporter: np.ndarray, recipient: np.ndarray
) -> Iterator[Text]:
    most, kind_of = int(context.policy["same_kind_max"]), kinds(context, pairs.supporters)
    number: dict[tuple[int, str], int] = {}
    for s, r in zip(supporter.tolist(), recipient.tolist(), strict=True):
        number[r, kind_of[s]] = number.get((r, kind_of[s]), 0) + 1
    for (r, kind), many in sorted(number.items()):
        if kind and many > most:
            county = context.network.label(pairs.recipients[r])
            yield clash(
                Text(f"{county} 被指定 {many} 个 {kind} 类单位，至多 {most} 个",
                     f"{county} has {many} pinned units of kind {kind}, at most {most} are allowed"),
                "pins", "same_kind_max")  # fmt: skip


def _alone(context: Context, pairs: Pairs) -> Iterator[Text]:
    """Counties that fewer units may help than must."""
    least = least_units(context)
    reach = np.bincount(pairs.recipient, minlength=len(pairs.recipients))
    alone = [pairs.recipients[i] for i in np.flatnonzero(reach < least)]
    if alone:
        named = name_list(context.network, alone)
        yield clash(
            Text(f"{len(alone)} 个县可选单位不足 {least} 个：{named.zh}",
                 f"{COUNTY.count(len(alone))} with fewer than {UNIT.count(least)} to choose from: {named.en}"),
            "units_per_county", "distance_max_km", "bans")  # fmt: skip


def _capacity(context: Context, pairs: Pairs) -> Iterator[Text]:
    """Counties too heavy for every unit; the units' capacity against the lightest load that each county can be."""
    if context.policy.on("unit_capacity"):
        for told in unit_room(context, pairs).clashes():
            yield clash(told, "unit_capacity", "units_per_county")


def _shares(context: Context, pairs: Pairs) -> Iterator[Text]:
    """Numbers of pairs as the counties and as the units count them."""
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    if not (policy.on("units_per_county") and policy.on("counties_per_unit")):
        return
    county, unit = policy["units_per_county"], policy["counties_per_unit"]
    if n * unit[1] < m * county[0]:
        yield clash(
            Text(f"{n} 个单位至多各帮 {unit[1]} 个县，而 {m} 个县至少需要 {m * county[0]} 对",
                 f"{UNIT.count(n)} may help {COUNTY.count(unit[1])} each, but the {COUNTY.count(m)} need at least {several(m * county[0], 'pair')}"),
            "counties_per_unit", "units_per_county")  # fmt: skip
    if n * unit[0] > m * county[1]:
        yield clash(
            Text(f"{n} 个单位至少各帮 {unit[0]} 个县，而 {m} 个县至多容纳 {m * county[1]} 对",
                 f"{UNIT.count(n)} must help {COUNTY.count(unit[0])} each, but the {COUNTY.count(m)} take at most {several(m * county[1], 'pair')}"),
            "counties_per_unit", "units_per_county")  # fmt: skip


def _deep(context: Context, pairs: Pairs) -> Iterator[Text]:
    """Deep-poverty counties that no strong unit may help."""
    if not context.policy.on("deep_poverty_strength"):
        return
    least = context.policy["deep_poverty_strength"]
    strong = strong_units(context, pairs.supporters)[pairs.supporter]
    reach = np.bincount(pairs.recipient, strong, len(pairs.recipients))
    weak = np.flatnonzero(deep_counties(context, pairs.recipients) & (reach < 1))
    if weak.size:
        named = name_list(context.network, [pairs.recipients[i] for i in weak.tolist()])
        first = counties_with(str(context.policy["deep_poverty_tag"]))
        yield clash(
            Text(f"{weak.size} 个{first.zh}没有实力达到 {least} 的可选单位：{named.zh}",
                 f"{several(weak.size, first.one, first.many)} without an eligible unit of strength {least}: {named.en}"),
            "deep_poverty_strength", "distance_max_km", "bans")  # fmt: skip


def least_units(context: Context) -> int:
    """How many units each county must have."""
    return int(context.policy["units_per_county"][0]) if context.policy.on("units_per_county") else 0


def _pair_list(context: Context, pairs: Pairs, numbers: np.ndarray) -> Text:
    label = context.network.label
    named = [
        f"{label(pairs.supporters[pairs.supporter[p]])} > {label(pairs.recipients[pairs.recipient[p]])}"
        for p in numbers.tolist()
    ]
    return Text("、".join(named), ", ".join(named))
