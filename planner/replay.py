"""A plan's own scenario again, out of the plan's folder: whoever has the plan can plan it again, whatever became of the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from graph.language import Text
from planner.kept_policy import kept_policies
from planner.plan import Plan
from planner.scenario import Scenario
from planner.stage import Limits
from planner.stored import Stored


def scenario_of(plan: Plan) -> Scenario:
    """The scenario that a plan was made from: planned again it gives a plan of the same id.

    Its tables have the columns that the stages read; the others have their defaults, as no rule reads them. Values that a plan is
    too old to know are as they were then: a rule was off, another value has its default (the id is another one in that case).
    """
    inputs = plan.head["inputs"]
    title = plan.head["title"]
    return Scenario(
        name=str(plan.run.get("scenario") or plan.id),
        title=Text(title["zh"], title["en"]),
        on=date.fromisoformat(inputs["date"]),
        seed=int(inputs["seed"]),
        stages=tuple(inputs["stages"]),
        policies=kept_policies(inputs["policy"], plan.run.get("origins", {}), inputs.get("cites", {})),
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


def _origin(told: Mapping[str, Any] | None) -> Stored | None:
    return None if told is None else Stored(told["name"], int(told["version"]), str(told.get("digest", "")))
