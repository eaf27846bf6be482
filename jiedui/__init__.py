"""jiedui 结对 — plans paired assistance, with proof.

What a notebook needs::

    import jiedui
    scenario = jiedui.read_scenario("china-2016")
    plan = jiedui.plan(scenario, "plans")
    assert jiedui.verify(plan).ok
    jiedui.ask(scenario.network, "怒江")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from jiedui._rooms import check_rooms

check_rooms()

if TYPE_CHECKING:
    from graph.errors import (
        CheckFailed,
        InfeasibleError,
        InputError,
        JieduiError,
        LimitReached,
        OutsideError,
        ScenarioError,
        TableErrors,
        UsageError,
    )
    from graph.language import use_language
    from graph.network import Network
    from graph.questions.ask import ask
    from graph.questions.gaps import gaps
    from graph.questions.withdraw import withdraw
    from graph.tables import read_network, write_tables
    from planner.compare import compare
    from planner.explain import explain
    from planner.plan import Plan, read_plan
    from planner.run import make_plan as plan
    from planner.scenario import Scenario, read_scenario
    from planner.verify import verify

_WHERE = {
    "CheckFailed": "graph.errors",
    "InfeasibleError": "graph.errors",
    "InputError": "graph.errors",
    "JieduiError": "graph.errors",
    "LimitReached": "graph.errors",
    "Network": "graph.network",
    "OutsideError": "graph.errors",
    "Plan": "planner.plan",
    "Scenario": "planner.scenario",
    "ScenarioError": "graph.errors",
    "TableErrors": "graph.errors",
    "UsageError": "graph.errors",
    "ask": "graph.questions.ask",
    "compare": "planner.compare",
    "explain": "planner.explain",
    "gaps": "graph.questions.gaps",
    "plan": "planner.run:make_plan",
    "read_network": "graph.tables",
    "read_plan": "planner.plan",
    "read_scenario": "planner.scenario",
    "use_language": "graph.language",
    "verify": "planner.verify",
    "withdraw": "graph.questions.withdraw",
    "write_tables": "graph.tables",
}
__all__ = [
    "CheckFailed",
    "InfeasibleError",
    "InputError",
    "JieduiError",
    "LimitReached",
    "Network",
    "OutsideError",
    "Plan",
    "Scenario",
    "ScenarioError",
    "TableErrors",
    "UsageError",
    "ask",
    "compare",
    "explain",
    "gaps",
    "plan",
    "read_network",
    "read_plan",
    "read_scenario",
    "use_language",
    "verify",
    "withdraw",
    "write_tables",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is first used, so that ``import jiedui`` and ``jiedui --help`` stay quick."""
    if name not in _WHERE:
        raise AttributeError(f"module 'jiedui' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    return getattr(importlib.import_module(module), attribute or name)


def __dir__() -> list[str]:
    return sorted(_WHERE)
