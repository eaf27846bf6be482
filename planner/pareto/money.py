"""Aims of money: what each yuan on each arc of the money network adds to each aim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graph.errors import UsageError
from planner.pareto.aims import Aim
from planner.policy import Policy
from planner.solve.potentials import exact_dot
from planner.solve.task import Arrays
from planner.stage import Context
from planner.stages.funds.built import Built
from planner.stages.funds.crossing import add_crossing_rows, simpler_words
from planner.stages.funds.fair import FAIR_WEIGHT
from planner.stages.funds.network import build_network
from planner.stages.funds.reading import allocations
from planner.stages.funds.stage import seen


@dataclass(frozen=True)
class MoneyModel:
    """The money network, and costs of its arcs by aim.

    Parameters
    ----------
    aims : tuple of Aim
        Two or three.
    built : Built
        The network, with all rules of the stage.
    arrays : mapping of str to ndarray
        Its arrays.
    parts : ndarray
        (k, n_arcs) int64, what a yuan on each arc adds to each aim, to be small.
    """

    aims: tuple[Aim, ...]
    built: Built
    arrays: Arrays
    parts: np.ndarray

    def values(self, flow: np.ndarray) -> tuple[int, ...]:
        """What a flow comes to in each aim, exactly."""
        return tuple(exact_dot(part, flow) for part in self.parts)

    def table(self, flow: np.ndarray) -> pl.DataFrame:
        """The table ``allocations`` of a flow."""
        return allocations(self.built, flow)


def for_aims(context: Context, aims: Sequence[Aim]) -> Context:
    """The same with the fairness that the aims ask: the logarithms where these are one of them, else the weighted sum alone."""
    fairness = "proportional" if any(a.key == "fair" for a in aims) else "weighted"
    policy = Policy({**context.policy.values, "fairness": fairness}, context.policy.origins)
    return replace(context, policy=policy, policies={**context.policies, "funds": policy})


def money_model(context: Context, aims: tuple[Aim, ...]) -> MoneyModel:
    """The network of a context of :func:`for_aims`.

    Raises
    ------
    UsageError
        When rules are in force that make it more than a network.
    """
    facts, known = seen(context)
    built = build_network(facts, known, context.policy.on("budgets"))
    crossing = add_crossing_rows(context, built)
    if context.policy.on("smallest_project"):
        crossing = [*crossing, "smallest_project"]
    if crossing:
        how = simpler_words(crossing)
        raise UsageError(
            f"资金的前沿只在各项规则成层级（一个网络流）时求得出来；请改掉这些（规则：改成什么）：{how.zh}",
            f"a front of money is found where its rules make one network; change these (rule: what to set): {how.en}",
        )
    arrays = dict(built.model.arrays())
    parts = np.stack([_part(built, arrays["cost"], aim.key) for aim in aims])
    return MoneyModel(aims, built, arrays, parts)


def _part(built: Built, cost: np.ndarray, key: str) -> np.ndarray:
    """(n_arcs,) int64: what a yuan adds to an aim."""
    families, found = built.model.families, np.zeros(built.model.n_arcs, dtype=np.int64)
    if key == "worth":
        found[:] = cost
        if "fair" in families:
            found[families["fair"]] = 0
    elif key == "fair":
        found[families["fair"]] = cost[families["fair"]]
    elif key == "microcredit":
        found[families["lend:microcredit"]] = 1
    else:
        counted = built.facts.deep[built.index["step"][:, 1]] if key == "deep" else True
        found[families["step"]] = -1 * np.broadcast_to(counted, len(built.index["step"]))
    if key == "fair":
        found //= FAIR_WEIGHT
    return found
