"""Ways in which one member of a clash can give, each as a ladder from the least change to the largest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.language import Text
from graph.schema import TABLES
from planner.clash.edits import Cell, Edit, Put
from planner.clash.members import Member
from planner.policy import OFF, Setting
from planner.stage import Context, Stage

CAPACITIES = {
    ("designation", "unit_capacity"): ("units", "capacity"),
    ("pairing", "supporter_capacity"): ("units", "capacity"),
    ("inspection", "team_days"): ("inspection_teams", "days_max"),
    ("exit", "exits_per_team"): ("capacities", "value"),
}
"""Rule → the column that says how much each may carry: one of them could be raised instead."""
LEVELS = ("posting_area", "own_county_area", "spouses_together")
"""Rules whose value is a level of places: a wider one asks less."""
FIRST_YEAR = 1949
"""Settings that are years begin here."""
YEARS = 10
"""A year more or less counts one of so many; a year is moved no further."""
ROWS = 6
"""Rows of a capacity that are tried at most: those that the clash names, then the smallest."""
NAMES = 8
"""Entries of a table of numbers that are tried at most."""
NEAR = 1000
"""Equal steps of a search; those beyond go by the third digit of what they lead to."""
FAR = 20
"""A value without a bound of its own is raised to so many times itself at most, and to its default at least."""


@dataclass(frozen=True)
class Ladder:
    """One way to give: ``rung(k)`` is the change of ``k`` steps, 1 … ``steps``; ``size(k)`` how large it is against the value."""

    rung: Callable[[int], Edit]
    steps: int
    size: Callable[[int], float]
    member: Member

    @property
    def elsewhere(self) -> bool:
        """Whether a table is changed that the member does not stand in: there are many such, so they come last."""
        edit = self.rung(1)
        return isinstance(edit, Cell) and edit.row != self.member.row

    def least(self, holds: Callable[[Edit], bool], below: float = math.inf, guess: int = 0) -> int | None:
        """The fewest steps that suffice, if more steps never hurt; ``None`` where even all whose size is ``below`` do not.

        ``guess``: steps that are tried first.
        """
        most = self._steps_below(below)
        if not most or not holds(self.rung(most)):
            return None
        low, high, step = 0, most, 1
        if 0 < guess < most:
            if not holds(self.rung(guess)):
                low = guess
            elif guess == 1 or not holds(self.rung(guess - 1)):
                return guess
            else:
                high = guess - 1
        while low + step < high:
            if holds(self.rung(low + step)):
                high = low + step
                break
            low, step = low + step, 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(self.rung(middle)) else (middle, high)
        return high

    def _steps_below(self, size: float) -> int:
        low, high = 0, self.steps
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.size(middle) < size else (low, middle - 1)
        return low


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
    setting = next(s for s in stage.settings if s.key == member.key)
    value = context.policy[member.key]
    if setting.form in ("integer", "number", "share"):
        usual = setting.default if isinstance(setting.default, int | float) else 0
        yield from _number(member, setting, value, lambda new: Put(member.key, new), usual)
    elif setting.form == "range":
        low, high = value
        usual = setting.default[1] if isinstance(setting.default, list) else 0
        down = _down(member, setting, low, lambda new: Put(member.key, [new, high]))
        up = _up(member, setting, high, lambda new: Put(member.key, [low, new]), usual)
        yield from (ladder for ladder in (down, up) if ladder is not None)
    elif setting.form == "numbers":
        for name in list(value)[:NAMES]:
            usual = setting.default.get(name, 0) if isinstance(setting.default, Mapping) else 0
            yield from _number(member, setting, value[name], _entry(member.key, value, name), usual)
    elif setting.form == "choice":
        yield from (once(member, Put(member.key, other)) for other in setting.choices if other != value)
    elif member.key in LEVELS:
        wider = context.network.settings.levels[: context.network.settings.levels.index(value)][::-1]
        if wider:
            yield Ladder(lambda k: Put(member.key, wider[k - 1]), len(wider), float, member)
    if (stage.name, member.key) in CAPACITIES:
        yield from _capacities(context, member, *CAPACITIES[stage.name, member.key], told)
    if stage.name == "exit" and member.key in (context.policy["standard"] or {}):
        yield once(member, Put(member.key, context.policy["standard"][member.key]))


def once(member: Member, edit: Edit) -> Ladder:
    """A way of one step."""
    return Ladder(lambda _: edit, 1, lambda _: 1.0, member)


def switched_off(stage: Stage, member: Member) -> Ladder | None:
    """The rule switched off, where a whole rule is meant and may be off."""
    setting = next(s for s in stage.settings if s.key == member.key)
    return once(member, Put(member.key, OFF)) if not member.entry and setting.problem(OFF) is None else None


def _entry(key: str, value: Mapping[str, Any], name: str) -> Callable[[Any], Edit]:
    return lambda new: Put(key, {**value, name: new})


def step_of(value: float, setting: Setting) -> float:
    """One step of a search: a whole one, the third digit of large numbers, a hundredth of shares and small numbers."""
    if setting.form in ("integer", "range") or isinstance(value, int):
        return (
            10 ** max(0, len(str(abs(int(value)))) - 3) if abs(value) >= 1000 and not _is_year(setting) else 1
        )
    return 0.01 if abs(value) <= 5 else 1


def _is_year(setting: Setting) -> bool:
    return setting.minimum == FIRST_YEAR


def _number(
    member: Member, setting: Setting, value: float, make: Callable[[Any], Edit], usual: float
) -> Iterator[Ladder]:
    down = _down(member, setting, value, make, usual)
    for ladder in (down, _up(member, setting, value, make, usual)):
        if ladder is not None:
            yield ladder


def _up(
    member: Member, setting: Setting, value: float, make: Callable[[Any], Edit], usual: float = 0
) -> Ladder | None:
    step = step_of(value, setting)
    far = value + YEARS if _is_year(setting) else max(usual, value + FAR * max(abs(value), step))
    bound = 1.0 if setting.form == "share" and setting.maximum is None else setting.maximum
    end = min(far, bound) if bound is not None else far
    return _steps(member, value, step, end, make, _against(setting, value, usual))


def _down(
    member: Member, setting: Setting, value: float, make: Callable[[Any], Edit], usual: float = 0
) -> Ladder | None:
    step = step_of(value, setting)
    low = value - YEARS if _is_year(setting) else (setting.minimum or 0.0)
    return _steps(member, value, -step, low, make, _against(setting, value, usual))


def _against(setting: Setting, value: float, usual: float) -> float:
    """What a change is held against: the value, or its default where it is 0; of a year some years."""
    return YEARS if _is_year(setting) else max(abs(value or usual), step_of(value, setting))


def _steps(
    member: Member, value: float, step: float, end: float, make: Callable[[Any], Edit], against: float
) -> Ladder | None:
    steps = math.ceil(abs(end - value) / abs(step) - 1e-9)
    if steps < 1:
        return None
    whole = isinstance(value, int)
    far = _three_digits(value + NEAR * step, end) if steps > NEAR and step >= 1 else []
    near = NEAR if far else steps

    def at(k: int) -> float:
        if k > near:
            return far[k - near - 1]
        new = end if k >= near and not far else value + k * step
        return round(new) if whole else round(new, 6)

    return Ladder(lambda k: make(at(k)), near + len(far), lambda k: abs(at(k) - value) / against, member)


def _three_digits(low: float, end: float) -> list[float]:
    """Whole numbers of three digits and noughts above ``low``, from 1,000 on, and the end: further steps would take too many trials."""
    found: list[float] = []
    new = low
    while new < end:
        one = 10 ** max(0, len(str(int(new))) - 3)
        new = (int(new) // one + 1) * one
        found.append(min(new, end))
    return found


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
