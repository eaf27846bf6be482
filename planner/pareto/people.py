"""Postings as columns: people of a class at a post, seats that stay open, villages that get people; rules as rows.

The stage itself is solved as a flow whose seats come before every cost (docs/stages/cadres.md). Here seats and terms of the cost are
aims of their own, so that the same rules stand in one integer model: classes × posts where somebody may go.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.errors import UsageError
from graph.language import several
from planner.cost import points
from planner.pareto.people_rows import (
    Columns,
    in_place_first_rows,
    in_term_columns,
    seats_rows,
    supply_rows,
    teams_rows,
)
from planner.solve.choice import ChoiceModel
from planner.stage import Context
from planner.stages.cadres.build import Model, left_seats, read_model
from planner.stages.cadres.costs import Costs
from planner.stages.cadres.hand_out import Flows, assign, let_go, postings_table
from planner.stages.cadres.settings import TEAM_RULES
from planner.stages.cadres.terms import term_parts

MOST_COLUMNS = 200_000
"""Pairs of a class and a post up to which a front of postings is looked for."""


def people_columns(context: Context) -> tuple[ChoiceModel, Columns, dict[str, np.ndarray]]:
    """The model, its first columns, and what each column adds to what may be an aim.

    Raises
    ------
    UsageError
        When rules on whole teams or households are in force, or there are more than :data:`MOST_COLUMNS` pairs.
    """
    found = read_model(context)
    seats = left_seats(found.posts, found.people)
    _one_piece(context, found)
    _small_enough(context, found, seats.sum(axis=0))
    columns = _columns(found, seats)
    model = ChoiceModel()
    x = model.columns(np.zeros(len(columns.slot), np.int64), upper=columns.most.astype(np.float64))
    open_seats = [model.columns(np.zeros(len(s), np.int64), upper=s.astype(np.float64)) for s in seats]
    supply_rows(found, model, columns, x)
    in_place_first_rows(found, model, columns, x)
    seats_rows(found, model, columns, seats, x, open_seats)
    sent = teams_rows(found, model, columns, seats, x, open_seats)
    stay, gone = in_term_columns(found, model, sent)
    return model, columns, _terms(context, found, columns, open_seats, (stay, gone), model.n_columns)


def people_table(context: Context, columns: Columns, x: np.ndarray) -> pl.DataFrame:
    """The table ``postings`` of a decision."""
    model = read_model(context)
    used = np.flatnonzero(x[: len(columns.slot)])
    flows = Flows(columns.of_class[used], columns.slot[used], x[used], columns.stays[used])
    slot, cost = assign(model, flows)
    let_go(model, slot, cost)
    return postings_table(model.people.table, model.posts.table, slot, cost)


def _one_piece(context: Context, model: Model) -> None:
    """Refuse what these rows do not hold."""
    if model.rules is not None:
        named = ", ".join(rule for rule in TEAM_RULES if context.policy.on(rule))
        raise UsageError(
            f"驻村选派的前沿不能与关于整支队伍或同一家庭的规则（{named}）同时求；请关闭它们",
            f"there is no front of postings under rules on whole teams or households ({named}); switch them off",
        )


def _small_enough(context: Context, model: Model, left: np.ndarray) -> None:
    """Refuse more pairs than :data:`MOST_COLUMNS`, telling how many there are and what to narrow.

    Parts that share no people are no way out: which sums of their points no plan dominates is known only when all points of all parts
    are, and a part may have thousands.
    """
    pairs = np.zeros(int(model.of_class.max(initial=-1)) + 1, np.int64)
    for c in np.flatnonzero(model.reach.group >= 0).tolist():
        near = model.reach.slots[model.reach.group[c]]
        pairs[model.of_class[c]] += int(_may(model, model.costs, c, near[left[near] > 0]).sum())
    if (total := int(pairs.sum())) <= MOST_COLUMNS:
        return
    parts, largest = int((pairs > 0).sum()), int(pairs.argmax())
    where = context.network.label(_top(model, largest))
    raise UsageError(
        f"驻村选派的前沿最多容纳 {MOST_COLUMNS:,} 个“类—岗位”组合，这里有 {total:,} 个，分属互不共用人的 {parts} 块；最大的一块（{where}）有 {int(pairs.max()):,} 个。"
        "请缩小范围：用 village_posts 只含一部分地区的场景（jiedui new 名称 --base 场景 --table village_posts），或 --set cadres.distance_max_km=公里",
        f"a front of postings takes {MOST_COLUMNS:,} pairs of a class and a post at most, and here are {total:,}, in {several(parts, 'part')} that share no "
        f"people; the largest ({where}) has {int(pairs.max()):,}. Narrow it: a scenario whose village_posts are those of a part of the regions "
        "(jiedui new NAME --base SCENARIO --table village_posts), or --set cadres.distance_max_km=KM",
    )


def _top(model: Model, part: int) -> str:
    """Code of the region above all others that a part's first village lies in."""
    posts, places = model.posts, model.places
    row = int(posts.villages[posts.village[np.flatnonzero(model.of_slot == part)[0]]])
    while places.parent[row] >= 0:
        row = int(places.parent[row])
    return str(places.codes[row])


