"""Every pair of `pairing` and `designation`: the next-best supporter of its recipient, and who has no pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.every_row.found import EveryRow, joined, names_of, open_frame, reasons, shown_points, with_rules
from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices, pair_choices, proved
from planner.stages import STAGES
from planner.stages.pairs_left import Chosen, beside, why_left

END = ["supporter", "recipient"]
NEXT = {"supporter": pl.String, "recipient": pl.String, "next": pl.String, "next_cost": pl.Float64,
        "next_least": pl.Float64, "lose_least": pl.Float64}  # fmt: skip
KINDS = {"supporter": Text("没有结对的帮扶方", "supporter without a pair"),
         "recipient": Text("没有结对的受扶方", "recipient without a pair")}  # fmt: skip
NOBODY = Text("没有一个可选的组合", "no pair with it may be chosen")
SHOWN = Text("对口支援，照列不动", "counterpart support, shown as it stands")


def every_pair(asking: Asking) -> EveryRow:
    """The rows of `pairs` that the stage decided, and those that it shows as they stand."""
    rows = asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)
    parts, left = [pl.DataFrame(schema=NEXT)], list[dict[str, Any]]()
    for found in pair_choices(asking):
        having, losing = proved(asking, found, thorough=True)
        parts.append(_rivals(found, having, losing))
        left += _without_pair(asking, found, having)
    told = rows.join(pl.concat(parts), on=END, how="left", maintain_order="left")
    told = with_rules(asking.plan, asking.stage, told, END)
    named = told.with_columns(next_name=names_of(asking.plan.network, pl.col("next")))
    decided = pl.struct(END).is_in(pl.concat(parts).select(pl.struct(END)).to_series().implode())
    named = named.with_columns([_told(asking, language, decided) for language in ("zh", "en")])
    return EveryRow(asking.stage, "pairs", named.drop("next_name"), open_frame(left))


def _rivals(found: Choices, having: np.ndarray, losing: np.ndarray) -> pl.DataFrame:
    """For each pair of the plan the other supporter of its recipient that may cost the total least."""
    pairs, sign = found.pairs, -1 if found.pairs.sense == "max" else 1
    best = first_of(pairs.recipient, having, pairs.cost, ~found.chosen, len(pairs.recipients))
    mine = np.flatnonzero(found.chosen)
    rival = best[pairs.recipient[mine]]
    there = rival >= 0
    at = np.where(there, rival, 0)
    return pl.DataFrame(
        {
            "supporter": [pairs.supporters[s] for s in pairs.supporter[mine]],
            "recipient": [pairs.recipients[r] for r in pairs.recipient[mine]],
            "next": [pairs.supporters[pairs.supporter[p]] if ok else None for p, ok in zip(at, there, strict=True)],
            "next_cost": empty_where(sign * pairs.cost[at] / pairs.scale, ~there),
            "next_least": empty_where(having[at] / pairs.scale, ~there | ~np.isfinite(having[at])),
            "lose_least": empty_where(losing[mine] / pairs.scale, ~np.isfinite(losing[mine])),
        },
        schema=NEXT,
    )  # fmt: skip


def first_of(
    group: np.ndarray, least: np.ndarray, cost: np.ndarray, mask: np.ndarray, groups: int
) -> np.ndarray:
    """(groups,) number of the entry of each group, among those of ``mask``, of which least is proved; −1 where there is none.

    Among equals the one of the least ``cost``, then the first. Entries of infinite ``least`` are no choice.
    """
    numbers = np.flatnonzero(mask & np.isfinite(least))
    order = numbers[np.lexsort((numbers, cost[numbers], least[numbers], group[numbers]))]
    found = np.full(groups, -1, np.int64)
    there, first = np.unique(group[order], return_index=True)
    found[there] = order[first]
    return found


def empty_where(values: np.ndarray, mask: np.ndarray) -> list[float | None]:
    """Numbers as a column's cells, empty where the mask says so."""
    return [None if gone else float(v) for v, gone in zip(values, mask, strict=True)]


def _told(asking: Asking, language: str, decided: pl.Expr) -> pl.Expr:
    """The reason of a pair that the stage decided, or the word that it is only shown."""
    reason = reasons(language, _said(asking, language))
    shown = pl.lit(str(SHOWN.zh if language == "zh" else SHOWN.en))
    return pl.when(decided).then(reason).otherwise(shown).alias(f"reason_{language}")


def _said(asking: Asking, language: str) -> pl.Expr:
    """What the row is: who supports whom at which cost; or that it is only shown."""
    network = asking.plan.network
    a, b = names_of(network, pl.col("supporter")), names_of(network, pl.col("recipient"))
    cost = shown_points(pl.col("cost"))
    if language == "zh":
        return joined(a, pl.lit(" 帮扶 "), b, pl.lit("，成本 "), cost)
    return joined(a, pl.lit(" supports "), b, pl.lit(" at a cost of "), cost)


def _without_pair(asking: Asking, found: Choices, having: np.ndarray) -> Iterator[dict[str, Any]]:
    """Supporters and recipients that could take part and have no pair, with the pair that may cost least."""
    pairs, network = found.pairs, asking.plan.network
    plan = beside(asking.context, pairs, found.model, found.chosen)
    sides = (("recipient", pairs.recipients, pairs.recipient, pairs.supporters, pairs.supporter),
             ("supporter", pairs.supporters, pairs.supporter, pairs.recipients, pairs.recipient))  # fmt: skip
    for side, ids, of, others, other in sides:
        has = np.bincount(of[found.chosen], minlength=len(ids)) > 0
        best = first_of(of, having, pairs.cost, ~found.chosen, len(ids))
        by_end = np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of, minlength=len(ids)))[:-1])
        for k in np.flatnonzero(~has).tolist():
            p = int(best[k])
            least = float(having[p]) / pairs.scale if p >= 0 else None
            why = _why(asking, plan, ids[k], by_end[k])
            yield {
                "kind_zh": KINDS[side].zh, "kind_en": KINDS[side].en, "code": ids[k], "about": network.label(ids[k]),
                "missing": 1, "next": others[other[p]] if p >= 0 else None, "next_least": least,
                "reason_zh": why.zh, "reason_en": why.en,
            }  # fmt: skip


def _why(asking: Asking, plan: Chosen, key: str, numbers: np.ndarray) -> Text:
    """Why an end has no pair, in the words of ``explain``; ``numbers``: its pairs that may be chosen."""
    stage: Any = STAGES[asking.stage]
    if numbers.size:
        return why_left(asking.stage, plan, numbers, stage.settings).why
    rows = asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)
    left = stage.why_outside(asking.context, rows, (key,))
    return NOBODY if left is None else left.why
