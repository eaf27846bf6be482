"""Posting people: exact transportation over classes and slots by a flow that grows only where it must.

A sparse flow over the nearest candidates; potentials on its residual graph; all other allowed pairs priced
against them; what would improve joins, and the flow is sent again until nothing is left. The potentials of the
last round are the certificate over every allowed pair. Rules about whole teams are no flow: where the flow
breaks them, :mod:`planner.solve.posting_teams` repairs, and the flow's own value stays the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve.posting_cut import cut
from planner.solve.posting_flow import Arcs, Flow, Prices, Seats, potentials, send
from planner.solve.posting_groups import Group, nearest, read_groups, violators
from planner.solve.posting_teams import Teams, repair
from planner.solve.task import Answer, Arrays

NEAREST = 56  # first candidates of a class
JOINING = 32  # violators of a class that join in one round
ROUNDS = 200
MATTERS = 8  # times the worst violation: reduced costs beyond that are cut off in the next round
SWEEPS = 200

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
    arcs = arcs.plus(nearest(groups, NEAREST), seats.supply)
    known: Prices | None = None
    for rounds in range(1, ROUNDS + 1):
        flow, person, slot, sweeps = _priced(seats, arcs, known)
        more, count, worst = violators(groups, person, slot, JOINING, typical(arcs, flow))
        report({"round": rounds, "arcs": len(arcs.cost), "violators": count})
        if not count:
            priced = sum(len(g.classes) * len(g.slots) for g in groups)
            facts = {"rounds": rounds, "arcs": len(arcs.cost), "priced": priced, "sweeps": sweeps}
            return arcs, flow, (person, slot), facts
        arcs = arcs.plus(unlisted(arcs, more, len(slot)), seats.supply)
        known = None if len(seats.unit_cap) else Prices(person, slot, MATTERS * worst)
    raise ArithmeticError("pricing did not come to an end")


def _priced(seats: Seats, arcs: Arcs, known: Prices | None) -> tuple[Flow, np.ndarray, np.ndarray, int]:
    """The cheapest flow and its potentials; from known prices where the potentials confirm it, else from nothing."""
    if known is not None:
        try:
            flow = send(seats, arcs, known)
            return flow, *potentials(seats, arcs, flow, SWEEPS)
        except ArithmeticError:  # the guess was cut off too low
            pass
    flow = send(seats, arcs)
    return flow, *potentials(seats, arcs, flow)


def typical(arcs: Arcs, flow: Flow) -> int:
    """A quarter of the mean cost of a posting so far: about how far prices still move."""
    people = int(flow.arcs.sum())
    return 1 + abs(int(arcs.cost @ flow.arcs)) // (4 * people) if people else 1


def unlisted(
    arcs: Arcs, more: tuple[np.ndarray, np.ndarray, np.ndarray], slots: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those of ``more`` that are no arcs yet, capped ones (staying) aside."""
    known = (arcs.of_class * slots + arcs.slot)[~arcs.capped]
    new = ~np.isin(more[0] * slots + more[1], known)
    return more[0][new], more[1][new], more[2][new]


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
