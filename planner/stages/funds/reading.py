"""From a flow back to the table `allocations`: whose yuan went where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.schema import RESULTS
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import LOANS

Kept = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Piece:
    """Nodes where money of several sources comes in and goes out to several needs.

    Parameters
    ----------
    key_in, source, give : ndarray
        (m,) node, source and yuan of what came in; no pair twice.
    key_out, cells, take : ndarray
        (n,), (n, 3), (n,) node, (county, programme, year) and yuan of what went out; none twice.
    """

    key_in: np.ndarray
    source: np.ndarray
    give: np.ndarray
    key_out: np.ndarray
    cells: np.ndarray
    take: np.ndarray


def allocations(built: Built, flow: np.ndarray, kept: Sequence[Kept] = ()) -> pl.DataFrame:
    """The flow as rows, sorted by source, region, programme, year.

    ``kept``, if any: of each of the pieces the givers, takers and yuan (numbers in the piece) that are handed out already.
    """
    parts = [np.zeros((0, 5), np.int64)]
    for number, piece in enumerate(pieces(built, flow)):
        give, take = piece.give.copy(), piece.take.copy()
        if kept:
            giver, taker, amount = kept[number]
            np.subtract.at(give, giver, amount)
            np.subtract.at(take, taker, amount)
            parts.append(np.column_stack([piece.source[giver], piece.cells[taker], amount]))
        parts.append(match(piece.key_in, piece.source, give, piece.key_out, piece.cells, take))
    s, c, p, t, amount = np.concatenate(parts).T
    return allocation_table(built.facts, s, c, p, t, amount)


def pieces(built: Built, flow: np.ndarray) -> list[Piece]:
    """All grants through their hubs; then the loans of each instrument through their nodes."""
    return [_through_hubs(built, flow), *(_through_loans(built, flow, instrument) for instrument in LOANS)]


def _flow(built: Built, flow: np.ndarray, family: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a family's index whose arcs carry money, and how much."""
    amount = flow[built.model.families[family]]
    carries = amount > 0
    return built.index[family][carries], amount[carries]


def _through_hubs(built: Built, flow: np.ndarray) -> Piece:
    """All grants, through their hubs."""
    paid, given = _flow(built, flow, "pay")
    n_p, n_t = built.hub_node.shape[1:]
    key_in = (paid[:, 1] * n_p + paid[:, 2]) * n_t + paid[:, 3]
    cells, taken = _out_of_hubs(built, flow)
    key_out = (built.atom[cells[:, 0]] * n_p + cells[:, 1]) * n_t + cells[:, 2]
    return Piece(key_in, paid[:, 0], given, key_out, cells, taken)


def _out_of_hubs(built: Built, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What leaves hubs for cells: (c, p, t) and yuan, each once; cells without a node of their own by their steps."""
    steps, amount = _flow(built, flow, "step")
    last_hub = int(built.hub_node.max()) if built.hub_node.size else -1
    direct = built.start[steps[:, 1], steps[:, 2], steps[:, 3]] <= last_hub
    cells, sums = [steps[direct, 1:]], [amount[direct]]
    for instrument in LOANS:
        index, through = _flow(built, flow, f"hub:{instrument}")
        cells.append(index)
        sums.append(through)
    once, number = np.unique(np.concatenate(cells), axis=0, return_inverse=True)
    whole = np.zeros(len(once), np.int64)
    np.add.at(whole, number.ravel(), np.concatenate(sums))
    return once, whole


def _through_loans(built: Built, flow: np.ndarray, instrument: str) -> Piece:
    lent, given = _flow(built, flow, f"lend:{instrument}")
    loans, taken = _flow(built, flow, f"loan:{instrument}")
    n_c, _, n_t = built.start.shape
    key_in = (lent[:, 3] * n_c + lent[:, 1]) * n_t + lent[:, 2]
    key_out = (loans[:, 0] * n_c + loans[:, 1]) * n_t + loans[:, 3]
    return Piece(key_in, lent[:, 0], given, key_out, loans[:, 1:], taken)


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
