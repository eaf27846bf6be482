"""Promises: rules that may give where all cannot hold, and what is broken of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.language import Text
from planner.policy import Policy, Setting
from planner.published import AGAINST
from planner.solve.pool import Executor, OnProgress
from planner.stage import Context, Limits, Outcome, Stage, in_steps


def may_give(stage: Stage, policy: Policy) -> frozenset[str]:
    """Rules in force that may be broken where nothing else is left.

    All but those marked ``never_relax``, and those whose values such a rule prescribes (the centre's standard of `exit`): to
    break one of these would break it.
    """
    firm = [s for s in stage.settings if s.never_relax and policy.on(s.key)]
    prescribed = {key for s in firm if s.entries == "rules" for key in policy[s.key]}
    return frozenset(
        s.key for s in stage.settings
        if s.rule and policy.on(s.key) and s.effect == "forbids" and not s.weighs and not s.never_relax
        and s.key not in (*prescribed, *AGAINST)
    )  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """A broken promise.

    Parameters
    ----------
    rule : str
        Key of the rule.
    about : str
        Id of the place, unit, team …; ``a>b`` for two together; empty where it is about the whole country.
    required, got : float
        What the rule asks for, and what there is, in the rule's own unit.
    why : Text
        Why it is broken: what a solve found that would be broken if it were kept.
    """

    rule: str
    about: str
    required: float
    got: float
    why: Text = Text("", "")

    @property
    def short(self) -> float:
        """By how much it is broken."""
        return abs(self.required - self.got)

    @property
    def nothing(self) -> bool:
        """Whether something was promised, and there is none of it."""
        return self.got == 0 < self.required

    def as_dict(self, setting: Setting) -> dict[str, Any]:
        """For ``plan.json``."""
        return {
            "rule": self.rule, "title": setting.title.as_dict(), "about": self.about, "required": plain(self.required),
            "got": plain(self.got), "short": plain(self.short), "unit": setting.unit, "nothing": self.nothing,
            "why": self.why.as_dict(),
        }  # fmt: skip


@dataclass(frozen=True)
class Least:
    """What came of breaking as little as possible.

    Parameters
    ----------
    outcome : Outcome
        The stage's outcome.
    promises : sequence of Promise
        What is broken.
    weight, bound : float
        What the broken promises weigh together, and what is proved that they weigh at least.
    counts : Text
        What the weight counts.
    """

    outcome: Outcome
    promises: Sequence[Promise] = ()
    weight: float = 0.0
    bound: float = 0.0
    counts: Text = Text("", "")


def solved(stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress) -> Outcome:
    """The stage's outcome, as the executor answers."""
    if in_steps(stage):
        return stage.solve(context, executor, limits, tell)
    tasks, built = stage.tasks(context, limits)
    return stage.answer(context, built, executor.run(tasks, tell))


def plain(value: float) -> float | int:
    """A whole number as an integer, any other to six digits behind the point."""
    near = round(value, 6)
    return int(near) if near == int(near) else near


def named(context: Context, about: str) -> Text:
    """What a promise is about, in names; the whole country where nothing is named."""
    if not about:
        return Text("全国", "the whole country")
    told = " → ".join(context.network.label(part) for part in about.split(">"))
    return Text(told, told)


def listed(stage: Stage, context: Context, promises: Sequence[tuple[str, str]], most: int = 3) -> Text:
    """Rules and places in a line: (rule, about) of each, the first few by name; a place under two rules stands, and counts, once."""
    title = {s.key: s.title for s in stage.settings}
    rules: dict[str, list[Text]] = {}
    for rule, about in promises:
        rules.setdefault(about, []).append(title[rule])
    told = [(both, named(context, about)) for about, both in rules.items()][:most]
    more = len(rules) - most
    rest = Text(f"等 {len(rules)} 处" if more > 0 else "", f" and {more} more" if more > 0 else "")
    return Text(
        "、".join(f"{'和'.join(t.zh for t in both)}（{w.zh}）" for both, w in told) + rest.zh,
        ", ".join(f"{' and '.join(t.en for t in both)} ({w.en})" for both, w in told) + rest.en,
    )
