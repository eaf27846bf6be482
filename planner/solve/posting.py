"""Posting people: exact transportation over classes and slots by a flow that grows only where it must.

A flow over few ways, begun where two smaller networks point; node potentials on its residual graph; all other allowed pairs
priced against them; what would improve joins, and the flow is mended until nothing is left. The potentials of the
last round are the certificate over every allowed pair. Rules about whole teams are no flow: where the flow
breaks them, :mod:`planner.solve.posting_keep` decides anew, and the flow's own value stays a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.solve.clock import Clock
from planner.solve.posting_again import BEFORE, held, resumed
from planner.solve.posting_cut import Cut, cut
from planner.solve.posting_enough import too_few
from planner.solve.posting_flow import cheapest
from planner.solve.posting_graph import Flow, Guess, Ways, Worths, graph
from planner.solve.posting_keep import Start, keep, near, settled
from planner.solve.posting_network import Network, Seats, read_network
from planner.solve.posting_pricing import Seen, hub_worths, price
from planner.solve.posting_rules import read_rules
from planner.solve.posting_sent import Sent, people_sent
from planner.solve.posting_start import MATTERS, guesses, start
from planner.solve.posting_teams import Teams, near_ways
from planner.solve.posting_ties import Marks, drawn_flow, read_marks
from planner.solve.posting_window import Near, mended, widened
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
    - ``moves`` (n,), ``listed_moves`` (k,), may be absent: how many changes a new posting of each class, and each person on a listed
      arc, is against the same person at home. Each costs ``options["change_price"]``; among equally good flows the one with
      the fewest is taken
    - ``zone`` (k, m), may be absent: slots with the same number lie close together, closest in row 0; changes the time alone
    - ``wish`` (m,), may be absent: slots with the same number have the same columns in ``t1``; changes the time alone
    - ``class_mark`` (n,), ``slot_mark`` (m,) uint64, may be absent: numbers that stay with each class and slot, from which is drawn
      among equally good answers
    - the arrays of a like problem's answer, each after ``before_``, may be absent: where to begin; change the time alone
    - ``there``, ``led`` (bool), ``wanted`` (v,): people who stay anyway in each village, whether one of them leads, least
      size of a team (0: no team rule)
    - ``rule_*``, each may be absent: who leaves where nobody leads, further rules on teams and households; see
      :class:`~planner.solve.posting_rules.Rules`

    Arrays out: ``arc_class``, ``arc_slot``, ``arc_count``, ``arc_listed`` (bool): people sent; ``worth_class`` (n,),
    ``worth_slot`` (m,): the certificate; ``class_mark``, ``slot_mark``, ``parts``: what a later solve needs besides to begin
    with this answer; ``closed`` (v,) bool: villages to which the flow sent people and the plan sends nobody.
    Facts: ``objective`` = costs + gains of the seats left empty, ``bound``, ``arcs`` (of the whole network), ``hubs``, ``priced``
    (pairs), ``cut_short`` (by ``options["time_limit"]``, seconds). Unless it was cut short the answer depends on the problem
    and ``options["seed"]`` alone; with ``options["whether"]``, where it is only asked whether there is an answer, OPTIMAL and FEASIBLE say that
    there is one, with no arrays where nothing but enough people is asked for. INFEASIBLE answers
    with ``cut_slots`` (bool, m), ``cut_classes`` (bool, n) and facts ``asked``, ``reachable``: so many hard seats, so few people for them.
    Where people are enough but no teams keep the rules, INFEASIBLE with ``hard_open`` (bool, m): slots of villages whose teams
    an integer programme, and a second solver, showed to be impossible. NO_SOLUTION_IN_TIME: the search did not fill the
    slots ``hard_open``, and it is not known whether anything can. Where the flow breaks the rules, or further ones are in force, also
    ``way``, and ``proved``: what the certificate proves, where the search went beyond it with ``bound``.
    """
    network = read_network(arrays, int(options.get("change_price", 0)))
    marks, seed = read_marks(arrays), int(options.get("seed", 0))
    teams = Teams(arrays["village"], arrays["leads"], arrays["there"], arrays["led"], arrays["wanted"])
    rules = read_rules(arrays, teams)
    if options.get("whether"):
        lacking = too_few(network, arrays["hard"])
        if lacking is not None or rules.idle:
            return _short(lacking, {}) if lacking is not None else Answer("OPTIMAL", {}, {})
    zone = np.asarray(arrays.get("zone", np.zeros((0, network.slots), np.int64)))
    before = {k: arrays["before_" + k] for k in BEFORE if "before_" + k in arrays}
    clock = Clock(options.get("time_limit"))
    found = optimum(network, zone, marks, report, clock, before, None if options.get("whether") else seed)
    facts: dict[str, Any] = {
        "cut_short": found.cut_short,
        "arcs": network.arcs,
        "hubs": network.hubs,
        "priced": _pairs(arrays),
    }
    draw = marks.seeded(seed)
    drawn = sent = people_sent(network, found.ways, found.flow, draw)
    if np.any(arrays["hard"] & (found.flow.filled[0] < network.seats.count[0])):
        return _short(cut(arrays["hard"], network, sent, found.flow), facts)
    proof = proven(network, found.worths)
    begun = Start(
        network, found.used(), found.worths, sent, proof, draw, held(network) if network.counted else None
    )
    if rules.broken(sent, network.slots):
        begun = replace(begun, ways=near_ways(network, begun.ways, found.worths))
        kept = keep(begun, arrays["hard"], zone, rules, options, clock)
    else:
        kept = settled(rules, sent, value(network.seats, sent), proof, network.slots)
    asked = "near_class" in arrays
    fewest = kept.way == "flow" or bool(options.get("whether"))  # a flow that is drawn has the fewest changes
    if asked or (network.counted and not fewest):
        names = ("class", "slot", "count", "cost", "stays")
        at = Sent(*(arrays[f"near_{k}"] for k in names)) if asked else None
        kept = near(begun, kept, at, arrays["hard"], rules, options, clock)
    if rules.further or kept.way != "flow":
        facts |= {"proved": proof, "way": kept.way, "cut_short": facts["cut_short"] or kept.cut_short}
    if np.any(kept.open):
        status = "INFEASIBLE" if kept.impossible else "NO_SOLUTION_IN_TIME"
        return Answer(status, {"hard_open": kept.open}, {**facts, "bound": kept.bound})
    sent, objective, bound = kept.sent, kept.objective, kept.bound
    out = {
        "arc_class": sent.of_class,
        "arc_slot": sent.slot,
        "arc_count": sent.count,
        "arc_listed": sent.stays,
        "worth_class": found.worths.person,
        "worth_slot": found.worths.slot,
        "closed": kept.closed,
        "class_mark": marks.person,
        "slot_mark": marks.slot,
        "parts": found.parts[: None if sent is drawn else 0],  # what was decided anew is not what was drawn
    }
    status = "OPTIMAL" if objective == bound else "FEASIBLE"
    return Answer(status, out, {**facts, "objective": objective, "bound": bound})


