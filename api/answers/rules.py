"""Rules of coverage that may be asked: ours, a network's own, those of a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph.errors import UsageError
from graph.questions.gaps import Gap
from graph.questions.protocol import Questions
from graph.questions.rules import RULES, Rule


def ask_rules(questions: Questions, rounds: Sequence[tuple[Rule, ...] | None], at: date | None) -> list[Gap]:
    """The answers for some rounds of rules; an own rule stands in for ours of that name."""
    found = [answer for rules in rounds for answer in questions.gaps(at=at, rules=rules)]
    return list({answer.rule: answer for answer in reversed(found)}.values())[::-1]


def chosen_rules(
    names: Sequence[str], given: tuple[Rule, ...] | None, own: tuple[Rule, ...]
) -> list[tuple[Rule, ...] | None]:
    """The rules to ask, one call after the other; ``None``: all of ours whose places are there.

    Parameters
    ----------
    names : sequence of str
        Only these.
    given : tuple of Rule or None
        Instead of all others.
    own : tuple of Rule
        Of the network.

    Raises
    ------
    UsageError
        When there is no rule of one of the names.
    """
    known = (*own, *RULES) if given is None else given
    for name in names:
        if name not in {r.name for r in known}:
            listed = ", ".join(r.name for r in known)
            raise UsageError(f"没有规则 {name}；可用：{listed}", f"no rule {name}; known: {listed}")
    if names:
        return [tuple({r.name: r for r in reversed(known) if r.name in names}.values())[::-1]]
    return [own, None] if own else [given]
