"""Rules that are no bounds on the network's arcs: side rows over them. With none, the model is a pure flow."""

from __future__ import annotations

from collections.abc import Collection
from math import lcm

import numpy as np

from graph.language import Text
from planner.solve.flow_model import UNLIMITED
from planner.stage import Context
from planner.stages.funds.built import SINK, Built
from planner.stages.funds.facts import PPM, ppm
from planner.stages.funds.known import NO_LIMIT, balance_ceiling, slot_groups

SIMPLER = {
    "outside_share": "funds.outside_share=off",
    "deep_poverty_share": "funds.deep_poverty_of=budget",
    "slot_caps": "funds.slot_caps_by=county",
    "microcredit_loan_max": "funds.microcredit_window=even",
    "microcredit_returns": "funds.microcredit_returns=off",
    "stability": "funds.stability_against=last",
    "smallest_project": "funds.smallest_project=off",
    "ceiling:microcredit": "funds.microcredit_loan_max=off",
    "ceiling:relending": "funds.relending_share=off",
}
"""Rule that is no bound on an arc → the value under which there is a network again."""
LARGEST = 10**9  # coefficients stay small enough for exact 64-bit sums


def add_crossing_rows(context: Context, built: Built) -> list[str]:
    """Add the side rows that the policy asks for; the rules by name (empty: a pure flow)."""
    policy = context.policy
    if "classes" in built.why_rows:
        _outside(built)
    if policy.on("deep_poverty_share") and policy["deep_poverty_of"] == "spent":
        _deep_of_spent(context, built)
    if policy.on("slot_caps") and policy["slot_caps_by"] == "country":
        _slots(context, built)
    if policy.on("microcredit_loan_max") and policy["microcredit_window"] == "outstanding":
        _balance(context, built)
    if policy.on("microcredit_returns"):
        _returns(context, built)
    if policy.on("stability") and policy["stability_against"] == "plan":
        _stable(context, built)
    for why in built.why_rows:
        if why.startswith("lenders:"):
            _joint_ceiling(built, why.partition(":")[2])
    return list(built.model.row_families)


def simpler_words(rules: Collection[str]) -> Text:
    """These rules, each with the value under which it would be a bound of one network of money."""
    named = [(rule.removeprefix("ceiling:"), f"--set {SIMPLER[rule]}") for rule in rules]
    return Text(
        "；".join(f"{rule}：{how}" for rule, how in named), "; ".join(f"{rule}: {how}" for rule, how in named)
    )


def _arcs(built: Built, family: str) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of a family's arcs, and what they stand for."""
    place = built.model.families[family]
    return np.arange(place.start, place.stop), built.index[family]


def _outside(built: Built) -> None:
    """Counties outside the list that are deep in poverty as well: the two classes cross."""
    arcs, (c, t) = _columns(built, "county")
    inside = built.facts.outside[c]
    low = built.known.outside_low
    built.model.rows("outside_share", t[inside], arcs[inside], 1, low, UNLIMITED, len(low))


def _columns(built: Built, family: str) -> tuple[np.ndarray, np.ndarray]:
    arcs, index = _arcs(built, family)
    return arcs, index.T


def _deep_of_spent(context: Context, built: Built) -> None:
    """``Σ deep ≥ share · Σ all`` of what is spent in the year."""
    arcs, (c, t) = _columns(built, "county")
    share = ppm(context.policy["deep_poverty_share"])
    weight = np.where(built.facts.deep[c], PPM - share, -share)
    n = len(built.facts.years)
    built.model.rows("deep_poverty_share", t, arcs, weight, 0, UNLIMITED, n)


