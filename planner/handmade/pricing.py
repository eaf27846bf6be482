"""Cost, load and terms of hand-made pairs, as the stage itself would count them."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.handmade.loads import region_loads, share_rest
from planner.stage import Context
from planner.stages import designation
from planner.stages import pairs as eligible
from planner.stages.pairing.counties import county_pairs
from planner.stages.pairing.members import find_members
from planner.stages.pairing.regions import region_pairs
from planner.stages.pairing.results import county_table, one_table, region_table, shown_counterpart
from planner.stages.pairs import Pairs

KEY = ["supporter", "recipient"]
FILLED = ("cost", "load", "terms", "kind")


def price_pairs(context: Context, stage: str, pairs: pl.DataFrame) -> tuple[pl.DataFrame, list[Text]]:
    """Pairs of one stage with every empty cell filled; and what was filled, in words.

    A row without terms gets cost and terms together, since a cost is the sum of its terms. A load that is left open
    gets what the given ones leave (:mod:`planner.handmade.loads`). A pair that is not eligible keeps what it has (else
    cost 0 and load 1): the check names it.
    """
    right, notes = listed_prices(context, stage, pairs)
    priced = right.select(*KEY, *(pl.col(c).alias(f"{c}_right") for c in FILLED))
    joined = pairs.join(priced, on=KEY, how="left", maintain_order="left")
    scored = context.policy["objective"] == "scores"
    known = pl.col("terms_right").is_not_null()
    whole = known & (pl.col("cost").is_null() | (pl.col("terms").is_null() & pl.lit(not scored)))
    unlike = joined.filter(whole & ((pl.col("cost") - pl.col("cost_right")).abs() > 0.0005)).height
    filled = joined.select(whole.sum()).item()
    done = joined.with_columns(
        cost=pl.when(whole).then("cost_right").otherwise("cost").fill_null(0.0),
        terms=pl.when(whole).then("terms_right").otherwise("terms").fill_null("{}"),
        load=pl.coalesce("load", "load_right", pl.lit(1)),
        kind=pl.coalesce("kind", "kind_right"),
    ).select(pairs.columns)
    if filled:
        notes.append(
            Text(
                f"{stage}：{filled} 行的成本与构成由程序计算",
                f"{stage}: cost and terms of {filled} rows were computed",
            )
        )
    if unlike:
        notes.append(Text(f"{stage}：其中 {unlike} 行所填成本与算得的不同，以算得的为准",
                          f"{stage}: in {unlike} of them the cost given is not the one computed, which counts"))  # fmt: skip
    return done, notes


def listed_prices(context: Context, stage: str, pairs: pl.DataFrame) -> tuple[pl.DataFrame, list[Text]]:
    """The table ``pairs`` of those given pairs that are eligible, and what should be known about their loads."""
    if context.policy["objective"] == "scores":
        found = eligible.scored_pairs(context, stage)
        return eligible.chosen_table(stage, found, positions(found, pairs)), []
    if stage == designation.NAME:
        found = designation.eligible_pairs(context)
        return eligible.chosen_table(stage, found, positions(found, pairs)), []
    members = find_members(context)
    found = region_pairs(context, members)
    chosen = positions(found, pairs)
    loads, notes = region_loads(context, members, found, chosen, given_loads(found, chosen, pairs))
    tables = [region_table(context, found, chosen, loads)]
    if context.policy.on("county_pairs"):
        below = county_pairs(context, members, tables[0])
        inside = positions(below, pairs)
        parts = share_rest(below, inside, given_loads(below, inside, pairs), np.ones(len(inside)))
        tables.append(county_table(below, inside, parts))
    tables.append(shown_counterpart(context, tables))
    return one_table(tables), notes


def given_loads(found: Pairs, chosen: np.ndarray, pairs: pl.DataFrame) -> np.ndarray:
    """(k,) float64 loads that the file gives the chosen pairs; NaN where it leaves them open."""
    told = {(s, r): load for s, r, load in pairs.select(*KEY, "load").iter_rows()}
    ends = zip(found.supporter[chosen].tolist(), found.recipient[chosen].tolist(), strict=True)
    cells = [told[found.supporters[s], found.recipients[r]] for s, r in ends]
    return np.array([np.nan if c is None else c for c in cells], dtype=np.float64)


def positions(found: Pairs, wanted: pl.DataFrame) -> np.ndarray:
    """(k,) numbers of the eligible pairs that stand in ``wanted``, in order."""
    ends = pl.DataFrame({
        "supporter": np.array(found.supporters, dtype=object)[found.supporter].tolist(),
        "recipient": np.array(found.recipients, dtype=object)[found.recipient].tolist(),
    }, schema=dict.fromkeys(KEY, pl.String)).with_row_index("number")  # fmt: skip
    return (
        ends.join(wanted.select(KEY).unique(), on=KEY, how="semi")["number"]
        .sort()
        .to_numpy()
        .astype(np.int64)
    )
