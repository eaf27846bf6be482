"""The plan of people who decide one year at a time: each year's best, without looking at the years after it.

What a year leaves over is carried on as far as the rules let it, what falls due is paid back, and the next year begins with
that. Rules that look across years are, by then, plain numbers: slots that are left, loans still owed, last year's sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import polars as pl

from planner.policy import Policy
from planner.published import CHANGES_MAX
from planner.solve.pool import Executor, OnProgress
from planner.stage import Context, Limits
from planner.stages.funds.crossing import stable_factors
from planner.stages.funds.facts import PPM, Facts, ppm
from planner.stages.funds.known import Known, balance_ceiling
from planner.stages.funds.levels import decided
from planner.stages.funds.reading import allocations
from planner.stages.row_numbers import row_numbers


@dataclass
class Past:
    """What earlier years have left behind.

    Parameters
    ----------
    over : ndarray
        (S,) yuan carried into the next year.
    lent : dict of int to ndarray
        Year → (S, C) yuan lent as microcredit.
    sums : ndarray
        (C,) what each county got in the year before.
    slots : dict of str to Fraction
        Programme → slots used so far.
    """

    over: np.ndarray
    lent: dict[int, np.ndarray]
    sums: np.ndarray
    slots: dict[str, Fraction]


def year_by_year(
    context: Context,
    facts: Facts,
    known: Known,
    executor: Executor,
    limits: Limits,
    on_progress: OnProgress | None,
) -> tuple[pl.DataFrame | None, int | None]:
    """The table `allocations` of deciding year by year; ``None``, and the year that could not be planned, where that fails."""
    n_s, n_c = len(facts.sources), len(facts.counties)
    past = Past(np.zeros(n_s, np.int64), {}, np.zeros(n_c, np.int64), {})
    tables = []
    for t, year in enumerate(facts.years):
        now, numbers = _year(context, facts, known, past, t)
        seen = _only_now(context, facts, past)
        built, answer, _ = decided(seen, now, numbers, executor, limits, on_progress)
        if "flow" not in answer.arrays:
            return None, year
        table = allocations(built, np.asarray(answer.arrays["flow"]))
        tables.append(table)
        _remember(facts, past, table, t, now.budget[:, 0])
    return pl.concat(tables).sort("source", "region", "programme", "year"), None


def _only_now(context: Context, facts: Facts, past: Past) -> Context:
    """The policy of one year: rules across years are off, as their numbers are known; slots are those that are left."""
    values = dict(context.policy.values)
    values |= {
        CHANGES_MAX: "off",
        "microcredit_window": "even",
        "microcredit_returns": "off",
        "stability_against": "last",
    }
    posts = {p for p, counted in zip(facts.programmes, facts.posts, strict=True) if counted}
    if context.policy.on("slot_caps"):
        left = {p: n if p in posts else max(int(n - past.slots.get(p, Fraction(0))), 0)
                for p, n in context.policy["slot_caps"].items()}  # fmt: skip
        values["slot_caps"] = left
    return replace(context, policy=Policy(values))


def _year(context: Context, facts: Facts, known: Known, past: Past, t: int) -> tuple[Facts, Known]:
    """What is known of a year when it begins."""
    one, policy = slice(t, t + 1), context.policy
    money = facts.budget[:, t] + past.over + _paid_back(context, facts, past, t)
    now = replace(
        facts, years=facts.years[one], need=facts.need[:, :, one], slots=facts.slots[:, :, one],
        unit_cost=facts.unit_cost[:, :, one], budget=money[:, None], carry=np.zeros((len(money), 1), dtype=np.int64),
    )  # fmt: skip
    low, high = known.county_low[:, one], known.county_high[:, one]
    if t and policy.on("stability") and policy["stability_against"] == "plan":
        payable = known.cell.sum(axis=1)
        least, most = stable_factors(payable[:, t - 1 : t + 1], ppm(policy["stability"]))
        both = ((payable[:, t - 1] > 0) & (payable[:, t] > 0))[:, None]
        before = past.sums[:, None].astype(object)
        low = np.where(both, np.maximum(low, (-(-least * before // PPM)).astype(np.int64)), low)
        high = np.where(both, np.minimum(high, (most * before // PPM).astype(np.int64)), high)
    loans = {i: h[:, one] for i, h in known.loan_high.items()}
    if policy.on("microcredit_loan_max") and policy["microcredit_window"] == "outstanding":
        owed = _owed(context, facts, past, t)
        loans["microcredit"] = np.maximum(balance_ceiling(context, facts) - owed, 0)[:, None]
    numbers = replace(
        known, cell=known.cell[:, :, one], steps=known.steps[..., one], value=known.value[..., one], county_low=low,
        county_high=high, spendable=known.spendable[one], deep_low=known.deep_low[one],
        outside_low=known.outside_low[one], share_low=known.share_low[:, :, one],
        share_high=known.share_high[:, :, one], loan_high=loans, fair_width=known.fair_width[:, :, one],
        published=None if known.published is None else known.published.only(one),
    )  # fmt: skip
    return now, numbers


def _paid_back(context: Context, facts: Facts, past: Past, t: int) -> np.ndarray:
    """(S,) yuan of loans that fall due and may be lent again."""
    due = facts.years[t] - int(context.policy["microcredit_years"])
    if not context.policy.on("microcredit_returns") or due not in past.lent:
        return np.zeros(len(facts.sources), dtype=np.int64)
    return np.asarray(past.lent[due].sum(axis=1))


def _owed(context: Context, facts: Facts, past: Past, t: int) -> np.ndarray:
    """(C,) yuan that households still owe from earlier years' loans."""
    first = facts.years[t] - int(context.policy["microcredit_years"]) + 1
    owed = np.zeros(len(facts.counties), dtype=np.int64)
    for year, lent in past.lent.items():
        if year >= first:
            owed += lent.sum(axis=0)
    return owed


def _remember(facts: Facts, past: Past, table: pl.DataFrame, t: int, money: np.ndarray) -> None:
    """Carry what is left, and keep what later years will look at."""
    s, c = (
        row_numbers(table[k], names) for k, names in (("source", facts.sources), ("region", facts.counties))
    )
    amount = table["amount"].to_numpy()
    paid = np.zeros((len(facts.sources), len(facts.counties)), dtype=np.int64)
    np.add.at(paid, (s, c), amount)
    past.over = np.minimum(money - paid.sum(axis=1), facts.carry[:, t])
    past.sums = paid.sum(axis=0)
    lenders = np.array(facts.instrument) == "microcredit"
    past.lent[facts.years[t]] = np.where(lenders[:, None], paid, 0)
    p = row_numbers(table["programme"], facts.programmes)
    cost = facts.unit_cost[c, p, t]
    for programme in np.unique(p).tolist():
        mine = (p == programme) & (cost > 0)
        used = sum(
            (Fraction(int(amount[mine & (cost == u)].sum()), int(u)) for u in np.unique(cost[mine])),
            Fraction(0),
        )
        name = facts.programmes[programme]
        past.slots[name] = past.slots.get(name, Fraction(0)) + used
