"""What a ban on a pair in force comes to, where it is not what doing without the pair comes to.

Without a pair the rules stay as they are, so a pair in force counts among those of which ``keep_share`` must stay. A ban makes it a
pair that may not stay, and ``keep_share`` is then a share of the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from graph.language import Text
from planner.otherwise.choice import Asking, Otherwise
from planner.otherwise.choices import Choices, pair_choices, proved
from planner.otherwise.narrow import Proof
from planner.otherwise.pair_moves import PairOtherwise
from planner.otherwise.pairs import held_pair, kept_pairs, narrowed_pair, proofs
from planner.stage import WhatIf
from planner.stages.designation_rows import build

BANNED = Text(
    "若禁配 {pair}（designation.bans），这一对不再算在应保持的关系里",
    "with a ban on {pair} (designation.bans), after which it is none of the pairs that have to stay",
)


def banned(asking: Asking, without: Sequence[Otherwise]) -> list[PairOtherwise]:
    """The prices of bans on those pairs of ``without`` of which a ban lowers how many pairs have to stay, and so differs."""
    found = []
    for one in without:
        if (
            isinstance(one, PairOtherwise)
            and not one.forced
            and _lowers(asking, (one.supporter, one.recipient))
        ):
            told = ban_price(asking, one)
            if _differs(told, one):
                found.append(told)
    return found


def ban_price(asking: Asking, without: PairOtherwise) -> PairOtherwise:
    """The stage solved again with a ban on a pair."""
    pair = (without.supporter, without.recipient)
    what_if = WhatIf({pair: False}, kept_pairs(asking), banned=frozenset([pair]))
    told = _in_few(asking, what_if, pair) or held_pair(asking, pair, what_if)
    what = BANNED.fill(pair=f"{asking.label(pair[0])} → {asking.label(pair[1])}")
    return replace(told, what=what)


def _in_few(asking: Asking, what_if: WhatIf, pair: tuple[str, str]) -> PairOtherwise | None:
    """The price over few of the pairs; ``None`` where the whole stage has to be solved."""
    (plain,), built = pair_choices(asking), build(asking.context.held(what_if))
    found = Choices(built.pairs, built.model, plain.chosen)
    return narrowed_pair(asking, what_if, Proof(found, *proved(asking, found)), pair)


def _lowers(asking: Asking, pair: tuple[str, str]) -> bool:
    """Whether fewer pairs have to stay once this one is banned."""
    policy = asking.context.policy
    if asking.stage != "designation" or not policy.on("keep_share"):
        return False
    (proof,) = proofs(asking)
    in_force = proof.found.pairs.in_force
    number, share = int(in_force.sum()), float(policy["keep_share"])
    before, after = (math.ceil(share * n - 1e-9) for n in (number, number - 1))
    return after < before and bool((proof.found.named([pair]) & in_force).any())


def _differs(one: Otherwise, other: Otherwise) -> bool:
    return one.change != other.change or one.status != other.status
