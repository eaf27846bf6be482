"""The money network: budgets on one side, counties on the other, crossing at (source, county, programme, year).

::

    budget(s,t) ──► share(s,g,t) ──► hub(a,p,t) ──► cell(c,p,t) ══► county(c,t) ──► class(t) ──► sink
        │ └► budget(s,t+1)      └──► loan(i,c,t) ──►┘   steps           [floor, ceiling]  [floor, ∞)
        └► sink (unspent)

Arcs that no rule bounds have room to spare, so that they never bind and have no price of their own.

Counties that the same sources may pay for the same things share their hubs: no rule looks at a single source
inside them, so that whose yuan went where is decided afterwards, at no loss. Rules that are no bounds on these arcs
become side rows (:mod:`planner.stages.funds.crossing`).
"""

from __future__ import annotations

import numpy as np

from planner.solve.flow_model import FlowModel
from planner.stages.funds.built import NONE, SINK, Built, most_money, number_nodes, origin_node
from planner.stages.funds.facts import Facts, some
from planner.stages.funds.fair import FAIR_WEIGHT, fair_slopes
from planner.stages.funds.known import LOANS, NO_LIMIT, Known
from planner.stages.funds.loans import add_loans, lends
from planner.stages.funds.published import inside


def build_network(facts: Facts, known: Known, budgets_hold: bool, apart: int | None = None) -> Built:
    """All nodes and arcs of the rules that fit a network; the county ``apart`` shares its hubs with nobody."""
    model = FlowModel()
    model.nodes(1)
    n_c, n_p = facts.allowed.shape[1:]
    n_t = len(facts.years)
    used = known.cell > 0
    reach = np.einsum("scp,cpt->st", facts.allowed, used) > 0
    deep_outside = (facts.deep & facts.outside & used.any(axis=(1, 2))).any()
    budget = facts.budget if budgets_hold else _enough(facts, known)
    crossing = bool(deep_outside) and bool((known.deep_low > 0).any())
    built = Built(
        facts,
        known,
        model,
        budget,
        start=np.full((n_c, n_p, n_t), NONE),
        budget_node=number_nodes(model, np.repeat(some(reach, 1)[:, None], n_t, axis=1)),
        county_node=number_nodes(model, some(used, 1)),
        share_node=number_nodes(model, _share_nodes(facts, known, reach)),
        class_node=number_nodes(
            model, np.stack([known.deep_low > 0, (known.outside_low > 0) & (not crossing)])
        ),
        fair_node=_fair_nodes(model, known, used),
        loan_node={},
    )
    if crossing and (known.outside_low > 0).any():
        built.why_rows.append("classes")
    _budget_arcs(built)
    _share_arcs(built)
    _hubs(built, used, apart)
    for instrument in LOANS:
        add_loans(built, instrument, used)
    _pay_hubs(built)
    _cells(built, used)
    _counties(built)
    return built


def _enough(facts: Facts, known: Known) -> np.ndarray:
    """(S, T) what a source could spend at most if its budget were no limit."""
    return np.asarray(np.einsum("scp,cpt->st", facts.allowed.astype(np.int64), known.cell))


def _share_nodes(facts: Facts, known: Known, reach: np.ndarray) -> np.ndarray:
    """(S, G, T) bool: a bounded source has a node for every province that could use its money.

    Also where the bound is 0: without a node the province would be paid past its bound.
    """
    bounded = (known.share_low > 0) | (known.share_high < NO_LIMIT)
    split = facts.shared[:, None] & reach & some(bounded, 1)
    usable = np.zeros(bounded.shape, dtype=bool)
    shared = np.flatnonzero(facts.shared)
    by_county = np.einsum(
        "scp,cpt->sct", facts.allowed[shared].astype(np.int64), (known.cell > 0).astype(np.int64)
    )
    for c, g in enumerate(facts.province.tolist()):
        usable[shared, g] |= by_county[:, c] > 0
    return np.asarray(split[:, None, :] & usable)


def _fair_nodes(model: FlowModel, known: Known, used: np.ndarray) -> np.ndarray:
    """(C, T) nodes of counties whose money is weighed by the logarithm; empty where it is not."""
    if not len(known.fair_width):
        return np.zeros((0, 0), dtype=np.int64)
    return number_nodes(model, some(used, 1))


def _budget_arcs(built: Built) -> None:
    """Families ``unspent`` (s, t) and ``carry`` (s, t)."""
    model, node = built.model, built.budget_node
    s, t = np.nonzero(node >= 0)
    model.supply(node[s, t], built.budget[s, t])
    model.supply(SINK, -int(built.budget[s, t].sum()))
    money = built.budget[s, t].copy()
    money[t > 0] += built.facts.carry[s[t > 0], t[t > 0] - 1]
    model.arcs("unspent", node[s, t], SINK, 0, money)
    built.index["unspent"] = np.stack([s, t], axis=1)
    going = (node[:, :-1] >= 0) & (node[:, 1:] >= 0) & (built.facts.carry[:, :-1] > 0)
    s, t = np.nonzero(going)
    model.arcs("carry", node[s, t], node[s, t + 1], 0, built.facts.carry[s, t])
    built.index["carry"] = np.stack([s, t], axis=1)


