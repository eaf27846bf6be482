"""What cannot hold in a scenario, found by counting before anything is solved: as findings, for ``jiedui check``."""

from __future__ import annotations

from dataclasses import replace

from graph.errors import InputError
from graph.findings import Finding
from graph.language import Text
from planner.decisions import looked_at
from planner.inputs import missing_tables, seen_network
from planner.scenario import Scenario
from planner.stage import Context
from planner.stages import STAGES
from planner.stages.cadres.too_few import too_few

CODE = "cannot-hold"
"""Machine name of these findings."""


def counted_findings(scenario: Scenario) -> list[Finding]:
    """Of each stage that rests on no other's decision: what counting shows, one finding each, with names and numbers.

    A value that its stage refuses (a pin that names nobody) is an error; that rules cannot hold together is a warning.
    """
    seen = replace(scenario, network=seen_network(scenario))
    ready = [
        s
        for s in scenario.stages
        if not looked_at(s, scenario.stages) and not missing_tables(STAGES[s], scenario)
    ]
    return [finding for stage in ready for finding in _of_stage(seen, stage)]


def _of_stage(scenario: Scenario, name: str) -> list[Finding]:
    policies = scenario.policies
    context = Context(
        scenario.network,
        policies[name],
        scenario.on,
        scenario.seed,
        {},
        policies,
        published=scenario.published,
    )
    try:
        told = STAGES[name].count(context)
        if name == "cadres":
            told = [*told, *too_few(context)]
    except InputError as error:
        mend = Text("改正场景里的值", "mend the value in the scenario")
        return [Finding("refused-value", "error", f"[{name}]", None, None, None, error.text, mend)]
    mend = Text(
        f"最小的冲突和出路：jiedui repair {scenario.name}",
        f"the smallest clash and ways out: jiedui repair {scenario.name}",
    )
    return [Finding(CODE, "warning", f"[{name}]", None, None, None, what, mend) for what in told]
