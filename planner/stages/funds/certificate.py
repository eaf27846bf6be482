"""Prices that prove the bound, in the terms of the rules (not of the network), so that anybody can check them.

Whole numbers, thousandths of a point per yuan times ``dual_scale``. Sources, counties, programmes, provinces and years
are in sorted order.
"""

from __future__ import annotations

import numpy as np

from planner.stages.funds.built import SINK, Built
from planner.stages.funds.known import LOANS


def proof_prices(built: Built, potential: np.ndarray, dual_scale: int = 1) -> dict[str, np.ndarray]:
    """From node potentials; with a ``dual_scale`` of 0 as those of a model in which nothing costs or counts anything.

    Returns
    -------
    mapping
        ``budget`` (S, T), ``share`` (S, G, T), ``cell`` (C, P, T), ``county`` (C, T): what a yuan is worth there (as a
        cost: smaller is more precious); ``floor_deep``, ``floor_outside`` (T,): what one yuan of a class's floor costs;
        ``loan_microcredit``, ``loan_relending`` (C, T): what one yuan of a county's loan ceiling is worth; under proportional
        fairness ``county_fair`` (C, T): ``county`` behind the segments of the logarithm;
        ``dual_scale`` (1,).
    """
    price = potential - potential[SINK]

    def at(node: np.ndarray) -> np.ndarray:
        return np.where(node >= 0, price[node], 0)

    budget, share = at(built.budget_node), at(built.share_node)
    share = np.where(built.share_node >= 0, share, budget[:, None, :])
    classes = at(built.class_node)
    found = {
        "budget": budget,
        "share": share,
        "cell": at(built.start),
        "county": at(built.county_node),
        "floor_deep": np.maximum(classes[0], 0),
        "floor_outside": np.maximum(classes[1], 0),
        "dual_scale": np.array([dual_scale], dtype=np.int64),
    }
    if built.fair_node.size:
        found["county_fair"] = at(built.fair_node)
    for instrument in LOANS:
        found[f"loan_{instrument}"] = _ceiling_price(built, instrument, price, dual_scale)
    return found


def _ceiling_price(built: Built, instrument: str, price: np.ndarray, dual_scale: int) -> np.ndarray:
    """(C, T): how much more a yuan is worth behind the ceiling than before it; 0 where it does not bind."""
    n_c, _, n_t = built.start.shape
    found = np.zeros((n_c, n_t), dtype=np.int64)
    node, entry = built.loan_node[instrument], built.loan_entry[instrument]
    i, c, t = np.nonzero((node >= 0) & (entry != node))
    np.maximum.at(found, (c, t), price[node[i, c, t]] - price[entry[i, c, t]])
    place = built.model.families[f"lend:{instrument}"]
    s, c, t, i = built.index[f"lend:{instrument}"].T
    alone = entry[i, c, t] == node[i, c, t]
    tail = _tails(built)[place]
    gain = price[entry[i, c, t]] - price[tail] - built.known.loan_cost[s] * dual_scale
    np.maximum.at(found, (c[alone], t[alone]), np.maximum(gain[alone], 0))
    return found


def _tails(built: Built) -> np.ndarray:
    return built.model.arrays()["tail"]
