"""The numbers that the rules come to, known before anything is decided: floors, ceilings, caps, values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from graph.errors import ScenarioError
from planner.cost import SCALE
from planner.stage import Context
from planner.stages.funds.factors import assessed, province_factors, shares_by_factors
from planner.stages.funds.facts import PPM, Facts, ppm
from planner.stages.funds.fair import fair_segments
from planner.stages.funds.published import Published, read_published, split

LOANS = ("microcredit", "relending")
NO_LIMIT = 2**50
"""More yuan than there are."""


@dataclass(frozen=True)
class Known:
    """Whole yuan, except where it says otherwise.

    Parameters
    ----------
    cell : ndarray
        (C, P, T) what a county's programme may get in a year: its need, within its slots, 0 where nobody may pay.
    steps : ndarray
        (K, C, P, T) yuan in each step of the diminishing return; they add up to ``cell``. Where a plan is published each step is two,
        within the published money and beyond.
    value : ndarray
        (K, C, P, T) int64, thousandths of a point per yuan; never rising in K.
    county_low, county_high : ndarray
        (C, T).
    spendable : ndarray
        (T,) the smaller of the year's budgets and of what may be paid for.
    deep_low, outside_low : ndarray
        (T,) floors of the two classes of counties, never above what they may be paid for; 0 where the rule is off.
    share_low, share_high : ndarray
        (S, G, T) what a shared source must and may give a province; ``NO_LIMIT`` where nothing bounds it.
    loan_high : mapping of str to ndarray
        Instrument → (C, T) what may be lent in a county and year.
    loan_cost : ndarray
        (S,) int64, thousandths of a point that a yuan of the source costs.
    fair_width : ndarray
        (K, C, T) yuan in each segment of the logarithm of a county's met share; none (K = 0) unless fairness is proportional.
    published : Published, optional
        The money that is published.
    """

    cell: np.ndarray
    steps: np.ndarray
    value: np.ndarray
    county_low: np.ndarray
    county_high: np.ndarray
    spendable: np.ndarray
    deep_low: np.ndarray
    outside_low: np.ndarray
    share_low: np.ndarray
    share_high: np.ndarray
    loan_high: dict[str, np.ndarray]
    loan_cost: np.ndarray
    fair_width: np.ndarray
    published: Published | None = None

    def most(self) -> np.ndarray:
        """(C, T) yuan that a county can get in a year: what it can be paid for, within its ceiling."""
        return np.asarray(np.minimum(self.cell.sum(axis=1), self.county_high))


def known_numbers(context: Context, facts: Facts) -> Known:
    """All of them."""
    payable = np.where(np.any(facts.allowed, axis=0)[:, :, None], facts.need, 0)
    cell = np.minimum(payable, slot_caps(context, facts))
    bounds, returns = return_steps(context)
    steps, value = _steps(facts.need, cell, bounds), values(context, facts, returns)
    published = read_published(context, facts, cell)
    if published is not None:
        steps, value = split(steps, value, published.amount)
    low, high = county_bounds(context, facts, cell)
    spendable = np.minimum(facts.budget.sum(axis=0), cell.sum(axis=(0, 1)))
    share_low, share_high = province_bounds(context, facts, cell)
    policy = context.policy
    deep = policy["deep_poverty_share"] if policy["deep_poverty_of"] == "budget" else None
    fair = policy["fairness"] == "proportional"
    return Known(
        cell=cell,
        steps=steps,
        value=value,
        county_low=low,
        county_high=high,
        spendable=spendable,
        deep_low=np.minimum(_part(deep, spendable), cell[facts.deep].sum(axis=(0, 1))),
        outside_low=np.minimum(
            _part(policy["outside_share"], spendable), cell[facts.outside].sum(axis=(0, 1))
        ),
        share_low=share_low,
        share_high=share_high,
        loan_high={i: loan_ceiling(context, facts, i) for i in LOANS},
        loan_cost=np.where(np.array(facts.instrument) == "microcredit", loan_cost(context), 0).astype(
            np.int64
        ),
        fair_width=fair_segments(np.minimum(cell.sum(axis=1), high), fair),
        published=published,
    )


def _part(share: float | None, whole: np.ndarray) -> np.ndarray:
    """At least this share, rounded up to whole yuan."""
    return np.array([-(-ppm(share or 0.0) * int(w) // PPM) for w in whole], dtype=np.int64)


def return_steps(context: Context) -> tuple[list[int], list[float]]:
    """Upper ends (millionths of a need) and values per yuan of the steps.

    Raises
    ------
    ScenarioError
        When a share is outside (0, 1] or a value rises.
    """
    given = context.policy["return_steps"]
    if given is None:
        return [PPM], [1.0]
    try:
        steps = sorted((ppm(float(share)), float(value)) for share, value in given.items())
    except ValueError as error:
        raise ScenarioError(
            "[funds] return_steps：键应为 0–1 的份额", "[funds] return_steps: keys must be shares 0–1"
        ) from error
    ends, returns = [s for s, _ in steps], [v for _, v in steps]
    falling = all(a >= b for a, b in pairwise(returns))
    if not steps or ends[0] <= 0 or ends[-1] > PPM or not falling or returns[-1] < 0:
        raise ScenarioError(
            "[funds] return_steps：份额应在 0 与 1 之间，每元收益应逐段递减且不为负",
            "[funds] return_steps: shares between 0 and 1, and values that fall from step to step and are not negative",
        )
    return ends, returns


def _steps(need: np.ndarray, cell: np.ndarray, ends: list[int]) -> np.ndarray:
    """Yuan in each step: up to ``ends`` of the need, cut off at ``cell``."""
    below = np.zeros_like(need)
    found = []
    for end in ends:
        upto = np.minimum(need // PPM * end + need % PPM * end // PPM, cell)
        found.append(np.maximum(upto - below, 0))
        below = np.maximum(upto, below)
    return np.stack(found)


def values(context: Context, facts: Facts, returns: list[float]) -> np.ndarray:
    """(K, C, P, T) thousandths of a point per yuan."""
    policy = context.policy
    weights = policy["programme_weights"] or {}
    programme = np.array([float(weights.get(p, 1.0)) for p in facts.programmes])
    place = 1.0 + policy.weight("need_weight") * facts.rank
    late = (1.0 - policy.weight("later_discount")) ** (np.array(facts.years) - facts.years[0])
    one = place[:, None, None] * programme[None, :, None] * late[None, None, :]
    return np.asarray(np.rint(SCALE * np.array(returns)[:, None, None, None] * one[None]).astype(np.int64))


def slot_caps(context: Context, facts: Facts) -> np.ndarray:
    """(C, P, T) yuan that slots allow: a joint number of slots, shared out by need in whole slots beforehand."""
    found = np.full(facts.need.shape, NO_LIMIT)
    for p, years, number in slot_groups(context, facts):
        if context.policy["slot_caps_by"] == "country":
            continue
        wanted = facts.slots[:, p, years]
        if number < wanted.sum():
            share = _share_out(number, wanted.ravel()).reshape(wanted.shape)
            found[:, p, years] = share * facts.unit_cost[:, p, years]
    return found


def slot_groups(context: Context, facts: Facts) -> list[tuple[int, list[int], int]]:
    """Programme, years (row numbers) and slots: one group per programme, for posts one per year."""
    found = []
    for programme, number in sorted((context.policy["slot_caps"] or {}).items()):
        if programme in facts.programmes:
            p, every = facts.programmes.index(programme), list(range(len(facts.years)))
            groups = [[t] for t in every] if facts.posts[p] else [every]
            found += [(p, g, int(number)) for g in groups]
    return found


def _share_out(total: int, wanted: np.ndarray) -> np.ndarray:
    """``total`` whole slots in proportion to ``wanted`` (n,) int64, the largest remainders first."""
    whole, sum_wanted = total * wanted // wanted.sum(), int(wanted.sum())
    rest = total * wanted - whole * sum_wanted
    order = np.argsort(-rest, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole)


def county_bounds(context: Context, facts: Facts, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Floors and ceilings of counties by year, (C, T) each; a floor is never above what may be paid for."""
    policy, shape = context.policy, (len(facts.counties), len(facts.years))
    low, high = np.zeros(shape, dtype=np.int64), np.full(shape, NO_LIMIT)
    if policy.on("county_floor"):
        low[~facts.outside] = int(policy["county_floor"])
    if policy.on("per_head"):
        least, most = (int(v) for v in policy["per_head"])
        low = np.maximum(low, least * facts.poor[:, None])
        high = np.where(facts.poor[:, None] > 0, np.minimum(high, most * facts.poor[:, None]), high)
    if policy.on("county_ceiling"):
        high = np.minimum(high, int(policy["county_ceiling"]))
    if policy.on("stability"):
        low = np.maximum(low, county_history(context, facts))
    return np.minimum(low, cell.sum(axis=1)), high


