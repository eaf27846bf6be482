"""From a flow back to the table `allocations`: whose yuan went where."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.schema import RESULTS
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import LOANS


def allocations(built: Built, flow: np.ndarray) -> pl.DataFrame:
    """The flow as rows, sorted by source, region, programme, year."""
    parts = [_through_hubs(built, flow)]
    parts += [_through_loans(built, flow, instrument) for instrument in LOANS]
    s, c, p, t, amount = np.concatenate(parts).T
    return allocation_table(built.facts, s, c, p, t, amount)


def _flow(built: Built, flow: np.ndarray, family: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a family's index whose arcs carry money, and how much."""
    amount = flow[built.model.families[family]]
    carries = amount > 0
    return built.index[family][carries], amount[carries]


def _through_hubs(built: Built, flow: np.ndarray) -> np.ndarray:
    """(n, 5): source, county, programme, year, yuan of all grants."""
    paid, given = _flow(built, flow, "pay")
    n_p, n_t = built.hub_node.shape[1:]
    key_in = (paid[:, 1] * n_p + paid[:, 2]) * n_t + paid[:, 3]
    cells, taken = _out_of_hubs(built, flow)
    key_out = (built.atom[cells[:, 0]] * n_p + cells[:, 1]) * n_t + cells[:, 2]
    return match(key_in, paid[:, 0], given, key_out, cells, taken)


def _out_of_hubs(built: Built, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What leaves hubs for cells: (c, p, t) and yuan; cells without a node of their own by their steps."""
    steps, amount = _flow(built, flow, "step")
    last_hub = int(built.hub_node.max()) if built.hub_node.size else -1
    direct = built.start[steps[:, 1], steps[:, 2], steps[:, 3]] <= last_hub
    cells, sums = [steps[direct, 1:]], [amount[direct]]
    for instrument in LOANS:
        index, through = _flow(built, flow, f"hub:{instrument}")
        cells.append(index)
        sums.append(through)
    return np.concatenate(cells), np.concatenate(sums)


def _through_loans(built: Built, flow: np.ndarray, instrument: str) -> np.ndarray:
    lent, given = _flow(built, flow, f"lend:{instrument}")
    loans, taken = _flow(built, flow, f"loan:{instrument}")
    n_c, _, n_t = built.start.shape
    key_in = (lent[:, 3] * n_c + lent[:, 1]) * n_t + lent[:, 2]
    key_out = (loans[:, 0] * n_c + loans[:, 1]) * n_t + loans[:, 3]
    return match(key_in, lent[:, 0], given, key_out, loans[:, 1:], taken)


def match(
    key_in: np.ndarray,
    source: np.ndarray,
    given: np.ndarray,
    key_out: np.ndarray,
    cells: np.ndarray,
    taken: np.ndarray,
) -> np.ndarray:
    """Hand what came into each node to what left it, in order.

    Parameters
    ----------
    key_in, source, given : ndarray
        (m,) node, source and yuan of what came in.
    key_out, cells, taken : ndarray
        (n,), (n, 3), (n,) node, (county, programme, year) and yuan of what went out; per node as much as came in.

    Returns
    -------
    ndarray
        (k, 5): source, county, programme, year, yuan > 0; at most m + n rows.
    """
    first = np.lexsort((source, key_in))
    second = np.lexsort((*cells.T[::-1], key_out))
    ends_in, ends_out = np.cumsum(given[first]), np.cumsum(taken[second])
    ends = np.union1d(ends_in, ends_out)
    amount = np.diff(ends, prepend=0)
    origin = first[np.searchsorted(ends_in, ends)]
    target = second[np.searchsorted(ends_out, ends)]
    return np.column_stack([source[origin], cells[target], amount])


def allocation_table(
    facts: Facts, s: np.ndarray, c: np.ndarray, p: np.ndarray, t: np.ndarray, amount: np.ndarray
) -> pl.DataFrame:
    """Rows as the table `allocations`; equal keys are added up, quantities counted."""
    frame = pl.DataFrame({"s": s, "c": c, "p": p, "t": t, "amount": amount})
    frame = frame.group_by("s", "c", "p", "t").agg(pl.col("amount").sum()).filter(pl.col("amount") > 0)
    frame = frame.sort("s", "c", "p", "t")
    cost = facts.unit_cost[tuple(frame[k].to_numpy() for k in ("c", "p", "t"))]
    frame = frame.with_columns(pl.Series("cost", cost))
    upto = pl.col("amount").cum_sum().over("c", "p", "t", order_by="s")
    whole = pl.when(pl.col("cost") > 0).then(
        upto // pl.col("cost") - (upto - pl.col("amount")) // pl.col("cost")
    )
    frame = frame.with_columns(quantity=whole)
    found = frame.select(
        source=_names(frame["s"], facts.sources),
        region=_names(frame["c"], facts.counties),
        programme=_names(frame["p"], facts.programmes),
        year=_names(frame["t"], facts.years),
        amount="amount",
        quantity="quantity",
    )
    return found.cast(RESULTS["allocations"].dtypes)  # type: ignore[arg-type]  # the schema's types are Polars types


def _names(column: pl.Series, names: list[str] | list[int]) -> pl.Series:
    return pl.Series(names).gather(column)
