"""Rows of the first model on loads: a recipient's poor people are divided among its partners, and nobody takes on too many."""

from __future__ import annotations

import numpy as np

from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.pairing.members import Members, fair_caps
from planner.stages.pairs import Pairs


def divide_among_partners(
    context: Context, model: ChoiceModel, members: Members, pairs: Pairs, x: np.ndarray, exact: bool
) -> np.ndarray:
    """y: a recipient's poor people are divided among its partners; a supporter takes at most its fair share. Returns y."""
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    whole = pairs.load.astype(np.float64)
    unit = np.ones(pairs.size) if exact else np.maximum(whole, 1.0)  # persons that y = 1 stands for
    y = model.columns(np.zeros(pairs.size, dtype=np.int64), 0.0, whole / unit, integer=exact)
    parts = _division_rule(context)
    linked(model, parts, y, x, whole / unit, at_most=True)
    reached = np.bincount(pairs.recipient, minlength=m) > 0
    poor = np.where(reached, members.poor, 0).astype(np.float64)
    per = np.ones(m) if exact else np.maximum(poor, 1.0)
    share = unit / per[pairs.recipient]
    divided = "least_part" if policy["least_part"] is not None and not context.elastic else parts
    model.rows(divided, pairs.recipient, y, share, -INFINITY, poor / per, m)
    if policy.on("cover_recipients") and not context.elastic:
        model.rows("cover_recipients", pairs.recipient, y, share, poor / per, INFINITY, m)
    else:
        _whole_load(model, parts, pairs, x, y, unit)
    if policy["fair_load_tolerance"] is not None:
        caps = fair_caps(context, members)
        scale = np.ones(n) if exact else np.maximum(caps, 1.0)
        model.rows(
            "fair_load_tolerance",
            pairs.supporter,
            y,
            unit / scale[pairs.supporter],
            -INFINITY,
            caps / scale,
            n,
            pairs.supporters,
        )
    if policy["least_part"] is not None:
        least = np.ceil(float(policy["least_part"]) * whole - 1e-9)
        linked(model, "least_part", y, x, least / unit, at_most=False)
    return y


def _whole_load(
    model: ChoiceModel, rule: str, pairs: Pairs, x: np.ndarray, y: np.ndarray, unit: np.ndarray
) -> None:
    """A paired recipient's poor people are all taken on: ``Σ_s y[s,r] ≥ poor(r)·x[t,r]`` for each partner t."""
    order = np.argsort(pairs.recipient, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(pairs.recipient))[:-1]) if pairs.size else []
    row = np.concatenate([np.zeros(0, dtype=np.int64), *[np.repeat(g, len(g)) for g in groups]])
    other = np.concatenate([np.zeros(0, dtype=np.int64), *[np.tile(g, len(g)) for g in groups]])
    values = np.concatenate([np.ones(len(other)), -(pairs.load / unit)])
    rows = np.concatenate([row, np.arange(pairs.size)])
    model.rows(rule, rows, np.concatenate([y[other], x]), values, 0.0, INFINITY, pairs.size)


def _division_rule(context: Context) -> str:
    """The rule for whose sake loads are divided: the one that a clash about their parts is about."""
    for rule in ("fair_load_tolerance", "least_part"):
        if context.policy[rule] is not None and not context.elastic:
            return rule
    return "parts"  # then any division does, and no clash needs these rows


def linked(
    model: ChoiceModel, rule: str, y: np.ndarray, x: np.ndarray, factor: np.ndarray, *, at_most: bool
) -> None:
    """``y ≤ factor·x`` or ``y ≥ factor·x``, pair by pair."""
    lower, upper = (-INFINITY, 0.0) if at_most else (0.0, INFINITY)
    values = np.concatenate([np.ones(len(y)), -factor])
    model.rows(rule, np.tile(np.arange(len(y)), 2), np.concatenate([y, x]), values, lower, upper, len(y))
