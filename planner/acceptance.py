"""Whether a plan may take the place of another: conditions on key figures, each passed or failed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import UsageError
from graph.language import Text
from graph.tables.suggest import unknown
from planner.plan import Plan

_CONDITION = re.compile(r"\s*([\w]+)\.([\w]+)\s*(?:(<=|>=|==|!=|<|>|=)\s*(.+?))?\s*")
_RIGHT = re.compile(r"(base|baseline)\s*(?:([*+-])\s*(\d+(?:\.\d+)?)\s*(%)?)?|([+-]?\d+(?:\.\d+)?)")
SLACK = 1e-9
"""Relative: figures that only differ by how they were added up are the same."""


@dataclass(frozen=True)
class Condition:
    """One condition on a key figure.

    Parameters
    ----------
    stage, key : str
        The figure.
    sign : str
        ``<=``, ``>=``, ``<``, ``>``, ``=`` or ``!=``; empty: no worse than the base plan's, in the figure's better direction.
    right : str
        What it is held against: a number, ``base`` (the base plan's) or ``baseline``, with ``* 1.05``, ``+ 3`` or ``+ 5%`` behind it.
    """

    stage: str
    key: str
    sign: str = ""
    right: str = "base"

    @property
    def name(self) -> str:
        """The figure as it is typed."""
        return f"{self.stage}.{self.key}"

    def __str__(self) -> str:
        """The condition as it is typed."""
        return f"{self.name} {self.sign} {self.right}" if self.sign else self.name


@dataclass(frozen=True)
class Verdict:
    """What a condition came to.

    Parameters
    ----------
    condition : Condition
        The condition.
    title : Text
        Title of the figure.
    base, candidate : float or None
        The figure in both plans.
    limit : float or None
        What the candidate's figure was held against.
    passed : bool or None
        ``None`` where a figure is missing, which passes nothing.
    """

    condition: Condition
    title: Text
    base: float | None
    candidate: float | None
    limit: float | None
    passed: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "condition": str(self.condition), "stage": self.condition.stage, "key": self.condition.key,
            "title": self.title.as_dict(), "base": self.base, "candidate": self.candidate, "limit": self.limit,
            "passed": bool(self.passed),
        }  # fmt: skip


def accept(base: Plan, candidate: Plan, conditions: Sequence[str] = ()) -> list[Verdict]:
    """Judge a plan against another.

    Parameters
    ----------
    base, candidate : Plan
        The plan in force and the one that may take its place.
    conditions : sequence of str
        ``STAGE.KEY``: no worse than the base plan's. ``STAGE.KEY SIGN VALUE``: the value is a number, ``base`` or ``baseline``,
        with ``* 1.05``, ``+ 3`` or ``- 5%`` behind. None: every figure of which one direction is better, no worse than in ``base``; those of a
        stage that ``candidate`` does not decide are missing.

    Raises
    ------
    UsageError
        When a condition is none, names a figure that the candidate does not have, or needs a direction that the figure lacks.
    """
    figures = [{(s, k["key"]): k for s, h in p.stages.items() for k in h["kpis"]} for p in (base, candidate)]
    wanted = [parse(c) for c in conditions] or [
        Condition(*name) for name, kpi in figures[1].items() if kpi["better"] and name in figures[0]
    ]
    lost = [] if conditions else _undecided(base, candidate)
    return [*(_judged(c, *figures) for c in wanted), *lost]


def _undecided(base: Plan, candidate: Plan) -> list[Verdict]:
    """Figures of stages that the base plan decides and the candidate does not: its place would stay half empty."""
    return [
        Verdict(Condition(stage, kpi["key"], {"more": ">=", "less": "<="}[kpi["better"]]),
                Text(kpi["title"]["zh"], kpi["title"]["en"]), float(kpi["plan"]), None, float(kpi["plan"]), None)
        for stage, head in base.stages.items() if stage not in candidate.stages
        for kpi in head["kpis"] if kpi["better"] and kpi["plan"] is not None
    ]  # fmt: skip


def parse(words: str) -> Condition:
    """A condition as it is typed.

    Raises
    ------
    UsageError
        When it is none.
    """
    found = _CONDITION.fullmatch(words)
    if found is None or (found[4] is not None and _RIGHT.fullmatch(found[4]) is None):
        raise UsageError(
            f"条件 {words!r} 看不懂；写法如 funds.need_met >= base * 0.95、cadres.cost <= base + 5%、exit.late = 0",
            f"cannot read the condition {words!r}; write such as funds.need_met >= base * 0.95, cadres.cost <= base + 5%, exit.late = 0",
        )
    sign = {"==": "="}.get(found[3] or "", found[3] or "")
    return Condition(found[1], found[2], sign, found[4] or "base")


def _judged(
    condition: Condition, old: dict[tuple[str, str], Any], new: dict[tuple[str, str], Any]
) -> Verdict:
    name = (condition.stage, condition.key)
    kpi = new.get(name)
    if kpi is None:
        known = [f"{s}.{k}" for s, k in new]
        none = Text("方案没有指标", "the plan has no key figure")
        raise UsageError(*unknown(none, condition.name, known, 3))
    title = Text(kpi["title"]["zh"], kpi["title"]["en"])
    before = old.get(name)
    base, mine = (None if k is None or k["plan"] is None else float(k["plan"]) for k in (before, kpi))
    sign = condition.sign or {"more": ">=", "less": "<="}.get(kpi["better"], "")
    if not sign:
        raise UsageError(
            f"{condition.name} 没有好坏方向，请写明条件，如 {condition.name} <= base",
            f"neither direction of {condition.name} is better: write what is to hold, such as {condition.name} <= base",
        )
    limit = _limit(condition.right, base, None if kpi["baseline"] is None else float(kpi["baseline"]))
    passed = None if mine is None or limit is None else _holds(mine, sign, limit)
    return Verdict(
        Condition(condition.stage, condition.key, sign, condition.right), title, base, mine, limit, passed
    )


def _limit(words: str, base: float | None, baseline: float | None) -> float | None:
    found = _RIGHT.fullmatch(words)
    assert found is not None  # parsed before
    if found[5] is not None:
        return float(found[5])
    start = base if found[1] == "base" else baseline
    if start is None or found[2] is None:
        return start
    by = float(found[3])
    if found[2] == "*":
        return start * by / (100 if found[4] else 1)
    step = abs(start) * by / 100 if found[4] else by
    return start + step if found[2] == "+" else start - step


def _holds(left: float, sign: str, right: float) -> bool:
    same = abs(left - right) <= SLACK * max(1.0, abs(left), abs(right))
    match sign:
        case "=":
            return same
        case "!=":
            return not same
        case "<=":
            return same or left < right
        case ">=":
            return same or left > right
        case "<":
            return not same and left < right
    return not same and left > right
