"""Pairs of regions, counties and units: without one of the plan's, or with one that it has not.

The rules stay as they are; only the columns of the pair are fixed, so shares and counts mean what they meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.explain import rows_about
from planner.otherwise.choice import MOST, Asking, Otherwise, first_of, priced, solve_held
from planner.otherwise.choices import may_pair_with, pair_choices, proved
from planner.otherwise.narrow import Narrowed, Proof, solve_each, solve_narrowed
from planner.otherwise.pair_moves import PairMove, PairOtherwise
from planner.plan import Plan
from planner.stage import WhatIf
from planner.stages import STAGES
from planner.subject import Subject

PAIR = ["supporter", "recipient"]
Pair = tuple[str, str]


def pairs_otherwise(asking: Asking, subject: Subject) -> list[Otherwise]:
    """The plan's pairs of a subject, each forbidden in turn, the dearest first; of a pair that is not chosen, the pair forced.

    Of a region, county or unit without a pair, the best that it could have; where it can have none, the rules that forbid some.
    """
    if subject.special:
        return []
    keys = subject.keys
    rows = rows_about(asking.plan.table("pairs"), "pairs", keys, asking.stage)
    chosen = (
        rows.filter(~shown_only(asking.plan, asking.stage)).sort("cost", descending=True).select(PAIR).rows()
    )
    if chosen:
        told = [pair_otherwise(asking, (str(a), str(b)), False) for a, b in chosen[:MOST]]
        return first_of(told, len(chosen))
    if len(keys) == 2 and may_pair(asking, keys):
        return [pair_otherwise(asking, (keys[0], keys[1]), True)]
    if len(keys) == 1 and rows.is_empty() and may_pair_with(asking, keys[0]):
        from planner.otherwise.pair_ranks import best_pairs  # it ranks what is priced here

        return list(best_pairs(asking, keys[0], 1).found)
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


def pairs_forced(asking: Asking, proof: Proof, numbers: np.ndarray) -> dict[int, PairOtherwise]:
    """Prices of pairs (k,) of one model that the plan has not: those of which relaxations over few of its pairs tell."""
    if not _in_its_model(asking, proof):
        return {}
    found = solve_each(asking, proof, numbers, _kept(asking))
    return {p: _told_few(asking, proof, proof.found.ends(p), True, few) for p, few in found.items()}


def pair_otherwise(asking: Asking, pair: tuple[str, str], forced: bool) -> PairOtherwise:
    """The stage solved again with a pair forced, or forbidden."""
    mine, what_if = _mine(asking), WhatIf({pair: forced}, _kept(asking))
    few = _in_few(asking, what_if, pair, forced)
    if few is not None:
        return few
    outcome, why = solve_held(asking, what_if)
    moves = _moved(asking, pair, *_changed(mine, outcome.tables["pairs"])) if outcome.tables else []
    told = priced(asking, _what(asking, pair, forced), outcome, moves, why)
    change = sum(c for _, c in told.parts) if told.parts else told.change
    least = None if told.parts else told.least
    values = {
        k: getattr(told, k) for k in ("stage", "what", "status", "parts", "worse", "moves", "forbidden")
    }
    return PairOtherwise(
        **values, change=change, least=least, unproved=told.unproved and not told.parts,
        supporter=pair[0], recipient=pair[1], forced=forced,
    )  # fmt: skip


def _mine(asking: Asking) -> pl.DataFrame:
    return asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)


def _kept(asking: Asking) -> frozenset[Pair]:
    """The plan's pairs of the stage."""
    return frozenset((str(s), str(r)) for s, r in _mine(asking).select(PAIR).iter_rows())


def _in_its_model(asking: Asking, proof: Proof) -> bool:
    """Whether a pair's model alone tells its price.

    Region pairs need more than their model: how loads are divided among them, and the county pairs inside.
    """
    models = proofs(asking)
    return asking.stage != "pairing" or (len(models) > 1 and proof is not models[0] and _settled(asking))


def _in_few(asking: Asking, what_if: WhatIf, pair: tuple[str, str], forced: bool) -> PairOtherwise | None:
    """The price by a solve over few of the pairs, of the model that has this one; ``None`` where the whole stage has to be solved."""
    proof = next((p for p in proofs(asking) if p.found.named([pair]).any()), None)
    if proof is None or not _in_its_model(asking, proof):
        return None
    least = (proof.having if forced else proof.losing)[proof.found.named([pair])]
    few = solve_narrowed(asking, what_if, proof, float(least[0]))
    return None if few is None else _told_few(asking, proof, pair, forced, few)


def _told_few(asking: Asking, proof: Proof, pair: Pair, forced: bool, few: Narrowed) -> PairOtherwise:
    found = proof.found
    sign = -1 if found.pairs.sense == "max" else 1
    change = (few.objective - sign * int(found.pairs.cost[found.chosen].sum())) / found.pairs.scale
    ended, new = found.chosen & ~few.chosen, few.chosen & ~found.chosen
    moves = _moved(asking, pair, *([found.ends(p) for p in np.flatnonzero(m).tolist()] for m in (ended, new)))
    told = (asking.head.get("composition") or {}).get("parts", ())
    titles = [Text(**p["title"]) for p in told]
    parts = [(title, 0.0) for title in titles[:-1]] + [(title, change) for title in titles[-1:]]
    status = (
        "OPTIMAL" if len(proofs(asking)) == 1 else "FEASIBLE"
    )  # other region pairs that are as cheap are not looked at
    return PairOtherwise(
        asking.stage, _what(asking, pair, forced), status, change, parts, None, sign * change > 0, moves,
        supporter=pair[0], recipient=pair[1], forced=forced,
    )  # fmt: skip


def _settled(asking: Asking) -> bool:
    """Whether the region pairs are the best that there are, with nothing published that holds both ranks together."""
    first = asking.head["composition"]["parts"][0]
    return asking.context.published is None and first["objective"] == first["bound"]


def proofs(asking: Asking) -> list[Proof]:
    """The stage's choice models with what is proved of their pairs; made once."""

    def make() -> list[Proof]:
        if asking.begin is not None:
            asking.begin()
        return [Proof(found, *proved(asking, found)) for found in pair_choices(asking)]

    return asking.context.once("otherwise.proofs", make)


def _what(asking: Asking, pair: tuple[str, str], forced: bool) -> Text:
    named = _named(asking, *pair)
    if forced:
        return Text(f"若选 {named}", f"with {named}")
    return Text(f"若不选 {named}", f"without {named}")


def _named(asking: Asking, supporter: str, recipient: str) -> str:
    return f"{asking.label(supporter)} → {asking.label(recipient)}"


def _changed(before: pl.DataFrame, after: pl.DataFrame) -> tuple[list[Pair], list[Pair]]:
    """Pairs that only the first has, and that only the second has."""
    one, other = before.select(PAIR), after.select(PAIR)
    return one.join(other, on=PAIR, how="anti").rows(), other.join(one, on=PAIR, how="anti").rows()


def _moved(asking: Asking, pair: Pair, ended: Sequence[Pair], new: Sequence[Pair]) -> list[PairMove]:
    """Pairs that one of the two solves has and the other has not, the recipient's and the supporter's first."""
    rows = [(p, how) for how, pairs in (("ended", ended), ("new", new)) for p in pairs]
    rows.sort(
        key=lambda r: (0 if r[0][1] == pair[1] else 1 if r[0][0] == pair[0] else 2, r[0][1], r[1], r[0][0])
    )
    return [
        PairMove(_named(asking, s, r), "✓" if how == "ended" else "", "✓" if how == "new" else "", s, r, how)
        for (s, r), how in rows
    ]
