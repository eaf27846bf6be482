"""Posting people: exact transportation over classes and slots by a flow that grows only where it must.

A sparse flow over the nearest candidates; potentials on its residual graph; all other allowed pairs priced
against them; what would improve joins, and the flow is sent again until nothing is left. The potentials of the
last round are the certificate over every allowed pair. Rules about whole teams are no flow: where the flow
breaks them, :mod:`planner.solve.posting_teams` repairs, and the flow's own value stays the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from planner.solve.posting_cut import cut
from planner.solve.posting_flow import FAR, Arcs, Flow, Prices, Seats, potentials, send
from planner.solve.posting_groups import Group, nearest, pair_costs, read_groups, violators
from planner.solve.posting_order import seat_order
from planner.solve.posting_teams import Teams, repair
from planner.solve.task import Answer, Arrays

NEAREST, FEW = 24, 3  # first candidates of a class; of a slot, in each group
JOINING, JOINING_SLOT = 12, 8  # violators that join in one round: of a class; of a slot, in each group
ROUNDS = 500
MATTERS = 3  # times the worst violation: reduced costs beyond that are cut off in the next round
SWEEPS = 400
DROPPING = 40  # rounds in which arcs beyond what matters are left out of the flow

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
    - ``there``, ``led`` (bool), ``wanted`` (v,): people who stay anyway in each village, whether one of them leads, least
      size of a team (0: no team rule)

    Arrays out: ``arc_class``, ``arc_slot``, ``arc_count``, ``arc_listed`` (bool): people sent; ``worth_class`` (n,),
    ``worth_slot`` (m,): the certificate; ``closed`` (v,) bool: villages that the repair left without new people.
    Facts: ``objective`` = costs + gains of the seats left empty, ``bound``, ``rounds``, ``arcs``, ``priced``. INFEASIBLE answers
    with ``cut_slots`` (bool, m) and facts ``asked``, ``reachable``: so many hard seats, so few people for them.
    NO_SOLUTION_IN_TIME: no repair of the teams filled the slots ``hard_open`` (bool, m).
    """
    seats = read_seats(arrays)
    groups = read_groups(arrays)
    arcs, flow, worth, facts = optimum(arrays, seats, groups, report)
    if np.any(arrays["hard"] & (flow.filled[0] < seats.count[0])):
        found = cut(arrays, seats, groups, arcs, flow)
        return Answer(
            "INFEASIBLE",
            {"cut_slots": found.slots},
            {**facts, "asked": found.asked, "reachable": found.reachable},
        )
    bound = value(seats, arcs, flow)
    teams = Teams(arrays["village"], arrays["leads"], arrays["there"], arrays["led"], arrays["wanted"])
    closed, flow = repair(seats, arcs, flow, teams)
    objective = value(seats, arcs, flow)
    if np.any(left := arrays["hard"] & (flow.filled[0] < seats.count[0])):
        return Answer("NO_SOLUTION_IN_TIME", {"hard_open": left}, {**facts, "bound": bound})
    used = np.flatnonzero(flow.arcs)
    out = {
        "arc_class": arcs.of_class[used],
        "arc_slot": arcs.slot[used],
        "arc_count": flow.arcs[used],
        "arc_listed": used < len(arrays["listed_class"]),
        "worth_class": worth[0],
        "worth_slot": worth[1],
        "closed": closed,
    }
    status = "OPTIMAL" if objective == bound else "FEASIBLE"
    return Answer(status, out, {**facts, "objective": objective, "bound": bound})