def _share_arcs(built: Built) -> None:
    """Family ``share`` (s, g, t): what a shared source gives a province."""
    s, g, t = np.nonzero(built.share_node >= 0)
    tail = built.budget_node[s, t]
    keep = tail >= 0
    s, g, t, tail = s[keep], g[keep], t[keep], tail[keep]
    known = built.known
    high = np.minimum(known.share_high[s, g, t], most_money(built, s, t))
    built.model.arcs("share", tail, built.share_node[s, g, t], known.share_low[s, g, t], high)
    built.index["share"] = np.stack([s, g, t], axis=1)


def _hubs(built: Built, used: np.ndarray, apart: int | None = None) -> None:
    """Counties with the same eligible grants, province by province, form an atom; its hubs are (a, p, t)."""
    facts = built.facts
    grants = facts.allowed[~lends(facts)]
    bits = np.packbits(grants.transpose(1, 0, 2).reshape(len(facts.counties), -1), axis=1)
    key = np.column_stack([facts.province[:, None].astype(">i4").view(np.uint8), bits]) if len(bits) else bits
    _, atom = np.unique(key, axis=0, return_inverse=True)
    built.atom = atom.reshape(-1)
    if apart is not None:
        built.atom[apart] = built.atom.max() + 1
        built.atom = np.unique(built.atom, return_inverse=True)[1].reshape(-1)
    n = int(built.atom.max()) + 1 if built.atom.size else 0
    served = used & some(grants, 0)[:, :, None]
    there = np.zeros((n, *used.shape[1:]), dtype=bool)
    np.logical_or.at(there, built.atom, served)
    built.hub_node = number_nodes(built.model, there)
    built.start = np.where(served, built.hub_node[built.atom], NONE)


def _pay_hubs(built: Built) -> None:
    """Family ``pay`` (s, g, a, p, t): from a source (in a province) into a hub."""
    facts = built.facts
    first = np.unique(built.atom, return_index=True)[1]
    grants = np.flatnonzero(~lends(facts))
    allowed = facts.allowed[grants][:, first]
    s, a, p, t = np.nonzero(allowed[:, :, :, None] & (built.hub_node >= 0)[None])
    s = grants[s]
    tail = origin_node(built, s, first[a], t)
    keep = tail >= 0
    s, a, p, t, tail = s[keep], a[keep], p[keep], t[keep], tail[keep]
    need = np.zeros(built.hub_node.shape, dtype=np.int64)
    np.add.at(need, built.atom, built.known.cell)
    built.model.arcs("pay", tail, built.hub_node[a, p, t], 0, need[a, p, t] + 1)
    built.index["pay"] = np.stack([s, a, p, t], axis=1)


def _cells(built: Built, used: np.ndarray) -> None:
    """Family ``step`` (k, c, p, t): money that meets need, one arc per step of the diminishing return.

    Of published money each yuan that stays counts more; where a freeze holds it, it stays, and nothing comes to it.
    """
    known = built.known
    k, c, p, t = np.nonzero((known.steps > 0) & (used & (built.start >= 0))[None])
    low, high = np.zeros(len(k), np.int64), known.steps[k, c, p, t]
    value = known.value[k, c, p, t]
    if known.published is not None:
        within, held = inside(k), known.published.frozen[c, t]
        value = value + known.published.worth * within
        low, high = np.where(held & within, high, 0), np.where(held & ~within, 0, high)
    built.model.arcs("step", built.start[c, p, t], built.county_node[c, t], low, high, -value)
    built.index["step"] = np.stack([k, c, p, t], axis=1)


def _fair_arcs(built: Built) -> None:
    """Family ``fair`` (k, c, t): one arc per segment of the logarithm of a county's met share."""
    known = built.known
    k, c, t = np.nonzero((known.fair_width > 0) & (built.county_node >= 0)[None])
    worth = FAIR_WEIGHT * np.array(fair_slopes())[k]
    tail, head = built.county_node[c, t], built.fair_node[c, t]
    built.model.arcs("fair", tail, head, 0, known.fair_width[k, c, t], -worth)
    built.index["fair"] = np.stack([k, c, t], axis=1)


def _counties(built: Built) -> None:
    """Families ``county`` (c, t) and ``class`` (k, t): floors and ceilings of counties, floors of classes."""
    facts, known, model = built.facts, built.known, built.model
    c, t = np.nonzero(built.county_node >= 0)
    head = np.full(len(c), SINK)
    for number, members in enumerate((facts.deep, facts.outside)):
        inside = members[c] & (built.class_node[number, t] >= 0) & (head == SINK)
        head[inside] = built.class_node[number, t[inside]]
    need = known.cell.sum(axis=1)[c, t]
    tail = built.county_node[c, t]
    if built.fair_node.size:
        tail = built.fair_node[c, t]
        _fair_arcs(built)
    model.arcs(
        "county",
        tail,
        head,
        known.county_low[c, t],
        np.minimum(known.county_high[c, t], need),
    )
    built.index["county"] = np.stack([c, t], axis=1)
    k, t = np.nonzero(built.class_node >= 0)
    floor = np.where(k == 0, known.deep_low[t], known.outside_low[t])
    model.arcs("class", built.class_node[k, t], SINK, floor, known.cell.sum() + floor)
    built.index["class"] = np.stack([k, t], axis=1)
