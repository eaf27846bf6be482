"""First model: regions with regions.

For supporter s and recipient r: ``x[s,r] ∈ {0,1}`` whether they are paired, ``y[s,r]`` how many of r's poor people
s takes on (as a share of them), ``z[s,r]`` how many county pairs the second model may make inside the pair (as a share of
all possible ones); minimise ``Σ cost·x``. With x fixed, y and z are flows between whole numbers: what shares can
do, whole persons and whole pairs can, up to the solver's tolerance; ``exact`` takes whole persons at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from graph.language import Text
from planner.published import CHANGES_MAX, FROZEN
from planner.solve.choice import AHEAD, INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages import pairs as eligible
from planner.stages.keeping import Keep, merged, places_of
from planner.stages.keeping_pairs import priced
from planner.stages.pairing.against import CountyPlan, keep_counties, keep_regions, region_rows
from planner.stages.pairing.costs import pair_terms
from planner.stages.pairing.members import (
    Members,
    decided_kinds,
    fair_caps,
    find_members,
    innermost,
    reached_by_counterpart,
    relations_in_force,
    tagged_on,
    ways_to_cover,
)
from planner.stages.pairing.settings import NAME
from planner.stages.pairing.tight import tight_places
from planner.stages.pairs import Pairs
from planner.stages.room import rows_hit


@dataclass(frozen=True)
class RegionModel:
    """Arrays of the first model.

    Parameters
    ----------
    members : Members
        Both sides.
    pairs : Pairs
        Eligible pairs; ``pairs.load`` is the recipient's whole load.
    model : ChoiceModel
        Columns x, then y, then z, each (n,).
    context : Context
        What the stage sees, for names.
    parts : ndarray
        (n,) int64 columns y; empty under own scores.
    keep : Keep or None
        What a published plan asks of the region pairs.
    """

    members: Members
    pairs: Pairs
    model: ChoiceModel
    context: Context
    parts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    keep: Keep | None = None

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """Names and numbers of a rule in a clash; see :func:`~planner.stages.pairing.tight.tight_places`."""
        hit = rows_hit(self.model.rules, np.concatenate(self.model.row_rule), rule, rows)
        if self.keep is not None and rule in (CHANGES_MAX, FROZEN):
            return places_of(self.keep, self.context.network, rule)
        return tight_places(self.context, self.members, self.pairs, rule, hit)


def region_pairs(context: Context, members: Members) -> Pairs:
    """Every supporter with every recipient outside itself, with the terms of the cost."""
    n, m = len(members.supporters), len(members.recipients)
    supporter, recipient = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    held = relations_in_force(context, decided_kinds(context)).select("supporter", "recipient").unique()
    in_force = eligible.mark_in_force(members.supporters, members.recipients, supporter, recipient, held)
    grid = pair_terms(context, members.supporters, members.recipients, in_force.reshape(n, m))
    terms = {k: v.ravel() for k, v in grid.items()}
    cost = np.sum(list(terms.values()), axis=0)
    load = members.poor[recipient]
    found = Pairs(members.supporters, members.recipients, supporter, recipient, cost, load, in_force, terms)
    return found.keep(_apart(context, members))


def _apart(context: Context, members: Members) -> np.ndarray:
    """(n·m,) bool: neither contains the other."""
    up = context.network.ancestors
    above_s = {s: {s, *up(s)} for s in members.supporters}
    above_r = {r: {r, *up(r)} for r in members.recipients}
    return np.array(
        [r not in above_s[s] and s not in above_r[r] for s in members.supporters for r in members.recipients],
        dtype=bool,
    )


def eligible_regions(context: Context) -> tuple[Members, Pairs]:
    """Both sides and the pairs that may be chosen; under own scores the listed ones."""
    if context.policy["objective"] == "scores":
        pairs = eligible.scored_pairs(context, NAME)
        members = Members(
            pairs.supporters, pairs.recipients, np.ones(len(pairs.supporters)), np.zeros(0, dtype=np.int64)
        )
    else:
        members = find_members(context)
        pairs = region_pairs(context, members)
    banned = set()
    if context.policy.on("bans") and not context.elastic:
        shut = pairs.positions(context.policy["bans"], "bans")
        banned, pairs = pairs.keep(shut).named(), pairs.keep(~shut)
    return members, priced(pairs, keep_regions(context, pairs, banned))


def build_regions(context: Context, exact: bool = False) -> RegionModel:
    """Columns and rows of the first model; under own scores the plain assignment of the listed pairs.

    ``exact``: y counts whole persons instead of shares (much slower; needed only at the edge of a tolerance).
    """
    policy = context.policy
    members, pairs = eligible_regions(context)
    model = ChoiceModel(named=context.elastic)
    x = model.columns(pairs.cost)
    _degrees(context, model, pairs, x)
    _continuity(context, model, pairs, x)
    parts = np.zeros(0, dtype=np.int64)
    if policy["objective"] != "scores":
        _prefectures(context, model, pairs, x)
        parts = _loads(context, model, members, pairs, x, exact)
        if policy.on("county_pairs"):
            _room_for_counties(context, model, members, pairs, x)
    keep = keep_regions(context, pairs, set())
    if keep is not None:
        counties = keep_inside(context, members, pairs)
        region_rows(model, x, keep, counties, _needy(context, members))
        if not context.policy.on("county_pairs"):
            keep = replace(keep, lost=merged(keep.lost, counties.lost))
    if context.elastic and policy.on("bans"):
        shut = np.flatnonzero(pairs.positions(policy["bans"], "bans"))
        model.rows("bans", np.arange(len(shut)), x[shut], 1.0, -INFINITY, 0.0, len(shut), pairs.ids(shut))
    return RegionModel(members, pairs, model, context, parts, keep)


def keep_inside(context: Context, members: Members, pairs: Pairs) -> CountyPlan:
    """Published county pairs that can be chosen again; found once for a context."""

    def find() -> CountyPlan:
        scored = context.policy["objective"] == "scores"
        sides: tuple[dict[str, list[str]], ...] = ({}, {}) if scored else county_sides(context, members)
        return keep_counties(context, pairs, sides)

    return context.once("pairing.keep_inside", find)


def _needy(context: Context, members: Members) -> dict[str, int]:
    """Recipient counties that have a partner in every plan → how many at least."""
    policy, least = context.policy, context.policy["county_partners_per_recipient"]
    if policy["objective"] == "scores" or not policy.on("county_pairs") or least is None or not least[0]:
        return {}
    partners = policy["partners_per_recipient"]
    if not policy.on("cover_recipients") and (partners is None or not partners[0]):
        return {}
    receiving = county_sides(context, members)[1]
    return {county: int(least[0]) for counties in receiving.values() for county in counties}


def _degrees(context: Context, model: ChoiceModel, pairs: Pairs, x: np.ndarray) -> None:
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    if policy.on("cover_recipients"):
        eligible.degree_rows(
            model, "cover_recipients", x, pairs.recipient, m, (1.0, INFINITY), about=pairs.recipients
        )
    if policy.on("partners_per_recipient"):
        low, high = policy["partners_per_recipient"]
        eligible.degree_rows(
            model, "partners_per_recipient", x, pairs.recipient, m, (low, high), about=pairs.recipients
        )
    if policy.on("partners_per_supporter"):
        low, high = policy["partners_per_supporter"]
        eligible.degree_rows(
            model, "partners_per_supporter", x, pairs.supporter, n, (low, high), about=pairs.supporters
        )
    if policy.on("supporter_capacity") and policy["objective"] == "scores":
        limits = (-INFINITY, capacities(context, pairs.supporters))
        eligible.degree_rows(
            model, "supporter_capacity", x, pairs.supporter, n, limits, pairs.load, pairs.supporters
        )


def capacities(context: Context, supporters: list[str]) -> np.ndarray:
    """(n,) float64 ``units.capacity`` of supporters under own scores; infinite where none is given."""
    given = dict(context.network.frame("units").select("id", "capacity").iter_rows())
    return np.array([INFINITY if given.get(s) is None else given[s] for s in supporters], dtype=np.float64)


def _continuity(context: Context, model: ChoiceModel, pairs: Pairs, x: np.ndarray) -> None:
    policy = context.policy
    if policy["changes_max"] is not None:
        sign, columns = np.where(pairs.in_force, -1.0, 1.0), x
        most, ended = (
            float(policy["changes_max"]),
            dropped_anyway(context, pairs) + float(pairs.in_force.sum()),
        )
        if context.elastic:  # as a column, so that the row counts changes as people do
            known = np.array([ended])
            columns = np.append(x, model.columns(np.zeros(1, dtype=np.int64), known, known))
            sign, ended = np.append(sign, 1.0), 0.0
        eligible.single_row(model, "changes_max", columns, -INFINITY, most - ended, sign)
    if policy.on("pins"):
        named = np.flatnonzero(pairs.positions(policy["pins"], "pins"))
        model.rows("pins", np.arange(len(named)), x[named], 1.0, 1.0, 1.0, len(named), pairs.ids(named))
    if policy.on("county_pins") and policy["objective"] != "scores":
        _parents_of_pins(context, model, pairs, x)


def dropped_anyway(context: Context, pairs: Pairs) -> int:
    """Pairs in force that are not eligible now: each is a change that no choice can avoid."""
    if context.policy["objective"] == "scores":
        return 0
    held = (
        relations_in_force(context, decided_kinds(context)).select("supporter", "recipient").unique().height
    )
    return held - int(pairs.in_force.sum())


def _parents_of_pins(context: Context, model: ChoiceModel, pairs: Pairs, x: np.ndarray) -> None:
    """A pinned county pair needs its parents' pair."""
    parents = []
    for item in context.policy["county_pins"]:
        ends = [p.strip() for p in item.split(">")]
        s = innermost(context.network, ends[0], pairs.supporters)
        r = innermost(context.network, ends[-1], pairs.recipients)
        parents.append(f"{s}>{r}")
    pinned = x[pairs.positions(parents, "county_pins")]
    rule = looked_ahead(context, "county_pins")
    model.rows(rule, np.arange(len(pinned)), pinned, 1.0, 1.0, 1.0, len(pinned))


