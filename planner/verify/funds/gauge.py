"""Collects what is broken and where each rule is tightest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from graph.language import Text
from planner.verify.outcome import Broken, RuleState

TABLE = "allocations"
NOWHERE = Text("无处受限", "holds nothing back")


def yuan(amount: int) -> str:
    """An amount for people."""
    return f"{int(amount):,}"


@dataclass
class Gauge:
    """Room left by rule, the least of it, and what is broken.

    Where a source pays only where its owner is paired, what may be paid for at all, and with it every floor, rests on
    the pairs: ``reach`` names that stage.
    """

    reach: tuple[str, ...] = ()
    broken: list[Broken] = field(default_factory=list)
    room: dict[str, tuple[int, Text]] = field(default_factory=dict)
    full: dict[str, list[str]] = field(default_factory=dict)
    floors: dict[str, set[str]] = field(default_factory=dict)
    ceilings: dict[str, set[str]] = field(default_factory=dict)

    def note(self, rule: str, room: int, where: Text, at: Iterable[str] = ()) -> None:
        """Room left (yuan, or any whole measure) at one place, ``at``; below 0 the rule is broken there."""
        if rule not in self.room or room < self.room[rule][0]:
            self.room[rule] = (room, where)
        if room <= 0:
            self.full.setdefault(rule, []).extend(at)

    def breaks(
        self, rule: str, row: int | None, column: str | None, what: Text, rests: tuple[str, ...] = ()
    ) -> None:
        """One broken place; ``rests`` as in :class:`Broken`."""
        self.broken.append(Broken(rule, TABLE, row, column, what, rests))

    def at_most(
        self,
        rule: str,
        have: int,
        limit: int,
        row: int | None,
        where: Text,
        at: Iterable[str] = (),
        rests: tuple[str, ...] = (),
    ) -> None:
        """``have ≤ limit`` at one place."""
        self.note(rule, limit - have, where, at)
        self.ceilings.setdefault(rule, set()).update(at if have >= limit else ())
        if have > limit:
            self.breaks(rule, row, "amount", Text(
                f"{where.zh}：{yuan(have)} 元，至多 {yuan(limit)} 元", f"{where.en}: {yuan(have)} yuan, at most {yuan(limit)}"), rests)  # fmt: skip

    def at_least(
        self,
        rule: str,
        have: int,
        limit: int,
        row: int | None,
        where: Text,
        at: Iterable[str] = (),
        about: str | None = None,
    ) -> None:
        """``have ≥ limit`` at one place; ``about``: its id, where it is a floor that a plan may break if it says so."""
        self.note(rule, have - limit, where, at)
        self.floors.setdefault(rule, set()).update(at if have <= limit else ())
        if have < limit:
            self.breaks(rule, row, "amount", Text(
                f"{where.zh}：{yuan(have)} 元，至少 {yuan(limit)} 元", f"{where.en}: {yuan(have)} yuan, at least {yuan(limit)}"), self.reach)  # fmt: skip
            if about is not None:
                self.broken[-1] = replace(self.broken[-1], about=about, required=limit, got=have)

    def state(self, rule: str, is_on: bool) -> RuleState:
        """How the rule stands."""
        if any(b.rule == rule for b in self.broken):
            first = next(b.what for b in self.broken if b.rule == rule)
            return RuleState(rule, "broken", first)
        if not is_on:
            return RuleState(rule, "off")
        if rule not in self.room:
            return RuleState(rule, "slack", NOWHERE)
        room, where = self.room[rule]
        at = tuple(sorted(set(self.full.get(rule, ()))))
        least = tuple(sorted(self.floors.get(rule, ())))
        most = (
            tuple(sorted(self.ceilings.get(rule, ()))) if rule in self.floors else ()
        )  # else it knows a most alone
        return RuleState(rule, "binding" if room <= 0 else "slack", where, at, least, most)