def last_flows(context: Context, facts: Facts) -> pl.DataFrame:
    """What was allotted in the newest year before the first planned one: source, region, year, amount."""
    rows = context.network.frame("fund_flows").filter(
        (pl.col("stage") == "allotted") & (pl.col("year") < facts.years[0])
    )
    return (
        rows.filter(pl.col("year") == pl.col("year").max())
        .sort("source", "region")
        .select("source", "region", "year", "amount")
    )


def grown(context: Context, facts: Facts, source: str, amount: int, since: int, t: int) -> int:
    """An amount of an earlier year, grown with the source's budget to planned year ``t`` (row number)."""
    rows = context.network.frame("fund_budgets").filter(
        (pl.col("source") == source) & (pl.col("year") == since)
    )
    before = int(rows["amount"][0]) if rows.height else 0
    now = int(facts.budget[facts.sources.index(source), t])
    return amount * now // before if before else amount


def county_history(context: Context, facts: Facts) -> np.ndarray:
    """(C, T) floors from what each county was allotted last, over all sources."""
    found = np.zeros((len(facts.counties), len(facts.years)), dtype=np.int64)
    number = {c: i for i, c in enumerate(facts.counties)}
    for source, region, since, amount in last_flows(context, facts).iter_rows():
        if region in number and source in facts.sources:
            for t, year in enumerate(facts.years):
                keep = max(PPM - ppm(context.policy["stability"]) * (year - since), 0)
                found[number[region], t] += keep * grown(context, facts, source, amount, since, t) // PPM
    return found


