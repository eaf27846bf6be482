"""Loans in the money network: microcredit and relending, each under a county's ceiling."""

from __future__ import annotations

import numpy as np

from planner.stages.funds.built import NONE, Built, has_own_node, number_nodes, origin_node
from planner.stages.funds.facts import Facts, some
from planner.stages.funds.known import LOANS, NO_LIMIT


def lends(facts: Facts) -> np.ndarray:
    """(S,) bool: sources whose money goes through a county's loan node."""
    return np.isin(facts.instrument, LOANS)


def add_loans(built: Built, instrument: str, used: np.ndarray) -> None:
    """Loans of one instrument by county, under its ceiling.

    Families ``lend:i`` (s, c, t, group), ``pool:i`` (group, c, t) and ``loan:i`` (group, c, p, t). Lenders that pay for the
    same things share one loan node per county; where they do not, each has its own and the ceiling is a side row.
    """
    facts, known, model = built.facts, built.known, built.model
    lenders = np.flatnonzero(np.array(facts.instrument) == instrument)
    groups = lender_groups(facts, lenders)
    may = np.zeros((len(groups), *used.shape), dtype=bool)
    for number, members in enumerate(groups):
        may[number] = some(facts.allowed[members], 0)[:, :, None] & used
    if len(groups) > 1 and bool((known.loan_high[instrument] < NO_LIMIT).any()):
        built.why_rows.append(f"lenders:{instrument}")
    _own_cells(built, instrument, some(may, 0))
    node = number_nodes(model, some(may, 2))
    entry = node.copy()
    joint = np.array([len(m) > 1 for m in groups], dtype=bool)
    i, c, t = np.nonzero((node >= 0) & joint[:, None, None])
    entry[i, c, t] = model.nodes(len(i))
    model.arcs(f"pool:{instrument}", entry[i, c, t], node[i, c, t], 0, known.loan_high[instrument][c, t])
    built.index[f"pool:{instrument}"] = np.stack([i, c, t], axis=1)
    _lend(built, instrument, groups, entry)
    group, county, p, year = np.nonzero(may)
    head, most = built.start[county, p, year], known.cell[county, p, year] + 1
    model.arcs(f"loan:{instrument}", node[group, county, year], head, 0, most)
    built.index[f"loan:{instrument}"] = np.stack([group, county, p, year], axis=1)
    built.loan_node[instrument] = node
    built.loan_entry[instrument] = entry


def lender_groups(facts: Facts, lenders: np.ndarray) -> list[list[int]]:
    """Lenders that may share a loan node: all of them where they pay for the same things in each county."""
    if not lenders.size:
        return []
    kinds = facts.allowed[lenders]
    either = kinds.any(axis=0)
    reach = kinds.any(axis=2)
    alike = all(np.array_equal(k[r], either[r]) for k, r in zip(kinds, reach, strict=True))
    return [lenders.tolist()] if alike else [[int(s)] for s in lenders]


def _own_cells(built: Built, instrument: str, may: np.ndarray) -> None:
    """Cells that loans may pay for too get a node of their own. Family ``hub:i`` (c, p, t): from the hub to it."""
    served = may & (built.start >= 0) & ~has_own_node(built)
    c, p, t = np.nonzero(served)
    made = built.model.nodes(len(c))
    built.model.arcs(f"hub:{instrument}", built.start[c, p, t], made, 0, built.known.cell[c, p, t] + 1)
    built.index[f"hub:{instrument}"] = np.stack([c, p, t], axis=1)
    built.start[c, p, t] = made
    alone = may & (built.start == NONE)
    built.start[alone] = built.model.nodes(int(alone.sum()))


def _lend(built: Built, instrument: str, groups: list[list[int]], entry: np.ndarray) -> None:
    known, parts = built.known, [np.zeros((0, 4), dtype=np.int64)]
    for i, members in enumerate(groups):
        c, t = np.nonzero(entry[i] >= 0)
        for s in members:
            here = built.facts.allowed[s].any(axis=1)[c]
            n = int(here.sum())
            parts.append(np.stack([np.full(n, s), c[here], t[here], np.full(n, i)], axis=1))
    s, c, t, i = np.concatenate(parts).T
    tail = origin_node(built, s, c, t)
    keep = tail >= 0
    s, c, t, i, tail = s[keep], c[keep], t[keep], i[keep], tail[keep]
    spare = known.cell.sum(axis=1)[c, t] + 1
    joint = np.array([len(m) > 1 for m in groups], dtype=bool)[i]  # their pool holds the ceiling
    high = np.where(joint, spare, np.minimum(known.loan_high[instrument][c, t], spare))
    built.model.arcs(f"lend:{instrument}", tail, entry[i, c, t], 0, high, known.loan_cost[s])
    built.index[f"lend:{instrument}"] = np.stack([s, c, t, i], axis=1)
