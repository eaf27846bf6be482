"""Pairs of regions, counties and units: without one of the plan's, or with one that it has not.

The rules stay as they are; only the columns of the pair are fixed, so shares and counts mean what they meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from graph.language import Text
from planner.explain import rows_about
from planner.otherwise.choice import MOST, Asking, Otherwise, priced, solve_held
from planner.otherwise.choices import pair_choices, proved
from planner.otherwise.narrow import Proof, solve_narrowed
from planner.otherwise.pair_moves import PairMove, PairOtherwise
from planner.plan import Plan
from planner.stage import Outcome, WhatIf
from planner.stages import STAGES
from planner.subject import Subject

PAIR = ["supporter", "recipient"]


def pairs_otherwise(asking: Asking, subject: Subject) -> list[Otherwise]:
    """The plan's pairs of a subject, each forbidden in turn, the dearest first; of a pair that is not chosen, the pair forced."""
    if subject.special:
        return []
    keys = subject.keys
    rows = rows_about(asking.plan.table("pairs"), "pairs", keys, asking.stage)
    chosen = (
        rows.filter(~shown_only(asking.plan, asking.stage)).sort("cost", descending=True).select(PAIR).rows()
    )
    if chosen:
        return [pair_otherwise(asking, (str(a), str(b)), False) for a, b in chosen[:MOST]]
    if len(keys) == 2 and may_pair(asking, keys):
        return [pair_otherwise(asking, (keys[0], keys[1]), True)]
    return []


def shown_only(plan: Plan, stage: str) -> pl.Expr:
    """Pairs that stand in the table but are not decided: counterpart support as it is."""
    reassigned = plan.head["inputs"]["policy"][stage].get("reassign_counterpart")
    return pl.lit(False) if reassigned is True else pl.col("kind") == "counterpart"


def may_pair(asking: Asking, pair: Sequence[str]) -> bool:
    """Whether a pair is among those that the stage may choose."""
    chooser: Any = STAGES[asking.stage]
    rows = asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)
    found = chooser.eligible(asking.context, rows)
    return any((pair[0], pair[1]) in pairs for pairs in found)


def pair_otherwise(asking: Asking, pair: tuple[str, str], forced: bool) -> PairOtherwise:
    """The stage solved again with a pair forced, or forbidden."""
    mine = asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)
    what_if = WhatIf({pair: forced}, frozenset(mine.select(PAIR).iter_rows()))
    narrowed = _narrowed(asking, what_if)
    outcome, why = solve_held(asking, what_if) if narrowed is None else (narrowed, ())
    moves = _moved(asking, mine, pair, outcome.tables["pairs"]) if outcome.tables else []
    told = priced(asking, _what(asking, pair, forced), outcome, moves, why)
    change = sum(c for _, c in told.parts) if told.parts else told.change
    least = None if told.parts else told.least
    values = {
        k: getattr(told, k) for k in ("stage", "what", "status", "parts", "worse", "moves", "forbidden")
    }
    return PairOtherwise(
        **values, change=change, least=least, supporter=pair[0], recipient=pair[1], forced=forced
    )


def _narrowed(asking: Asking, what_if: WhatIf) -> Outcome | None:
    """The outcome over few of the pairs; ``None`` where the stage is more than one task, or all pairs are needed."""
    if asking.stage != "designation":
        return None
    (proof,) = proofs(asking)
    ((pair, forced),) = what_if.fixed.items()
    at = proof.found.named([pair])
    least = (proof.having if forced else proof.losing)[at]
    return solve_narrowed(asking, what_if, proof, float(least[0]) if least.size else 0.0)


def proofs(asking: Asking) -> list[Proof]:
    """The stage's choice models with what is proved of their pairs; made once."""

    def make() -> list[Proof]:
        return [Proof(found, *proved(asking, found)) for found in pair_choices(asking)]

    return asking.context.once("otherwise.proofs", make)


def _what(asking: Asking, pair: tuple[str, str], forced: bool) -> Text:
    named = _named(asking, *pair)
    if forced:
        return Text(f"若选 {named}", f"with {named}")
    return Text(f"若不选 {named}", f"without {named}")


def _named(asking: Asking, supporter: str, recipient: str) -> str:
    return f"{asking.label(supporter)} → {asking.label(recipient)}"


def _moved(asking: Asking, mine: pl.DataFrame, pair: tuple[str, str], after: pl.DataFrame) -> list[PairMove]:
    """Pairs that one of the two solves has and the other has not, the recipient's and the supporter's first."""
    before = mine.select(PAIR)
    ended = before.join(after, on=PAIR, how="anti").with_columns(how=pl.lit("ended"))
    new = after.select(PAIR).join(before, on=PAIR, how="anti").with_columns(how=pl.lit("new"))
    own = (
        pl.when(pl.col("recipient") == pair[1])
        .then(0)
        .when(pl.col("supporter") == pair[0])
        .then(1)
        .otherwise(2)
    )
    rows = pl.concat([ended, new]).sort(own, "recipient", "how", "supporter")
    return [
        PairMove(_named(asking, s, r), "✓" if how == "ended" else "", "✓" if how == "new" else "", s, r, how)
        for s, r, how in rows.select(*PAIR, "how").iter_rows()
    ]