def province_bounds(context: Context, facts: Facts, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What shared sources must and may give provinces, (S, G, T) each: shares, reward, stability."""
    shape = (len(facts.sources), len(facts.provinces), len(facts.years))
    low, high = np.zeros(shape, dtype=np.int64), np.full(shape, NO_LIMIT)
    may_use = np.zeros(shape, dtype=np.int64)
    for t, year in enumerate(facts.years):
        factors = province_factors(context, facts, year)
        good = assessed(context, year - 1)
        commended = np.array([good.get(g) == "commended" for g in facts.provinces], dtype=bool)
        for s in np.flatnonzero(facts.shared):
            usable = np.zeros(len(facts.provinces), dtype=np.int64)
            np.add.at(usable, facts.province, np.where(facts.allowed[s], cell[:, :, t], 0).sum(axis=1))
            may_use[s, :, t] = usable
            low[s, :, t], high[s, :, t] = _one_source(
                context, facts, factors, commended, usable, int(facts.budget[s, t])
            )
    if context.policy.on("stability"):
        _province_history(context, facts, low, high)
        low = np.minimum(low, may_use)
    return low, high


def _one_source(
    context: Context,
    facts: Facts,
    factors: dict[str, np.ndarray],
    commended: np.ndarray,
    usable: np.ndarray,
    budget: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds (G,) of one source in one year; a floor is never above what the province may use."""
    policy, n = context.policy, len(usable)
    reach = usable > 0
    winners = commended & reach
    prize = ppm(policy["reward"]) * budget // PPM if policy.on("reward") and winners.any() else 0
    each = prize // int(winners.sum()) if prize else 0
    low, high = np.zeros(n, dtype=np.int64), np.full(n, NO_LIMIT)
    if policy.on("province_shares"):
        share = shares_by_factors(factors, policy["factor_weights"] or {}, reach)
        tolerance = ppm(policy["province_shares"])
        target = [int(f) * (budget - prize) // PPM for f in share]
        low = np.array([(PPM - tolerance) * x // PPM for x in target], dtype=np.int64)
        high = np.array([-(-(PPM + tolerance) * x // PPM) for x in target], dtype=np.int64) + np.where(
            winners, each, 0
        )
    low = low + np.where(winners, each, 0)
    return np.minimum(low, usable), np.where(reach, high, 0)


def _province_history(context: Context, facts: Facts, low: np.ndarray, high: np.ndarray) -> None:
    """Tighten the bounds, in place, by what provinces were allotted last."""
    number = {g: i for i, g in enumerate(facts.provinces)}
    change = ppm(context.policy["stability"])
    for source, region, since, amount in last_flows(context, facts).iter_rows():
        if (
            region not in number
            or source not in facts.sources
            or not facts.shared[facts.sources.index(source)]
        ):
            continue
        at = facts.sources.index(source), number[region]
        for t, year in enumerate(facts.years):
            reference, drift = grown(context, facts, source, amount, since, t), change * (year - since)
            low[(*at, t)] = max(low[(*at, t)], max(PPM - drift, 0) * reference // PPM)
            high[(*at, t)] = min(high[(*at, t)], -(-(PPM + drift) * reference // PPM))


def loan_ceiling(context: Context, facts: Facts, instrument: str) -> np.ndarray:
    """(C, T) yuan that may be lent in a county and year; with ``outstanding`` the rolling balance holds instead."""
    policy, shape = context.policy, (len(facts.counties), len(facts.years))
    if instrument == "microcredit" and policy.on("microcredit_loan_max"):
        whole = balance_ceiling(context, facts)
        each = (
            whole
            if policy["microcredit_window"] == "outstanding"
            else whole // int(policy["microcredit_years"])
        )
        return np.broadcast_to(each[:, None], shape).astype(np.int64)
    if instrument == "relending" and policy.on("relending_share"):
        firms = np.isin(
            facts.programmes,
            facts.programmes
            if policy["relending_programmes"] is None
            else list(policy["relending_programmes"]),
        )
        need = facts.need[:, firms].sum(axis=1)
        part = ppm(policy["relending_share"])
        return np.asarray(need // PPM * part + need % PPM * part // PPM)
    return np.full(shape, NO_LIMIT)


def balance_ceiling(context: Context, facts: Facts) -> np.ndarray:
    """(C,) yuan that registered households may owe at any time."""
    households = np.floor(facts.poor / float(context.policy["household_size"])).astype(np.int64)
    return households * int(context.policy["microcredit_loan_max"] or 0)


def loan_cost(context: Context) -> int:
    """Thousandths of a point that a yuan of microcredit costs: subsidised interest over the term, and the risk fund."""
    policy = context.policy
    rate = policy.weight("microcredit_subsidy") * int(policy["microcredit_years"]) + policy.weight(
        "microcredit_risk_fund"
    )
    return round(SCALE * rate)