def _short(lacking: Cut, facts: Mapping[str, Any]) -> Answer:
    """No answer: so many hard seats, so few people for them."""
    arrays = {"cut_slots": lacking.slots, "cut_classes": lacking.classes}
    return Answer("INFEASIBLE", arrays, {**facts, "asked": lacking.asked, "reachable": lacking.reachable})


@dataclass(frozen=True)
class Optimum:
    """The best flow over all allowed pairs, without team rules; its worths prove it. Among equally good ones, the one drawn.

    Where the time was over before (``cut_short``) the best flow over the ways at hand, and worths that prove how far from
    the best it is at most. ``parts``: as in :class:`~planner.solve.posting_ties.Drawn`.
    ``ways`` are those of ``flow``; ``final`` all that took part in the last one before the draw.
    """

    ways: Ways
    final: Ways
    flow: Flow
    worths: Worths
    parts: np.ndarray
    cut_short: bool

    def used(self) -> Ways:
        """The ways on which people are sent."""
        used = self.flow.ways > 0
        return Ways(self.ways.hub[used], self.ways.slot[used], self.ways.cost[used])


def optimum(
    network: Network,
    zone: np.ndarray,
    marks: Marks,
    report: Report,
    clock: Clock | None = None,
    before: Arrays | None = None,
    seed: int | None = 0,
) -> Optimum:
    """See :class:`Optimum`; ``zone`` (k, m) as in :func:`~planner.solve.posting_start.start`; ``before``: where to begin, if any.

    Without a ``seed`` none is drawn: any of the equally good ones will do.

    The step under way when the clock is up is brought to its end.
    """
    clock = clock or Clock()
    seen = Seen()
    again = resumed(network, zone, marks, before, seen) if before and len(before) == len(BEFORE) else None
    begun = start(network, zone, clock) if again is None else again.start
    of = graph(network, begun.ways) if again is None else again.of
    near, earlier = (None, None) if again is None else (again.near, again.earlier)
    guess, top = begun.guess, MATTERS * (1 + network.most_cost())
    for number in range(1, ROUNDS + 1):
        mend = None if near is None else mended(of, zone, near)
        if mend is None and again is not None:  # too much is new: from the beginning
            again, begun = None, start(network, zone, clock)
            of, guess = graph(network, begun.ways), begun.guess
        found = cheapest(of, guesses(network, of.ways, guess)) if mend is None else mend.found
        known = of.worths(found.nodes)
        known = replace(known, hub=hub_worths(network, known.person))
        priced = price(network, known.hub, known.slot, JOINING, JOINING_SLOT, 0, seen=seen)
        report({"round": number, "arcs": len(of.ways.cost), "violators": priced.count})
        if not priced.count and seed is None:
            return Optimum(of.ways, of.ways, of.flow(found.arcs), known, np.zeros(0, np.uint64), False)
        if not priced.count:
            assert seed is not None
            drawn = drawn_flow(network, known, marks.seeded(seed), of.ways, earlier, seen)
            flow = graph(network, drawn.ways).flow(drawn.arcs)
            return Optimum(drawn.ways, of.ways, flow, known, drawn.parts, False)
        if clock.up():
            # no pair may pay more than it costs; and what it began with may prove more
            known = replace(known, slot=known.slot + np.minimum(priced.least, 0))
            known = max(known, begun.guess.worths, key=lambda k: proven(network, k))
            return Optimum(of.ways, of.ways, of.flow(found.arcs), known, np.zeros(0, np.uint64), True)
        # worths that jumped are those of nodes that too few ways lead to: what was known before is nearer
        nodes = found.nodes
        if near is not None:
            nodes = np.where(np.abs(nodes - near.nodes) > top, near.nodes, nodes)
        near = Near(found.arcs, nodes, MATTERS * (1 + priced.worst))
        if mend is not None and mend.touched.any():  # nor will it be the cheapest there with more ways
            near = replace(near, touched=mend.touched, window=mend.window)
        of, near = widened(of, near, priced.ways)
        right = found.guess
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
