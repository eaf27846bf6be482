"""Pairs held against a published plan: which of its pairs may be chosen again, which not and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from graph.language import Text
from planner.frozen import freezes
from planner.stage import Context, Outcome
from planner.stages.keeping import Keep, budget_of, price_of, with_ends
from planner.stages.pairs import Pairs, mark_in_force

Pair = tuple[str, str]
Why = Callable[[Pair], Text | None]

SUPPORTER_GONE = Text("帮扶方不再参加", "the supporter takes no part any more")
RECIPIENT_GONE = Text("受扶方不在名单内", "the recipient is not listed any more")
CLOSED = Text("不再可选", "no longer eligible")


def keep_pairs(
    context: Context, stage: str, pairs: Pairs, published: pl.DataFrame, why: Why, year: int | None = None
) -> Keep | None:
    """What the published plan asks of ``pairs``; ``None`` where there is no such plan.

    Parameters
    ----------
    context, stage
    pairs : Pairs
        Eligible pairs.
    published : DataFrame
        Columns supporter, recipient.
    why : callable
        Pair → why it cannot be chosen, where both ends take part; ``None``: it is simply not eligible.
    year : int, optional
        The year that the decisions are for; that of planning where none is given.
    """
    if context.published is None or not context.published.of(stage):
        return None
    wanted = published.select("supporter", "recipient").unique().sort("supporter", "recipient")
    mask = mark_in_force(pairs.supporters, pairs.recipients, pairs.supporter, pairs.recipient, wanted)
    found = {pair for pair, on in zip(_named(pairs), mask.tolist(), strict=True) if on}
    masks = frozen_pairs(context, stage, pairs, context.on.year if year is None else year)
    lost = lost_pairs(context, pairs, [p for p in wanted.iter_rows() if p not in found], why)
    return Keep(context.published.plan, mask, masks, budget_of(context), price_of(context), lost)


def frozen_pairs(context: Context, stage: str, pairs: Pairs, year: int) -> dict[str, np.ndarray]:
    """Entry → (n,) bool: pairs of which an end lies in the region."""
    found = {}
    for freeze in freezes(context, stage):
        if freeze.holds(context.on, year):
            ends = (freeze.covers(context.network, ids) for ids in (pairs.supporters, pairs.recipients))
            s, r = (np.array(mask, dtype=bool) for mask in ends)
            found[freeze.entry] = s[pairs.supporter] | r[pairs.recipient]
    return found


def lost_pairs(context: Context, pairs: Pairs, lost: Iterable[Pair], why: Why) -> dict[Text, list[Text]]:
    """Reason → pairs by name."""
    supporters, recipients = set(pairs.supporters), set(pairs.recipients)
    found: dict[Text, list[Text]] = {}
    for s, r in lost:
        reason = (
            SUPPORTER_GONE
            if s not in supporters
            else RECIPIENT_GONE
            if r not in recipients
            else why((s, r)) or CLOSED
        )
        name = f"{context.network.label(s)} → {context.network.label(r)}"
        found.setdefault(reason, []).append(Text(name, name))
    return found


def by_rule(stage: str, shut: Mapping[str, Iterable[Pair]]) -> Why:
    """Why a pair cannot be chosen: the first rule that shuts it."""
    sets = {rule: set(pairs) for rule, pairs in shut.items()}

    def why(pair: Pair) -> Text | None:
        rule = next((key for key, pairs in sets.items() if pair in pairs), None)
        return (
            None if rule is None else Text(f"规则 {stage}.{rule} 不许", f"the rule {stage}.{rule} forbids it")
        )

    return why


def priced(pairs: Pairs, keep: Keep | None) -> Pairs:
    """The pairs with the price of each that the published plan does not have."""
    if keep is None or not keep.price:
        return pairs
    term = np.where(keep.published, 0, keep.price).astype(np.int64)
    return replace(pairs, cost=pairs.cost + term, terms={**pairs.terms, "published": term})


def with_ended(outcome: Outcome, pairs: Pairs, chosen: np.ndarray) -> Outcome:
    """The outcome with the price of pairs that end as a part of its objective; ``chosen`` (n,) bool."""
    if outcome.objective is None or outcome.sense == "max":
        return outcome
    rows = int(pairs.cost[chosen].sum())
    return replace(
        outcome, composition=with_ends(outcome.composition, outcome.objective, rows, outcome.scale)
    )


def _named(pairs: Pairs) -> list[Pair]:
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    return [(pairs.supporters[s], pairs.recipients[r]) for s, r in ends]
