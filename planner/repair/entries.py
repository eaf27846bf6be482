"""Several numbers of a table of names changed together, as little as suffices, where no single one is enough."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from planner.clash.edits import Edit, Put
from planner.clash.members import Member
from planner.policy import Setting
from planner.repair.ladder import Ladder
from planner.repair.ladders import OfName, lowered, raised, read_by
from planner.stage import Context, Stage

Holds = Callable[[Edit], bool]


def entries_together(
    stage: Stage, context: Context, member: Member, holds: Holds
) -> Iterator[tuple[Edit, float]]:
    """The change of a table as a whole, and its size: the sizes of its entries' changes, added up.

    First all numbers to one common bound, as wide as may be, so that no name bears it all; then back to their old values those that
    need not change. Of a rule's own table, up or down, and of those that it reads, down.
    """
    for setting in read_by(stage, member):
        value = context.policy[setting.key]
        own = setting.key == member.key
        if not isinstance(value, Mapping) or len(value) < (2 if own else 1):  # its own were tried singly
            continue
        for way in (lowered, raised) if own else (lowered,):
            yield from _Table(member, setting, value, way, holds).least()


class _Table:
    """A table of numbers that all go one ``way``."""

    def __init__(
        self, member: Member, setting: Setting, value: Mapping[str, Any], way: OfName, holds: Holds
    ) -> None:
        self.member, self.setting, self.value, self.way, self.holds = member, setting, value, way, holds
        self.nearer = min if way is lowered else max

    def least(self) -> Iterator[tuple[Edit, float]]:
        """The change, where there is one that suffices."""
        farthest = (max if self.way is lowered else min)(self.value, key=lambda name: self.value[name])
        ladder = self._ladder(farthest, self.value)
        if ladder is None:
            return

        def bounded(k: int) -> dict[str, Any]:
            bound = _at(ladder, k, farthest)
            return {name: self.nearer(v, bound) for name, v in self.value.items()}

        def enough(k: int) -> bool:
            return self.holds(Put(self.setting.key, bounded(k)))

        if enough(ladder.steps):
            yield self._each_back(bounded(_bisected(enough, 0, ladder.steps)))

    def _each_back(self, now: dict[str, Any]) -> tuple[Edit, float]:
        """The numbers back at their old values that may be so beside the others; what the rest come to in size."""
        size = 0.0
        for name in [n for n in now if now[n] != self.value[n]]:
            old = {**now, name: self.value[name]}
            if self.holds(Put(self.setting.key, old)):
                now = old
                continue
            ladder = self._ladder(name, now)
            assert ladder is not None
            size += ladder.size(_bisected(partial(self._as_far, ladder, name, now[name]), 0, ladder.steps))
        return Put(self.setting.key, now), size

    def _ladder(self, name: str, others: Mapping[str, Any]) -> Ladder | None:
        return self.way(self.member, self.setting, self.value, name, others)

    def _as_far(self, ladder: Ladder, name: str, bound: float, k: int) -> bool:
        new = _at(ladder, k, name)
        return bool(self.nearer(new, bound) == new)


def _at(ladder: Ladder, k: int, name: str) -> Any:
    edit = ladder.rung(k)
    assert isinstance(edit, Put)
    return edit.value[name]


def _bisected(enough: Callable[[int], bool], low: int, high: int) -> int:
    """The fewest steps above ``low``, which are too few, up to ``high``, which suffice."""
    return low + 1 + bisect_left(range(low + 1, high), True, key=enough)
