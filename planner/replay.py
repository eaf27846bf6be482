"""A plan's own scenario again, out of the plan's folder: whoever has the plan can plan it again, whatever became of the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from graph.language import Text
from planner.explain import later_values
from planner.plan import Plan
from planner.policy import Origin, Policy
from planner.scenario import Scenario
from planner.stage import Limits
from planner.stored import Stored


def scenario_of(plan: Plan) -> Scenario:
    """The scenario that a plan was made from: planned again it gives a plan of the same id.

    Its tables have the columns that the stages read; the others have their defaults, as no rule reads them. Values that a plan is
    too old to know are as they were then: a rule was off, another value has its default (the id is another one in that case).
    """
    inputs = plan.head["inputs"]
    cites, files = inputs.get("cites", {}), plan.run.get("origins", {})
    title = plan.head["title"]
    return Scenario(
        name=str(plan.run.get("scenario") or plan.id),
        title=Text(title["zh"], title["en"]),
        on=date.fromisoformat(inputs["date"]),
        seed=int(inputs["seed"]),
        stages=tuple(inputs["stages"]),
        policies={
            s: _policy(s, values, cites.get(s, {}), files.get(s, {}))
            for s, values in inputs["policy"].items()
        },
        limits=limits_of(plan),
        network=plan.network,
        chain=tuple(plan.run.get("chain", ())),
        origin=_origin(inputs.get("network")),
        published=plan.published,
        elastic=bool(inputs.get("elastic")),
    )


def limits_of(plan: Plan) -> Limits:
    """The limits that the plan was made with."""
    given = plan.head["inputs"]["limits"]
    return Limits(given["time_limit"], given["threads"], given["work"])


def _policy(
    stage: str, values: Mapping[str, Any], cites: Mapping[str, str], origins: Mapping[str, Mapping[str, Any]]
) -> Policy:
    told = {
        k: Origin(str(o.get("file", "")), int(o.get("line", 0)), cites.get(k, "")) for k, o in origins.items()
    }
    more = {k: Origin(cites=c) for k, c in cites.items() if k not in told}
    return Policy({**later_values(stage), **values}, told | more)


def _origin(told: Mapping[str, Any] | None) -> Stored | None:
    return None if told is None else Stored(told["name"], int(told["version"]), str(told.get("digest", "")))
