"""Posting people: exact transportation over classes and slots by a flow that grows only where it must.

A flow over few ways, begun where two smaller networks point; node potentials on its residual graph; all other allowed pairs
priced against them; what would improve joins, and the flow is sent again until nothing is left. The potentials of the
last round are the certificate over every allowed pair. Rules about whole teams are no flow: where the flow
breaks them, :mod:`planner.solve.posting_teams` repairs, and the flow's own value stays the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.solve.clock import Clock
from planner.solve.posting_cut import cut
from planner.solve.posting_flow import Flow, Guess, Ways, Worths, cheapest, graph
from planner.solve.posting_keep import Start, keep
from planner.solve.posting_network import Network, Seats, read_network
from planner.solve.posting_pricing import hub_worths, price
from planner.solve.posting_rules import read_rules
from planner.solve.posting_sent import Sent, people_sent
from planner.solve.posting_start import MATTERS, guesses, start
from planner.solve.posting_teams import Teams, repair
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

JOINING, JOINING_SLOT = 12, 4  # violators that join in one round: of a row of costs; of a slot
ROUNDS = 500

Report = Callable[[Mapping[str, Any]], None]


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Post people at least cost, seats weighted by their gains.

    Arrays in, all int64 unless said otherwise:

    - ``supply``, ``group``, ``c0``, ``c1``, ``c2``, ``unit`` (n,): people of each class, its group, its table rows,
      its capped unit or −1; ``unit_cap`` (u,)
    - ``slot_ptr`` (g+1,), ``slot_list``: slots of each group; ``t0``, ``t1``, ``t2`` int32 with ``t*_ptr`` (g+1,): cost
      tables of each group, rows × its slots
    - ``must``, ``further``, ``must_gain``, ``further_gain``, ``hard`` (bool), ``village``, ``leads`` (bool) (m,): seats of each
      slot, what filling one is worth, whether its must-seats have to be filled, its village, whether its people lead
    - ``listed_class``, ``listed_slot``, ``listed_room``, ``listed_cost`` (k,): further arcs, such as staying
    - ``zone`` (k, m), may be absent: slots with the same number lie close together, closest in row 0; changes the time alone
    - ``there``, ``led`` (bool), ``wanted`` (v,): people who stay anyway in each village, whether one of them leads, least
      size of a team (0: no team rule)
    - ``rule_*``, may be absent: further rules on teams and households, see :class:`~planner.solve.posting_rules.Rules`

    Arrays out: ``arc_class``, ``arc_slot``, ``arc_count``, ``arc_listed`` (bool): people sent; ``worth_class`` (n,),
    ``worth_slot`` (m,): the certificate; ``closed`` (v,) bool: villages that the repair left without new people.
    Facts: ``objective`` = costs + gains of the seats left empty, ``bound``, ``rounds``, ``arcs``, ``hubs``, ``priced``, ``cut_short`` (by ``options["time_limit"]``, seconds). INFEASIBLE answers
    with ``cut_slots`` (bool, m), ``cut_classes`` (bool, n) and facts ``asked``, ``reachable``: so many hard seats, so few people for them.
    NO_SOLUTION_IN_TIME: no repair of the teams filled the slots ``hard_open`` (bool, m). Under further rules also ``way``, and
    ``proved``: what the certificate proves, where the search went beyond it with ``bound``.
    """
    network = read_network(arrays)
    zone = np.asarray(arrays.get("zone", np.zeros((0, network.slots), np.int64)))
    clock = Clock(options.get("time_limit"))
    found = optimum(network, zone, report, clock)
    facts: dict[str, Any] = {**found.facts, "priced": _pairs(arrays)}
    sent = people_sent(network, found.ways, found.flow)
    if np.any(arrays["hard"] & (found.flow.filled[0] < network.seats.count[0])):
        lacking = cut(arrays["hard"], network, sent, found.flow)
        return Answer(
            "INFEASIBLE",
            {"cut_slots": lacking.slots, "cut_classes": lacking.classes},
            {**facts, "asked": lacking.asked, "reachable": lacking.reachable},
        )
    bound = proven(network, found.worths)
    teams = Teams(arrays["village"], arrays["leads"], arrays["there"], arrays["led"], arrays["wanted"])
    if rules := read_rules(arrays, teams):
        begun = Start(network, found.ways, found.worths, sent, bound)
        kept = keep(begun, arrays["hard"], zone, rules, options, clock)
        closed, sent, objective, bound, left = kept.closed, kept.sent, kept.objective, kept.bound, kept.open
        facts |= {"proved": begun.bound, "way": kept.way, "cut_short": facts["cut_short"] or kept.cut_short}
    else:
        closed, sent = repair(network, found.ways, found.worths, sent, teams)
        objective = value(network.seats, sent)
        left = arrays["hard"] & (sent.at_slots(network.slots) < network.seats.count[0])
    if np.any(left):
        return Answer("NO_SOLUTION_IN_TIME", {"hard_open": left}, {**facts, "bound": bound})
    out = {
        "arc_class": sent.of_class,
        "arc_slot": sent.slot,
        "arc_count": sent.count,
        "arc_listed": sent.stays,
        "worth_class": found.worths.person,
        "worth_slot": found.worths.slot,
        "closed": closed,
    }
    status = "OPTIMAL" if objective == bound else "FEASIBLE"
    return Answer(status, out, {**facts, "objective": objective, "bound": bound})


