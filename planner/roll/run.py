"""Play a roll: three ways of planning meet the same years, in a folder that is gone on with where it was left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from planner.plan_writer import disk_error
from planner.reuse import FOLDER as ANSWERS
from planner.roll.asked import Asked, demand, head_of, last_year
from planner.roll.assessed import SoFar
from planner.roll.figures import points_of, row_of, table_of, totals_of
from planner.roll.folder import (
    HEAD,
    KIND,
    PLANS,
    YEARS,
    read_end,
    settled,
    write_end,
    write_start,
    write_year,
    year_title,
)
from planner.roll.horizon import HORIZONS, Desk, looking, plan_year, stages_of
from planner.roll.money import SPENT, slots_used
from planner.roll.outcome import CALM, NOTHING_KNOWN, Chances, Luck, Records, without_later
from planner.roll.year import live
from planner.scenario import Scenario
from planner.solve.pool import Pool
from planner.titles import in_own_words
from planner.unfinished import turn
from planner.whole import as_bytes, remove_half_written, write_whole

OnProgress = Callable[[str, int, int, int], None]
"""Called with horizon, year, how many years of all horizons are done, and how many there are."""


@dataclass(frozen=True)
class Roll:
    """A roll that is done.

    Parameters
    ----------
    folder : Path
        Its folder, named by its id.
    head : mapping
        ``roll.json``.
    years : DataFrame
        ``years.parquet``; :data:`planner.roll.figures.COLUMNS`.
    totals : mapping
        ``totals.json``.
    """

    folder: Path
    head: Mapping[str, Any] = field(repr=False)
    years: pl.DataFrame = field(repr=False)
    totals: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        """Hash of everything that decides it."""
        return str(self.head["id"])


@in_own_words
def run_roll(
    scenario: Scenario,
    out: str | Path = "rolls",
    *,
    until: int | None = None,
    outcome: str = "seeded",
    seed: int = 0,
    horizons: Sequence[str] = HORIZONS,
    reference: int | None = None,
    chances: Chances | None = None,
    workers: int | None = None,
    executor: Pool | None = None,
    reuse: bool = True,
    on_progress: OnProgress | None = None,
) -> Roll:
    """Play the years after the scenario's date, once for each horizon; what was done before is taken as it is.

    Parameters
    ----------
    scenario : Scenario
        Where it begins.
    out : str or Path
        Folder that holds rolls; this one becomes ``out/<id>``.
    until : int, optional
        Last year (by default the deadline of exits, else the last year with a budget).
    outcome : {"seeded", "expected", "recorded"}
        What comes; see :mod:`planner.roll.outcome`.
    seed : int
        Seed of the draws.
    horizons : sequence of str
        Which of :data:`~planner.roll.horizon.HORIZONS`.
    reference : int, optional
        Persons a year against which each year is held (by default the mean of the recorded years before).
    chances : Chances, optional
        What is drawn for, where the outcome is ``seeded``; by default those of :class:`~planner.roll.outcome.Chances`.
    workers : int, optional
        Child processes that solve (1 where it is not given). Changes nothing in the result.
    executor : Pool, optional
        A pool of the caller's. A plan whose rules clash while several of its stages run stops it, so it should have one worker.
    reuse : bool
        Let plans use each other's answers for tasks that are the same. Changes nothing in the result.
    on_progress : callable, optional
        Called as years end.

    Raises
    ------
    UsageError
        When there is no such outcome or horizon, or ``until`` is not after the scenario's date.
    InputError
        When the scenario plans neither money nor exits, a stage lacks a table, or the folder holds a roll of another format.
    LimitReached
        When a stage has no answer within the limit.
    OutsideError
        When the disk, the memory or a solver process fails; what is done stays.
    """
    demand(scenario, outcome, horizons)
    last = last_year(scenario, until)
    start, records = without_later(settled(scenario))
    told = records if outcome == "recorded" else NOTHING_KNOWN
    luck = Luck((chances or Chances()) if outcome == "seeded" else CALM, seed)
    asked = Asked(last, outcome, tuple(h for h in HORIZONS if h in horizons), reference, luck, told)
    head = head_of(start, asked)
    folder = Path(out) / head["id"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(folder, error) from error
    with turn(folder):
        remove_half_written(folder, *folder.glob("*/"), *folder.glob("*/*/"))
        if not _is_done(folder):
            write_start(folder, start)
            write_whole(folder / HEAD, as_bytes(head))
            desk = Desk(str(folder / PLANS), str(folder / ANSWERS) if reuse else None, workers, executor)
            _Play(folder, start, head, desk, luck, told, on_progress).all()
    return read_roll(folder)


def _is_done(folder: Path) -> bool:
    """Whether all that is told at the end is there and can be read."""
    if KIND.read(folder) is None or not (folder / YEARS).is_file():
        return False
    try:
        read_end(folder)
    except InputError:
        return False
    return True


def read_roll(folder: str | Path) -> Roll:
    """A roll that is done.

    Raises
    ------
    InputError
        When there is none, it is not done, or of another format.
    """
    place = Path(folder)
    return Roll(place, KIND.demanded(place), *read_end(place))


@dataclass(frozen=True)
class _Play:
    """What all horizons share."""

    folder: Path
    start: Scenario
    head: Mapping[str, Any]
    desk: Desk
    luck: Luck
    records: Records
    on_progress: OnProgress | None

    def all(self) -> None:
        """Play every horizon, and write what they come to."""
        rows: list[dict[str, Any]] = []
        points: dict[str, int | None] = {}
        for number, horizon in enumerate(self.head["horizons"]):
            mine, spent, paired = self.one(horizon, number)
            rows += mine
            points[horizon] = points_of(self.start, spent, paired)
        years = table_of(rows)
        write_end(self.folder, years, totals_of(years, points))

    def one(
        self, horizon: str, before: int
    ) -> tuple[list[dict[str, Any]], pl.DataFrame, Mapping[str, pl.DataFrame]]:
        """A horizon's rows, all that was spent, and the pairs decided; ``before``: how many horizons were played before it."""
        years = range(self.start.on.year + 1, self.head["until"] + 1)
        now, rows, spent = self.start, list[dict[str, Any]](), [pl.DataFrame(schema=SPENT)]
        reference = (self.head["reference"] or {}).get("persons")
        ahead: Mapping[str, pl.DataFrame] = {}
        paired: Mapping[str, pl.DataFrame] = {}
        exited: set[str] = set()
        so_far = SoFar()
        for number, year in enumerate(years):
            seen = looking(now, self.start, horizon, slots_used(now.network, pl.concat(spent)), exited)
            stages = stages_of(seen, horizon, number)
            planned = plan_year(seen, stages, self.desk)
            tables = planned.plan.tables() if planned.plan is not None else {}
            paired = paired or {t: tables[t] for t in ("pairs",) if t in tables}
            if horizon != "full" or not number:
                ahead = {t: tables[t] for t in ("allocations", "exits") if t in tables}
            name = planned.plan.id if planned.plan is not None else ""
            after, lived = live(now, name, tables, ahead, self.luck, self.records, so_far)
            so_far = lived.so_far
            spent.append(lived.money.spent)
            exited |= set(lived.exits.happened) if lived.exits is not None else set()
            self.keep(horizon, after, pl.concat(spent), exited, number + 1)
            run = planned.plan.stages if planned.plan is not None else ()
            rows.append(
                row_of(horizon, year, name or None, [*run], planned.told, now.network, lived, reference)
            )
            now = after
            if self.on_progress is not None:
                done = before * len(years) + number + 1
                self.on_progress(horizon, year, done, len(self.head["horizons"]) * len(years))
        return rows, pl.concat(spent), paired

    def keep(self, horizon: str, after: Scenario, spent: pl.DataFrame, exited: set[str], number: int) -> None:
        """Write the scenario at the end of a year: what the roll plans next is what a plan of it would be."""
        titled = replace(after, title=year_title(self.start, horizon, after.on.year))
        seen = looking(titled, self.start, horizon, slots_used(after.network, spent), exited)
        stages = stages_of(seen, horizon, number)
        write_year(self.folder, self.start, replace(seen, stages=stages or seen.stages), horizon)