def optimum(
    arrays: Arrays, seats: Seats, groups: list[Group], report: Report
) -> tuple[Arcs, Flow, tuple[np.ndarray, np.ndarray], dict[str, int]]:
    """The best flow over all allowed pairs, without team rules; potentials prove it."""
    listed = arrays["listed_class"]
    arcs = Arcs(
        np.asarray(listed),
        np.asarray(arrays["listed_slot"]),
        np.asarray(arrays["listed_cost"]),
        np.asarray(arrays["listed_room"]),
        np.ones(len(listed), np.bool_),
    )
    arcs, known = first_arcs(arcs, seats, groups)
    dropping = True
    for rounds in range(1, ROUNDS + 1):
        flow, person, slot, sweeps = _priced(seats, arcs, known, dropping)
        more, count, worst = violators(groups, person, slot, JOINING, JOINING_SLOT)
        report({"round": rounds, "arcs": len(arcs.cost), "violators": count})
        if not count:
            priced = sum(len(g.classes) * len(g.slots) for g in groups)
            facts = {"rounds": rounds, "arcs": len(arcs.cost), "priced": priced, "sweeps": sweeps}
            return arcs, flow, (person, slot), facts
        arcs = arcs.plus(_new(arcs, more, len(slot)), seats.supply)
        known = None if len(seats.unit_cap) else Prices(person, slot, MATTERS * worst)
        dropping = dropping and rounds < DROPPING
    raise ArithmeticError("pricing did not come to an end")


def first_arcs(arcs: Arcs, seats: Seats, groups: list[Group]) -> tuple[Arcs, Prices | None]:
    """The nearest candidates that the order of seats lets compete, and pairs that fill the best seats; its prices."""
    n, m = len(seats.supply), seats.count.shape[1]
    order = seat_order(seats, groups)
    person, slot = (
        (np.zeros(n, np.int64), np.zeros(m, np.int64)) if order is None else (order.person, order.slot)
    )
    of_class, to, cost = nearest(groups, NEAREST, FEW, person, slot)
    if order is not None:
        seeds = order.seeds
        of_class, to = np.concatenate([of_class, seeds[0]]), np.concatenate([to, seeds[1]])
        cost = np.concatenate([cost, pair_costs(groups, *seeds, n, m)])
    first = np.unique(of_class * m + to, return_index=True)[1]
    found = arcs.plus((of_class[first], to[first], cost[first]), seats.supply)
    if order is None or len(seats.unit_cap):
        return found, None
    return found, Prices(person, slot, MATTERS * (1 + int(np.abs(found.cost).max(initial=0))))


def _priced(
    seats: Seats, arcs: Arcs, known: Prices | None, dropping: bool
) -> tuple[Flow, np.ndarray, np.ndarray, int]:
    """The cheapest flow and its potentials; from known prices where the potentials confirm it, else from nothing.

    With ``dropping`` arcs that are dearer at the known prices than what matters are left out; pricing sees them again.
    """
    if known is not None:
        reduced = arcs.cost + known.person[arcs.of_class] - np.maximum(known.slot, -FAR // 8)[arcs.slot]
        part = np.flatnonzero(arcs.capped | (reduced <= known.most)) if dropping else np.arange(len(reduced))
        try:
            few = arcs.only(part)
            flow = send(seats, few, known)
            person, slot, sweeps = potentials(seats, few, flow, SWEEPS)
        except ArithmeticError:  # the guess was cut off too low
            pass
        else:
            whole = np.zeros(len(reduced), np.int64)
            whole[part] = flow.arcs
            return replace(flow, arcs=whole), person, slot, sweeps
    flow = send(seats, arcs)
    return flow, *potentials(seats, arcs, flow)


def _new(
    arcs: Arcs, more: tuple[np.ndarray, np.ndarray, np.ndarray], slots: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those of ``more`` that are no arcs yet (capped ones aside), once each."""
    keys, first = np.unique(more[0] * slots + more[1], return_index=True)
    known = np.sort((arcs.of_class * slots + arcs.slot)[~arcs.capped])
    at = np.minimum(np.searchsorted(known, keys), max(len(known) - 1, 0))
    first = first[known[at] != keys] if len(known) else first
    return more[0][first], more[1][first], more[2][first]


def value(seats: Seats, arcs: Arcs, flow: Flow) -> int:
    """Costs of the flow and gains of the seats that it leaves empty; exact."""
    empty = seats.count - flow.filled
    return int(arcs.cost @ flow.arcs) + int((empty * seats.gain).sum())


def read_seats(arrays: Arrays) -> Seats:
    """Supplies and seats of the engine's arrays; see :func:`solve`."""
    return Seats(
        np.asarray(arrays["supply"]),
        np.asarray(arrays["unit"]),
        np.asarray(arrays["unit_cap"]),
        np.stack([arrays["must"], arrays["further"]]),
        np.stack([arrays["must_gain"], arrays["further_gain"]]),
    )
