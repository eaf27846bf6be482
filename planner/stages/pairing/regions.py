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
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages import pairs as eligible
from planner.stages.keeping import Keep, merged, places_of
from planner.stages.keeping_pairs import priced
from planner.stages.pairing.against import CountyPlan, keep_counties, keep_regions, region_rows
from planner.stages.pairing.costs import pair_terms
from planner.stages.pairing.county_room import county_sides, looked_ahead, room_for_counties
from planner.stages.pairing.members import (
    Members,
    decided_kinds,
    find_members,
    innermost,
    reached_by_counterpart,
    relations_in_force,
    tagged_on,
    ways_to_cover,
)
from planner.stages.pairing.region_loads import divide_among_partners
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
        return tight_places(
            self.context, self.members, self.pairs, rule, hit, None if self.keep is None else self.keep.shut()
        )


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
        parts = divide_among_partners(context, model, members, pairs, x, exact)
        if policy.on("county_pairs"):
            room_for_counties(context, model, members, pairs, x)
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
