"""Plans that break promises, for those who read them later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from graph.errors import UsageError
from planner.plan import Plan


def broken_in(head: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The broken promises that a stage's part of ``plan.json`` tells; none where all rules hold."""
    return list(head["details"].get("elastic", {}).get("broken", ()))


def broken_about(plan: Plan, stage: str, keys: Collection[str]) -> list[Mapping[str, Any]]:
    """Those of a stage's broken promises that are about one of the ids ``keys``."""
    return [p for p in broken_in(plan.stages[stage]) if not {*keys}.isdisjoint(p["about"].split(">"))]


def places_in(broken: Sequence[Mapping[str, Any]]) -> int:
    """Of how many places, units, teams or pairs promises are broken: one under two rules counts once."""
    return len({p["about"] for p in broken})


def to_be_priced(plan: Plan, stages: Sequence[str]) -> list[str]:
    """Those of ``stages`` that keep all rules: where promises are broken, another choice has no price to be held against.

    Raises
    ------
    UsageError
        When there are stages, and none of them keeps all rules.
    """
    whole = [s for s in stages if not broken_in(plan.stages[s])]
    if stages and not whole:
        raise UsageError(
            f"{'、'.join(stages)} 有违约（--elastic）：别的选择没有可比的代价；每处违约的理由见 jiedui show {plan.folder}",
            f"promises are broken in {', '.join(stages)} (--elastic), so that another choice has no price to be held against; why each is: "
            f"jiedui show {plan.folder}",
        )
    return whole
