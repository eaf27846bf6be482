"""Rules of coverage that may be asked: ours, a scenario's own, those of a file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from graph.errors import InputError, UsageError, reason_of
from graph.questions.gaps import Gap
from graph.questions.protocol import Questions
from graph.questions.rules import RULES, Rule, read_rules
from graph.store.opening import store_address

OWN_RULES = "rules.toml"


def ask_rules(questions: Questions, rounds: Sequence[tuple[Rule, ...] | None], at: date | None) -> list[Gap]:
    """The answers for some rounds of rules; an own rule stands in for ours of that name."""
    found = [answer for rules in rounds for answer in questions.gaps(at=at, rules=rules)]
    return list({answer.rule: answer for answer in reversed(found)}.values())[::-1]


def read_rules_of(file: str) -> tuple[Rule, ...]:
    """Rules of a file.

    Raises
    ------
    InputError
        When it cannot be read, or a rule in it is wrong.
    """
    path = Path(file)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        why = reason_of(problem)
        raise InputError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(f"{file} 不是有效的 TOML：{problem}", f"{file} is not TOML: {problem}") from problem
    blocks = data.get("rule", [])
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks) or not blocks:
        raise InputError(f"{file}：没有 [[rule]]", f"{file}: no [[rule]] in it")
    return read_rules(blocks, file)


def own_rules(where: str) -> tuple[Rule, ...]:
    """Rules that a scenario keeps in ``rules.toml`` beside its ``scenario.toml``; a store has none.

    Raises
    ------
    InputError
        When the file cannot be read, or a rule in it is wrong.
    UsageError
        When there is no such scenario.
    """
    from planner.shipped import find_scenario

    if store_address(where) is not None:
        return ()
    place = find_scenario(where) / OWN_RULES
    return read_rules_of(str(place)) if place.is_file() else ()


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
        Of the scenario.

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
