"""With what a plan has settled (which unit serves a village, where a household lives) all people are sent anew as a flow.

The rest of the choice is a flow again: chains of exchanges over the whole land, which no neighbourhood sees.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.solve.posting_flow import cheapest
from planner.solve.posting_graph import Guess, Ways, Worths, graph
from planner.solve.posting_network import Network, Seats, Stays
from planner.solve.posting_pairs import Pairs, list_pairs, nearest
from planner.solve.posting_pricing import NONE
from planner.solve.posting_rules import Rules
from planner.solve.posting_sent import Sent, people_sent
from planner.solve.posting_start import MATTERS, guesses
from planner.solve.posting_ties import Marks

MOST_LISTED = 4_000_000  # pairs that are looked through; more than that and nobody is sent anew
NOBODY = -1


def resend(
    network: Network, ways: Ways, known: Worths, draw: Marks, rules: Rules, plan: Sent, few: int
) -> Sent | None:
    """A plan that keeps the rules; ``None`` where nothing is settled, or too much would have to be looked through.

    Of each village one leader and one speaker stay where ``plan`` has them. Classes of households go to the place of those of
    them that ``plan`` posts, others as they like. Where several units could send to a village, the one does that ``plan`` chose.
    """
    by_unit = len(np.unique(rules.sender)) > 1
    held = _held(rules, plan)
    seats = _left(network.seats, held)
    pairs = _pairs(replace(network, seats=seats), known, rules, plan, few, by_unit)
    if pairs is None or not len(pairs.cost):
        return None
    at_home = rules.household >= 0
    keep_offer = ~at_home[network.offer_class]
    if by_unit:
        ways = Ways(*(np.zeros(0, np.int64) for _ in range(3)))
    kept = network.stays
    still = _may(rules, plan, kept.of_class, kept.slot, np.ones(len(kept.cost), np.bool_))
    nothing = np.zeros(len(kept.cost), np.int64)
    in_place = Pairs(kept.of_class, kept.slot, kept.cost, kept.room, nothing == 0, nothing)
    room = np.where(still, kept.room - in_place.counts(held, network.slots), 0)
    listed = Stays(
        np.concatenate([kept.of_class, pairs.of_class]), np.concatenate([kept.slot, pairs.slot]),
        np.concatenate([kept.cost, pairs.cost]), np.concatenate([room, pairs.room]),
        np.concatenate([kept.moves, network.moves[pairs.of_class]]),
    )  # fmt: skip
    smaller = replace(
        network, seats=seats, stays=listed, offer_class=network.offer_class[keep_offer],
        offer_hub=network.offer_hub[keep_offer], offer_cost=network.offer_cost[keep_offer],
    )  # fmt: skip
    guess = Guess(known, MATTERS * (1 + smaller.most_cost()))
    try:
        of = graph(smaller, ways)
        flow = of.flow(cheapest(of, guesses(smaller, ways, guess)).arcs)
    except ArithmeticError:  # worths too large for what is listed one by one
        return None
    found = people_sent(smaller, ways, flow, draw)
    used = np.flatnonzero(flow.stays)
    stays = found.stays.copy()
    stays[len(stays) - len(used) :] = used < len(kept.cost)
    anew = replace(found, stays=stays)
    both = {k: np.concatenate([getattr(held, k), getattr(anew, k)]) for k in vars(anew)}
    return rules.kept(_merged(Sent(**both), network.slots), network.slots)


def _pairs(
    network: Network, known: Worths, rules: Rules, plan: Sent, few: int, by_unit: bool
) -> Pairs | None:
    """Pairs of new people that are settled one by one: of households, and of all where units are."""
    seats = network.seats
    supply = seats.supply if by_unit else np.where(rules.household >= 0, seats.supply, 0)
    chosen = replace(network, seats=replace(seats, supply=supply))
    pairs = list_pairs(chosen, known, np.ones(network.slots, np.bool_), NONE, MOST_LISTED)
    if pairs is None:
        return None
    pairs = pairs.only(~pairs.stays & _may(rules, plan, pairs.of_class, pairs.slot, pairs.stays))
    if not by_unit:
        return pairs
    speaks = rules.understood(pairs.of_class, rules.teams.village[pairs.slot])
    return nearest(pairs, few, speaks, pairs.counts(plan, network.slots) > 0)


def _may(rules: Rules, plan: Sent, of_class: np.ndarray, slot: np.ndarray, stays: np.ndarray) -> np.ndarray:
    """(k,) bool: pairs that agree with what the plan settled."""
    village = rules.teams.village
    sender = np.full(len(rules.asks), NOBODY - 1)
    new = ~plan.stays
    sender[village[plan.slot[new]]] = rules.sender[plan.of_class[new]]
    one = stays | (sender[village[slot]] == rules.sender[of_class]) | (len(np.unique(rules.sender)) == 1)
    home = rules.household[plan.of_class]
    place = np.append(rules.bound_to, NOBODY)
    moved = np.zeros(len(place), np.bool_)
    rows = np.flatnonzero(home >= 0)
    place[home[rows]] = rules.place[village[plan.slot[rows]]]
    moved[home[rows[new[rows]]]] = True
    of = rules.household[of_class]  # −1: the last, of no household
    free = (of < 0) | (place[of] == NOBODY) | (place[of] == rules.place[village[slot]])
    return np.asarray(one & (free | (stays & ~moved[of])))


def _held(rules: Rules, plan: Sent) -> Sent:
    """One leader and one speaker of each village that needs them of the plan's people."""
    village = rules.teams.village[plan.slot]
    leads = rules.teams.leads[plan.slot] & ~rules.teams.led[village] & (rules.teams.wanted > 0)[village]
    speaks = rules.understood(plan.of_class, village) & ~rules.spoken[village]
    chosen = np.zeros(len(plan.count), np.bool_)
    for mask in (leads & speaks, leads, speaks):
        rows = np.flatnonzero(mask)
        done = np.zeros(len(rules.asks), np.bool_)
        done[village[np.flatnonzero(chosen & mask)]] = True
        rows = rows[~done[village[rows]]]
        chosen[rows[np.unique(village[rows], return_index=True)[1]]] = True
    found = plan.only(chosen)
    return replace(found, count=np.ones(len(found.count), np.int64))


def _left(seats: Seats, held: Sent) -> Seats:
    """People, releases and seats that those who are held leave."""
    people = np.bincount(held.of_class, held.count, len(seats.supply)).astype(np.int64)
    capped = seats.unit >= 0
    used = np.bincount(seats.unit[capped], people[capped], len(seats.unit_cap)).astype(np.int64)
    there = held.at_slots(seats.count.shape[1])
    must = np.minimum(there, seats.count[0])
    count = seats.count - np.stack([must, there - must])
    return replace(seats, supply=seats.supply - people, unit_cap=seats.unit_cap - used, count=count)


def _merged(sent: Sent, slots: int) -> Sent:
    """The same with each class at each slot once, who stays apart from who is new."""
    key = (2 * sent.of_class + sent.stays) * slots + sent.slot
    first, at = np.unique(key, return_index=True, return_inverse=True)[1:]
    return replace(sent.only(first), count=np.bincount(at.ravel(), sent.count, len(first)).astype(np.int64))
