"""Why a pair was chosen: beside the cheapest ones that were not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.reason import Explanation, Left, Option
from planner.stage import Context
from planner.stages.pairs import Pairs
from planner.stages.pairs_left import touching

WhyLeft = Callable[[np.ndarray], Left]


def explain_pairs(
    context: Context,
    stage: str,
    pairs: Pairs,
    chosen: pl.DataFrame,
    keys: tuple[str, ...],
    *,
    capacity: np.ndarray | None = None,
    full_by: str = "",
    alternatives: int = 3,
    why: WhyLeft | None = None,
) -> list[Explanation]:
    """For each recipient or supporter in ``keys``: its chosen pairs and the cheapest that were not chosen.

    An alternative is priced by its own cost alone; what it would cost the whole plan takes a re-solve. With
    ``capacity`` (per supporter) it is said where the supporter has no room left for it, by rule ``full_by``. ``why`` tells of
    pairs (numbers), none of which is chosen, why.
    """
    label = context.network.label
    mine = chosen.filter(pl.col("stage") == stage)
    taken = set(mine.select("supporter", "recipient").iter_rows())
    numbers = np.flatnonzero(touching(pairs, keys))
    used = np.zeros(len(pairs.supporters))
    position = {v: i for i, v in enumerate(pairs.supporters)}
    for supporter, load in mine.select("supporter", "load").iter_rows():
        used[position[supporter]] += load
    options = []
    left = alternatives
    for p in numbers[np.argsort(pairs.cost[numbers], kind="stable")].tolist():
        pair = (pairs.supporters[pairs.supporter[p]], pairs.recipients[pairs.recipient[p]])
        is_chosen = pair in taken
        if not is_chosen and not left:
            continue
        left -= not is_chosen
        terms = {k: int(v[p]) / pairs.scale for k, v in pairs.terms.items() if v[p]}
        named = f"{label(pair[0])} → {label(pair[1])}"
        sign = -1 if pairs.sense == "max" else 1
        note, barred = Text("", ""), tuple[str, ...]()
        s = int(pairs.supporter[p])
        if capacity is not None and not is_chosen and used[s] + pairs.load[p] > capacity[s]:
            barred = (full_by,) if full_by else ()
            note = Text(
                f"能力已满（{used[s]:,.0f}/{capacity[s]:,.0f}）",
                f"its capacity is taken ({used[s]:,.0f} of {capacity[s]:,.0f})",
            )
        total = sign * int(pairs.cost[p]) / pairs.scale
        options.append(Option(Text(named, named), total, terms, is_chosen, note, pair, barred))
    if not options:
        return []
    n = sum(o.chosen for o in options)
    zh, en = "、".join(label(k) for k in keys), ", ".join(label(k) for k in keys)
    what = Text(f"{zh}：选中 {n} 对", f"{en}: {several(n, 'pair')} chosen")
    if n:
        return [Explanation(stage, what, options, others=len(numbers) - n)]
    what = Text(f"{zh}：没有选中的对", f"{en}: no pair chosen")
    reason = Left(Text("", "")) if why is None else why(numbers)
    return [Explanation(stage, what, options, why=reason.why, by=reason.rules, others=len(numbers))]


def explain_shut(context: Context, stage: str, keys: tuple[str, ...], left: Left | None) -> list[Explanation]:
    """That nothing is chosen of what may not be chosen at all, and why; nothing where ``left`` is none."""
    if left is None:
        return []
    label = context.network.label
    zh, en = "、".join(label(k) for k in keys), ", ".join(label(k) for k in keys)
    what = Text(f"{zh}：没有选中的对", f"{en}: no pair chosen")
    return [Explanation(stage, what, why=left.why, by=left.rules)]