def _slots(context: Context, built: Built) -> None:
    """One joint number of slots for the country; a cell takes its yuan over its unit cost."""
    arcs, (_, c, p, t) = _columns(built, "step")
    row, arc, data, high = [], [], [], []
    for number, (programme, years, slots) in enumerate(slot_groups(context, built.facts)):
        mine = np.flatnonzero((p == programme) & np.isin(t, years) & (built.facts.unit_cost[c, p, t] > 0))
        cost = built.facts.unit_cost[c[mine], p[mine], t[mine]]
        scale = slot_scale(cost)
        row.append(np.full(len(mine), number))
        arc.append(arcs[mine])
        data.append(-(-scale // cost))
        high.append(slots * scale)
    if row:
        built.model.rows("slot_caps", np.concatenate(row), np.concatenate(arc), np.concatenate(data),
                         -UNLIMITED, np.array(high, dtype=np.int64), len(high))  # fmt: skip


def slot_scale(unit_cost: np.ndarray) -> int:
    """Parts of a slot that are counted, so that a yuan takes a whole number of them (rounded up if there is none)."""
    if not unit_cost.size:
        return 1
    whole = lcm(*(int(u) for u in np.unique(unit_cost)))
    return whole if whole <= LARGEST else LARGEST


def _balance(context: Context, built: Built) -> None:
    """What a county's households owe: loans of the last ``microcredit_years`` years, at most the ceiling."""
    arcs, (_, c, t, _) = _columns(built, "lend:microcredit")
    years, term = built.facts.years, int(context.policy["microcredit_years"])
    n_t, row, arc = len(years), [], []
    for end in range(n_t):
        window = np.array([years[end] - term < years[u] <= years[end] for u in range(n_t)])
        inside = window[t]
        row.append(c[inside] * n_t + end)
        arc.append(arcs[inside])
    ceiling = np.repeat(balance_ceiling(context, built.facts), n_t)
    built.model.rows(
        "microcredit_loan_max", np.concatenate(row), np.concatenate(arc), 1, -UNLIMITED, ceiling, len(ceiling)
    )


def _returns(context: Context, built: Built) -> None:
    """Family ``returned`` (s, t): money that comes back to a lender, at most what falls due that year."""
    facts, model = built.facts, built.model
    term = int(context.policy["microcredit_years"])
    lend, (s_of, _, t_of, _) = _columns(built, "lend:microcredit")
    due = {(int(s), facts.years.index(y + term)): int(t) for s in np.unique(s_of) for t, y in enumerate(facts.years)
           if y + term in facts.years and built.budget_node[int(s), facts.years.index(y + term)] >= 0}  # fmt: skip
    pairs = sorted(due)
    s, t = np.array([p[0] for p in pairs], dtype=np.int64), np.array([p[1] for p in pairs], dtype=np.int64)
    back = model.arcs(
        "returned", SINK, built.budget_node[s, t], 0, built.budget[s, [due[p] for p in pairs]] if pairs else s
    )
    built.index["returned"] = np.stack([s, t], axis=1)
    row, arc, data = [np.arange(len(pairs))], [back], [np.ones(len(pairs), dtype=np.int64)]
    for number, pair in enumerate(pairs):
        lent = lend[(s_of == pair[0]) & (t_of == due[pair])]
        row.append(np.full(len(lent), number))
        arc.append(lent)
        data.append(np.full(len(lent), -1))
    joined = [np.concatenate(x).astype(np.int64) for x in (row, arc, data)]
    model.rows("microcredit_returns", joined[0], joined[1], joined[2], -UNLIMITED, 0, len(pairs))


def _stable(context: Context, built: Built) -> None:
    """A county's sum against its sum of the year before, in proportion to what it may be paid for."""
    arcs, (c, t) = _columns(built, "county")
    number = np.full(built.county_node.shape, -1)
    number[c, t] = arcs
    lows, highs = stable_factors(built.known.cell.sum(axis=1), ppm(context.policy["stability"]))
    c, t = np.nonzero((number[:, 1:] >= 0) & (number[:, :-1] >= 0))
    now, before = number[c, t + 1], number[c, t]
    n = len(c)
    row, arc = np.tile(np.arange(n), 4), np.concatenate([now, before, now, before])
    row[2 * n :] += n
    data = np.concatenate([np.full(n, PPM), -lows[c, t], np.full(n, PPM), -highs[c, t]])
    low = np.concatenate([np.zeros(n, dtype=np.int64), np.full(n, -UNLIMITED)])
    high = np.concatenate([np.full(n, UNLIMITED), np.zeros(n, dtype=np.int64)])
    built.model.rows("stability", row, arc, data, low, high, 2 * n)


def stable_factors(payable: np.ndarray, change: int) -> tuple[np.ndarray, np.ndarray]:
    """Least and largest factor (millionths) of a county's sum on the year before's, (C, T−1) each.

    ``payable`` (C, T) is what may be paid for; a floor falls, and a ceiling rises, with it.
    """
    before, now = np.maximum(payable[:, :-1], 1).astype(np.float64), payable[:, 1:].astype(np.float64)
    ratio = now / before
    low = np.floor((PPM - change) * np.minimum(ratio, 1.0)).astype(np.int64)
    high = np.ceil((PPM + change) * np.minimum(np.maximum(ratio, 1.0), 1000.0)).astype(np.int64)
    return low, high


def _joint_ceiling(built: Built, instrument: str) -> None:
    """Lenders that pay for different things share a county's ceiling."""
    arcs, (_, c, t, _) = _columns(built, f"lend:{instrument}")
    n_t = len(built.facts.years)
    high = np.minimum(built.known.loan_high[instrument], NO_LIMIT).ravel()
    built.model.rows(f"ceiling:{instrument}", c * n_t + t, arcs, 1, -UNLIMITED, high, len(high))
