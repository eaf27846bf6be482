"""The result table of pairing: region pairs, county pairs, and counterpart support as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graph.language import Text
from planner.composition import TOTAL_COST, Composition, two_ranks
from planner.cost import FIRST, SCALE, first_then
from planner.solve.task import Answer
from planner.stage import Context, Outcome
from planner.stages import pairs as eligible
from planner.stages.pairing.counties import pairs_of_grid
from planner.stages.pairing.loads import divide
from planner.stages.pairing.members import relations_in_force
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import Pairs

ALONE = Text("HiGHS 整数规划", "HiGHS, integer programme")
BOTH = Text("HiGHS 整数规划，先区域后县", "HiGHS, integer programme: regions first, then counties")
PROOF_ALONE = Text(
    "界由求解器给出；可行性与目标由 verify 复核",
    "the bound is the solver's word; verify re-checks feasibility and objective",
)
BEST = Text("在所选区域结对之内最优", "are best inside the region pairs chosen")
ALL_SEEN = Text(
    "成本相同的其他区域结对（若有）都已比较",
    "other equally cheap region pairs, if there are any, are all compared",
)
NOT_SEEN = Text(
    "成本相同的其他区域结对未全部比较（界中县结对按 0 计）",
    "other equally cheap region pairs are not all compared (county pairs count 0 in the bound)",
)
CUT = Text(
    "在所选区域结对之内求解，到限即止", "were sought inside the region pairs chosen up to the limit of work"
)


def region_table(context: Context, pairs: Pairs, chosen: np.ndarray, loads: np.ndarray) -> pl.DataFrame:
    """Chosen region pairs, each with the poor people that it takes on (``loads``: (k,), as ``chosen``)."""
    whole = pairs.load.copy()
    whole[chosen] = loads
    table = eligible.chosen_table(NAME, replace(pairs, load=whole), chosen, "east_west")
    if not context.policy.on("reassign_counterpart"):
        return table
    held = relations_in_force(context, ["counterpart", "east_west"])
    listed = held.filter(pl.col("kind") == "east_west")["recipient"].to_list()
    other = held.filter((pl.col("kind") == "counterpart") & ~pl.col("recipient").is_in(listed))["recipient"]
    kind = (
        pl.when(pl.col("recipient").is_in(other.to_list()))
        .then(pl.lit("counterpart"))
        .otherwise(pl.col("kind"))
    )
    return table.with_columns(kind=kind)


def county_table(pairs: Pairs, chosen: np.ndarray, parts: np.ndarray | None = None) -> pl.DataFrame:
    """Chosen county pairs; a county's poor people are divided evenly among its partners, or in ``parts`` (k,)."""
    loads = pairs.load.copy()
    recipient = pairs.recipient[chosen]
    loads[chosen] = divide(pairs.load[chosen], recipient, np.ones(len(chosen))) if parts is None else parts
    return eligible.chosen_table(NAME, replace(pairs, load=loads), chosen, "county_pair")


def county_pairs_in_force(context: Context) -> pl.DataFrame:
    """The county pairs in force as they are listed, at whatever level."""
    held = relations_in_force(context, ["county_pair"])
    known = held.filter(
        pl.col("supporter").is_in(list(context.network.parents))
        & pl.col("recipient").is_in(list(context.network.parents))
    )
    supporters = known["supporter"].unique().sort().to_list()
    recipients = known["recipient"].unique().sort().to_list()
    inside = np.zeros((len(supporters), len(recipients)), dtype=bool)
    for _, s, r in known.iter_rows():
        inside[supporters.index(s), recipients.index(r)] = True
    pairs = pairs_of_grid(context, supporters, recipients, inside)
    return county_table(pairs, np.arange(pairs.size))


