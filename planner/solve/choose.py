"""The engine of choice models: recognises what has a better method of its own, else HiGHS's integer programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.solve import assignment, generalised, mip
from planner.solve.task import Answer, Arrays


def solve(arrays: Arrays, options: Mapping[str, Any], report: mip.Report) -> Answer:
    """Minimise over a :class:`~planner.solve.choice.ChoiceModel`; arrays and facts as ``mip.solve``.

    ``facts["engine"]`` says which way was taken: ``assignment`` (unit loads: a flow), ``columns`` (generalised
    assignment; both with ``prices``, a certificate) or ``mip``.
    """
    found = generalised.recognise(arrays)
    answer = None if found is None else _by_structure(found, options, report)
    if answer is not None:
        return answer
    answer = mip.solve(arrays, options, report)
    return Answer(answer.status, answer.arrays, {**answer.facts, "engine": "mip"})


def _by_structure(
    found: generalised.Recognised, options: Mapping[str, Any], report: mip.Report
) -> Answer | None:
    room = assignment.unit_loads(found.problem)
    if room is not None:
        return assignment.solve(found, room)
    return generalised.solve(found, options, report) if generalised.knapsacks_fit(found.problem) else None
