"""From a table `allocations` back to the flow that it is: what every arc of the network carries."""

from __future__ import annotations

import numpy as np
import polars as pl

from planner.solve.flow_model import FlowModel
from planner.solve.task import Arrays
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import LOANS
from planner.stages.funds.loans import lends
from planner.stages.row_numbers import row_numbers


def rows_of(facts: Facts, table: pl.DataFrame) -> np.ndarray:
    """(n, 5) int64 source, county, programme, year and yuan of a table `allocations` of this scenario."""
    lists = (
        ("source", facts.sources),
        ("region", facts.counties),
        ("programme", facts.programmes),
        ("year", facts.years),
    )
    numbers = [np.asarray(row_numbers(table[k], v), dtype=np.int64) for k, v in lists]
    return np.column_stack([*numbers, table["amount"].to_numpy().astype(np.int64)])


def laid(built: Built, arrays: Arrays, rows: np.ndarray) -> np.ndarray | None:
    """(n_arcs,) int64 the flow over which ``rows`` go (n, 5), with as little carried over as can be.

    ``None`` where they are no flow within the bounds of ``arrays``: not all of them have a way, or they break a rule.
    """
    model, flow = built.model, np.zeros(built.model.n_arcs, np.int64)
    for family, index, amount in ways(built, rows):
        flow[model.families[family]] = sums(built.index[family], index, amount)
    _fill_steps(built, flow, rows)
    for instrument in LOANS:
        _through(model, arrays, flow, f"pool:{instrument}", "tail")
    _through(model, arrays, flow, "share", "head")
    if "fair" in model.families:
        _fill_fair(built, arrays, flow)
    for family in ("county", "class"):
        _through(model, arrays, flow, family, "tail")
    _carry(built, arrays, flow)
    return flow if _keeps(arrays, flow) else None


def ways(built: Built, rows: np.ndarray) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Family, what its arcs stand for, and yuan of ``rows`` (n, 5) that go over them: from sources to needs, steps apart."""
    s, c, p, t, amount = rows.T
    grants = ~lends(built.facts)[s]
    found = [("pay", np.stack([s, built.atom[c], p, t], axis=1)[grants], amount[grants])]
    for instrument in LOANS:
        mine = np.array(built.facts.instrument, dtype=object)[s] == instrument
        lent = built.index[f"lend:{instrument}"]
        found.append((f"hub:{instrument}", np.stack([c, p, t], axis=1)[grants], amount[grants]))
        if not len(lent) or not mine.any():
            continue
        group = np.full(len(built.facts.sources), -1)
        group[lent[:, 0]] = lent[:, 3]
        found.append((f"lend:{instrument}", np.stack([s, c, t, group[s]], axis=1)[mine], amount[mine]))
        found.append((f"loan:{instrument}", np.stack([group[s], c, p, t], axis=1)[mine], amount[mine]))
    return found


def sums(arcs: np.ndarray, index: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """(n,) yuan on each arc of ``arcs`` (n, k), each once; what has no arc is left out."""
    if not len(arcs) or not len(index):
        return np.zeros(len(arcs), np.int64)
    widths = tuple((np.maximum(arcs.max(axis=0), index.max(axis=0)) + 1).tolist())
    known = (index >= 0).all(axis=1)
    mine, other = np.ravel_multi_index(tuple(arcs.T), widths), np.ravel_multi_index(tuple(index[known].T), widths)  # fmt: skip
    order = np.argsort(mine, kind="stable")
    place = np.minimum(np.searchsorted(mine, other, sorter=order), len(arcs) - 1)
    found = np.zeros(len(arcs), np.int64)
    here = mine[order[place]] == other
    np.add.at(found, order[place[here]], amount[known][here])
    return found


def _fill_steps(built: Built, flow: np.ndarray, rows: np.ndarray) -> None:
    """Each step of a need before the next."""
    _, c, p, t, amount = rows.T
    left = np.zeros(built.start.shape, np.int64)
    np.add.at(left, (c, p, t), amount)
    k, c, p, t = built.index["step"].T
    before = np.cumsum(built.known.steps, axis=0) - built.known.steps
    flow[built.model.families["step"]] = np.clip(
        left[c, p, t] - before[k, c, p, t], 0, built.known.steps[k, c, p, t]
    )


def _fill_fair(built: Built, arrays: Arrays, flow: np.ndarray) -> None:
    """Each segment of a county's logarithm before the next."""
    k, c, t = built.index["fair"].T
    width = built.known.fair_width
    before = np.cumsum(width, axis=0) - width
    place = built.model.families["fair"]
    come = _sum_at(arrays, flow, "head")[arrays["tail"][place]]
    flow[place] = np.clip(come - before[k, c, t], 0, width[k, c, t])


def _through(model: FlowModel, arrays: Arrays, flow: np.ndarray, family: str, end: str) -> None:
    """What comes to the tails of a family's arcs, or leaves their heads, all goes over these."""
    place = model.families[family]
    other = "head" if end == "tail" else "tail"
    flow[place] = _sum_at(arrays, flow, other)[arrays[end][place]]


def _sum_at(arrays: Arrays, flow: np.ndarray, end: str) -> np.ndarray:
    """(n_nodes,) what flows over arcs that have this end there."""
    found = np.zeros(len(arrays["supply"]), np.int64)
    np.add.at(found, arrays[end], flow)
    return found


def _carry(built: Built, arrays: Arrays, flow: np.ndarray) -> None:
    """From year to year what the next one lacks, the last year first; the rest stays unspent."""
    spent = _sum_at(arrays, flow, "tail")
    s, t = built.index["carry"].T
    short = np.zeros(built.budget.shape, np.int64)
    years = len(built.facts.years)
    for year in range(years - 1, 0, -1):
        node = built.budget_node[:, year]
        out = np.where(node >= 0, spent[node], 0)
        if year + 1 < years:
            out = out + short[:, year + 1]
        short[:, year] = np.maximum(out - built.budget[:, year], 0)
    flow[built.model.families["carry"]] = short[s, t + 1]
    balance = arrays["supply"] - _sum_at(arrays, flow, "tail") + _sum_at(arrays, flow, "head")
    place = built.model.families["unspent"]
    flow[place] = balance[arrays["tail"][place]]


def _keeps(arrays: Arrays, flow: np.ndarray) -> bool:
    """Whether it is a flow within the bounds."""
    even = arrays["supply"] - _sum_at(arrays, flow, "tail") + _sum_at(arrays, flow, "head")
    return not even.any() and bool(((arrays["lower"] <= flow) & (flow <= arrays["upper"])).all())
