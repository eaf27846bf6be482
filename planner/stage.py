"""What a stage is: one decision, from tables to tables.

A stage is one file or folder in ``planner/stages`` with the same names in the same order: what it ``reads``, its
``settings``, ``count`` (what cannot hold, by counting), ``tasks`` (tables → arrays), ``answer`` (arrays → tables),
``baseline``, ``measure`` (KPIs). Further names are optional: ``solve`` for a stage whose solves build on one another
(:func:`in_steps`), ``whether`` for one whose tasks do not show that all rules hold, ``where_asked`` for one of which only a part
matters to that, ``explain`` for words of its own, ``count_ahead`` for what can be counted before earlier stages decide. ``planner.stages.NAMES`` lists it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, Protocol, TypeGuard, TypeVar, cast

import numpy as np
import polars as pl

from graph.language import Text
from graph.network import Network
from planner.composition import TOTAL_COST, Composition
from planner.policy import Policy, Setting
from planner.published import Published
from planner.shortage import Shortage
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task

T = TypeVar("T")
Status = Literal["OPTIMAL", "FEASIBLE", "INFEASIBLE", "NO_SOLUTION_IN_TIME"]


@dataclass(frozen=True)
class WhatIf:
    """A choice to be priced beside a plan.

    Parameters
    ----------
    fixed : mapping of (supporter, recipient) to bool
        Pairs that must, or may not, be chosen whatever they cost.
    kept : set of (supporter, recipient)
        The plan's pairs: among equally good choices the one that is nearest to them is wanted.
    cheaper : mapping of (supporter, recipient) to int
        What pairs of `pairing` and `designation` cost less than they do, in the stage's units.
    """

    fixed: Mapping[tuple[str, str], bool]
    kept: frozenset[tuple[str, str]]
    cheaper: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """What one unit of cost weighs against one pair that is not the plan's."""
        return int(10 ** len(str(len(self.kept) + 100)))


class _Known:
    def __init__(self) -> None:
        self.lock, self.made = threading.RLock(), dict[str, Any]()


@dataclass(frozen=True)
class Context:
    """What a stage sees.

    Parameters
    ----------
    network : Network
        Tables of the scenario.
    policy : Policy
        This stage's values.
    on : date
        The date on which relations, postings and tags are read.
    seed : int
        Seed of every draw.
    decided : mapping of str to DataFrame
        Result tables of the stages before that this one ``sees``, ``pairs`` holding all their stages.
    policies : mapping of str to Policy
        Values of every stage of the scenario, for rules that look across (``keep_after_exit``).
    what_if : WhatIf, optional
        A choice to be priced; never in a plan.
    published : Published, optional
        The plan that is published, where it is planned again.
    elastic : bool
        Whether the rules are known not to hold together, and a plan with the least broken promises is wanted: then rules that
        may give are rows of the model, also those that otherwise leave choices out of it.
    """

    network: Network
    policy: Policy
    on: date
    seed: int = 0
    decided: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    what_if: WhatIf | None = None
    published: Published | None = None
    elastic: bool = False
    _known: _Known = field(default_factory=_Known, init=False, repr=False, compare=False)

    def held(self, what_if: WhatIf) -> Context:
        """The same with a choice to be priced; what is made once for either is made for both, and may not ask for the choice."""
        seen = replace(self, what_if=what_if)
        object.__setattr__(seen, "_known", self._known)
        return seen

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once for this context; a second thread that asks meanwhile waits for it."""
        with self._known.lock:
            if key not in self._known.made:
                self._known.made[key] = make()
            return cast(T, self._known.made[key])


@dataclass(frozen=True)
class Limits:
    """How much work a solve may do. Work limits are in the plan's id; so is ``time_limit``, in seconds."""

    time_limit: float | None = None
    solver_threads: int = 1
    work: float = 1.0

    def options(self) -> dict[str, Any]:
        """For the engines."""
        return {"time_limit": self.time_limit, "threads": self.solver_threads, "work": self.work}


@dataclass(frozen=True)
class Kpi:
    """One key figure: ``value`` in ``unit``; ``better`` says which way is better."""

    key: str
    title: Text
    value: float | int | None
    unit: str = ""
    better: Literal["more", "less", ""] = ""


@dataclass(frozen=True)
class Beside:
    """A further plan that key figures are held against, besides the baseline.

    Parameters
    ----------
    title : Text
        Heading of its column.
    tables : mapping of str to DataFrame
        Its result tables; empty where there is no such plan.
    note : Text
        What the comparison comes to, or why there is no such plan.
    """

    title: Text
    tables: Mapping[str, pl.DataFrame]
    note: Text