@dataclass(frozen=True)
class Optimum:
    """The best flow over all allowed pairs, without team rules; its worths prove it.

    Where the time was over before (``cut_short`` in facts) the best flow over the ways at hand, and worths that prove how far
    from the best it is at most.
    """

    ways: Ways
    flow: Flow
    worths: Worths
    facts: dict[str, int]


def optimum(network: Network, zone: np.ndarray, report: Report, clock: Clock | None = None) -> Optimum:
    """See :class:`Optimum`; ``zone`` (k, m) as in :func:`~planner.solve.posting_start.start`.

    The step under way when the clock is up is brought to its end.
    """
    clock = clock or Clock()
    begun = start(network, zone, clock)
    ways, guess = begun.ways, begun.guess
    for rounds in range(1, ROUNDS + 1):
        flow, known, right, sweeps = cheapest(graph(network, ways), guesses(network, ways, guess))
        known = replace(known, hub=hub_worths(network, known.person))
        priced = price(network, known.hub, known.slot, JOINING, JOINING_SLOT, 0)
        report({"round": rounds, "arcs": len(ways.cost), "violators": priced.count})
        if not priced.count or clock.up():
            arcs = len(ways.cost) + len(network.offer_cost) + len(network.stays.cost)
            facts = {"rounds": rounds, "arcs": arcs, "hubs": network.hubs, "sweeps": sweeps,
                     "cut_short": bool(priced.count) or clock.was_up}  # fmt: skip
            if priced.count:  # no pair may pay more than it costs; and what it began with may prove more
                known = replace(known, slot=known.slot + np.minimum(priced.least, 0))
                known = max(known, begun.guess.worths, key=lambda k: proven(network, k))
            return Optimum(ways, flow, known, facts)
        ways = ways.plus(priced.ways)
        # worths that jumped are those of nodes that too few ways lead to: what was known before is nearer
        guess = Guess(known, MATTERS * priced.worst) if priced.worst <= right.most else right
    raise ArithmeticError("pricing did not come to an end")


def proven(network: Network, known: Worths) -> int:
    """What worths prove that every flow costs at least, exactly; for an optimum its value.

    Seats at what they gain or are worth, whichever is less; less what all people are worth, a capped unit's up to its cap;
    less what stays gain beyond (weak duality).
    """
    seats, stays = network.seats, network.stays
    asked = seats.count > 0
    total = exact_dot(seats.count[asked], np.minimum(seats.gain, known.slot[None, :])[asked])
    free, capped = seats.unit < 0, np.flatnonzero(seats.unit >= 0)
    total -= exact_dot(seats.supply[free], known.person[free])
    unit = np.maximum(known.unit, 0)
    total -= exact_dot(seats.unit_cap, unit)
    above = np.maximum(known.person[capped] - unit[seats.unit[capped]], 0)
    total -= exact_dot(seats.supply[capped], above)
    beyond = np.maximum(known.slot[stays.slot] - known.person[stays.of_class] - stays.cost, 0)
    return total - exact_dot(stays.room, beyond)


def value(seats: Seats, sent: Sent) -> int:
    """Costs of the people sent and gains of the seats that they leave empty; exact."""
    there = sent.at_slots(seats.count.shape[1])
    must = np.minimum(there, seats.count[0])
    empty = seats.count - np.stack([must, there - must])
    return exact_dot(sent.cost, sent.count) + exact_dot(empty.ravel(), seats.gain.ravel())


def _pairs(arrays: Arrays) -> int:
    """Pairs of a class and a slot in its reach."""
    group = arrays["group"][arrays["group"] >= 0]
    size = np.diff(arrays["slot_ptr"])
    return int(np.bincount(group, minlength=len(size)) @ size)
