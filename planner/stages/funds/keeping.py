"""What a flow may keep of the published money, arc by arc; and whose yuan went where, as it was published where it can be."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from planner.published import CHANGES_MAX
from planner.solve.flow_model import UNLIMITED
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Limits
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import LOANS
from planner.stages.funds.laid import sums, ways
from planner.stages.funds.loans import lends
from planner.stages.funds.measure import dense
from planner.stages.funds.published import Published, inside
from planner.stages.funds.reading import Kept, Piece, pieces
from planner.stages.row_numbers import row_numbers


def keeping(built: Built, published: Published) -> dict[str, np.ndarray]:
    """Arrays ``keep_flow`` and ``keep_gain`` of the engine: first the money of each need, then where it came from.

    One yuan that a need keeps weighs more than all arcs of a circle through which money could move.
    """
    model = built.model
    flow, gain = np.zeros((2, model.n_arcs), np.int64)
    steps = model.families["step"]
    within = inside(built.index["step"][:, 0])
    flow[steps] = np.where(within, model.arrays()["upper"][steps], 0)
    gain[steps] = within * (model.n_nodes + 1)
    for family, index, amount in ways(built, published.rows):
        place = model.families[family]
        flow[place], gain[place] = sums(built.index[family], index, amount), 1
    return {"keep_flow": flow, "keep_gain": gain}


def counted(built: Built) -> np.ndarray:
    """(n_arcs,) bool: steps within published money; what they do not carry of it is changed."""
    found = np.zeros(built.model.n_arcs, dtype=bool)
    found[built.model.families["step"]] = inside(built.index["step"][:, 0])
    return found


def limit_changes(built: Built, most: int) -> None:
    """A side row: at least all published money less ``most`` yuan stays."""
    arcs, upper = np.flatnonzero(counted(built)), built.model.arrays()["upper"]
    row, least = np.zeros(len(arcs), np.int64), max(int(upper[arcs].sum()) - most, 0)
    built.model.rows(CHANGES_MAX, row, arcs, 1, least, UNLIMITED, 1)


def handed_out(
    built: Built, answer: Answer, executor: Executor, limits: Limits, on_progress: OnProgress | None
) -> list[Kept]:
    """What goes the published way again: of each piece its givers, its takers and the yuan, as many as can be."""
    published = built.known.published
    if published is None or "flow" not in answer.arrays:
        return []
    flow = np.asarray(answer.arrays["flow"])
    tasks, ways = [], []
    for piece, key in zip(pieces(built, flow), _row_keys(built, published.rows), strict=True):
        giver, taker, rows = _shared(piece, key, published.rows)
        arrays = {
            "give": piece.give,
            "take": piece.take,
            "giver": giver,
            "taker": taker,
            "before": rows[:, 4],
        }
        tasks.append(Task("most_kept", arrays, limits.options(), "funds"))
        ways.append((giver, taker))
    answers = executor.run(tasks, on_progress)
    return [(*way, np.asarray(a.arrays["amount"])) for way, a in zip(ways, answers, strict=True)]


def _row_keys(built: Built, rows: np.ndarray) -> list[np.ndarray]:
    """(n,) node of each piece through which each published row would go; −1 where through none."""
    s, c, p, t, _ = rows.T
    n_c, n_p, n_t = built.start.shape
    found = [np.where(lends(built.facts)[s], -1, (built.atom[c] * n_p + p) * n_t + t)]
    for instrument in LOANS:
        group = np.full(len(built.facts.sources), -1)
        lent = built.index[f"lend:{instrument}"]
        group[lent[:, 0]] = lent[:, 3]
        found.append(np.where(group[s] < 0, -1, (group[s] * n_c + c) * n_t + t))
    return found


def _shared(piece: Piece, key: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Giver and taker of the published rows that can go the same way again, and these rows."""
    giver = _place(np.column_stack([piece.key_in, piece.source]), np.column_stack([key, rows[:, 0]]))
    taker = _place(np.column_stack([piece.key_out, piece.cells]), np.column_stack([key, rows[:, 1:4]]))
    both = (key >= 0) & (giver >= 0) & (taker >= 0)
    return giver[both], taker[both], rows[both]


def _place(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(n,) row of ``known`` (its rows differ) that equals each row of ``wanted``; −1 where none does."""
    both = np.concatenate([known, wanted])
    number = np.unique(both, axis=0, return_inverse=True)[1].ravel() if len(both) else np.zeros(0, np.int64)
    at = np.full(int(number.max(initial=-1)) + 1, -1)
    at[number[: len(known)]] = np.arange(len(known))
    return np.asarray(at[number[len(known) :]])


def told(facts: Facts, published: Published, table: pl.DataFrame) -> dict[str, Any]:
    """For ``plan.json``: yuan taken from needs, yuan of them that come from another source, and what could not be kept."""
    before = pl.DataFrame(published.rows, schema=["s", "c", "p", "t", "amount"], orient="row")
    names: dict[str, list[Any]] = {
        "s": facts.sources,
        "c": facts.counties,
        "p": facts.programmes,
        "t": facts.years,
    }
    keys = dict(zip(names, ("source", "region", "programme", "year"), strict=True))
    rows = table.select(
        *(pl.Series(k, row_numbers(table[keys[k]], v)) for k, v in names.items()), now=table["amount"]
    )
    both = before.join(rows, on=list(names), how="left")
    less = both.select((pl.col("amount") - pl.col("now").fill_null(0)).clip(0)).sum().item()
    return {
        "changes": published.changes(dense(facts, table)),
        "rows_changed": int(less or 0),
        "not_kept": [
            dict(zip(("region", "programme", "year", "yuan"), x, strict=True)) for x in published.lost
        ],
    }
