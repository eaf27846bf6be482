"""Candidate plans held in every future, and which of them each criterion picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graph.language import Text
from planner.robust.held import Value

CRITERIA = {
    "mean": Text("期望值最好", "best expected value"),
    "worst": Text("最坏情形最好", "best worst case"),
    "regret": Text("最大遗憾最小", "least greatest regret"),
}
"""Criterion → what it asks for; each is to be small."""


@dataclass(frozen=True)
class Candidate:
    """A plan that might be chosen.

    Parameters
    ----------
    name : str
        ``nominal``, the number of the future whose best plan it is, or ``robust:…``.
    also : tuple of str
        Futures whose best plan decides the same.
    values : mapping of int to Value
        Future → what it comes to there.
    """

    name: str
    also: tuple[str, ...]
    values: Mapping[int, Value]

    @property
    def breaks(self) -> tuple[int, ...]:
        """Futures in which it breaks a rule."""
        return tuple(j for j, v in self.values.items() if v.cost is None)

    @property
    def costs(self) -> dict[int, int]:
        """Future → cost, where it breaks no rule."""
        return {j: v.cost for j, v in self.values.items() if v.cost is not None}


@dataclass(frozen=True)
class Judged:
    """A candidate's figures over the futures in which it breaks no rule; ``None`` where there is no such future."""

    candidate: Candidate
    figures: Mapping[str, Fraction | None]

    def order(self, criterion: str) -> tuple[int, Fraction]:
        """Fewest futures in which it breaks a rule, then the criterion."""
        found = self.figures[criterion]
        return len(self.candidate.breaks), Fraction(0) if found is None else found


def best_known(candidates: Sequence[Candidate]) -> dict[int, int]:
    """Future → the least cost that any candidate has there."""
    found: dict[int, int] = {}
    for candidate in candidates:
        for future, cost in candidate.costs.items():
            found[future] = min(cost, found.get(future, cost))
    return found


def judge(candidates: Sequence[Candidate]) -> list[Judged]:
    """Mean, worst and greatest regret of every candidate, exactly; regret is against the best that any candidate has."""
    best = best_known(candidates)
    return [Judged(c, _figures(c.costs, best)) for c in candidates]


def _figures(costs: Mapping[int, int], best: Mapping[int, int]) -> dict[str, Fraction | None]:
    if not costs:
        return dict.fromkeys(CRITERIA)
    return {
        "mean": Fraction(sum(costs.values()), len(costs)),
        "worst": Fraction(max(costs.values())),
        "regret": Fraction(max(c - best[j] for j, c in costs.items())),
    }


def picks(judged: Sequence[Judged]) -> dict[str, list[str]]:
    """Criterion → names of the candidates that it picks; several where they tie.

    A plan that breaks a rule in fewer futures comes before any that breaks one in more.
    """
    found = {}
    for criterion in CRITERIA:
        least = min((j.order(criterion) for j in judged if j.candidate.costs), default=None)
        found[criterion] = [
            j.candidate.name for j in judged if j.candidate.costs and j.order(criterion) == least
        ]
    return found
