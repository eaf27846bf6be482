"""Regions whose decisions stay as they are published: ``CODE``, ``CODE<DAY`` or ``CODE<=YEAR``; ``*`` for everywhere.

A place is frozen with all below it. ``CODE<DAY`` holds while the day of planning is before that day. ``CODE<=YEAR`` holds the
decisions for years up to that one; a decision without a year of its own is for the year of planning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graph.errors import ScenarioError
from graph.language import Text
from graph.network import Network
from graph.tables.suggest import did_you_mean
from planner.published import FROZEN
from planner.stage import Context

EVERYWHERE = "*"
FORM = re.compile(r"\s*(?P<code>[^<\s]+)\s*(?:<=\s*(?P<year>\d{4})|<\s*(?P<day>\d{4}-\d{2}-\d{2}))?\s*")


@dataclass(frozen=True)
class Freeze:
    """One entry of the list.

    Parameters
    ----------
    entry : str
        As it is written.
    code : str
        A region or a unit; ``*`` for all.
    before : date or None
        It holds while the day of planning is before this day.
    until : int or None
        It holds decisions for years up to this one.
    """

    entry: str
    code: str
    before: date | None = None
    until: int | None = None

    def holds(self, on: date, year: int) -> bool:
        """Whether it holds a decision for a year, where the day of planning is ``on``."""
        return (self.before is None or on < self.before) and (self.until is None or year <= self.until)

    def past(self, on: date) -> bool:
        """Whether the day or the year until which it holds lies before the day of planning, or is that day."""
        return (self.before is not None and on >= self.before) or (
            self.until is not None and self.until < on.year
        )

    def places(self, network: Network) -> frozenset[str] | None:
        """The place and all below it; ``None`` for everywhere."""
        return None if self.code == EVERYWHERE else frozenset((self.code, *network.descendants(self.code)))

    def covers(self, network: Network, codes: Iterable[str]) -> list[bool]:
        """For each of some ids, whether it is the place or lies in it."""
        places = self.places(network)
        return [places is None or code in places for code in codes]


def freezes(context: Context, stage: str) -> list[Freeze]:
    """The entries of a stage, in order; none without a published plan.

    Raises
    ------
    ScenarioError
        When an entry has another form, or names no region or unit.
    """
    if context.published is None or not context.policy.on(FROZEN):
        return []
    return [read_freeze(entry, stage, context.network) for entry in context.policy[FROZEN]]


def past_words(entries: Iterable[Freeze], on: date) -> list[Text]:
    """That freezes lie in the past and so hold nothing that is planned: who wrote them may not have noticed."""
    return [
        Text(f"冻结 {f.entry} 已过期（规划基准日 {on}）：不再起作用",
             f"the freeze {f.entry} is over on the day of planning, {on}: it holds nothing any more")
        for f in entries if f.past(on)
    ]  # fmt: skip


def read_freeze(entry: str, stage: str, network: Network) -> Freeze:
    """One entry; see :func:`freezes`."""
    found = FORM.fullmatch(entry)
    try:
        day = date.fromisoformat(found["day"]) if found and found["day"] else None
    except ValueError:
        found = None
    if found is None:
        raise _wrong(
            stage,
            entry,
            Text("应为 代码、代码<年-月-日 或 代码<=年", "must be CODE, CODE<YEAR-MONTH-DAY or CODE<=YEAR"),
        )
    code, units = found["code"], network.frame("units")["id"].to_list() if network.has("units") else []
    if code != EVERYWHERE and code not in network.parents and code not in units:
        more = did_you_mean(code, [*network.parents, *units])
        alike = [i for i, name in network.names.items() if name == code]
        if alike:
            more = Text(f"；是不是 {alike[0]}？", f"; did you mean {alike[0]}?")
        elif not more.en:
            more = Text(
                "；请写地区或单位的代码，* 为全部", "; write the code of a region or a unit; * is everywhere"
            )
        raise _wrong(
            stage, entry, Text(f"没有地区或单位 {code}{more.zh}", f"no region or unit {code}{more.en}")
        )
    return Freeze(entry, code, day, int(found["year"]) if found["year"] else None)


def _wrong(stage: str, entry: str, what: Text) -> ScenarioError:
    return ScenarioError(f"[{stage}] {FROZEN}，{entry}：{what.zh}", f"[{stage}] {FROZEN}, {entry}: {what.en}")