@dataclass(frozen=True)
class Outcome:
    """What a stage decided.

    Parameters
    ----------
    status : str
        OPTIMAL, FEASIBLE, INFEASIBLE or NO_SOLUTION_IN_TIME.
    tables : mapping of str to DataFrame
        Result tables (``graph.schema.RESULTS``).
    objective, bound : int or None
        In ``1/scale`` units, exact. ``bound`` is a proven bound on the best objective.
    scale : int
        How many units make one point (or yuan).
    sense : {"min", "max"}
        Which way is better.
    engine : Text
        Which solver decided it, and why that one.
    proof : Text
        What makes the bound true.
    sizes : mapping of str to int
        Rows, columns, arcs, classes …
    certificates : mapping of str to ndarray
        What ``verify`` needs to check the bound.
    warnings : sequence of Text
        What a planner should know.
    clashes : sequence of Text
        When INFEASIBLE: the rules that cannot hold together, with names and numbers; when NO_SOLUTION_IN_TIME, if known, for what
        none was found.
    shortage : Shortage, optional
        Only when INFEASIBLE: what the clashes say of people, to be counted again before anyone reads it.
    gave_up : Text, optional
        Only when NO_SOLUTION_IN_TIME: why, where no limit was the reason.
    details : mapping
        Further facts for ``plan.json``, JSON-ready.
    composition : Composition
        How the objective is composed.
    prices : DataFrame, optional
        What a little more or less of what the stage was given would change; the stage's page says how it reads.
    beside : mapping of str to Beside
        Further plans that key figures are held against, by a short name.
    """

    status: Status
    tables: Mapping[str, pl.DataFrame]
    objective: int | None
    bound: int | None
    scale: int
    engine: Text
    proof: Text
    sense: Literal["min", "max"] = "min"
    sizes: Mapping[str, int] = field(default_factory=dict)
    certificates: Mapping[str, np.ndarray] = field(default_factory=dict)
    warnings: Sequence[Text] = ()
    clashes: Sequence[Text] = ()
    shortage: Shortage | None = None
    gave_up: Text | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    composition: Composition = TOTAL_COST
    prices: pl.DataFrame | None = None
    beside: Mapping[str, Beside] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """``|objective − bound| / max(1, |objective|)``; ``None`` where one of them is unknown."""
        if self.objective is None or self.bound is None:
            return None
        return abs(self.objective - self.bound) / max(1, abs(self.objective))


class Stage(Protocol):
    """One decision. See the module's docstring for the order of its names."""

    @property
    def name(self) -> str:
        """Name in ``scenario.toml`` and ``stages = […]``."""

    @property
    def title(self) -> Text:
        """Title for people."""

    @property
    def reads(self) -> Mapping[str, tuple[str, ...]]:
        """Table → columns that it reads; what else is in a table does not change a plan's id."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Tables without which it cannot run: of ``a|b`` one will do; by default it runs where all of them are there."""

    @property
    def sees(self) -> tuple[str, ...]:
        """Stages whose decisions it looks at where they ran before; it is shown no others, and need not wait for them."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its policy values."""

    def count(self, context: Context) -> list[Text]:
        """What cannot hold, found by counting before any solver; empty where nothing was found."""

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """Build the arrays: tasks for the engines, and what ``answer`` needs to read the answers."""

    def answer(self, context: Context, built: Any, answers: Sequence[Answer]) -> Outcome:
        """Turn the engines' arrays back into tables."""

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """What people do without an optimiser; result tables of the same form."""

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """KPIs of result tables: the plan's or the baseline's."""


class CountsAhead(Stage, Protocol):
    """A stage that counts otherwise where stages that it looks at are still to decide."""

    def count_ahead(self, context: Context, undecided: Collection[str]) -> list[Text]:
        """What cannot hold whatever the stages ``undecided`` decide."""


def counts_ahead(stage: Stage) -> TypeGuard[CountsAhead]:
    """Whether a stage counts otherwise while others are to decide; else what it counts holds whatever they decide."""
    return hasattr(stage, "count_ahead")


class InSteps(Stage, Protocol):
    """A stage whose solves build on one another, so that its tasks are not all there at first."""

    def solve(
        self, context: Context, executor: Executor, limits: Limits, on_progress: OnProgress | None
    ) -> Outcome:
        """All solves, and the outcome."""

    def by_steps(self, context: Context) -> bool:
        """Whether solves build on one another here; else ``tasks`` and ``answer`` decide the same, without what is told beside it."""


class AsksWhether(Stage, Protocol):
    """A stage whose tasks alone need not show that all its rules hold."""

    def whether(self, context: Context, executor: Executor, limits: Limits) -> Status | None:
        """Status of any plan, whatever it costs; ``None`` where the stage's tasks settle it."""


def asks_whether(stage: Stage) -> TypeGuard[AsksWhether]:
    """Whether a stage itself asks whether it has any plan; else its tasks settle it."""
    return hasattr(stage, "whether")


class AsksLess(Stage, Protocol):
    """A stage of which only a part matters where it is asked whether there is any plan."""

    def where_asked(self, context: Context) -> Context | None:
        """What matters then; ``None`` where nothing has to be decided, so that there is a plan."""


def asks_less(stage: Stage) -> TypeGuard[AsksLess]:
    """Whether a stage tells which part of it matters to whether there is a plan; else all of it does."""
    return hasattr(stage, "where_asked")


def in_steps(stage: Stage) -> TypeGuard[InSteps]:
    """Whether a stage is solved in steps; else by its tasks at once."""
    return hasattr(stage, "solve")
