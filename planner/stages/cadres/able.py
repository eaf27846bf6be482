"""Who may take which of the posts that must be filled, people who are alike together: for counts without any search."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from planner.stage import Context
from planner.stages.cadres.build import Model
from planner.stages.cadres.reach import Reach
from planner.stages.designation_pairs import units_taking_part


@dataclass(frozen=True)
class Sets:
    """Sets of posts.

    Parameters
    ----------
    of, slot : ndarray
        (k,) int64 number of a set, and a slot in it.
    place : ndarray
        (s,) int64 row in ``Places`` of each set; −1 for the whole country.
    asks : ndarray
        (s,) object: tier, skill, language or role that it is about; ``""`` for all posts of its place.
    """

    of: np.ndarray
    slot: np.ndarray
    place: np.ndarray
    asks: np.ndarray


def units_anywhere(context: Context, model: Model) -> Model:
    """The model with every post in the reach of classes in which somebody is of a unit that may get counties of its own."""
    of = model.people.table["unit"][model.crowd.rows].is_in(units_taking_part(context)["id"].implode())
    somebody = (
        np.bincount(model.crowd.number, of.fill_null(value=False).to_numpy(), len(model.crowd.supply)) > 0
    )
    reach = model.reach
    group = np.where(somebody & (reach.group >= 0), len(reach.slots), reach.group)
    every = np.arange(model.posts.table.height)
    return replace(model, reach=Reach(group, [*reach.slots, every], np.append(reach.mark, np.uint64(0))))


@dataclass(frozen=True)
class Alike:
    """People of one reach, home, ability and capped unit, and the posts that they may take.

    Parameters
    ----------
    supply, unit : ndarray
        (n,) int64 people, and their capped unit or −1.
    open_to : csr_matrix
        (n, slots) which posts that must be filled each may newly take, or is in.
    """

    supply: np.ndarray
    unit: np.ndarray
    open_to: csr_matrix


def alike_people(model: Model, hard: np.ndarray) -> Alike:
    """People and the slots ``hard`` (k,) that they may take; who is in place somewhere lends that post to all who are alike."""
    costs, traits, crowd, reach = model.costs, model.costs.traits, model.crowd, model.reach
    key = np.stack([reach.group, traits.home, traits.ability, crowd.unit])
    (group, home, ability, unit), at = np.unique(key, axis=1, return_inverse=True)
    at = at.ravel()
    supply = np.bincount(at, crowd.supply, len(group)).astype(np.int64)
    may, wish = costs.may()
    is_hard = np.zeros(model.posts.table.height, np.bool_)
    is_hard[hard] = True
    rows, columns = [at[crowd.stays[0]]], [crowd.stays[1]]
    for g, slots in enumerate(reach.slots):
        mine, here = np.flatnonzero((group == g) & (supply > 0)), slots[is_hard[slots]]
        village = model.posts.villages[model.posts.village[here]]
        fits = may[ability[mine]][:, wish[here]]
        for kept in costs.near_enough(home[mine][:, None], village[None, :]).values():
            fits &= kept
        row, column = np.nonzero(fits)
        rows.append(mine[row])
        columns.append(here[column])
    ends = np.concatenate(rows), np.concatenate(columns)
    shape = len(group), len(is_hard)
    return Alike(supply, unit, csr_matrix((np.ones(len(ends[0]), np.int32), ends), shape))


def people_of(model: Model, alike: Alike, sets: Sets) -> tuple[np.ndarray, np.ndarray]:
    """(s,) people who may take a post of each set, and how many of these their units may release."""
    shape, s = (alike.open_to.shape[1], len(sets.place)), len(sets.place)
    inside = csr_matrix((np.ones(len(sets.of), np.int32), (sets.slot, sets.of)), shape)
    number, of = (alike.open_to @ inside).nonzero()
    supply, unit, cap = alike.supply[number], alike.unit[number], model.crowd.unit_cap
    people = np.bincount(of, supply, s)
    capped = unit >= 0
    each, at = np.unique(np.stack([of[capped], unit[capped]]), axis=1, return_inverse=True)
    held_back = np.bincount(at.ravel(), supply[capped], each.shape[1]) - cap[each[1]]
    released = people - np.bincount(each[0], np.maximum(held_back, 0), s)
    return people.astype(np.int64), released.astype(np.int64)
