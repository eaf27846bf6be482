"""The cheapest ways out of a clash: single changes first, joint ones where no single change is enough; each solved and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.language import Text
from planner.clash.edits import Edit, edited
from planner.clash.members import Member
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.decisions import merge
from planner.repair.ladders import Ladder, ladders, switched_off
from planner.repair.words import edit_words
from planner.republished import tables_of
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Outcome, Stage, in_steps
from planner.stages import STAGES
from planner.verify.checks import CHECKS
from planner.verify.outcome import Resolved

MOST = 5
"""Ways out that are told."""
ALIKE = 2
"""Of ways out that change the same rule or column no more are told while there are others."""
TOGETHER = 8
"""Changes that a joint way out makes at most."""
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
    """

    edits: Sequence[Edit]
    words: Sequence[Text]
    size: float
    objective: int
    scale: int
    sense: str

    @property
    def order(self) -> tuple[float, ...]:
        """What makes it cheap: few changes, then small ones, then a good objective."""
        better = self.objective if self.sense == "min" else -self.objective
        return (len(self.edits), round(self.size, 6), better / self.scale)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "words": [w.as_dict() for w in self.words], "size": round(self.size, 6),
            "objective": self.objective / self.scale, "sense": self.sense,
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
        """The cheapest ways out, cheapest first; empty where none is known."""
        found: list[Repair] = []
        for way in _mixed(self.ways(), most):
            if (repair := self._checked(way)) is not None:
                found.append(repair)
            if len(found) == most:
                break
        return sorted(found, key=lambda r: r.order)

    def ways(self) -> list[Way]:
        """Single changes that suffice; joint ones where there are none. Smallest first."""
        may = [m for m in self.members if not m.never_relax]
        found = [w for m in may for w in self._single(m, ())]
        if not found:
            found = [w for m in may[:LEADS] for w in self._joint(m)]
        if not found:
            found = [w for m in may for w in self._off(m, ())]
        unlike = {repr(sorted(map(repr, w.edits))): w for w in reversed(found)}
        return sorted(unlike.values(), key=lambda w: (len(w.edits), w.size, repr(w.edits)))

    def _holds(self, edits: Iterable[Edit]) -> bool:
        return self.trials.holds(edits) is True

    def _single(self, member: Member, before: tuple[Edit, ...]) -> Iterator[Way]:
        """Least changes of one member that suffice beside those made ``before``."""
        enough = False
        for ladder in ladders(self.stage, self.context, member, self.told):
            k = ladder.least(lambda edit: self._holds([*before, edit]))
            if k is not None:
                enough = True
                yield Way((ladder.rung(k),), ladder.size(k))
        if not enough and not member.table:
            yield from self._off(member, before)

    def _off(self, member: Member, before: tuple[Edit, ...]) -> Iterator[Way]:
        """The whole rule switched off, if that suffices."""
        off = switched_off(self.stage, member)
        if off is not None and self._holds([*before, off.rung(1)]):
            yield Way((off.rung(1),), 1.0)

    def _joint(self, lead: Member) -> Iterator[Way]:
        """Several members given up one after the other, each out of what still clashes, then each as little as suffices."""
        given = [lead]
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

    def _checked(self, way: Way) -> Repair | None:
        """The way with the stage solved for good; ``None`` where that fails, or the check finds anything."""
        context = edited(self.context, way.edits)
        outcome = solved(self.stage, context, self.executor, self.limits)
        if outcome.status not in ("OPTIMAL", "FEASIBLE") or outcome.objective is None:
            return None
        if broken(self.stage, context, outcome):
            return None
        words = [edit_words(self.stage, self.context, e) for e in way.edits]
        return Repair(way.edits, words, way.size, outcome.objective, outcome.scale, outcome.sense)


def solved(stage: Stage, context: Context, executor: Executor, limits: Limits) -> Outcome:
    """The stage's outcome, without what is only told beside it."""
    steps = stage.name in ("pairing", "cadres") or (
        stage.name == "funds" and context.policy["fairness"] == "leximin"
    )
    if steps and in_steps(stage):
        return stage.solve(context, executor, limits, None)
    tasks, built = stage.tasks(context, limits)
    return stage.answer(context, built, executor.run(tasks))


def broken(stage: Stage, context: Context, outcome: Outcome) -> Sequence[Any]:
    """What the check without the solver finds wrong."""
    values: dict[str, Mapping[str, Any]] = {s: {} for s in STAGES}
    values |= {s: p.values for s, p in context.policies.items()}
    values[stage.name] = context.policy.values
    resolved = Resolved(context.network, values, context.on, context.seed, tables_of(context.published))
    tables = merge(context.decided, outcome.tables)
    return CHECKS[stage.name](resolved, tables, outcome.certificates).broken


def _mixed(ways: Sequence[Way], most: int) -> list[Way]:
    """Smallest first, but of one kind only a few while there are others."""
    seen: Counter[tuple[str, ...]] = Counter()
    first: list[Way] = []
    later: list[Way] = []
    for way in ways:
        seen[way.kind] += 1
        (first if seen[way.kind] <= ALIKE else later).append(way)
    return [*first, *later][: 2 * most]
