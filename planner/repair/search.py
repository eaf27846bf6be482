"""The cheapest ways out of a clash: single changes first, joint ones where no single change is enough; each solved and checked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.language import Text
from planner.clash.edits import Edit, edited
from planner.clash.members import Member
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.repair.entries import entries_together
from planner.repair.ladder import Ladder
from planner.repair.ladders import ladders, switched_off
from planner.repair.solving import broken, solved_all
from planner.repair.words import edit_words
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Outcome, Stage

MOST = 5
"""Ways out that are told."""
ALIKE = 2
"""Of ways out that change the same rule or column no more are told while there are others."""
TOGETHER = 8
"""Changes that a joint way out makes at most."""
FEW = 4
"""More rows of one rule are tried together before they are tried singly."""
LITTLE = 60
"""Questions of the solver whether to go on, in each trial of several numbers: there are many, and close to the least change they are hard."""
LEADS = 2
"""Members that a joint way out begins with, at most."""


@dataclass(frozen=True)
class Way:
    """Changes that suffice, and how large they are against what they change, all added up."""

    edits: tuple[Edit, ...]
    size: float

    @property
    def kind(self) -> tuple[str, ...]:
        """What is changed: rules and columns."""
        return tuple(sorted(getattr(e, "key", "") or f"{e.table}.{e.column}" for e in self.edits))  # type: ignore[union-attr]  # a cell has no key


@dataclass(frozen=True)
class Repair:
    """A way out that was solved with it, and checked row by row without the solver.

    Parameters
    ----------
    edits : sequence of Edit
        The changes.
    words : sequence of Text
        One for each.
    size : float
        Relative size of the changes, added up; a rule switched off or an entry taken back counts 1.
    objective, scale, sense
        What the stage's objective comes to, in ``1/scale``, and which way is better.
    decides : bool
        Whether any row of the stage's result tables is left; nothing may be left to plan where rules give.
    """

    edits: Sequence[Edit]
    words: Sequence[Text]
    size: float
    objective: int
    scale: int
    sense: str
    decides: bool = True

    @property
    def order(self) -> tuple[float, ...]:
        """What makes it cheap: that it decides anything, then few changes, then small ones, then a good objective."""
        better = self.objective if self.sense == "min" else -self.objective
        return (not self.decides, len(self.edits), round(self.size, 6), better / self.scale)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "words": [w.as_dict() for w in self.words], "size": round(self.size, 6),
            "objective": self.objective / self.scale, "sense": self.sense,
            "decides": self.decides,
        }  # fmt: skip


@dataclass
class Search:
    """Looks for ways out of a clash of one stage.

    Parameters
    ----------
    stage, context, executor, limits
        The stage that cannot be solved.
    members : sequence of Member
        A smallest set that clashes.
    told : sequence of Text
        The words of the clash: what they name is tried first.
    posts : collection of (str, str), optional
        Posts that people are too few for.
    """

    stage: Stage
    context: Context
    executor: Executor
    limits: Limits
    members: Sequence[Member]
    told: Sequence[Text] = ()
    posts: Collection[tuple[str, str]] | None = None
    trials: Trials = field(init=False)

    def __post_init__(self) -> None:
        self.trials = Trials(self.stage, self.context, self.executor, self.limits)

    def repairs(self, most: int = MOST) -> list[Repair]:
        """The cheapest ways out, cheapest first, those after which nothing is decided last; empty where none is known."""
        found: list[Repair] = []
        ways = _mixed(self.ways(most), most)
        while ways and (lacking := most - sum(r.decides for r in found)):
            some, ways = ways[:lacking], ways[lacking:]
            found += [r for r in self._checked(some) if r is not None]
        return sorted(found, key=lambda r: r.order)[:most]

    def ways(self, most: int = MOST) -> list[Way]:
        """Single changes that suffice; joint ones where there are none. Smallest first."""
        may = [m for m in self.members if not m.never_relax]
        found = self._single(may, most)
        if not found:
            found = [w for m in may[:LEADS] for w in self._joint(m)]
        if not found:
            found = [w for m in may for w in self._off(m)]
        unlike = {repr(sorted(map(repr, w.edits))): w for w in reversed(found)}
        return sorted(unlike.values(), key=lambda w: (len(w.edits), w.size, repr(w.edits)))

    def _holds(self, edits: Iterable[Edit]) -> bool:
        return self.trials.holds(edits) is True

    def _single(self, may: Sequence[Member], most: int) -> list[Way]:
        """Least changes of one member that suffice; of many that are alike only those that could be told."""
        may = self._worth_trying(may)
        every = [ladder for m in may for ladder in ladders(self.stage, self.context, m, self.told)]
        found: list[Way] = []
        enough: list[Member] = []
        taken: dict[tuple[str, ...], int] = {}  # kind → steps that sufficed: often as many do for one alike
        for ladder in sorted(every, key=lambda x: x.elsewhere):
            kind = Way((ladder.rung(1),), 0.0).kind
            k = ladder.least(lambda e: self._holds([e]), _worse(found, kind, most), taken.get(kind, 0))
            if k is not None:
                taken[kind] = k
                enough.append(ladder.member)
                found.append(Way((ladder.rung(k),), ladder.size(k)))
        for member in may:
            if not member.table and not any(m is member for m in enough):
                found += self._together(member) or self._off(member)
        return found

    def _worth_trying(self, may: Sequence[Member]) -> list[Member]:
        """Without the rows of a rule of which not even all together would suffice; one stays, for the ways of the rule itself."""
        hopeless: set[str] = set()
        for key in {m.key: 0 for m in may if m.table}:
            rows = [m for m in may if m.table and m.key == key]
            if len(rows) > FEW and not self._holds([m.drop for m in rows]):
                hopeless.add(key)
        seen: set[str] = set()
        found = []
        for member in may:
            if member.key not in hopeless or member.key not in seen:
                found.append(member)
            seen.add(member.key)
        return found

    def _together(self, member: Member) -> list[Way]:
        """Several numbers of a table that the rule has or reads, changed as little as suffices."""
        quick = Trials(self.stage, self.context, self.executor, self.limits, LITTLE)
        several = entries_together(self.stage, self.context, member, lambda e: quick.holds([e]) is True)
        return [Way((edit,), size) for edit, size in several]

    def _off(self, member: Member) -> Iterator[Way]:
        """The whole rule switched off, if that suffices."""
        off = switched_off(self.stage, member)
        if off is not None and self._holds([off.rung(1)]):
            yield Way((off.rung(1),), 1.0)

    def _joint(self, lead: Member) -> Iterator[Way]:
        """Several members given up one after the other, each out of what still clashes, then each as little as suffices."""
        given = [lead]
        if self._too_many(lead):
            return
        while not self._holds([m.drop for m in given]):
            if len(given) == TOGETHER:
                return
            left = edited(self.context, [m.drop for m in given])
            clash = smallest_clash(self.stage, left, self.executor, self.limits, self.told, self.posts)
            may = [m for m in clash.members if not m.never_relax]
            if not may:
                return
            given.append(next((m for m in may if m.key == lead.key), may[0]))
        for member in list(given):  # what an earlier choice made needless
            less = [m for m in given if m is not member]
            if self._holds([m.drop for m in less]):
                given = less
        yield self._least_of(given)

    def _too_many(self, lead: Member) -> bool:
        """Whether without this member more posts would still have to stay open, or their rule be off, than are given up together."""
        if self.stage.name != "cadres":
            return False
        minimum = self.context.network.frame("village_posts")["minimum"].max()
        most = (TOGETHER - 1) * (minimum if isinstance(minimum, int) else 0)
        return self.trials.seats_lacking([lead.drop]) > most

    def _least_of(self, given: Sequence[Member]) -> Way:
        edits, size = [m.drop for m in given], 0.0
        for i, member in enumerate(given):
            rest = [*edits[:i], *edits[i + 1 :]]
            found: list[tuple[float, Edit]] = []
            for ladder in self._own(member):
                k = ladder.least(lambda edit, rest=rest: self._holds([*rest, edit]))  # type: ignore[misc]  # bound at once
                if k is not None:
                    found.append((ladder.size(k), ladder.rung(k)))
            least, edits[i] = min(found, key=lambda f: f[0]) if found else (1.0, edits[i])
            size += least
        return Way(tuple(edits), size)

    def _own(self, member: Member) -> Iterator[Ladder]:
        """Ways in which the member itself gives, not the rule that it is a row of."""
        for ladder in ladders(self.stage, self.context, member, self.told):
            if not member.table or getattr(ladder.rung(1), "row", None) == member.row:
                yield ladder

    def _checked(self, ways: Sequence[Way]) -> list[Repair | None]:
        """The ways with the stage solved for good; ``None`` where that fails, or the check finds anything."""
        contexts = [edited(self.context, way.edits) for way in ways]
        outcomes = solved_all(self.stage, contexts, self.executor, self.limits)
        return [self._kept(w, c, o) for w, c, o in zip(ways, contexts, outcomes, strict=True)]

    def _kept(self, way: Way, context: Context, outcome: Outcome) -> Repair | None:
        if outcome.status not in ("OPTIMAL", "FEASIBLE") or outcome.objective is None:
            return None
        if broken(self.stage, context, outcome):
            return None
        words = [edit_words(self.stage, self.context, e) for e in way.edits]
        decides = any(frame.height for frame in outcome.tables.values())
        return Repair(way.edits, words, way.size, outcome.objective, outcome.scale, outcome.sense, decides)


def _worse(found: Sequence[Way], kind: tuple[str, ...], most: int) -> float:
    """The size from which on another way of this kind would not be told beside those ``found``."""
    alike = sorted(w.size for w in found if w.kind == kind)
    others = Counter(w.kind for w in found if w.kind != kind)
    room = max(ALIKE, most - sum(min(ALIKE, n) for n in others.values()))
    return alike[room - 1] if len(alike) >= room else math.inf


def _mixed(ways: Sequence[Way], most: int) -> list[Way]:
    """Smallest first, but of one kind only a few while there are others."""
    seen: Counter[tuple[str, ...]] = Counter()
    first: list[Way] = []
    later: list[Way] = []
    for way in ways:
        seen[way.kind] += 1
        (first if seen[way.kind] <= ALIKE else later).append(way)
    return [*first, *later][: 2 * most]
