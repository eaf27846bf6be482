"""What a smallest clash alone does not tell: whether leaving out one of its members is enough, and what clashes besides.

The members of a smallest clash are needed for it: any one of them left out, the others can hold, every other rule of the stage being
off. With the other rules as they are, that is enough for a plan only where each clash of the stage has that member; where it is not,
other rules clash besides, and these are told too. No choice of a smallest set changes that: of clashes that share no member none holds
a member that mends all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from graph.language import Text
from planner.clash.edits import Edit, Put, edited
from planner.clash.members import Member, rules_of, taken_out
from planner.clash.smallest import Clashing, smallest_clash
from planner.clash.trial import Trials
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Stage

LITTLE = 60
"""Checks of a solver per trial: whether it is enough to leave out a member is then left open sooner than worked out for long."""
MANY = 12
"""Of a clash of more members than these it is not asked whether leaving out one is enough."""
MANY_POSTS = 2_000
"""Nor where people are too few among more posts than these: a trial of all of them takes seconds."""
OTHERS = 2
"""Clashes that are told besides, at most."""


def with_beside(
    stage: Stage,
    context: Context,
    executor: Executor,
    limits: Limits,
    found: Clashing,
    told: Iterable[Text],
    posts: Collection[tuple[str, str]] | None = None,
) -> Clashing:
    """The clash with whether leaving out any one member is enough, and else with other clashes.

    Parameters
    ----------
    stage, context, executor, limits, told, posts
        As of :func:`~planner.clash.smallest.smallest_clash`. Where people are too few for ``posts``, no other clash is looked for.
    found : Clashing
        What that found.
    """
    many = posts is not None and context.network.frame("village_posts").height > MANY_POSTS
    if many or not found.irreducible or not 0 < len(found.members) <= MANY:
        return found
    trials = Trials(stage, context, executor, limits, LITTLE)
    rules = rules_of(stage, context)
    without = [_without(rules, m) for m in found.members]
    holds = [trials.holds(edits) for edits in without]
    others: list[Sequence[Member]] = []
    for member, edits, enough in zip(found.members, without, holds, strict=True):
        told_already = any(not _has(other, member) for other in others)
        if enough is False and posts is None and not told_already and len(others) < OTHERS:
            left = edited(context, edits)
            other = smallest_clash(stage, left, executor, limits, list(told))
            if other.members and other.irreducible:
                others.append(other.members)
    return replace(found, enough=all(h is True for h in holds), others=others)


def _without(rules: Sequence[Member], one: Member) -> list[Edit]:
    """The changes that leave out a member, with what rules on other rules say of it."""
    whole = [m for m in rules if m.key != one.key]
    return taken_out(rules, whole) if isinstance(one.drop, Put) else [one.drop]


def _has(members: Sequence[Member], one: Member) -> bool:
    return any((m.key, m.entry, m.row) == (one.key, one.entry, one.row) for m in members)
