"""Several numbers of a table of names changed together, each as little as suffices, where no single one is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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

    All numbers go down, or all go up; those that need not change stay. Of a rule's own table, and of those that it reads.
    """
    for setting in read_by(stage, member):
        value = context.policy[setting.key]
        if not isinstance(value, Mapping) or len(value) < 2:
            continue
        for ladder_of in (lowered,) if setting.key != member.key else (lowered, raised):
            yield from _least(member, setting, value, ladder_of, holds)


def _least(
    member: Member, setting: Setting, value: Mapping[str, Any], ladder_of: OfName, holds: Holds
) -> Iterator[tuple[Edit, float]]:
    ladders = {name: ladder_of(member, setting, value, name, value) for name in value}
    now = {
        name: _new(ladder, ladder.steps, name) if ladder else value[name] for name, ladder in ladders.items()
    }
    if now == value or not holds(Put(setting.key, now)):
        return
    size, guess = 0.0, 0
    for name in value:
        kept = {**now, name: value[name]}
        ladder = ladder_of(member, setting, value, name, now)
        if ladder is None or holds(Put(setting.key, kept)):
            now = kept
            continue
        k = ladder.least(holds, guess=guess) or ladder.steps
        now, guess = {**now, name: _new(ladder, k, name)}, k
        size += ladder.size(k)
    yield Put(setting.key, now), size


def _new(ladder: Ladder, k: int, name: str) -> Any:
    edit = ladder.rung(k)
    assert isinstance(edit, Put)
    return edit.value[name]
