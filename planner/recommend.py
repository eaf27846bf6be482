"""The best other choices of one subject: places for a cadre, cadres for a village, pairs for a region, county or unit, needs for money.

Changes are exact: people by chains of moves, or by second solves where rules on teams are in the way; pairs by second solves, in the
order of what is proved of each as the least; money by the prices that the plan keeps. Where the work allowed ends before, it is said, and
of people the range that a change lies in is told instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.schema import ENUMS
from planner.explain import demanded_stages
from planner.otherwise.choice import Asking, Otherwise
from planner.otherwise.ranked import Ranked
from planner.plan import Plan
from planner.published import CHANGES_MAX
from planner.solve.executor import LocalProcesses
from planner.solve.pool import Executor
from planner.subject import may_decide, read_subject

if TYPE_CHECKING:
    from planner.deciding import OnProgress


class Recommended(list[Otherwise]):
    """The best other choices, stage by stage; ``ranked``: by stage, with how many there are."""

    def __init__(self, ranked: Mapping[str, Ranked]) -> None:
        super().__init__(told for one in ranked.values() for told in one.found)
        self.ranked = ranked

    def as_list(self) -> list[dict[str, object]]:
        """For JSON: each choice with its ``rank`` of so many (``of``), and ``others_least``, see :class:`Ranked`."""
        return [
            {**told.as_dict(), "rank": rank, "of": one.of, "others_least": one.least}
            for one in self.ranked.values()
            for rank, told in enumerate(one.found, start=1)
        ]


def recommend(
    plan: Plan,
    subject: str,
    n: int = 5,
    on_progress: OnProgress | None = None,
    executor: Executor | None = None,
    stages: Sequence[str] | None = None,
) -> Recommended:
    """The ``n`` best other choices of a subject in each stage that decides about it, the best first, each with its exact change.

    Parameters
    ----------
    plan : Plan
    subject : str
        A cadre: posts; a village with posts: cadres; a region, county or unit: pairs; a fund source: needs that it may pay for; a
        county: its needs.
    n : int
        How many, in each stage.
    on_progress : callable, optional
        Told what is being solved.
    executor : Executor, optional
        Where to solve; a child process by default.
    stages : sequence of str, optional
        Only these stages.

    Raises
    ------
    UsageError
        When the plan has no such stage, the subject is of no such kind, or the plan keeps no prices of money.
    """
    read = read_subject(plan, subject)
    keys = read.keys
    try:
        asked = demanded_stages(plan, stages)
    except UsageError as error:
        shown, told = ">".join(plan.network.label(k) for k in keys), error.text
        raise UsageError(
            f"对 {shown} 没有可推荐的：{told.zh}", f"there is nothing to recommend for {shown}: {told.en}"
        ) from error
    single = len(keys) == 1 and not read.special
    asked = [s for s in asked if single and may_decide(plan, s, keys)]
    if executor is None:
        with LocalProcesses() as own:
            found = _in_stages(
                [Asking(plan, s, own, on_progress, begin=own.begin) for s in asked], keys[0], n
            )
    else:
        found = _in_stages([Asking(plan, s, executor, on_progress) for s in asked], keys[0], n)
    if not found:
        shown = subject if read.special else ">".join(plan.network.label(k) for k in keys)
        raise UsageError(
            f"对 {shown} 没有可推荐的；可以问：干部、有岗位的村、可结对的地区或单位、资金来源、有需求的县",
            f"there is nothing to recommend for {shown}; ask about a cadre, a village with posts, a region or unit that may be "
            "paired, a fund source or a county with needs",
        )
    return Recommended(found)


def _in_stages(asked: Sequence[Asking], key: str, n: int) -> dict[str, Ranked]:
    told = {asking.stage: _in_stage(asking, key, n) for asking in asked}
    return {stage: some for stage, some in told.items() if some is not None}


def _in_stage(asking: Asking, key: str, n: int) -> Ranked | None:
    """The best choices of one stage; ``None`` where it decides nothing about such a subject."""
    if asking.head["objective"] is None:
        return None
    if asking.stage == "cadres":
        return _people(asking, key, n) if _of_people(asking.plan, key) else None
    if asking.stage == "funds":
        return _money(asking, key, n)
    if asking.stage not in ("pairing", "designation"):
        return None
    from planner.otherwise.choices import may_pair_with, pair_choices
    from planner.otherwise.pair_ranks import best_pairs

    if not may_pair_with(asking, key):
        return None
    known = any(
        key in ends for p in pair_choices(asking) for ends in (p.pairs.supporters, p.pairs.recipients)
    )
    return best_pairs(asking, key, n) if known else None


def _of_people(plan: Plan, key: str) -> bool:
    network = plan.network
    known = (network.frame("cadres")["id"] == key).any() or (
        network.frame("village_posts")["village"] == key
    ).any()
    policy = plan.head["inputs"]["policy"]["cadres"]
    limited = (
        policy.get(CHANGES_MAX, "off") != "off"
    )  # a limit that all postings share: none has a price by itself
    return bool(known) and not limited and policy["objective"] != "scores"


def _people(asking: Asking, key: str, n: int) -> Ranked:
    from planner.otherwise.posting_ranks import best_people, best_posts
    from planner.otherwise.postings import standing_of

    standing = standing_of(asking)
    row = standing.row_of(key)
    if row is not None:
        return best_posts(asking, standing, row, n)
    here = (standing.model.posts.table["village"] == key).to_numpy()
    return best_people(asking, standing, np.flatnonzero(here), n)


def _money(asking: Asking, key: str, n: int) -> Ranked | None:
    """Needs by what a step of money more given straight to them is worth; ``None`` where it is neither source nor county."""
    network = asking.plan.network
    county = (network.frame("needs")["region"] == key).any()
    if not county and not (network.frame("fund_sources")["id"] == key).any():
        return None
    prices = asking.plan.tables("prices").get("funds")
    if prices is None:
        raise UsageError(
            "这个方案没有存资金的价（规则交叉，或早于此功能）",
            "the plan keeps no prices of money: its rules cross, or it is older than they are",
        )
    rows = prices.filter(pl.col("rule") == "needs", pl.col("more").is_not_null())
    if county:
        rows = rows.filter(pl.col("region") == key)
    else:
        from planner.stages.funds.stage import seen

        facts, _ = seen(asking.context)
        may = facts.allowed[facts.sources.index(key)]
        pairs = [(facts.counties[c], facts.programmes[p]) for c, p in np.argwhere(may).tolist()]
        allowed = pl.DataFrame(pairs, schema={"region": pl.String, "programme": pl.String}, orient="row")
        rows = rows.join(allowed, on=["region", "programme"], how="semi")
    best = rows.sort("more", "region", "programme", "year", descending=[True, False, False, False]).head(n)
    return Ranked([_need(asking, row) for row in best.iter_rows(named=True)], rows.height)


def _need(asking: Asking, row: dict[str, object]) -> Otherwise:
    title = ENUMS["programme"].get(str(row["programme"]), Text(str(row["programme"]), str(row["programme"])))
    name, year, yuan = asking.label(str(row["region"])), row["year"], row["more_yuan"]
    what = Text(
        f"再给 {name} {year} 年{title.zh} {yuan:,} 元",
        f"{yuan:,} yuan more for {title.en} in {name} in {year}",
    )
    change = float(str(row["more"])) / int(asking.head["scale"])
    return Otherwise("funds", what, "OPTIMAL", change, worse=change < 0)
