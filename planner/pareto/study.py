"""A scenario's front: made, and read again before anyone sees it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.wording import Wording
from planner.identity import input_digests
from planner.inputs import demand_tables, resolved_head, seen_network
from planner.pareto.aims import Aim, read_aims
from planner.pareto.checked import TABLE, terms_of, wrong_points
from planner.pareto.find import OnProgress, context_of, found_corners, found_points
from planner.pareto.front import Front, Solve
from planner.pareto.money import for_aims
from planner.scenario import Scenario
from planner.solve.pool import Pool, SolverDefect
from planner.stage import Context
from planner.stages import STAGES
from planner.titles import in_own_words
from planner.workplace import FAILURES, in_words, workplace

FORMAT = 1
MUST = "cadres.must"
"""The aim that counts must-posts left open."""
POINTS = 50


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
        What each point decides, as the stage's result table; of ``pairing`` the region pairs.
    open_must : tuple of int
        Of `cadres`, where that is no aim: seats of must-posts that each point leaves open; empty else.
    """

    id: str
    scenario: Scenario = field(repr=False)
    aims: tuple[Aim, ...]
    front: Front
    tables: tuple[pl.DataFrame, ...] = field(repr=False)
    open_must: tuple[int, ...] = ()

    @property
    def stage(self) -> str:
        """The aims' stage."""
        return self.aims[0].stage

    @property
    def wording(self) -> Wording:
        """The scenario's own words."""
        return self.scenario.wording

    @property
    def table(self) -> str:
        """Name of the table that the points decide."""
        return TABLE[self.stage]

    def told(self, point: int) -> tuple[float | int, ...]:
        """Aims of a point (from 0) in their units."""
        values = zip(self.front.points[point].values, self.aims, strict=True)
        return tuple(a.told(v) for v, a in values)

    def rows(self) -> pl.DataFrame:
        """A row for each point: ``point`` (from 1), then each aim by its name, in its unit."""
        columns = {"point": pl.Series(range(1, len(self.front.points) + 1), dtype=pl.Int64)}
        for i, aim in enumerate(self.aims):
            cells = [self.told(n)[i] for n in range(len(self.front.points))]
            columns[aim.name] = pl.Series(cells, dtype=pl.Int64 if aim.kind.scale == 1 else pl.Float64)
        if self.open_must:
            columns[MUST] = pl.Series(self.open_must, dtype=pl.Int64)
        return pl.DataFrame(columns)

    @in_own_words
    def as_dict(self) -> dict[str, Any]:
        """For JSON: values in their units, proofs in the aims' own whole units (what is to be large with the other sign)."""
        return {
            "format": FORMAT,
            "id": self.id,
            "jiedui": version("jiedui"),
            "scenario": self.scenario.name,
            "title": self.scenario.title.as_dict(),
            "date": self.scenario.on.isoformat(),
            "stage": self.stage,
            "aims": [
                {
                    "name": a.name,
                    "title": a.title.as_dict(),
                    "scale": a.kind.scale,
                    "unit": a.kind.unit.as_dict(),
                    "better": "more" if a.kind.more else "less",
                }
                for a in self.aims
            ],
            "status": self.front.status,
            "solves": self.front.solves,
            "points": [self._point(n) for n in range(len(self.front.points))],
            **({"between": self._between()} if self.front.between else {}),
        }

    def _between(self) -> list[dict[str, Any]]:
        """What is proved of all plans between neighbours."""
        return [
            {"points": [n + 1 for n in s.points], "asked": s.solve is not None}
            | ({} if s.solve is None else {"exact": s.exact, "proof": self._solve(s.solve)})
            for s in self.front.between
        ]

    def _solve(self, solve: Solve) -> dict[str, Any]:
        names = [a.name for a in self.aims]
        return {
            "least": [names[j] for j in solve.least],
            **({"weights": dict(zip(names, solve.weights, strict=True))} if solve.weights else {}),
            **({"kept": dict(zip(names, solve.kept, strict=True))} if solve.kept else {}),
            "within": {k: v for k, v in zip(names, solve.within, strict=True) if v is not None},
            "status": solve.status,
            "objective": solve.objective,
            "bound": solve.bound,
        }

    def _point(self, n: int) -> dict[str, Any]:
        point = self.front.points[n]
        names = [a.name for a in self.aims]
        proof = [self._solve(s) for s in point.proof]
        values = dict(zip(names, self.told(n), strict=True))
        return {
            "point": n + 1,
            "values": values,
            **({"open_must": self.open_must[n]} if self.open_must else {}),
            "least_of": [names[j] for j in point.end_of],
            "proof": proof,
        }


@in_own_words
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
        When the aims are wrong, one of them is the same for every plan, the scenario plans the stage beside a published plan, or
        rules are in force beside which there is no front.
    InfeasibleError
        When the rules cannot hold together.
    LimitReached
        When not even the ends of the front are proved within the limit.
    """
    aims = read_aims(scenario, words)
    stage = aims[0].stage
    if scenario.published is not None and scenario.published.of(stage):
        raise UsageError(
            f"前沿不与已公布的方案对照：请去掉场景中的 published，再求 {stage} 的前沿",
            f"a front is not held against a published plan: leave `published` out of the scenario for a front of {stage}",
        )
    mine = replace(scenario, stages=(stage,), policies={stage: scenario.policies[stage]})
    demand_tables(mine)
    context = context_of(mine, stage)
    if stage == "funds":
        context = for_aims(context, aims)
    find = found_corners if stage == "funds" else found_points
    try:
        with workplace(1, executor=executor) as pool:
            front, tables = find(mine, context, aims, most, pool, on_progress)
    except FAILURES as error:
        raise in_words(STAGES[stage].title, error) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage}: {error}") from error
    if found := wrong_points(context, aims, front, tables):
        raise RuntimeError("a front that is not right is not told:\n" + "\n".join(found))
    return Study(_id(mine, aims, most), mine, aims, front, tuple(tables), _open_must(context, aims, tables))


def _open_must(context: Context, aims: Sequence[Aim], tables: Sequence[pl.DataFrame]) -> tuple[int, ...]:
    """Seats of must-posts that each point leaves open, where the points are postings and that is no aim of theirs."""
    if aims[0].stage != "cadres" or any(a.name == MUST for a in aims):
        return ()
    return tuple(int(terms_of(context, "cadres", table)["must"]) for table in tables)


def _id(scenario: Scenario, aims: Sequence[Aim], most: int) -> str:
    digests = sorted(input_digests(seen_network(scenario).frames).items())
    told = ["pareto", resolved_head(scenario), digests, [a.name for a in aims], most, version("jiedui")]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


ENDED = {
    "corners": Text("这是前沿的全部拐点：没有方案低于连接相邻点的直线（三个目标时为平面）",
                    "these are all corners of the front: no plan is better than the straight line (of three aims the plane) that joins neighbours"),
    "complete": Text("这是全部不被支配的点", "these are all points that no plan dominates"),
    "cut": Text("前沿被截短：点已够数，其间可能还有", "the front is cut: so many points were asked for, and there may be more between them"),
    "limit": Text("有求解到了限度：可能还有未证明的点", "a solve reached its limit: there may be points that are not proved"),
}  # fmt: skip
"""How a search ended, for people."""
