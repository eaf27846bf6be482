"""What a plan changes against the published one: counted again, row by row, from the tables that the plan keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.language import Text, several
from planner.verify.outcome import Broken, Resolved, RuleState

CHANGES, PRICE, FROZEN = "published_changes_max", "published_change_weight", "published_frozen"
RULES = (CHANGES, PRICE, FROZEN)
SCALE = 1000


def published(resolved: Resolved, stage: str, table: str) -> pl.DataFrame | None:
    """The rows of the published plan; ``None`` where it has none."""
    return resolved.published.get(stage, {}).get(table)


def price(resolved: Resolved, stage: str) -> int:
    """Thousandths of a point that a change costs; 0 where there is no price."""
    if not resolved.published.get(stage) or resolved.value(stage, "objective") == "scores":
        return 0
    return round(float(resolved.value(stage, PRICE) or 0) * SCALE)


@dataclass(frozen=True)
class Entry:
    """One frozen region: its places (``None``: everywhere), and up to which year (``None``: all)."""

    entry: str
    places: frozenset[str] | None
    until: int | None

    def holds(self, year: int, *ids: str) -> bool:
        """Whether it holds a decision for a year about some of ``ids``."""
        here = self.places is None or any(i in self.places for i in ids)
        return here and (self.until is None or year <= self.until)


def entries(resolved: Resolved, stage: str) -> list[Entry]:
    """The entries that are in force on the day of planning."""
    found = []
    for told in (resolved.value(stage, FROZEN) or ()) if resolved.published.get(stage) else ():
        code, sign, rest = (p.strip() for p in re.split(r"(<=|<|$)", told, maxsplit=1))
        if sign == "<" and resolved.on >= date.fromisoformat(rest):
            continue
        below = None if code == "*" else frozenset((code, *resolved.network.descendants(code)))
        found.append(Entry(told, below, int(rest) if sign == "<=" else None))
    return found


def rule_states(
    resolved: Resolved, stage: str, table: str, *, changes: int, frozen: Mapping[str, list[Text]], held: Mapping[str, int],
    broken: list[Broken],
) -> list[RuleState]:  # fmt: skip
    """How the three rules stand; what breaks one is added to ``broken``.

    Parameters
    ----------
    resolved, stage, table
    changes : int
        Decisions that are not as published.
    frozen : mapping of str to list of Text
        Entry → what is not as published in the region.
    held : mapping of str to int
        Entry → decisions that stay as published.
    broken : list of Broken
    """
    if not resolved.published.get(stage):
        return [RuleState(rule, "off") for rule in RULES]
    return [
        _budget(resolved, stage, table, changes, broken),
        _price(resolved, stage, changes),
        _frozen(resolved, stage, table, frozen, held, broken),
    ]


def _budget(resolved: Resolved, stage: str, table: str, changes: int, broken: list[Broken]) -> RuleState:
    most: Any = resolved.value(stage, CHANGES)
    if most is None:
        return RuleState(CHANGES, "off")
    told = Text(f"变动 {changes} 项，至多 {most} 项", f"{several(changes, 'change')} of at most {most}")
    if changes > most:
        broken.append(Broken(CHANGES, table, None, None, told))
        return RuleState(CHANGES, "broken", told)
    return RuleState(CHANGES, "binding" if changes == most else "slack", told)


def _price(resolved: Resolved, stage: str, changes: int) -> RuleState:
    each = price(resolved, stage)
    if not each:
        return RuleState(PRICE, "off")
    total = changes * each / SCALE
    return RuleState(
        PRICE, "binding" if total else "slack", Text(f"合计 {total:,.3f}", f"{total:,.3f} in all")
    )


def _frozen(
    resolved: Resolved, stage: str, table: str, frozen: Mapping[str, list[Text]], held: Mapping[str, int], broken: list[Broken],
) -> RuleState:  # fmt: skip
    if resolved.value(stage, FROZEN) is None:
        return RuleState(FROZEN, "off")
    broken += [
        Broken(FROZEN, table, None, None, Text(f"{e} 已冻结：{w.zh}", f"{e} is frozen: {w.en}"))
        for e, wrong in frozen.items()
        for w in wrong
    ]
    count = sum(held.values())
    told = Text(
        f"{len(held)} 处冻结，保持 {count} 项",
        f"{several(len(held), 'region')} frozen, {several(count, 'decision')} kept",
    )
    if any(frozen.values()):
        return RuleState(FROZEN, "broken", told)
    at = sorted({e.partition("<")[0].strip() for e, n in held.items() if n} - {"*"})
    return RuleState(FROZEN, "binding" if count else "slack", told, tuple(at))


Choice = tuple[str, ...]
"""What a decision chose: its last two members are the ids of both sides."""


def pair_states(
    resolved: Resolved,
    stage: str,
    chosen: set[Choice],
    known: set[Choice],
    keepable: set[Choice],
    broken: list[Broken],
    year: int | None = None,
    table: str = "pairs",
) -> tuple[list[RuleState], int]:
    """The three rules of decisions that are pairs, and how many published ones end.

    Parameters
    ----------
    resolved, stage
    chosen, known : set of tuple
        The plan's choices, and the published plan's.
    keepable : set of tuple
        What can be chosen now; of the published ones only these can be kept.
    broken : list of Broken
        What is wrong is added here.
    year : int, optional
        The year that the decisions are for; that of planning where none is given.
    table : str
        The table of the decisions.
    """
    when = resolved.on.year if year is None else year
    new, ended = chosen - known, (keepable & known) - chosen
    wrong, held = {}, {}
    for entry in entries(resolved, stage):
        wrong[entry.entry] = [
            Text(f"{c[-2]} > {c[-1]} {zh}", f"{c[-2]} > {c[-1]} {en}")
            for choices, zh, en in ((new, "是新增", "is new"), (ended, "被取消", "ended"))
            for c in sorted(choices)
            if entry.holds(when, *c[-2:])
        ]
        held[entry.entry] = sum(entry.holds(when, *c[-2:]) for c in chosen & known)
    counted = len(new) + len(ended)
    states = rule_states(resolved, stage, table, changes=counted, frozen=wrong, held=held, broken=broken)
    return states, len(ended)
