"""Support received per county and burden given per supporter: who wins and who loses between plans, and how evenly it is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from graph.language import Text
from graph.network import Network
from planner.compare.places import ends, first_of_each
from planner.compare.shares import gini, lorenz
from planner.plan import Plan

RECEIVED, GIVEN = "received", "given"
SIDES = {RECEIVED: Text("得到的帮扶", "support received"), GIVEN: Text("承担的帮扶", "burden given")}
MEASURES = {"money": Text("资金（元）", "money (yuan)"), "pairs": Text("结对", "pairs"),
            "people": Text("派驻人数", "people posted"), "load": Text("负载", "load")}  # fmt: skip
GIFTS = ("east_west", "unit", "social")
"""Levels of money that a supporter gives; what a province or county gives to its own is its budget, not a burden of support."""
WORST = 10
PAIRS = frozenset(("pairing", "designation"))
"""Stages that decide on pairs."""
KEY = ["side", "measure", "kind"]
_COLUMNS = (*KEY, "id", "amount")


@dataclass(frozen=True)
class Support:
    """Who gets and who gives how much in each plan.

    Parameters
    ----------
    amounts : DataFrame
        side (received, given), measure (money, pairs, people, load), kind, id, province, one column per plan id. ``kind`` is the
        programme, kind of relation, role or level of money; empty: all kinds. Loads count in their kind's own unit, so they have
        no sum over kinds. Null where a plan does not decide it, 0 where it decides that it is nothing.
    balance : DataFrame
        side, measure, kind, plan, more, less, same (how many get or give more than in the first plan, and so on), gained, lost.
    gini : DataFrame
        side, measure, kind, one column per plan id.
    lorenz : DataFrame
        side, measure, kind, plan, share_of_ids, share_of_amount: points of each plan's Lorenz curve.
    worst : DataFrame
        side, measure, kind, plan, rank, id, province, amount, first (the same one's amount in the first plan): the ten who
        receive least, and the ten who give most.
    """

    amounts: pl.DataFrame
    balance: pl.DataFrame
    gini: pl.DataFrame
    lorenz: pl.DataFrame
    worst: pl.DataFrame


def support_of(plans: Sequence[Plan], known: pl.DataFrame) -> Support:
    """What every county that any plan supports, or that needs money, receives; what everybody gives who gives in any plan.

    Parameters
    ----------
    plans : sequence of Plan
        Plans of different ids, the first being what the others are held against.
    known : DataFrame
        Places of all; see :func:`planner.compare.places.joined_places`.
    """
    ids = [p.id for p in plans]
    parts = [_amounts(p.network, p.tables(), known).with_columns(plan=pl.lit(p.id)) for p in plans]
    whole = pl.concat(parts)
    whole = _comparable(whole, plans)
    decided = whole.select("side", "measure", "plan").unique()
    wide = whole.pivot("plan", index=list(_COLUMNS[:-1]), values="amount", aggregate_function="sum")
    missing = [pl.lit(None, pl.Float64).alias(i) for i in ids if i not in wide.columns]
    wide = wide.with_columns(missing).with_columns(
        pl.when(_decides(decided, i)).then(pl.col(i).fill_null(0.0)).otherwise(None).alias(i) for i in ids
    )
    where = first_of_each((ends(p.network, known).select("id", "province") for p in reversed(plans)), "id")
    wide = wide.join(where, on="id", how="left", maintain_order="left")
    wide = wide.select(*KEY, "id", "province", *ids).sort(*KEY, "id")
    even = wide.filter((pl.col("kind") == "") | (pl.col("measure") == "load"))
    return Support(wide, _balance(wide, ids), *_spread(even, ids), _worst(even, ids))


def _comparable(amounts: pl.DataFrame, plans: Sequence[Plan]) -> pl.DataFrame:
    """Without pairs of plans that do not decide on pairs in the same stages as the first: their sums are of other things."""
    stages = {p.id: PAIRS.intersection(p.stages) for p in plans}
    others = [i for i, mine in stages.items() if mine != stages[plans[0].id]]
    of_pairs = pl.col("measure").is_in(["pairs", "load"])
    return amounts.filter(~(of_pairs & pl.col("plan").is_in(others)))


def _decides(decided: pl.DataFrame, plan: str) -> pl.Expr:
    mine = decided.filter(pl.col("plan") == plan)
    return pl.concat_str("side", pl.lit(" "), "measure").is_in(
        mine.select(pl.concat_str("side", pl.lit(" "), "measure")).to_series().to_list()
    )


def _amounts(network: Network, tables: Mapping[str, pl.DataFrame], known: pl.DataFrame) -> pl.DataFrame:
    """side, measure, kind, id, amount of one plan, by kind and in sum."""
    found = []
    if "pairs" in tables:
        pairs = tables["pairs"].with_columns(kind=pl.coalesce("kind", "stage"))
        found += [
            _summed(_at_county(pairs, "recipient", known), RECEIVED, "pairs", "kind", "county", pl.len()),
            _summed(pairs, GIVEN, "pairs", "kind", "supporter", pl.len()),
            _summed(pairs, GIVEN, "load", "kind", "supporter", pl.col("load").sum()),
        ]
    if "postings" in tables:
        posted = tables["postings"].select("cadre", "village", "role")
        units = network.frame("cadres").select(cadre="id", unit="unit")
        sent = posted.join(units, on="cadre", how="left")
        came = _at_county(posted.group_by("village", "role").len(), "village", known)
        found += [
            _summed(came, RECEIVED, "people", "role", "county", pl.col("len").sum()),
            _summed(sent, GIVEN, "people", "role", "unit", pl.len()),
        ]
    if "allocations" in tables:
        sources = network.frame("fund_sources").select(source="id", level="level", owner="owner_region")
        money = tables["allocations"].join(sources, on="source", how="left")
        gifts = money.filter(pl.col("level").is_in(GIFTS)).with_columns(giver=pl.coalesce("owner", "source"))
        yuan = pl.col("amount").sum()
        found += [
            _summed(_at_county(money, "region", known), RECEIVED, "money", "programme", "county", yuan),
            _summed(gifts, GIVEN, "money", "level", "giver", yuan),
        ]
    if not found:
        texts = dict.fromkeys(_COLUMNS[:-1], pl.String)
        return pl.DataFrame(schema=texts | {"amount": pl.Float64})
    kinds = pl.concat(found)
    sums = (
        kinds.filter(pl.col("measure") != "load")
        .group_by("side", "measure", "id")
        .agg(pl.col("amount").sum())
    )
    totals = sums.with_columns(kind=pl.lit("")).select(_COLUMNS)
    return pl.concat([kinds, totals, _needy(network, kinds, known)])


def _summed(
    frame: pl.DataFrame, side: str, measure: str, kind: str, who: str, amount: pl.Expr
) -> pl.DataFrame:
    grouped = frame.filter(pl.col(who).is_not_null()).group_by(
        pl.col(kind).fill_null("").alias("kind"), pl.col(who).alias("id")
    )
    told = grouped.agg(amount.cast(pl.Float64).alias("amount"))
    return told.with_columns(side=pl.lit(side), measure=pl.lit(measure)).select(_COLUMNS)


def _at_county(frame: pl.DataFrame, column: str, known: pl.DataFrame) -> pl.DataFrame:
    looked = known.select(pl.col("code").alias(column), "county")
    return frame.join(looked, on=column, how="left").with_columns(
        pl.coalesce("county", column).alias("county")
    )


def _needy(network: Network, kinds: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Counties with a need count with 0 in whatever the plan decides."""
    counties = (
        _at_county(network.frame("needs").select("region").unique(), "region", known)
        .select(id="county")
        .unique()
    )
    measures = kinds.filter(pl.col("side") == RECEIVED).select("side", "measure").unique()
    rows = measures.join(counties, how="cross").with_columns(kind=pl.lit(""), amount=pl.lit(0.0))
    return rows.select(_COLUMNS)


def _balance(wide: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    first = ids[0]
    found = [wide.head(0).select(*KEY, **_counted(first, first))] if len(ids) == 1 else []
    for other in ids[1:]:
        both = wide.filter(pl.col(first).is_not_null() & pl.col(other).is_not_null())
        found.append(both.group_by(KEY, maintain_order=True).agg(**_counted(first, other)))
    return pl.concat(found).select(*KEY, "plan", "more", "less", "same", "gained", "lost")


def _counted(first: str, other: str) -> dict[str, pl.Expr]:
    more = pl.col(other) - pl.col(first)
    return {
        "plan": pl.lit(other).first(),
        "more": (more > 0).sum().cast(pl.Int64),
        "less": (more < 0).sum().cast(pl.Int64),
        "same": (more == 0).sum().cast(pl.Int64),
        "gained": more.filter(more > 0).sum(),
        "lost": more.filter(more < 0).sum().abs(),
    }


def _spread(even: pl.DataFrame, ids: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Gini coefficients and Lorenz curves; of one thing at a time, all plans over the same ids."""
    figures, curves = [], []
    for key, mine in even.group_by(KEY, maintain_order=True):
        named = dict(zip(KEY, (str(k) for k in key), strict=True))
        listed = {i: mine[i].drop_nulls() for i in ids}
        figures.append(named | {i: gini(a) if len(a) else None for i, a in listed.items()})
        for i, spread in listed.items():
            x, y = lorenz(spread)
            curves.append(pl.DataFrame({**dict.fromkeys(KEY, ""), "plan": i, "share_of_ids": x, "share_of_amount": y},
                                       schema=_CURVE).with_columns(**{k: pl.lit(v) for k, v in named.items()}))  # fmt: skip
    texts: dict[str, type[pl.DataType]] = dict.fromkeys(KEY, pl.String)
    told = pl.DataFrame(figures, schema=texts | dict.fromkeys(ids, pl.Float64))
    return told, pl.concat([pl.DataFrame(schema=_CURVE), *curves])


_CURVE = {
    **dict.fromkeys([*KEY, "plan"], pl.String),
    "share_of_ids": pl.Float64,
    "share_of_amount": pl.Float64,
}


def _worst(even: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    found = []
    for plan in ids:
        there = even.filter(pl.col(plan).is_not_null() & ((pl.col("side") == RECEIVED) | (pl.col(plan) > 0)))
        badness = pl.when(pl.col("side") == RECEIVED).then(pl.col(plan)).otherwise(-pl.col(plan))
        ordered = there.with_columns(bad=badness).sort(*KEY, "bad", "id")
        ranked = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over(KEY)).filter(
            pl.col("rank") <= WORST
        )
        found.append(
            ranked.select(*KEY, pl.lit(plan).alias("plan"), "rank", "id", "province", pl.col(plan).alias("amount"),
                          pl.col(ids[0]).alias("first"))
        )  # fmt: skip
    return pl.concat(found)
