"""What is done without an optimiser: the two-step factor method, centre → province → county.

Each source and year by itself, the narrowest first. A country-wide central grant goes to provinces by the published
factors, and there to counties; any other source goes straight to the counties that it may pay for. In a county the money
is spread over the programmes in proportion to what is still unmet. What a county cannot use is shared out again, at
most :data:`ROUNDS` times.
"""

from __future__ import annotations

import numpy as np

from planner.stage import Context
from planner.stages.funds.factors import province_factors, shares_by_factors
from planner.stages.funds.facts import PPM, Facts, some
from planner.stages.funds.known import Known

ROUNDS = 3
COUNTY_WEIGHTS = (0.4, 0.3, 0.3)
"""Poor people, poor people by depth of poverty, need: the county step's weights (assumed)."""


def two_steps(context: Context, facts: Facts, known: Known) -> np.ndarray:
    """(n, 5) int64: source, county, programme, year, yuan."""
    parts = [np.zeros((0, 5), dtype=np.int64)]
    left = np.zeros(len(facts.sources), dtype=np.int64)
    order = narrow_first(facts)
    reach = [np.flatnonzero(some(facts.allowed[s], 1)) for s in range(len(facts.sources))]
    for t in range(len(facts.years)):
        unmet = known.cell[:, :, t].copy()
        weight = county_weights(facts, t)
        lent = {i: high[:, t].copy() for i, high in known.loan_high.items()}
        factors = province_factors(context, facts, facts.years[t])
        for s in order.tolist():
            money, here = int(facts.budget[s, t] + left[s]), reach[s]
            may = facts.allowed[s, here]
            open_here = np.where(may, unmet[here], 0)
            loan = lent.get(facts.instrument[s])
            room = None if loan is None else loan[here]
            paid = _one_source(context, facts, factors, s, here, weight[here], open_here, money, room)
            unmet[here] -= paid
            if loan is not None:
                loan[here] -= paid.sum(axis=1)
            c, p = np.nonzero(paid)
            parts.append(np.column_stack([np.full(len(c), s), here[c], p, np.full(len(c), t), paid[c, p]]))
            left[s] = min(money - int(paid.sum()), int(facts.carry[s, t]))
    return np.concatenate(parts)


def _one_source(
    context: Context,
    facts: Facts,
    factors: dict[str, np.ndarray],
    s: int,
    here: np.ndarray,
    weight: np.ndarray,
    unmet: np.ndarray,
    money: int,
    room: np.ndarray | None,
) -> np.ndarray:
    """(n, P) yuan of one source in one year for the counties ``here``; ``room`` is what may still be lent in each."""
    paid = np.zeros_like(unmet)
    for _ in range(ROUNDS):
        left = unmet - paid
        amount = _entitled(context, facts, factors, s, here, weight, left, money - int(paid.sum()))
        if room is not None:
            amount = np.minimum(amount, room - paid.sum(axis=1))
        gift = _spread(left, amount)
        if not gift.any():
            break
        paid += gift
    return paid


def narrow_first(facts: Facts) -> np.ndarray:
    """Sources, those that may pay for the fewest cells first."""
    return np.argsort(facts.allowed.sum(axis=(1, 2)), kind="stable")


def county_weights(facts: Facts, t: int) -> np.ndarray:
    """(C,) float64: a county's share of the money of a source that reaches all."""
    need = facts.need[:, :, t].sum(axis=1).astype(np.float64)
    parts = (facts.poor.astype(np.float64), facts.poor * facts.rank, need)
    return np.asarray(sum(w * p / max(p.sum(), 1.0) for w, p in zip(COUNTY_WEIGHTS, parts, strict=True)))


def _entitled(
    context: Context,
    facts: Facts,
    factors: dict[str, np.ndarray],
    s: int,
    here: np.ndarray,
    weight: np.ndarray,
    unmet: np.ndarray,
    money: int,
) -> np.ndarray:
    """(n,) yuan to which the counties ``here`` are entitled, for what is still unmet."""
    mine = np.where((unmet.sum(axis=1) > 0) & (money > 0), weight, 0.0)
    if not facts.shared[s]:
        return _split(mine, money)
    n, province = len(facts.provinces), facts.province[here]
    share = shares_by_factors(
        factors, context.policy["factor_weights"] or {}, np.bincount(province, mine > 0, n) > 0
    )
    inside = np.bincount(province, mine, n)[province]
    part = np.divide(mine, inside, out=np.zeros_like(mine), where=inside > 0)
    return _split(part * share[province] / PPM, money)


def _split(weight: np.ndarray, money: int) -> np.ndarray:
    total = weight.sum()
    if total <= 0:
        return np.zeros(len(weight), dtype=np.int64)
    return np.asarray(np.floor(weight / total * money).astype(np.int64))


def _spread(unmet: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """(C, P) yuan: each county's amount over its programmes in proportion to what is unmet, rounded down."""
    whole = np.maximum(unmet.sum(axis=1), 1)
    ratio = np.minimum(amount / whole, 1.0)
    return np.asarray(np.minimum(np.floor(unmet * ratio[:, None]).astype(np.int64), unmet))


def sensitivity(context: Context, facts: Facts) -> list[dict[str, object]]:
    """What each assumed weight, halved and raised by half, moves between provinces in the first planned year.

    Rows: factor, weight, ``times``, share of the money that moves, and the province that changes most (points).
    """
    weights = dict(context.policy["factor_weights"] or {})
    factors = province_factors(context, facts, facts.years[0])
    reach = np.ones(len(facts.provinces), dtype=bool)
    usual = shares_by_factors(factors, weights, reach)
    rows: list[dict[str, object]] = []
    for name in factors:
        for times in (0.5, 1.5):
            changed = shares_by_factors(factors, {**weights, name: weights.get(name, 0.0) * times}, reach)
            moved = (changed - usual) / PPM
            most = int(np.argmax(np.abs(moved)))
            rows.append({
                "factor": name, "weight": weights.get(name, 0.0), "times": times,
                "moved": round(float(np.abs(moved).sum()) / 2, 6),
                "province": facts.provinces[most], "change": round(float(moved[most]), 6),
            })  # fmt: skip
    return rows
