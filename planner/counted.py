"""What cannot hold in a scenario, found by counting before anything is solved: as findings, for ``jiedui check``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from graph.errors import InputError
from graph.findings import Finding
from graph.language import Text
from planner.decisions import looked_at
from planner.inputs import missing_tables, seen_network
from planner.scenario import Scenario
from planner.stage import Context, counts_ahead
from planner.stages import STAGES
from planner.stages.words import Uncounted, of_rules_in_force

CODE = "cannot-hold"
"""Machine name of these findings."""
UNCOUNTED = "nothing-counted"
"""Machine name of what counting does not tell."""
OTHERWISE = Text("除非本意并非如此，无须改动", "nothing has to be mended unless it was meant otherwise")


def counted_findings(scenario: Scenario, besides: Collection[str] = ()) -> list[Finding]:
    """What counting shows of each stage but those ``besides``, with names and numbers; it holds whatever stages before it decide.

    A value that its stage refuses (a pin that names nobody) is an error; that rules cannot hold together is a warning.
    """
    seen = replace(scenario, network=seen_network(scenario))
    lacking = {s: missing_tables(STAGES[s], scenario) for s in scenario.stages if s not in besides}
    found = [finding for stage, tables in lacking.items() if not tables for finding in _of_stage(seen, stage)]
    scored = [s for s in lacking if scenario.policies[s].values.get("objective") == "scores"]
    return found + [_without_scores(s, lacking[s]) for s in scored if lacking[s]]


def _without_scores(name: str, tables: list[str]) -> Finding:
    """A stage by own scores of which no row is listed: nothing is counted, and it could not be planned."""
    listed = ", ".join(tables)
    what = Text(
        f"没有 {listed} 的行，什么也没有计数，也无法规划",
        f"no row of {listed}: nothing is counted, and it cannot be planned",
    )
    mend = Text("补上这些行，或从 stages 中去掉这个阶段", "add such rows, or take the stage out of stages")
    return Finding(UNCOUNTED, "warning", f"[{name}]", None, None, None, what, mend)


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
        stage, undecided = STAGES[name], looked_at(name, scenario.stages)
        told = stage.count_ahead(context, undecided) if counts_ahead(stage) else stage.count(context)
    except InputError as error:
        mend = Text("改正场景里的值", "mend the value in the scenario")
        return [Finding("refused-value", "error", f"[{name}]", None, None, None, error.text, mend)]
    mend = Text(
        f"最小的冲突和出路：jiedui repair {scenario.name or '.'}",
        f"the smallest clash and ways out: jiedui repair {scenario.name or '.'}",
    )
    clashes = [of_rules_in_force(what, context.policy) for what in told if not isinstance(what, Uncounted)]
    notices = [what for what in told if isinstance(what, Uncounted)]
    return [
        *(Finding(CODE, "warning", f"[{name}]", None, None, None, what, mend) for what in clashes),
        *(Finding(UNCOUNTED, "notice", f"[{name}]", None, None, None, what, OTHERWISE) for what in notices),
    ]