def looked_ahead(context: Context, rule: str) -> str:
    """What rows of the first model are called that look ahead at a rule of the second, which tells itself what is broken."""
    return rule + AHEAD if context.elastic else rule


def _prefectures(context: Context, model: ChoiceModel, pairs: Pairs, x: np.ndarray) -> None:
    """Each autonomous prefecture that counterpart support does not reach: a pair of its own, of one above, or of each county."""
    if not context.policy.on("cover_ethnic"):
        return
    number = {r: i for i, r in enumerate(pairs.recipients)}
    groups = [g for c in ethnic_to_cover(context) for g in ways_to_cover(context, c, number) or [[]]]
    row, column = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for k, group in enumerate(groups):
        columns = x[np.isin(pairs.recipient, [number[c] for c in group])]
        row.append(np.full(len(columns), k))
        column.append(columns)
    model.rows("cover_ethnic", np.concatenate(row), np.concatenate(column), 1.0, 1.0, INFINITY, len(groups))


def ethnic_to_cover(context: Context) -> list[str]:
    """Autonomous prefectures that need a pair: those that counterpart support does not reach."""
    tagged = tagged_on(context, str(context.policy["ethnic_tag"]))
    return [c for c in tagged if c in context.network.parents and not reached_by_counterpart(context, c)]


