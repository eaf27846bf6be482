"""The result table of pairing: region pairs, county pairs, and counterpart support as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graph.language import Text
from planner.cost import SCALE
from planner.solve.task import Answer
from planner.stage import Context, Outcome
from planner.stages import pairs as eligible
from planner.stages.pairing.counties import pairs_of_grid
from planner.stages.pairing.loads import divide
from planner.stages.pairing.members import relations_in_force
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import Pairs


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


def county_table(pairs: Pairs, chosen: np.ndarray) -> pl.DataFrame:
    """Chosen county pairs; a county's poor people are divided evenly among its partners."""
    loads = pairs.load.copy()
    recipient = pairs.recipient[chosen]
    loads[chosen] = divide(pairs.load[chosen], recipient, np.ones(len(chosen)))
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


def together(tables: Sequence[pl.DataFrame], answers: Sequence[Answer], sizes: Mapping[str, int]) -> Outcome:
    """One outcome of both models: costs and bounds add up."""
    bounds = [a.facts.get("bound") for a in answers]
    optimal = all(a.status == "OPTIMAL" for a in answers)
    return Outcome(
        status="OPTIMAL" if optimal else "FEASIBLE",
        tables={"pairs": one_table(tables)},
        objective=sum(int(a.facts["objective"]) for a in answers),
        bound=None if None in bounds else sum(int(b) for b in bounds if b is not None),
        scale=SCALE,
        engine=Text("HiGHS 整数规划，先区域后县", "HiGHS, integer programme: regions first, then counties"),
        proof=Text(
            "界由求解器给出：区域结对的界，加上在该区域结对之内县县结对的界；可行性与目标由 verify 复核",
            "the bound is the solver's word: that of the regions, plus that of the county pairs inside the regions "
            "chosen; verify re-checks feasibility and objective",
        ),
        sizes=sizes,
        details={
            "cut_short": any(bool(a.facts.get("cut_short")) for a in answers),
            "nodes": sum(int(a.facts.get("nodes", 0)) for a in answers),
        },
    )
