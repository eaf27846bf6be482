"""The stages whose choices can be told apart one by one: which columns they are, and how a choice is completed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from planner.clash.edits import Put, edited
from planner.solve.choice import ChoiceModel
from planner.solve.pool import Executor
from planner.solve.task import Answer
from planner.stage import Context, Limits, Outcome, Stage
from planner.stages import STAGES
from planner.stages.pairing.regions import RegionModel
from planner.stages.pairs import Pairs

Tables = Mapping[str, pl.DataFrame]


class Chooser(ABC):
    """A stage's model as choices.

    Attributes
    ----------
    context : Context
        What the stage sees.
    model : ChoiceModel
        All its columns and rows.
    columns : ndarray
        (n,) int64 columns of the choices.
    chosen : ndarray
        (n,) bool: the plan's.
    cost : int
        What the plan costs in the model.
    """

    name: str

    def __init__(
        self, context: Context, model: ChoiceModel, columns: np.ndarray, chosen: np.ndarray, cost: int
    ) -> None:
        self.context, self.model, self.columns, self.chosen, self.cost = context, model, columns, chosen, cost

    @abstractmethod
    def named(self, some: np.ndarray) -> list[tuple[str, str]]:
        """Both ids of each of some choices, (n,) bool."""

    @abstractmethod
    def finish(self, x: np.ndarray, executor: Executor, limits: Limits) -> Outcome:
        """The whole outcome of a choice, given by all columns."""

    def counts(self, other: np.ndarray) -> np.ndarray:
        """(n,) bool: choices that count as a difference besides those of ``other`` that are not made."""
        return ~other


class _OfPairs(Chooser):
    """Choices that are pairs."""

    def __init__(
        self, context: Context, pairs: Pairs, model: ChoiceModel, chosen: np.ndarray, cost: int
    ) -> None:
        super().__init__(context, model, np.arange(pairs.size), chosen, cost)
        self.pairs = pairs

    def named(self, some: np.ndarray) -> list[tuple[str, str]]:
        """Supporter and recipient."""
        found = self.pairs.keep(some)
        ends = zip(found.supporter.tolist(), found.recipient.tolist(), strict=True)
        return [(found.supporters[s], found.recipients[r]) for s, r in ends]


def _mask(pairs: Pairs, rows: pl.DataFrame) -> np.ndarray:
    """(n,) bool: eligible pairs that stand in ``rows``."""
    wanted = set(rows.select("supporter", "recipient").iter_rows())
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    return np.array([(pairs.supporters[s], pairs.recipients[r]) in wanted for s, r in ends], dtype=bool)


class Designations(_OfPairs):
    """Units and counties."""

    name = "designation"

    def __init__(self, context: Context, tables: Tables, cost: int) -> None:
        self.stage: Stage = STAGES[self.name]
        _, self.built = self.stage.tasks(context, Limits())
        pairs, model = self.built.pairs, self.built.model
        mask = _mask(pairs, tables["pairs"].filter(pl.col("stage") == self.name))
        super().__init__(context, pairs, model, mask, cost)

    def finish(self, x: np.ndarray, executor: Executor, limits: Limits) -> Outcome:
        """As the stage reads its answer, the objective that of the columns."""
        cost = int(np.concatenate(self.model.cost) @ x[: self.model.n_columns])
        told = Answer("FEASIBLE", {"x": x[: self.model.n_columns]}, {"objective": cost, "bound": None})
        return self.stage.answer(self.context, self.built, [told])


class RegionPairs(_OfPairs):
    """Supporting and recipient regions; loads and county pairs follow from them."""

    name = "pairing"

    def __init__(self, context: Context, tables: Tables, cost: int) -> None:
        self.stage: Any = STAGES[self.name]
        _, built = self.stage.tasks(context, Limits())
        model: RegionModel = built
        mine = tables["pairs"].filter(pl.col("stage") == self.name)
        rows = mine.filter(pl.col("kind").ne_missing(pl.lit("county_pair")))
        mask = _mask(model.pairs, rows)
        super().__init__(context, model.pairs, model.model, mask, cost)

    def finish(self, x: np.ndarray, executor: Executor, limits: Limits) -> Outcome:
        """The stage solved with these region pairs pinned and all others forbidden."""
        mine = x[self.columns] > 0
        pins, bans = ([f"{s}>{r}" for s, r in self.named(some)] for some in (mine, ~mine))
        listed = [*(self.context.policy["bans"] or ()), *bans]
        fixed = edited(self.context, [Put("pins", pins), Put("bans", listed)])
        outcome: Outcome = self.stage.solve(fixed, executor, limits, None)
        return outcome


class ExitYears(Chooser):
    """Counties and their years; villages follow."""

    name = "exit"

    def __init__(self, context: Context, tables: Tables, cost: int) -> None:
        self.stage: Stage = STAGES[self.name]
        _, self.built = self.stage.tasks(context, Limits())
        inner = self.built.built
        self.places, self.shape = inner.parts.places, inner.x.shape
        year_of = dict(tables["exits"].select("region", "year").iter_rows())
        chosen = np.array(
            [[year_of.get(c) == y for y in self.places.years] for c in self.places.listed], dtype=bool
        )
        super().__init__(context, inner.model, inner.x.ravel(), chosen.reshape(-1), cost)

    def counts(self, other: np.ndarray) -> np.ndarray:
        """Only a county that had no year: else its old year that ends is the difference already."""
        without = ~other.reshape(self.shape).any(axis=1)
        return np.repeat(without, self.shape[1])

    def named(self, some: np.ndarray) -> list[tuple[str, str]]:
        """County and year."""
        at = np.argwhere(some.reshape(self.shape)).tolist()
        return [(self.places.listed[i], str(self.places.years[t])) for i, t in at]

    def finish(self, x: np.ndarray, executor: Executor, limits: Limits) -> Outcome:
        """As the stage reads its answer, the objective that of the columns."""
        cost = int(np.concatenate(self.model.cost) @ x[: self.model.n_columns])
        told = Answer("FEASIBLE", {"x": x[: self.model.n_columns]}, {"objective": cost, "bound": None})
        return self.stage.answer(self.context, self.built, [told])


CHOOSERS: dict[str, Callable[[Context, Tables, int], Chooser]] = {
    "pairing": RegionPairs,
    "designation": Designations,
    "exit": ExitYears,
}