def _loads(
    context: Context, model: ChoiceModel, members: Members, pairs: Pairs, x: np.ndarray, exact: bool
) -> np.ndarray:
    """y: a recipient's poor people are divided among its partners; a supporter takes at most its fair share. Returns y."""
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    whole = pairs.load.astype(np.float64)
    unit = np.ones(pairs.size) if exact else np.maximum(whole, 1.0)  # persons that y = 1 stands for
    y = model.columns(np.zeros(pairs.size, dtype=np.int64), 0.0, whole / unit, integer=exact)
    parts = _division_rule(context)
    _linked(model, parts, y, x, whole / unit, at_most=True)
    reached = np.bincount(pairs.recipient, minlength=m) > 0
    poor = np.where(reached, members.poor, 0).astype(np.float64)
    per = np.ones(m) if exact else np.maximum(poor, 1.0)
    share = unit / per[pairs.recipient]
    divided = "least_part" if policy["least_part"] is not None and not context.elastic else parts
    model.rows(divided, pairs.recipient, y, share, -INFINITY, poor / per, m)
    if policy.on("cover_recipients") and not context.elastic:
        model.rows("cover_recipients", pairs.recipient, y, share, poor / per, INFINITY, m)
    else:
        _whole_load(model, parts, pairs, x, y, unit)
    if policy["fair_load_tolerance"] is not None:
        caps = fair_caps(context, members)
        scale = np.ones(n) if exact else np.maximum(caps, 1.0)
        model.rows(
            "fair_load_tolerance",
            pairs.supporter,
            y,
            unit / scale[pairs.supporter],
            -INFINITY,
            caps / scale,
            n,
            pairs.supporters,
        )
    if policy["least_part"] is not None:
        least = np.ceil(float(policy["least_part"]) * whole - 1e-9)
        _linked(model, "least_part", y, x, least / unit, at_most=False)
    return y


