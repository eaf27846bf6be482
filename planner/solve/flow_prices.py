"""What a step of money more or less, put in or taken out at many places, changes of a cheapest flow's cost; exactly.

Each answer is the difference that solving again would make: a cheapest flow of the step in the residual network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve.flow_change import changes
from planner.solve.flow_questions import NAMES, Questions
from planner.solve.residual import draw_together
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]

WORK = 20_000_000
"""Links that single searches may look at, at ``work`` = 1: about half a minute."""


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Answer questions to a cheapest flow of a :class:`~planner.solve.flow_model.FlowModel` without side rows.

    Arrays in: the model's, ``flow`` (n_arcs,), and for each ``way`` of ``put`` and ``take`` the arrays ``way_<name>`` of
    :class:`~planner.solve.flow_questions.Questions`, with ``shut_arc`` (arcs that a question may not change) for links. ``put``:
    money comes in by the openings and goes to the target; ``take``: it comes from the target and leaves by the openings.
    ``options["step"]``: the largest change, in units.

    Arrays out, for each way: ``way_cost`` (what is paid more than before), ``way_placed`` (units) and ``way_known`` (bool:
    false where the work did not suffice). Facts: ``points`` and ``links`` of the residual network drawn together, ``searched``
    links in single searches.
    """
    report({"step": "residual network"})
    residual = draw_together(arrays, arrays["flow"], int(options["step"]))
    work = int(WORK * float(options.get("work") or 1.0))
    found: dict[str, np.ndarray] = {}
    searched = 0
    for way, network in (("put", residual), ("take", residual.reversed())):
        given = {name: arrays[f"{way}_{name}"] for name in NAMES}
        report({"step": way, "questions": len(given["amount"])})
        link = residual.link_of[given.pop("shut_arc")]
        both = np.concatenate([link, link + 1])[np.tile(link >= 0, 2)]
        given["shut_question"] = np.tile(given["shut_question"], 2)[np.tile(link >= 0, 2)]
        told, used = changes(network, Questions(**given, shut_link=both), work - searched)
        searched += used
        found |= {f"{way}_cost": told.cost, f"{way}_placed": told.placed, f"{way}_known": told.known}
    facts = {"points": residual.n_points, "links": len(residual.start), "searched": searched}
    return Answer("OPTIMAL", found, facts)
