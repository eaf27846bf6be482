"""Play a roll: three ways of planning meet the same years, in a folder that is gone on with where it was left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError, UsageError
from planner.identity import input_digests
from planner.inputs import demand_tables, resolved_head
from planner.plan import disk_error
from planner.reuse import FOLDER as ANSWERS
from planner.roll.figures import history_of, points_of, reference_of, row_of, table_of, totals_of
from planner.roll.folder import (
    HEAD,
    PLANS,
    VERSION,
    YEARS,
    read_end,
    read_head,
    settled,
    write_end,
    write_start,
    write_year,
    year_title,
)
from planner.roll.horizon import HORIZONS, Desk, looking, plan_year, stages_of
from planner.roll.money import SPENT, slots_used
from planner.roll.outcome import CALM, NOTHING_KNOWN, OUTCOMES, Chances, Luck, Records, without_later
from planner.roll.register import keeps_register
from planner.roll.year import live
from planner.scenario import Scenario
from planner.solve.pool import Pool
from planner.sweep.rows import as_bytes, write_whole
from planner.unfinished import turn
from planner.workplace import workplace

MOST_YEARS = 30
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


def run_roll(
    scenario: Scenario,
    out: str | Path = "rolls",
    *,
    until: int | None = None,
    outcome: str = "seeded",
    seed: int = 0,
    horizons: Sequence[str] = HORIZONS,
    reference: int | None = None,
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
    workers : int, optional
        Child processes that solve (1 where it is not given). Changes nothing in the result.
    executor : Pool, optional
        A pool of the caller's.
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
    _demand(scenario, outcome, horizons)
    last = last_year(scenario, until)
    start, records = without_later(settled(scenario))
    chosen = [h for h in HORIZONS if h in horizons]
    head = _head(start, records if outcome == "recorded" else NOTHING_KNOWN, last, outcome, seed, chosen, reference)
    folder = Path(out) / head["id"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(folder, error) from error
    with turn(folder):
        if read_head(folder) is None or not (folder / YEARS).is_file():
            write_start(folder, start)
            write_whole(folder / HEAD, as_bytes(head))
            with workplace(workers, None, executor) as pool:
                answers = str(folder / ANSWERS) if reuse else None
                desk = Desk(str(folder / PLANS), answers, pool)
                told = records if outcome == "recorded" else NOTHING_KNOWN
                luck = Luck(Chances() if outcome == "seeded" else CALM, seed)
                _Play(folder, start, head, desk, luck, told, on_progress).all()
    return read_roll(folder)


def read_roll(folder: str | Path) -> Roll:
    """A roll that is done.

    Raises
    ------
    InputError
        When there is none, it is not done, or of another format.
    """
    place = Path(folder)
    head = read_head(place)
    if head is None:
        raise InputError(f"{place} 不是推演的文件夹", f"{place} is no roll's folder")
    return Roll(place, head, *read_end(place))


def last_year(scenario: Scenario, until: int | None) -> int:
    """The last year that is played.

    Raises
    ------
    UsageError
        When it is not after the scenario's date, or there is none by which to go.
    """
    first, deadline = scenario.on.year + 1, scenario.policies["exit"]["deadline"]
    budgets = scenario.network.frame("fund_budgets")["year"].max()
    ends = int(deadline) if "exit" in scenario.stages and deadline is not None else budgets
    last = until if until is not None else ends
    shown = "--until" if until is None else f"--until {until}"
    if not isinstance(last, int) or last < first:
        raise UsageError(
            f"{shown}：场景的日期是 {scenario.on}，最早推演到 {first} 年；请用 --until 给出更晚的年份",
            f"{shown}: the scenario's date is {scenario.on}, the first year that can be played is {first}; name a later one with --until",
        )
    if last - first >= MOST_YEARS:
        raise UsageError(
            f"{shown}：最多推演 {MOST_YEARS} 年（到 {first + MOST_YEARS - 1} 年）",
            f"{shown}: at most {MOST_YEARS} years are played (until {first + MOST_YEARS - 1})",
        )
    return last


def _demand(scenario: Scenario, outcome: str, horizons: Sequence[str]) -> None:
    for word, known, option in [(outcome, OUTCOMES, "--outcome"), *((h, HORIZONS, "--horizon") for h in horizons)]:
        if word not in known:
            listed = ", ".join(known)
            raise UsageError(f"{option} {word}：应为其中之一：{listed}", f"{option} {word}: must be one of {listed}")
    if not {"funds", "exit"} & {*scenario.stages}:
        raise InputError(
            "推演需要资金分配（needs、fund_sources、fund_budgets）或退出计划（region_tags、region_facts）：场景没有这些表，或没有选这两个阶段；"
            "请补上表，或用 --stage funds、--stage exit",
            "a roll needs the stage funds (needs, fund_sources, fund_budgets) or exit (region_tags, region_facts): the scenario lacks these "
            "tables, or the stages were not chosen; add the tables, or --stage funds, --stage exit",
        )
    demand_tables(scenario)


def _head(
    start: Scenario, records: Records, last: int, outcome: str, seed: int, horizons: Sequence[str], reference: int | None
) -> dict[str, Any]:
    history = history_of(start.network, start.on.year)
    held = reference_of(history) if reference is None else {"persons": reference, "source": "--reference"}
    chances = asdict(Chances() if outcome == "seeded" else CALM)
    told = {"until": last, "outcome": outcome, "seed": seed, "horizons": list(horizons), "reference": held, "chances": chances}
    digests = input_digests({**start.network.frames, "[facts]": records.facts, "[changes]": records.changes})
    policy = {s: dict(sorted(p.values.items())) for s, p in start.policies.items()}
    text = json.dumps([resolved_head(start), policy, told, sorted(digests.items()), version("jiedui")], sort_keys=True, ensure_ascii=False)
    return {
        "format": VERSION,
        "id": hashlib.sha256(text.encode()).hexdigest()[:16],
        "jiedui": version("jiedui"),
        "scenario": start.name,
        "title": start.title.as_dict(),
        "date": start.on.isoformat(),
        "stages": list(start.stages),
        "register": keeps_register(start),
        **told,
        "history": history,
        "recorded": {str(y): records.counts(y) for y in range(start.on.year + 1, last + 1)} if outcome == "recorded" else None,
    }


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
            mine, spent = self.one(horizon, number)
            rows += mine
            points[horizon] = points_of(self.start, spent)
        years = table_of(rows)
        write_end(self.folder, years, totals_of(years, points))

    def one(self, horizon: str, before: int) -> tuple[list[dict[str, Any]], pl.DataFrame]:
        """A horizon's rows, and all that was spent; ``before``: how many horizons were played before it."""
        years = range(self.start.on.year + 1, self.head["until"] + 1)
        now, rows, spent = self.start, list[dict[str, Any]](), [pl.DataFrame(schema=SPENT)]
        reference = (self.head["reference"] or {}).get("persons")
        ahead: Mapping[str, pl.DataFrame] = {}
        exited: set[str] = set()
        for number, year in enumerate(years):
            seen = looking(now, self.start, horizon, slots_used(now.network, pl.concat(spent)), exited)
            stages = stages_of(seen, horizon, number)
            planned = plan_year(seen, stages, self.desk)
            tables = planned.plan.tables() if planned.plan is not None else {}
            if horizon != "full" or not number:
                ahead = {t: tables[t] for t in ("allocations", "exits") if t in tables}
            name = planned.plan.id if planned.plan is not None else ""
            after, lived = live(now, name, tables, ahead, self.luck, self.records)
            spent.append(lived.money.spent)
            exited |= set(lived.exits.happened) if lived.exits is not None else set()
            told = replace(after, title=year_title(self.start, horizon, year))
            used = slots_used(told.network, pl.concat(spent))
            write_year(self.folder, self.start, looking(told, self.start, horizon, used, exited), horizon)
            run = planned.plan.stages if planned.plan is not None else ()
            rows.append(row_of(horizon, year, name or None, [*run], planned.told, now.network, lived, reference))
            now = after
            if self.on_progress is not None:
                done = before * len(years) + number + 1
                self.on_progress(horizon, year, done, len(self.head["horizons"]) * len(years))
        return rows, pl.concat(spent)