def shown_counterpart(context: Context, tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Counterpart support in force, at no cost and without load; nothing where it is reassigned."""
    held = relations_in_force(context, ["counterpart"])
    if context.policy.on("reassign_counterpart"):
        held = held.clear()
    shown = held.select(
        stage=pl.lit(NAME),
        supporter=pl.col("supporter"),
        recipient=pl.col("recipient"),
        cost=pl.lit(0.0),
        load=pl.lit(0, dtype=pl.Int64),
        terms=pl.lit("{}"),
        kind=pl.lit("counterpart"),
    )
    return shown.join(pl.concat(tables), on=["supporter", "recipient"], how="anti")


def one_table(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All of them as the table ``pairs``; a pair that two of them list appears once, as the first lists it."""
    key = ["stage", "supporter", "recipient"]
    return pl.concat(tables).unique(key, keep="first", maintain_order=True).sort(key)


def together(
    tables: Sequence[pl.DataFrame],
    answers: Sequence[Answer],
    sizes: Mapping[str, int],
    *,
    counties: bool,
    bound: int | None = None,
) -> Outcome:
    """One outcome of the first model alone, or of both (``counties``): then region pairs come first.

    With county pairs the objective is ``FIRST · cost of the region pairs + cost of the county pairs``. ``bound`` is that of
    the county pairs inside all region pairs that cost as little; ``None`` where these were not all looked at: no county pair
    costs less than nothing, so ``FIRST · bound of the region pairs`` still bounds every plan.
    """
    regions, *below = answers or [_no_answer()]
    objective, best = int(regions.facts["objective"]), regions.facts.get("bound")
    if counties:
        objective = first_then(objective, sum(int(a.facts["objective"]) for a in below))
        best = None if best is None else first_then(int(best), bound or 0)
    return Outcome(
        status="OPTIMAL" if objective == best else "FEASIBLE",
        tables={"pairs": one_table(tables)},
        objective=objective,
        bound=best,
        scale=SCALE * FIRST if counties else SCALE,
        engine=BOTH if counties else ALONE,
        proof=_proof_both(below, bound is not None) if counties else PROOF_ALONE,
        sizes=sizes,
        composition=_ranks(objective, best) if counties else TOTAL_COST,
        details={
            "cut_short": any(bool(a.facts.get("cut_short")) for a in answers),
            "nodes": sum(int(a.facts.get("nodes", 0)) for a in answers),
        },
    )


def _proof_both(below: Sequence[Answer], others: bool) -> Text:
    """What the bound of both models stands on.

    ``below``: the answer of the second one, if it ran; ``others``: whether all region pairs that cost as little were looked at.
    """
    best = BEST if all(a.status == "OPTIMAL" for a in below) else CUT
    rest = ALL_SEEN if others else NOT_SEEN
    return Text(
        f"区域结对先定，其界由求解器给出；县县结对{best.zh}，{rest.zh}；可行性与目标由 verify 复核",
        f"region pairs come first, and the solver proves their bound; county pairs {best.en}: {rest.en}; verify re-checks "
        "feasibility and objective",
    )


def _ranks(objective: int, bound: int | None) -> Composition:
    titles = (
        Text("区域结对的成本", "cost of the region pairs"),
        Text("县县结对的成本", "cost of the county pairs"),
    )
    words = Text(
        "先比 › 前的，相同时才比其后的；两者之和是总成本",
        "what stands before › decides, what follows only among equals; both together are the total cost",
    )
    return two_ranks(words, titles, objective, bound, FIRST, (SCALE, SCALE))


def ranked(outcome: Outcome) -> Outcome:
    """An outcome of region pairs alone in the units of both models; its bound holds for any county pairs too."""
    lifted = (None if v is None else first_then(v, 0) for v in (outcome.objective, outcome.bound))
    objective, bound = lifted
    composed = outcome.composition if objective is None else _ranks(objective, bound)
    return replace(
        outcome, objective=objective, bound=bound, scale=outcome.scale * FIRST, composition=composed
    )


def _no_answer() -> Answer:
    """What stands for the first model where there is nothing to pair."""
    return Answer("OPTIMAL", {}, {"objective": 0, "bound": 0})
