"""How the poor people of a recipient are divided among its partners."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages.pairing.members import Members, fair_caps
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import Pairs


def divide_loads(
    context: Context,
    run: Callable[[list[Task]], list[Answer]],
    limits: Limits,
    members: Members,
    pairs: Pairs,
    chosen: np.ndarray,
    given: np.ndarray | None = None,
    carried: np.ndarray | None = None,
) -> np.ndarray | None:
    """Poor people that each chosen pair takes on, (k,) int64: the most loaded supporter as little as possible.

    ``minimise t`` subject to ``Σ_s y[s,r] = poor(r)``, ``1000·Σ_r y[s,r] ≤ t·fair(s)``, parts of at least
    ``least_part``; ``given`` (k,) float64 are parts that stand already, NaN where they do not; ``carried`` (n,) float64 what each
    supporter may carry where that is more than is fair. ``None`` where whole
    persons cannot be divided so: the first model had used its tolerance.
    """
    policy = context.policy
    load = pairs.load[chosen].astype(np.float64)
    n, m = len(members.supporters), len(members.recipients)
    model = ChoiceModel()
    least, most = least_parts(context, load), load
    if given is not None:
        least, most = (np.where(np.isnan(given), side, given) for side in (least, most))
    y = model.columns(np.zeros(len(chosen), dtype=np.int64), least, most)
    t = model.columns(np.ones(1, dtype=np.int64), 0.0, INFINITY)
    whole = np.zeros(m)
    whole[pairs.recipient[chosen]] = load
    model.rows("whole", pairs.recipient[chosen], y, 1.0, whole, whole, m)
    fair = np.maximum(1.0, np.floor(members.strength / members.strength.sum() * members.poor.sum()))
    row = np.concatenate([pairs.supporter[chosen], np.arange(n)])
    column = np.concatenate([y, np.full(n, t[0])])
    model.rows("evenly", row, column, np.concatenate([np.full(len(y), 1000.0), -fair]), -INFINITY, 0.0, n)
    if policy["fair_load_tolerance"] is not None:
        caps = np.maximum(fair_caps(context, members), 0 if carried is None else carried)
        model.rows("cap", pairs.supporter[chosen], y, 1.0, -INFINITY, caps, n)
    answer = run([Task("mip", model.arrays(), limits.options(), f"{NAME}: loads")])[0]
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        return None
    return answer.arrays["x"][: len(chosen)]


def least_parts(context: Context, load: np.ndarray) -> np.ndarray:
    """Least part of each recipient's load that a partner may carry, float64 whole persons."""
    return np.asarray(np.ceil(float(context.policy["least_part"] or 0) * load - 1e-9))


def divide(load: np.ndarray, recipient: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Whole shares of each recipient's load in proportion to ``weight``; they add up to the load exactly.

    ``load``, ``recipient`` and ``weight`` are (n,), one per pair; largest remainders get the odd ones.
    """
    found = np.zeros(len(load), dtype=np.int64)
    for r in np.unique(recipient):
        at = np.flatnonzero(recipient == r)
        total = int(load[at[0]])
        part = total * weight[at] / weight[at].sum()
        whole = np.floor(part).astype(np.int64)
        order = np.argsort(-(part - whole), kind="stable")
        whole[order[: total - int(whole.sum())]] += 1
        found[at] = whole
    return found
