"""Rules of `cadres` as rows of one model: who may go anywhere once, seats, teams, and who has not served the minimum term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.choice import INFINITY, ChoiceModel
from planner.stages.cadres.build import Model


@dataclass(frozen=True)
class Columns:
    """What the columns stand for.

    Parameters
    ----------
    of_class, slot : ndarray
        (k,) int64 class and slot of each of the first columns, x.
    stays : ndarray
        (k,) bool: those of the class who are in place there.
    most : ndarray
        (k,) int64 people at most.
    """

    of_class: np.ndarray
    slot: np.ndarray
    stays: np.ndarray
    most: np.ndarray


def supply_rows(found: Model, model: ChoiceModel, columns: Columns, x: np.ndarray) -> None:
    """Everyone once; units within what they may release."""
    crowd = found.crowd
    model.rows(
        "supply", columns.of_class, x, 1.0, -INFINITY, crowd.supply.astype(np.float64), len(crowd.supply)
    )
    unit = crowd.unit[columns.of_class]
    capped = np.flatnonzero(unit >= 0)
    most = crowd.unit_cap.astype(np.float64)
    model.rows("unit_release_share", unit[capped], x[capped], 1.0, -INFINITY, most, len(most))


def in_place_first_rows(found: Model, model: ChoiceModel, columns: Columns, x: np.ndarray) -> None:
    """Nobody of a class comes new to a post where others of it are in place and do not stay: they would change for nothing."""
    m, stays = found.posts.table.height, columns.stays
    key = columns.of_class * m + columns.slot
    new, held = np.flatnonzero(~stays), np.flatnonzero(stays)
    new = new[np.isin(key[new], key[held])]
    at = held[np.searchsorted(key[held], key[new])]
    k, room = len(new), columns.most[at].astype(np.float64)
    full = model.columns(np.zeros(k, np.int64))
    rows = np.tile(np.arange(k), 2)
    model.rows(
        "in_place", rows, np.concatenate([x[at], full]), np.concatenate([np.ones(k), -room]), 0.0, INFINITY, k
    )
    most = columns.most[new].astype(np.float64)
    model.rows(
        "in_place",
        rows,
        np.concatenate([x[new], full]),
        np.concatenate([np.ones(k), -most]),
        -INFINITY,
        0.0,
        k,
    )


def seats_rows(
    found: Model,
    model: ChoiceModel,
    columns: Columns,
    seats: np.ndarray,
    x: np.ndarray,
    empty: list[np.ndarray],
) -> None:
    """People at a post and open seats make up its seats; what must be filled has no open must-seat."""
    m = seats.shape[1]
    row = np.concatenate([columns.slot, np.arange(m), np.arange(m)])
    whole = seats.sum(axis=0).astype(np.float64)
    model.rows("seats", row, np.concatenate([x, *empty]), 1.0, whole, whole, m)
    firm = np.flatnonzero(found.posts.firm)
    model.rows("must_fill_tier", np.arange(len(firm)), empty[0][firm], 1.0, 0.0, 0.0, len(firm))


def teams_rows(
    found: Model,
    model: ChoiceModel,
    columns: Columns,
    seats: np.ndarray,
    x: np.ndarray,
    empty: list[np.ndarray],
) -> np.ndarray:
    """A village gets people only when they are led and enough, with those who stay for their minimum term.

    Returns (v,) int64: the column that says whether it gets any; −1 where nothing is asked.
    """
    posts = found.posts
    v, left = len(posts.villages), seats.sum(axis=0)
    fixed = found.people.post[found.people.fixed]
    there = np.bincount(posts.village[fixed], minlength=v)
    led = np.bincount(posts.village[fixed], posts.leads[fixed], v) > 0
    led |= not found.costs.policy.on("team_led")
    least = posts.wanted - there
    asked = np.flatnonzero((posts.wanted > 0) & ((least > 0) | ~led))
    sent = model.columns(np.zeros(len(asked), np.int64))
    number = np.full(v, -1)
    number[asked] = np.arange(len(asked))
    here = np.flatnonzero(number[posts.village] >= 0)
    rows = np.tile(
        np.arange(len(here)), 3
    )  # seats − open seats ≤ seats · sent: nobody comes to a village that is not sent to
    used = np.concatenate([empty[0][here], empty[1][here], sent[number[posts.village[here]]]])
    data = np.concatenate([-np.ones(2 * len(here)), -left[here].astype(np.float64)])
    model.rows("teams", rows, used, data, -INFINITY, -left[here].astype(np.float64), len(here))
    of = number[posts.village[columns.slot]]
    for rule, who, some, many in (
        ("team_minimum", of >= 0, least[asked] > 0, np.maximum(least[asked], 0)),
        ("team_led", (of >= 0) & posts.leads[columns.slot], ~led[asked], np.ones(len(asked), np.int64)),
    ):
        mine = np.flatnonzero(some)
        at = np.full(len(asked), -1)
        at[mine] = np.arange(len(mine))
        chosen = np.flatnonzero(who)
        chosen = chosen[at[of[chosen]] >= 0]
        row = np.concatenate([at[of[chosen]], np.arange(len(mine))])
        data = np.concatenate([np.ones(len(chosen)), -many[mine].astype(np.float64)])
        model.rows(rule, row, np.concatenate([x[chosen], sent[mine]]), data, 0.0, INFINITY, len(mine))
    return np.asarray(np.append(sent, -1)[number])


def in_term_columns(found: Model, model: ChoiceModel, sent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who has not served the minimum term stays, but where the village has no leader only if one comes.

    Returns (v,) int64 each: the column that is 1 where they stay, and the one that is 1 where they are gone; −1 where they cannot be.
    """
    lost = found.lost
    alone = np.flatnonzero((lost.worth > 0) | (lost.cost > 0))
    always = model.columns(np.zeros(1, np.int64), 1.0, 1.0)
    stay, gone = np.full(len(lost.worth), always[0]), np.full(len(lost.worth), -1)
    stay[alone] = sent[alone]
    gone[alone] = model.columns(np.zeros(len(alone), np.int64), upper=np.where(lost.hard[alone], 0.0, 1.0))
    rows = np.tile(np.arange(len(alone)), 2)
    model.rows("team_led", rows, np.concatenate([stay[alone], gone[alone]]), 1.0, 1.0, 1.0, len(alone))
    return stay, gone