def _linked(
    model: ChoiceModel, rule: str, y: np.ndarray, x: np.ndarray, factor: np.ndarray, *, at_most: bool
) -> None:
    """``y ≤ factor·x`` or ``y ≥ factor·x``, pair by pair."""
    lower, upper = (-INFINITY, 0.0) if at_most else (0.0, INFINITY)
    values = np.concatenate([np.ones(len(y)), -factor])
    model.rows(rule, np.tile(np.arange(len(y)), 2), np.concatenate([y, x]), values, lower, upper, len(y))


def _division_rule(context: Context) -> str:
    """The rule for whose sake loads are divided: the one that a clash about their parts is about."""
    for rule in ("fair_load_tolerance", "least_part"):
        if context.policy[rule] is not None and not context.elastic:
            return rule
    return "parts"  # then any division does, and no clash needs these rows


def _whole_load(
    model: ChoiceModel, rule: str, pairs: Pairs, x: np.ndarray, y: np.ndarray, unit: np.ndarray
) -> None:
    """A paired recipient's poor people are all taken on: ``Σ_s y[s,r] ≥ poor(r)·x[t,r]`` for each partner t."""
    order = np.argsort(pairs.recipient, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(pairs.recipient))[:-1]) if pairs.size else []
    row = np.concatenate([np.zeros(0, dtype=np.int64), *[np.repeat(g, len(g)) for g in groups]])
    other = np.concatenate([np.zeros(0, dtype=np.int64), *[np.tile(g, len(g)) for g in groups]])
    values = np.concatenate([np.ones(len(other)), -(pairs.load / unit)])
    rows = np.concatenate([row, np.arange(pairs.size)])
    model.rows(rule, rows, np.concatenate([y[other], x]), values, 0.0, INFINITY, pairs.size)


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
    is paired by the first model and needs no county pair.
    """
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


def _room_for_counties(
    context: Context, model: ChoiceModel, members: Members, pairs: Pairs, x: np.ndarray
) -> None:
    """z: the first model leaves the second enough counties on the supporters' side."""
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    own, theirs = county_counts(context, members)
    most = (own[pairs.supporter] * theirs[pairs.recipient]).astype(np.float64)
    z = model.columns(np.zeros(pairs.size, dtype=np.int64), 0.0, np.minimum(most, 1.0), integer=False)
    _linked(model, looked_ahead(context, "county_pairs"), z, x, np.minimum(most, 1.0), at_most=True)
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
