"""Money that is published: what each need keeps of it, what a freeze holds, and whose yuan went where.

A change is a yuan that the published plan gives to a county's programme in a year and that is taken from there, wherever it goes. What
a need can no longer take (there is less of it, or nobody may pay for it) is nobody's decision: it is told, and does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.cost import SCALE
from planner.frozen import freezes
from planner.policy import Policy
from planner.published import CHANGE_WEIGHT, CHANGES_MAX
from planner.stage import Context
from planner.stages.funds.facts import Facts
from planner.stages.words import clash, name_list

NAME, TABLE = "funds", "allocations"
KEY = ("region", "programme", "year")


@dataclass(frozen=True)
class Published:
    """Yuan of the published plan, by row numbers.

    Parameters
    ----------
    amount : ndarray
        (C, P, T) int64 what each need can keep of its money.
    worth : int
        Thousandths of a point that each yuan of it counts more.
    frozen : ndarray
        (C, T) bool: counties and years whose money stays as it is.
    rows : ndarray
        (n, 5) source, county, programme, year, yuan; of sources and needs that are there.
    lost : list of (str, str, int, int)
        Region, programme, year and the yuan that cannot be kept, each more than 0.
    """

    amount: np.ndarray
    worth: int
    frozen: np.ndarray
    rows: np.ndarray
    lost: list[tuple[str, str, int, int]]

    def only(self, years: slice) -> Published:
        """The same of some years, for a plan that looks at these alone; without the rows."""
        return replace(
            self, amount=self.amount[:, :, years], frozen=self.frozen[:, years], rows=self.rows[:0], lost=[]
        )

    def changes(self, amount: np.ndarray) -> int:
        """Yuan taken from where they were published, ``amount`` (C, P, T) being what is paid."""
        return int(np.maximum(self.amount - amount, 0).sum())


def change_worth(policy: Policy) -> int:
    """Thousandths of a point for each yuan that stays where it is published."""
    return round(policy.weight(CHANGE_WEIGHT) * SCALE)


def read_published(context: Context, facts: Facts, cell: np.ndarray) -> Published | None:
    """What is published, against ``cell`` (C, P, T), what each need may get; ``None`` where nothing is."""
    if context.published is None or TABLE not in context.published.of(NAME):
        return None
    table = context.published.of(NAME)[TABLE].filter(pl.col("year").is_in(facts.years))
    table = table.select("source", *KEY, "amount").sort("source", *KEY)
    lists: tuple[Sequence[Any], ...] = (facts.sources, facts.counties, facts.programmes, facts.years)
    at = np.stack([_numbers(table[k], names) for k, names in zip(("source", *KEY), lists, strict=True)])
    money, sums = table["amount"].to_numpy().astype(np.int64), np.zeros(cell.shape, np.int64)
    known = (at[1:] >= 0).all(axis=0)
    np.add.at(sums, tuple(at[1:, known]), money[known])
    mine = known & (at[0] >= 0)
    return Published(
        amount=np.minimum(sums, cell),
        worth=change_worth(context.policy),
        frozen=_frozen(context, facts),
        rows=np.concatenate([at[:, mine].T, money[mine, None]], axis=1),
        lost=_lost(table.filter(~pl.Series(known)), facts, sums - np.minimum(sums, cell)),
    )


def _numbers(column: pl.Series, names: Sequence[Any]) -> np.ndarray:
    """(n,) place of each among ``names``; −1 where it is not there."""
    numbers = list(range(len(names)))
    return column.replace_strict(names, numbers, default=-1, return_dtype=pl.Int64).to_numpy()


def _frozen(context: Context, facts: Facts) -> np.ndarray:
    found = np.zeros((len(facts.counties), len(facts.years)), dtype=bool)
    for freeze in freezes(context, NAME):
        here = np.array(freeze.covers(context.network, facts.counties), dtype=bool)
        found |= here[:, None] & np.array(
            [freeze.holds(context.on, year) for year in facts.years], dtype=bool
        )
    return found


def _lost(gone: pl.DataFrame, facts: Facts, less: np.ndarray) -> list[tuple[str, str, int, int]]:
    sums = gone.group_by(KEY).agg(pl.col("amount").sum()).filter(pl.col("amount") > 0).sort(KEY)
    found = [(r, p, y, int(a)) for r, p, y, a in sums.iter_rows()]
    c, p, t = np.nonzero(less)
    for i, j, k in zip(c.tolist(), p.tolist(), t.tolist(), strict=True):
        found.append((facts.counties[i], facts.programmes[j], facts.years[k], int(less[i, j, k])))
    return sorted(found)


def split(steps: np.ndarray, value: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps of the diminishing return, each in two: what lies within the published money, and what lies beyond.

    ``steps``, ``value`` (K, C, P, T) and ``kept`` (C, P, T); twice as many steps come back, even numbers within.
    """
    below = np.cumsum(steps, axis=0) - steps
    inside = np.clip(kept[None] - below, 0, steps)
    both = np.stack([inside, steps - inside], axis=1).reshape(-1, *kept.shape)
    return both, np.repeat(value, 2, axis=0)


def inside(step: np.ndarray) -> np.ndarray:
    """(n,) bool: steps (their numbers) that lie within the published money."""
    return np.asarray(step % 2 == 0)


def change_clash(least: int) -> Text:
    """The limit on changes cannot be kept: so many yuan must move at least."""
    return clash(Text(f"其他规则要求至少变动 {least:,} 元", f"the other rules need {least:,} yuan to be moved at least"),
                 CHANGES_MAX)  # fmt: skip


def told_words(context: Context, plan: str, moved: int, lost: list[tuple[str, str, int, int]]) -> list[Text]:
    """Yuan that leave the needs for which they were published, and what of the published money its needs can no longer take."""
    counted = Text(
        f"与已公布方案 {plan} 相比：{moved:,} 元离开所公布的需求",
        f"against the published plan {plan}: {moved:,} yuan leave the needs that they were published for",
    )
    if not lost:
        return [counted]
    total, places = sum(x[3] for x in lost), list(dict.fromkeys(x[0] for x in lost))
    named = name_list(context.network, places)
    return [counted, Text(f"已公布的资金有 {total:,} 元不能照旧，因为所在需求已经减少或无人可付：{named.zh}",
                 f"{total:,} yuan of the published money cannot be kept, as the needs are smaller or nobody may pay for them: {named.en}")]  # fmt: skip
