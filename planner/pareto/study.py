"""A scenario's front: made, and read again before anyone sees it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import polars as pl

from graph.errors import LimitReached
from graph.language import Text
from planner.deciding import decide
from planner.identity import input_digests
from planner.inputs import demand_tables, resolved_head, seen_network
from planner.pareto.aims import Aim, read_aims
from planner.pareto.checked import broken_rules, point_table, wrong_points
from planner.pareto.front import Front, Run, find_front
from planner.pareto.model import model_of
from planner.scenario import Scenario
from planner.solve.pool import Pool, SolverDefect
from planner.solve.task import Answer, Task
from planner.stage import Context
from planner.stages import STAGES
from planner.workplace import FAILURES, in_words, workplace

FORMAT = 1
POINTS = 50
OnProgress = Callable[[int], None]
"""Told how many solves have ended."""


@dataclass(frozen=True)
class Study:
    """A front with its plans.

    Parameters
    ----------
    id : str
        Hash of everything that decides it.
    scenario : Scenario
        What was planned: the aims' stage alone.
    aims : tuple of Aim
        What is traded off.
    front : Front
        The points.
    tables : tuple of DataFrame
        The pairs that each point decides, as in the table ``pairs``; of ``pairing`` the region pairs.
    """

    id: str
    scenario: Scenario = field(repr=False)
    aims: tuple[Aim, ...]
    front: Front
    tables: tuple[pl.DataFrame, ...] = field(repr=False)

    @property
    def stage(self) -> str:
        """The aims' stage."""
        return self.aims[0].stage

    def told(self, point: int) -> tuple[float | int, ...]:
        """Aims of a point (from 0) in points and pairs."""
        values = zip(self.front.points[point].values, self.aims, strict=True)
        return tuple(v if a.scale == 1 else v / a.scale for v, a in values)

    def rows(self) -> pl.DataFrame:
        """A row for each point: ``point`` (from 1), then each aim by its name, in points or pairs."""
        columns = {"point": pl.Series(range(1, len(self.front.points) + 1), dtype=pl.Int64)}
        for i, aim in enumerate(self.aims):
            cells = [self.told(n)[i] for n in range(len(self.front.points))]
            columns[aim.name] = pl.Series(cells, dtype=pl.Int64 if aim.scale == 1 else pl.Float64)
        return pl.DataFrame(columns)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: values in points or pairs, proofs in the aims' own units."""
        return {
            "format": FORMAT,
            "id": self.id,
            "jiedui": version("jiedui"),
            "scenario": self.scenario.name,
            "title": self.scenario.title.as_dict(),
            "date": self.scenario.on.isoformat(),
            "stage": self.stage,
            "aims": [{"name": a.name, "title": a.title.as_dict(), "scale": a.scale} for a in self.aims],
            "status": self.front.status,
            "solves": self.front.solves,
            "points": [self._point(n) for n in range(len(self.front.points))],
        }

    def _point(self, n: int) -> dict[str, Any]:
        point = self.front.points[n]
        names = [a.name for a in self.aims]
        proof = [
            {
                "least": [names[j] for j in s.least],
                "within": {k: v for k, v in zip(names, s.within, strict=True) if v is not None},
                "status": s.status,
                "objective": s.objective,
                "bound": s.bound,
            }
            for s in point.proof
        ]
        values = dict(zip(names, self.told(n), strict=True))
        return {
            "point": n + 1,
            "values": values,
            "least_of": [names[j] for j in point.end_of],
            "proof": proof,
        }


def make_study(
    scenario: Scenario,
    words: Sequence[str],
    *,
    most: int = POINTS,
    executor: Pool | None = None,
    on_progress: OnProgress | None = None,
) -> Study:
    """The front of two or three aims of a stage, every point proved and read again.

    Parameters
    ----------
    scenario : Scenario
        What is planned; of its stages the aims' one alone.
    words : sequence of str
        See :func:`planner.pareto.aims.read_aims`.
    most : int
        Points at most; the ends of the front are always there.
    executor : Pool, optional
        A pool of the caller's; one child process by default.
    on_progress : callable, optional
        Called after each solve.

    Raises
    ------
    UsageError
        When the aims are wrong.
    InfeasibleError
        When the rules cannot hold together.
    LimitReached
        When not even the ends of the front are proved within the limit.
    """
    aims = read_aims(scenario, words)
    stage = aims[0].stage
    mine = replace(scenario, stages=(stage,), policies={stage: scenario.policies[stage]})
    demand_tables(mine)
    context = Context(seen_network(mine), mine.policies[stage], mine.on, mine.seed, {}, mine.policies)
    try:
        with workplace(1, executor=executor) as pool:
            front, tables = _found(mine, context, aims, most, pool, on_progress)
    except FAILURES as error:
        raise in_words(STAGES[stage].title, error) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage}: {error}") from error
    if wrong := wrong_points(context, aims, front, tables):
        raise RuntimeError("a front that is not right is not told:\n" + "\n".join(wrong))
    return Study(_id(mine, aims, most), mine, aims, front, tuple(tables))


def _found(
    scenario: Scenario,
    context: Context,
    aims: tuple[Aim, ...],
    most: int,
    pool: Pool,
    tell: OnProgress | None,
) -> tuple[Front, list[pl.DataFrame]]:
    """Front and tables; where a choice of regions cannot be divided into whole persons, again with whole persons in the model."""
    stage = STAGES[aims[0].stage]
    if stage.count(context):
        _say_why(scenario, context, pool)
    run = _counting(pool, tell)
    for exact in (False, True):
        model = model_of(context, aims, exact)
        front = find_front(model, run, scenario.limits, most)
        if front.status == "infeasible":
            _say_why(scenario, context, pool)
        if front.status == "no_answer":
            raise LimitReached(
                f"{stage.title.zh}：在限度内连前沿的两端也没有证明；放宽 [limits] work",
                f"{stage.title.en}: not even the ends of the front are proved within the limit; allow more with [limits] work",
            )
        made = [point_table(context, model, p.chosen, run, scenario.limits) for p in front.points]
        tables = [t for t in made if t is not None and not broken_rules(context, aims[0].stage, t)]
        if len(tables) == len(made):
            return front, tables
    raise RuntimeError(f"{stage.name}: a choice of the front breaks a rule")


def _say_why(scenario: Scenario, context: Context, pool: Pool) -> None:
    """Raise what the stage itself says of rules that cannot hold together."""
    stage = STAGES[scenario.stages[0]]
    decide(stage, context, scenario, pool, lambda *_: None)
    raise RuntimeError(f"{stage.name}: no plan keeps the rules of the front, but the stage has one")


def _counting(pool: Pool, tell: OnProgress | None) -> Run:
    ended = 0

    def run(tasks: Sequence[Task]) -> list[Answer]:
        nonlocal ended
        answers = pool.run(tasks)
        ended += len(tasks)
        if tell is not None:
            tell(ended)
        return answers

    return run


def _id(scenario: Scenario, aims: Sequence[Aim], most: int) -> str:
    digests = sorted(input_digests(seen_network(scenario).frames).items())
    told = ["pareto", resolved_head(scenario), digests, [a.name for a in aims], most, version("jiedui")]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


ENDED = {
    "complete": Text("这是全部不被支配的点", "these are all points that no plan dominates"),
    "cut": Text("前沿被截短：点已够数，其间可能还有", "the front is cut: so many points were asked for, and there may be more between them"),
    "limit": Text("有求解到了限度：可能还有未证明的点", "a solve reached its limit: there may be points that are not proved"),
}  # fmt: skip
"""How a search ended, for people."""
