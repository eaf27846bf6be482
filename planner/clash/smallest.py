"""A smallest set of members that clash: dropping any one of them lets the others hold together.

Divide and conquer over the members (U. Junker, QuickXplain, AAAI 2004): about ``2k·log2(n/k) + 2k`` trials for a set of ``k``
among ``n``, where leaving out one after the other takes ``n``. Rules come first as wholes, then entries and rows of those that
are left singly.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.language import Text
from planner.clash.edits import Edit
from planner.clash.members import Member, not_short, rules_of, singly, taken_out
from planner.clash.short_posts import MUST, OF_TEAMS, needed_posts
from planner.clash.trial import Trials
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Stage

FEW = 16
"""Of a clash that counting tells so many members are left out one after the other: most such trials need no solver."""
ALONE = 5
"""Texts whose rules are looked at alone, at most."""


@dataclass(frozen=True)
class Clashing:
    """Members that cannot hold together.

    Parameters
    ----------
    members : sequence of Member
        In the order of the settings; empty where the clash does not lie in rules.
    irreducible : bool
        Whether each of them is known to be needed.
    trials : int
        How often the stage was tried.
    enough : bool
        Whether the stage is known to hold without any one of them, every other rule as it is (:mod:`planner.clash.beside`).
    others : sequence of sequence of Member
        Smallest clashes besides, each with a member less of this one.
    """

    members: Sequence[Member]
    irreducible: bool = True
    trials: int = 0
    enough: bool = False
    others: Sequence[Sequence[Member]] = ()


def smallest_clash(
    stage: Stage,
    context: Context,
    executor: Executor,
    limits: Limits,
    told: Iterable[Text] = (),
    posts: Collection[tuple[str, str]] | None = None,
) -> Clashing:
    """The smallest set of rules of an infeasible stage.

    Parameters
    ----------
    stage, context, executor, limits
        What was found to have no answer, and where to try it again.
    told : iterable of Text
        What is known of the clash, by default what counting tells: rules that it names are looked at first, those of one text alone
        before those of all. Changes the work, and which set is found where there are several.
    posts : collection of (str, str), optional
        Posts (village, post) that people are too few for.
    """
    trials = Trials(stage, context, executor, limits)
    rules = rules_of(stage, context)
    counted = stage.count(context)
    told = list(told) or counted
    named = [m for m in rules if _names(told, m.key)]
    # what says who may do what stands last in the settings: kept, it makes models small and their clashes plain
    order = [*named, *(m for m in reversed(rules) if m not in named)]
    hard = stage.name == "cadres" and context.policy.on("must_fill_tier")
    if not hard:
        posts = None
    aside = [] if posts is None else not_short(context, posts)
    search = _Search(trials, order, aside)
    plain = [
        m for m in order if m.key not in OF_TEAMS
    ]  # people that are too few are so without teams, and that is settled sooner
    tried = [*_of_one(told, rules), named, *([plain] if posts is not None else []), order]
    among = next((few for few in tried if few and search.clash(few)), None)
    if among is None:
        return Clashing([], trials=trials.asked)
    if counted and not hard:
        singles = _few_singles(stage, context, trials, order, among)
        if singles is not None:
            return singles
    kept = search.smallest(among)
    return _told_apart(stage, context, trials, order, kept, posts, aside, settled=search.settled)


def _few_singles(
    stage: Stage, context: Context, trials: Trials, rules: Sequence[Member], among: Sequence[Member]
) -> Clashing | None:
    """The smallest set where entries, rows and rules are few together, each left out in turn; ``None`` where they are many."""
    universe = [one for m in among for one in singly(stage, context, m, None)]
    search = _Search(trials, universe, taken_out(rules, among))
    if len(universe) > FEW or not search.clash(universe):
        return None
    return Clashing(_ordered(stage, search.in_turn(universe)), search.settled, trials.asked)


def _ordered(stage: Stage, found: Sequence[Member]) -> list[Member]:
    """In the order of the settings, then of entries and rows."""
    place = {s.key: i for i, s in enumerate(stage.settings)}
    return sorted(found, key=lambda m: (place[m.key], m.entry, tuple(map(str, m.row))))


def _told_apart(
    stage: Stage,
    context: Context,
    trials: Trials,
    rules: Sequence[Member],
    kept: Sequence[Member],
    posts: Collection[tuple[str, str]] | None,
    aside: Sequence[Edit],
    *,
    settled: bool,
) -> Clashing:
    """Entries and rows of the rules that are left, singly."""
    out = taken_out(rules, [m for m in rules if m in kept])
    few = None if posts is None else needed_posts(trials, context, kept, posts, out)
    if few is not None:
        posts, aside = few, not_short(context, few)
    parts = {m.key: singly(stage, context, m, posts) for m in kept}
    tried = {**parts, MUST: [m for m in kept if m.key == MUST]} if few is not None else parts
    universe = [one for m in kept for one in tried[m.key]]
    search = _Search(trials, universe, [*aside, *out])
    if all(tried[m.key] == [m] for m in kept) or not search.clash(universe):
        found: Sequence[Member] = kept
    else:
        found, settled = search.among(universe), search.settled
    if few is not None:  # posts that are known to be needed, each
        found = [one for m in found for one in (parts[MUST] if m.key == MUST else [m])]
    return Clashing(_ordered(stage, found), settled, trials.asked)


class _Search:
    """Trials of sets of members; those of ``universe`` that are not in a set are taken out."""

    def __init__(self, trials: Trials, universe: Sequence[Member], aside: Sequence[Edit] = ()) -> None:
        self.trials, self.universe, self.aside, self.settled = trials, universe, aside, True
        self.some_hold = False

    def clash(self, kept: Sequence[Member]) -> bool:
        """Whether these are known not to hold together, all others taken out."""
        held = set(map(id, kept))
        ordered = [m for m in self.universe if id(m) in held]
        found = self.trials.holds([*self.aside, *taken_out(self.universe, ordered)])
        if found is None:
            self.settled = False
        self.some_hold |= found is True
        return found is False

    def smallest(self, members: Sequence[Member]) -> list[Member]:
        """A smallest set among members that clash; empty where they are not the reason."""
        found = self.among(members)
        known = self.some_hold  # what holds with some of them holds without any
        return [] if not known and self.clash([]) else found

    def among(self, members: Sequence[Member]) -> list[Member]:
        """The same, where it is known that all is well when all members are out."""
        return self._of([], [], list(members))

    def in_turn(self, members: Sequence[Member]) -> list[Member]:
        """The same as ``smallest``, each member left out in turn."""
        found = self._one_by_one(members)
        return [] if not self.some_hold and self.clash([]) else found

    def _one_by_one(self, members: Sequence[Member]) -> list[Member]:
        kept = list(members)
        for member in reversed(members):  # of several sets the one that is named first, as when dividing
            less = [m for m in kept if m is not member]
            if less and self.clash(less):
                kept = less
        return kept

    def _of(self, held: list[Member], new: list[Member], left: list[Member]) -> list[Member]:
        if new and self.clash(held):
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        first, second = left[:half], left[half:]
        of_second = self._of([*held, *first], first, second)
        of_first = self._of([*held, *of_second], of_second, first)
        return [*of_first, *of_second]


def _of_one(told: Sequence[Text], rules: Sequence[Member]) -> list[list[Member]]:
    """The rules that single texts name, fewest first, where there are several texts: a small clash is seen at once."""
    found = {tuple(m.key for m in rules if _names([text], m.key)): 0 for text in told}
    fewest = sorted((keys for keys in found if keys), key=len)[:ALONE] if len(told) > 1 else []
    return [[m for m in rules if m.key in keys] for keys in fewest]


def _names(told: Iterable[Text], key: str) -> bool:
    return any(re.search(rf"\b{re.escape(key)}\b", text.en) for text in told)
