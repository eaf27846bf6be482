"""Another posting that a chain of moves tells without a solve, in words."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from graph.language import Text
from planner.cost import SCALE
from planner.otherwise.choice import Asking, Move, Otherwise
from planner.otherwise.posting_prices import cadre_id, changed_posting, slot_text
from planner.stages.cadres.chains import Chain, Search, Unproved, holds
from planner.stages.cadres.moved import Place, moved_to
from planner.stages.cadres.plan_flow import Flow
from planner.stages.cadres.standing import Standing


def flow_of(standing: Standing) -> Flow:
    """The plan's people as a flow; made once."""
    return standing.context.once("cadres.flow", lambda: Flow(standing))


def chained_posting(
    asking: Asking, standing: Standing, what: Text, row: int, chain: Chain, least: int | None = None
) -> Otherwise:
    """What a chain changes, and who moves; ``least``: where it need not be the cheapest, what that costs at least."""
    moves = [
        Move(cadre_id(standing, r), slot_text(asking, standing, a), slot_text(asking, standing, b))
        for r, a, b in moved_by(flow_of(standing), row, chain)
    ]
    exact = least is None or least == chain.change
    found = changed_posting(asking, what, "OPTIMAL" if exact else "FEASIBLE", chain.change, moves)
    if exact:
        return found
    return found.at_least((least or 0) / SCALE, standing.trivial(standing.task_of(row)) / SCALE)


def moved_by(flow: Flow, row: int, chain: Chain) -> list[tuple[int, int, int]]:
    """Row of the cadre, slot before, slot after (−1: nowhere) of everyone whom a chain moves, the cadre ``row`` first."""
    standing = flow.standing
    now, own = int(standing.before[row]), int(standing.class_of_row[row])
    wanted = dict[int, dict[Place, int]]()
    for number, places in chain.taken.items():
        there = defaultdict(int, flow.at(number))
        if number == own and now >= 0:
            there[now, standing.in_place(row)] -= 1
        for place, by in places.items():
            there[place] += by
        wanted[number] = there
    return moved_to(standing.model, standing.before, row, chain.slot, wanted)


def chained_away(
    asking: Asking, standing: Standing, what: Text, row: int, slots: np.ndarray
) -> Otherwise | None:
    """A cadre at the best of the posts (k,), or nowhere; ``None`` where that takes a second solve.

    It does where the plan's people are no flow that is proved the cheapest, and where the cheapest chain breaks a rule on teams.
    """
    if not standing.is_flow(standing.task_of(row)):
        return None
    flow = flow_of(standing)
    try:
        chain = Search(flow, row, slots, home=True).best()
    except Unproved:
        return None
    if chain is None or not holds(flow, row, chain):
        return None
    return chained_posting(asking, standing, what, row, chain)
