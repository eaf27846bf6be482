"""From flows to persons: who of a class goes where, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.schema import RESULTS
from planner.cost import SCALE
from planner.solve.task import Answer
from planner.stages.cadres.build import Built, Model
from planner.stages.cadres.posts import Posts


@dataclass(frozen=True)
class Flows:
    """``count`` people of class ``of_class`` at slot ``at``, (k,) each; ``stays``: they are in place there."""

    of_class: np.ndarray
    at: np.ndarray
    count: np.ndarray
    stays: np.ndarray


def assign(model: Model, flows: Flows) -> tuple[np.ndarray, np.ndarray]:
    """(n cadres,) slot of each cadre (−1: not posted) and cost in thousandths.

    Who is in place stays first; then the longest service goes to the seats that come first in the strict order.
    """
    slot, cost = np.where(model.people.fixed, model.people.post, -1), model.fixed_cost.copy()
    of_class, at, count, stays = flows.of_class, flows.at, flows.count, flows.stays
    crowd, people = model.crowd, model.people
    spent = _stayers(model, Flows(of_class[stays], at[stays], count[stays], stays[stays]), slot)
    new = ~stays
    order = np.lexsort((at[new], model.posts.tier[at[new]], of_class[new]))
    seat_class = np.repeat(of_class[new][order], count[new][order])
    seat = np.repeat(at[new][order], count[new][order])
    left = np.flatnonzero(~spent)
    left = left[np.lexsort((people.rank[crowd.rows[left]], crowd.number[left]))]
    person = left[_matched(crowd.number[left], seat_class)]
    slot[crowd.rows[person]] = seat
    moved = crowd.rows[person]
    cost[moved] = model.costs.single(crowd.number[person], seat, np.zeros(len(seat), np.bool_))
    kept = np.flatnonzero(spent)
    stayed = crowd.rows[kept]
    cost[stayed] = model.costs.single(crowd.number[kept], slot[stayed], slot[stayed] == people.post[stayed])
    return slot, cost


def sent(built: Built, answers: Sequence[Answer]) -> Flows:
    """All flows of the answers, in the model's own numbers."""
    parts: list[list[np.ndarray]] = [[], [], [], []]
    for (classes_in, slots_in, _), answer in zip(built.parts, answers, strict=True):
        found = answer.arrays
        parts[0].append(classes_in[found["arc_class"]])
        parts[1].append(slots_in[found["arc_slot"]])
        parts[2].append(found["arc_count"])
        parts[3].append(found["arc_listed"])
    kinds = (np.int64, np.int64, np.int64, np.bool_)
    return Flows(*(np.concatenate([np.zeros(0, k), *p]).astype(k) for k, p in zip(kinds, parts, strict=True)))


def let_go(model: Model, slot: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """End the terms of people in villages that get no first secretary; their rows, sorted by id.

    No team is without one: where none can be had, that is the reason for which a term ends early.
    """
    posts, there = model.posts, slot >= 0
    leaders = np.bincount(posts.village[slot[there]], posts.leads[slot[there]], len(posts.villages))
    alone = (posts.wanted > 0) & (leaders == 0)
    gone = np.flatnonzero(there & alone[posts.village[slot]])
    slot[gone], cost[gone] = -1, 0
    return gone[np.argsort(model.people.table["id"][gone].to_numpy(), kind="stable")]


def worth_left(posts: Posts, slot: np.ndarray) -> int:
    """Worth of all seats that stay empty, those that a freeze closes included, thousandths."""
    there = np.bincount(slot[slot >= 0], minlength=posts.table.height).astype(np.int64)
    must = np.maximum(posts.minimum - there, 0)
    further = np.maximum(posts.target - there, 0) - must
    return _worth_of(posts, np.stack([must, further]) + posts.closed)


def worth_closed(posts: Posts) -> int:
    """Worth of the seats that a freeze closes, thousandths: a part of every plan's objective, and of its bound."""
    return _worth_of(posts, posts.closed)


def _worth_of(posts: Posts, seats: np.ndarray) -> int:
    """Exact also where the sum leaves 64 bits; ``seats`` (2, m)."""
    return sum(int(e) * int(w) for e, w in zip(seats.ravel(), posts.worth.ravel(), strict=True) if e)


def _stayers(model: Model, flows: Flows, slot: np.ndarray) -> np.ndarray:
    """Mark in ``slot`` who is where the published postings hold them, and who stays in place; (f,) bool of the free who do.

    Where a class is held to one post and in place at another, all of it is: whoever is not at the first may stay at the second.
    """
    crowd, m = model.crowd, max(1, model.posts.table.height)
    spent = np.zeros(len(crowd.rows), np.bool_)
    arcs = flows.of_class * m + flows.at
    left = np.ones(len(arcs), np.bool_)
    for post in (crowd.published, model.people.post[crowd.rows]):
        key = crowd.number * m + post
        here = np.flatnonzero((post >= 0) & ~spent)
        here = here[np.lexsort((model.people.rank[crowd.rows[here]], key[here]))]
        mine = left & np.isin(arcs, key[here])
        left &= ~mine
        order = np.flatnonzero(mine)[np.argsort(arcs[mine], kind="stable")]
        chosen = here[_matched(key[here], np.repeat(arcs[order], flows.count[order]))]
        spent[chosen] = True
        slot[crowd.rows[chosen]] = post[chosen]
    return spent


def _matched(offered: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Positions in ``offered`` (sorted) for each member of ``wanted`` (sorted): the k-th of a value takes the k-th."""
    first = np.searchsorted(offered, wanted)
    rank = np.arange(len(wanted)) - np.searchsorted(wanted, wanted)
    return np.asarray(first + rank)


def postings_table(
    cadres: pl.DataFrame, posts: pl.DataFrame, slot: np.ndarray, cost: np.ndarray, scale: int = SCALE
) -> pl.DataFrame:
    """Result table `postings` of the cadres whose slot is not −1; sorted by its key."""
    rows = np.flatnonzero(slot >= 0)
    at = posts[slot[rows]]
    found = pl.DataFrame(
        {
            "cadre": cadres["id"][rows],
            "village": at["village"],
            "post": at["post"],
            "role": at["role"],
            "cost": cost[rows] / scale,
        },
        schema_overrides=RESULTS["postings"].dtypes,
    )
    return found.sort("cadre", "village", "post")
