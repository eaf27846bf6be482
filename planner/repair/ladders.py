"""Ways in which one member of a clash can give, each as a ladder from the least change to the largest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from graph.language import Text
from graph.schema import TABLES
from planner.clash.edits import Cell, Edit, Put, TakeOut
from planner.clash.members import Member
from planner.policy import OFF, Setting
from planner.repair.ladder import FAR, Ladder, down, once, up
from planner.stage import Context, Stage

CAPACITIES = {
    ("designation", "unit_capacity"): ("units", "capacity"),
    ("pairing", "supporter_capacity"): ("units", "capacity"),
    ("inspection", "team_days"): ("inspection_teams", "days_max"),
    ("exit", "exits_per_team"): ("capacities", "value"),
}
"""Rule → the column that says how much each may carry: one of them could be raised instead."""
READ = {
    ("inspection", "team_days"): (
        "counties_per_visit", "villages_per_county", "households_per_village", "days_per_county",
    ),
}  # fmt: skip
"""Rule → tables of numbers, no rules themselves, that say how much of it is taken: they could be lowered instead."""
LEVELS = ("posting_area", "own_county_area", "spouses_together")
"""Rules whose value is a level of places: a wider one asks less."""
ROWS = 6
"""Rows of a capacity that are tried at most: those that the clash names, then the smallest."""
NAMES = 8
"""Entries of a table of numbers that are tried at most."""


def ladders(stage: Stage, context: Context, member: Member, told: Sequence[Text]) -> Iterator[Ladder]:
    """Every way in which a member can give but being switched off."""
    if member.entry:
        yield once(member, member.drop)
        return
    if member.table:
        least = int(member.value)
        column = "minimum" if member.table == "village_posts" else "amount"
        yield _cell(member, member.table, member.row, column, least, -1, least)
        if member.key != "must_fill_tier":
            return
    yield from _of_value(stage, context, member)
    if (stage.name, member.key) in CAPACITIES:
        yield from _capacities(context, member, *CAPACITIES[stage.name, member.key], told)
    if stage.name == "exit" and member.key in (context.policy["standard"] or {}):
        yield once(member, Put(member.key, context.policy["standard"][member.key]))


def _of_value(stage: Stage, context: Context, member: Member) -> Iterator[Ladder]:
    """The rule's own value, by its form."""
    setting = next(s for s in stage.settings if s.key == member.key)
    value = context.policy[member.key]
    if setting.form in ("integer", "number", "share"):
        usual = setting.default if isinstance(setting.default, int | float) else 0
        yield from _number(member, setting, value, lambda new: Put(member.key, new), usual)
    elif setting.form == "range":
        yield from _range(member, setting, *value)
    elif setting.form == "numbers":
        yield from _of_names(member, setting, value)
    elif setting.form == "texts" and len(value) > 1:
        yield from (once(member, TakeOut(member.key, entry)) for entry in value[:NAMES])
    elif setting.form == "choice":
        yield from (once(member, Put(member.key, other)) for other in setting.choices if other != value)
    elif member.key in LEVELS:
        wider = context.network.settings.levels[: context.network.settings.levels.index(value)][::-1]
        if wider:
            yield Ladder(lambda k: Put(member.key, wider[k - 1]), len(wider), float, member)


def _range(member: Member, setting: Setting, low: int, high: int) -> Iterator[Ladder]:
    """Either end of a range."""
    usual = setting.default[1] if isinstance(setting.default, list) else 0
    lower = down(member, setting, low, lambda new: Put(member.key, [new, high]))
    higher = up(member, setting, high, lambda new: Put(member.key, [low, new]), usual)
    yield from (ladder for ladder in (lower, higher) if ladder is not None)


def _of_names(member: Member, setting: Setting, value: Mapping[str, Any]) -> Iterator[Ladder]:
    """One number of a table after the other, down or up."""
    for name in list(value)[:NAMES]:
        both = lowered(member, setting, value, name, value), raised(member, setting, value, name, value)
        yield from (ladder for ladder in both if ladder is not None)


def read_by(stage: Stage, member: Member) -> list[Setting]:
    """The rule's setting, then those of the numbers that say how much of it is taken (:data:`READ`), one at least: else nothing is."""
    by_key = {s.key: s for s in stage.settings}
    read = READ.get((stage.name, member.key), ())
    return [by_key[member.key], *(replace(by_key[k], minimum=1) for k in read)]


OfName = Callable[[Member, Setting, Mapping[str, Any], str, Mapping[str, Any]], Ladder | None]
"""Member, setting, its table, a name in it, the table that holds the other numbers → a ladder of this one."""


def lowered(
    member: Member, setting: Setting, value: Mapping[str, Any], name: str, others: Mapping[str, Any]
) -> Ladder | None:
    """One number of a table down from its ``value``, beside the ``others``."""
    return down(member, setting, value[name], _entry(setting.key, others, name), _usual(setting, name))


def raised(
    member: Member, setting: Setting, value: Mapping[str, Any], name: str, others: Mapping[str, Any]
) -> Ladder | None:
    """One number of a table up from its ``value``, beside the ``others``."""
    return up(member, setting, value[name], _entry(setting.key, others, name), _usual(setting, name))


def _usual(setting: Setting, name: str) -> float:
    return setting.default.get(name, 0) if isinstance(setting.default, Mapping) else 0


def switched_off(stage: Stage, member: Member) -> Ladder | None:
    """The rule switched off, where a whole rule is meant and may be off."""
    setting = next(s for s in stage.settings if s.key == member.key)
    return once(member, Put(member.key, OFF)) if not member.entry and setting.problem(OFF) is None else None


def _entry(key: str, value: Mapping[str, Any], name: str) -> Callable[[Any], Edit]:
    return lambda new: Put(key, {**value, name: new})


def _number(
    member: Member, setting: Setting, value: float, make: Callable[[Any], Edit], usual: float
) -> Iterator[Ladder]:
    for ladder in (down(member, setting, value, make, usual), up(member, setting, value, make, usual)):
        if ladder is not None:
            yield ladder


def _cell(
    member: Member, table: str, row: tuple[Any, ...], column: str, value: float, step: int, steps: int
) -> Ladder:
    return Ladder(
        lambda k: Cell(table, row, column, value + k * step), steps, lambda k: k / max(abs(value), 1.0), member
    )  # fmt: skip


def _capacities(
    context: Context, member: Member, table: str, column: str, told: Sequence[Text]
) -> Iterator[Ladder]:
    """Rows whose capacity could be raised: those that the words of the clash name, then the smallest."""
    frame, key = context.network.frame(table), list(TABLES[table].key)
    if table == "capacities":
        frame = frame.filter((pl.col("kind") == "verification_team") & (pl.col("year") > context.on.year))
    frame = frame.filter(pl.col(column) > 0)

    def rank(row: dict[str, Any]) -> tuple[bool, float, tuple[str, ...]]:
        name = context.network.label(str(row[key[0]]))
        return (
            not any(name in t.zh or name in t.en for t in told),
            row[column],
            tuple(str(row[k]) for k in key),
        )

    for row in sorted(frame.select(*key, column).iter_rows(named=True), key=rank)[:ROWS]:
        where = tuple(row[k] for k in key)
        yield _cell(member, table, where, column, row[column], 1, FAR * (int(row[column]) + 1))