def _columns(model: Model, seats: np.ndarray) -> Columns:
    """Who may newly go where, then who is in place where, as far as there are seats."""
    crowd, costs, reach = model.crowd, model.costs, model.reach
    left = seats.sum(axis=0)
    of_class, slot = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for c in np.flatnonzero(reach.group >= 0).tolist():
        near = reach.slots[reach.group[c]]
        near = near[left[near] > 0]
        near = near[_may(model, costs, c, near)]
        of_class.append(np.full(len(near), c))
        slot.append(near)
    there = left[crowd.stays[1]] > 0
    of_class.append(crowd.stays[0][there])
    slot.append(crowd.stays[1][there])
    classes, slots = np.concatenate(of_class), np.concatenate(slot)
    stays = np.arange(len(classes)) >= len(classes) - int(there.sum())
    room = np.concatenate([crowd.supply[classes[~stays]], crowd.stays[2][there]])
    return Columns(classes, slots, stays, np.minimum(room, left[slots]))


def _may(model: Model, costs: Costs, number: int, slots: np.ndarray) -> np.ndarray:
    """(k,) bool: whether people of a class may newly go to slots within their reach."""
    traits, posts = costs.traits, model.posts
    villages = posts.villages[posts.village[slots]]
    near = costs.distance(np.full(len(slots), traits.home[number]), villages)[1]
    return np.asarray(near & costs.ability(np.full(len(slots), traits.ability[number]), slots)[1])


def _terms(
    context: Context,
    found: Model,
    columns: Columns,
    empty: list[np.ndarray],
    term: tuple[np.ndarray, np.ndarray],
    n: int,
) -> dict[str, np.ndarray]:
    """What each column adds to each aim; ``term`` as :func:`planner.pareto.people_rows.in_term_columns` gives it."""
    costs, posts, people = found.costs, found.posts, found.people
    traits, village = costs.traits, posts.village[columns.slot]
    k = len(columns.slot)
    terms = {
        key: np.zeros(n, np.int64)
        for key in ("distance", "skill_language", "unit", "new", "cost", "open", "must", "further")
    }
    terms["distance"][:k] = costs.distance(traits.home[columns.of_class], posts.villages[village])[0]
    terms["skill_language"][:k] = costs.ability(traits.ability[columns.of_class], columns.slot)[0]
    terms["unit"][:k] = costs.unit(traits.unit[columns.of_class], village)
    terms["new"][:k] = np.where(columns.stays, 0, points(np.array(costs.policy.weight("keep_weight"))))
    fixed = np.flatnonzero(people.fixed)
    if len(fixed):
        for key, values in term_parts(context, found, fixed, people.post[fixed]).items():
            np.add.at(terms[key], term[0][posts.village[people.post[fixed]]], values)
    terms["cost"] = sum(
        (terms[t] for t in ("distance", "skill_language", "unit", "new")), np.zeros(n, np.int64)
    )
    one = max(int(posts.worth[1].max(initial=0)), 1)
    for kind, key in enumerate(("must", "further")):
        terms[key][empty[kind]] = 1
        terms["open"][empty[kind]] = posts.worth[kind] // one
    there = np.bincount(people.post[fixed], minlength=posts.table.height)
    must = np.minimum(there, posts.minimum)
    further = np.minimum(there, posts.target) - must
    leave = np.flatnonzero(term[1][posts.village] >= 0)
    column = term[1][posts.village[leave]]
    for key, lost in (
        ("must", must),
        ("further", further),
        ("open", (must * posts.worth[0] + further * posts.worth[1]) // one),
    ):
        np.add.at(terms[key], column, lost[leave])
    return terms
