"""Rows of the first model for the second: every pair of regions leaves enough counties for the county pairs inside it."""

from __future__ import annotations

import numpy as np

from planner.solve.choice import AHEAD, INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.pairing.members import Members, innermost, tagged_on
from planner.stages.pairing.region_loads import linked
from planner.stages.pairs import Pairs


def room_for_counties(
    context: Context, model: ChoiceModel, members: Members, pairs: Pairs, x: np.ndarray
) -> None:
    """z: the first model leaves the second enough counties on the supporters' side."""
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    own, theirs = county_counts(context, members)
    most = (own[pairs.supporter] * theirs[pairs.recipient]).astype(np.float64)
    z = model.columns(np.zeros(pairs.size, dtype=np.int64), 0.0, np.minimum(most, 1.0), integer=False)
    linked(model, looked_ahead(context, "county_pairs"), z, x, np.minimum(most, 1.0), at_most=True)
    if policy.on("county_partners_per_recipient"):
        least = float(policy["county_partners_per_recipient"][0]) * theirs
        scale = np.maximum(least, 1.0)
        value = most / scale[pairs.recipient]
        rule = looked_ahead(context, "county_partners_per_recipient")
        model.rows(rule, pairs.recipient, z, value, least / scale, INFINITY, m)
    if policy.on("county_partners_per_supporter"):
        limit = float(policy["county_partners_per_supporter"][1]) * own
        scale = np.maximum(limit, 1.0)
        value = most / scale[pairs.supporter]
        rule = looked_ahead(context, "county_partners_per_supporter")
        model.rows(rule, pairs.supporter, z, value, -INFINITY, limit / scale, n)


def county_counts(context: Context, members: Members) -> tuple[np.ndarray, np.ndarray]:
    """How many supporting counties each supporter has (n,), and recipient counties each recipient (m,)."""
    s, r = county_sides(context, members)
    return (
        np.array([len(s[c]) for c in members.supporters], dtype=np.int64),
        np.array([len(r[c]) for c in members.recipients], dtype=np.int64),
    )


def county_sides(context: Context, members: Members) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Counties of each supporter and each recipient; a county belongs to the most specific one that holds it.

    A supporter without counties (Dongguan, Zhongshan) stands for itself; a recipient that is itself a county
    is paired by the first model and needs no county pair. Found once for a context.
    """
    return context.once("pairing.county_sides", lambda: _county_sides(context, members))


def _county_sides(context: Context, members: Members) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    network, level = context.network, str(context.policy["county_level"])
    poor = set(tagged_on(context, str(context.policy["county_tag"])))
    supporting: dict[str, list[str]] = {c: [] for c in members.supporters}
    receiving: dict[str, list[str]] = {c: [] for c in members.recipients}
    s_listed, r_listed = set(members.supporters), set(members.recipients)
    for code in sorted(c for c, at in network.level_of.items() if at == level):
        if code in poor:
            if code not in r_listed and (r := innermost(network, code, r_listed)) is not None:
                receiving[r].append(code)
        elif (s := innermost(network, code, s_listed)) is not None:
            supporting[s].append(code)
    for code in members.supporters:
        here = network.level_of[code] == level
        if not here and not any(network.level_of[c] == level for c in network.descendants(code)):
            supporting[code].append(code)
    return supporting, receiving


def looked_ahead(context: Context, rule: str) -> str:
    """What rows of the first model are called that look ahead at a rule of the second, which tells itself what is broken."""
    return rule + AHEAD if context.elastic else rule
