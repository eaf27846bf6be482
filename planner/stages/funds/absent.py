"""Why a source pays nothing for a need."""

from __future__ import annotations

import numpy as np

from graph.language import Text
from planner.stage import Context
from planner.stages.funds.barred import Barred
from planner.stages.funds.clashes import source_name
from planner.stages.funds.facts import Facts
from planner.stages.funds.left import Unmet

NO_MONEY = Text("{source} 在 {year} 年没有预算", "{source} has no budget in {year}")
BY_OTHERS = Text("这项需求已由别的来源满足", "the need is met in full from other sources")


class Absent:
    """Why none of some sources pays for a county's needs.

    Parameters
    ----------
    amount : ndarray
        (P, T) int64, yuan that the county gets.
    county : int
        Row number.
    """

    def __init__(
        self,
        context: Context,
        facts: Facts,
        amount: np.ndarray,
        county: int,
        unmet: Unmet,
        sources: list[str],
    ) -> None:
        self._context, self._facts, self._amount, self._county = context, facts, amount, county
        self._unmet, self._sources = unmet, sources
        self._barred = Barred(context, facts)

    def why(self, programme: int, year: int) -> Text:
        """Of a programme and year (row numbers): each source's reason."""
        told = [self._of(source, programme, year) for source in self._sources]
        return Text("；".join(t.zh for t in told), "; ".join(t.en for t in told))

    def _of(self, source: str, programme: int, year: int) -> Text:
        facts, c = self._facts, self._county
        s = facts.sources.index(source)
        if not facts.allowed[s, c, programme]:
            return self._barred.why(s, c, programme)
        come = facts.carry[s, year - 1] if year else 0
        if not facts.budget[s, year] + come and self._context.policy.on("budgets"):
            name = source_name(self._context.network, source)
            return NO_MONEY.fill(source=name, year=facts.years[year])
        if self._amount[programme, year] >= facts.need[c, programme, year]:
            return BY_OTHERS
        return self._unmet.why(c, programme, year)
