"""Numbers whose change may swap a pair: the weights of its cost, the supporter's strength, the recipient's need."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from graph.language import Text
from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.policy import Policy
from planner.published import CHANGE_WEIGHT
from planner.stage import Context
from planner.stages import STAGES
from planner.stages.designation_pairs import deep_counties
from planner.stages.need import latest_fact

MANY = 1000.0
"""Over so much of a number without a largest value its effect is measured: costs are whole thousandths, so that it is told to a millionth."""
TIMES = 4.0
"""A weight is looked at up to so many times what it is; what is off, or less than 1, up to so many points."""
NEED = "poverty_incidence"


@dataclass(frozen=True)
class Number:
    """One number that may change.

    Parameters
    ----------
    key : str
        ``stage.key`` of a policy value, or ``table.column`` of a cell.
    title : Text
    now, low, high : float
        What it is, and between which values the pair's cost is linear in it.
    at : callable
        What the stage would see with another value.
    open : bool
        Whether it may be more than ``high``.
    span : float
        How much more of it its effect is measured over.
    """

    key: str
    title: Text
    now: float
    low: float
    high: float
    at: Callable[[float], Context]
    open: bool = False
    span: float = 0.0


def numbers_of(asking: Asking, found: Choices, pair: tuple[str, str]) -> list[Number]:
    """The numbers of a pair; none under own scores, which are not made of any."""
    if asking.context.policy["objective"] == "scores":
        return []
    return [*_weights(asking), *_strength(asking, found, pair[0]), *_need(asking, found, pair[1])]


def _weights(asking: Asking) -> list[Number]:
    context, found = asking.context, list[Number]()
    for setting in STAGES[asking.stage].settings:
        if setting.key.endswith("_weight") and setting.key != CHANGE_WEIGHT:
            now = context.policy.weight(setting.key)
            high = TIMES * max(now, 1.0)
            at = _with_weight(context, setting.key)
            found.append(
                Number(f"{asking.stage}.{setting.key}", setting.title, now, 0.0, high, at, True, MANY)
            )
    return found


def _with_weight(context: Context, key: str) -> Callable[[float], Context]:
    def at(value: float) -> Context:
        policy = Policy({**context.policy.values, key: value}, context.policy.origins)
        return replace(context, policy=policy)

    return at


def _strength(asking: Asking, found: Choices, unit: str) -> list[Number]:
    """A unit's strength, as far as it does not cross what ``deep_poverty_strength`` asks for; that of a region is no number of its own."""
    context = asking.context
    if asking.stage != "designation" or not context.policy.weight("need_weight"):
        return []
    units = context.network.frame("units")
    now = units.filter(pl.col("id") == unit)["strength"].to_list()
    if not now or now[0] is None:
        return []
    low, high = 0.0, max(1.0, float(now[0]))
    asked = context.policy["deep_poverty_strength"]
    if asked is not None and deep_counties(context, found.pairs.recipients).any():
        strong = now[0] >= asked
        low, high = (float(asked), high) if strong else (low, math.nextafter(float(asked), 0.0))

    def at(value: float) -> Context:
        changed = pl.when(pl.col("id") == unit).then(value).otherwise(pl.col("strength")).alias("strength")
        return replace(context, network=context.network.with_frames({"units": units.with_columns(changed)}))

    return [
        Number("units.strength", Text("帮扶单位的实力", "the unit's strength"), float(now[0]), low, high, at)
    ]


def _need(asking: Asking, found: Choices, recipient: str) -> list[Number]:
    """The recipient's poverty incidence up to the largest, against which all are measured; nothing of that one itself."""
    context = asking.context
    if not context.policy.weight("need_weight"):
        return []
    known = latest_fact(context, NEED, found.pairs.recipients)
    at_row = found.pairs.recipients.index(recipient)
    now, others = float(known[at_row]), [float(v) for k, v in enumerate(known.tolist()) if k != at_row]
    most = max((v for v in others if not math.isnan(v)), default=0.0)
    if math.isnan(now) or now > most or most <= 0:
        return []
    facts = context.network.frame("region_facts")
    mine = (pl.col("measure") == NEED) & (pl.col("region") == recipient) & (pl.col("year") <= context.on.year)
    newest = facts.filter(mine)["year"].max()

    def at(value: float) -> Context:
        here = mine & (pl.col("year") == newest)
        changed = facts.with_columns(pl.when(here).then(value).otherwise(pl.col("value")).alias("value"))
        return replace(context, network=context.network.with_frames({"region_facts": changed}))

    title = Text("受扶方的贫困发生率", "the recipient's poverty incidence")
    return [Number(f"region_facts.{NEED}", title, now, 0.0, most, at)]
