"""Options of every command that plans beside a published plan, and the policy values that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cloup

from graph.errors import UsageError
from graph.language import Text
from planner.frozen import EVERYWHERE
from planner.plan import read_plan
from planner.policy import toml
from planner.published import CHANGE_WEIGHT, CHANGES_MAX, FROZEN
from planner.republished import published_plan
from planner.stages import SETTINGS
from planner.subject import one_id

Command = Callable[..., Any]


def published_option(command: Command) -> Command:
    """``--published``."""
    return cloup.option("--published", default="", metavar="PLAN",
                        help=str(Text("已公布的方案：在它旁边重新规划，能保持的保持",
                                      "the plan that is published: plan again beside it, keeping what can be kept")))(command)  # fmt: skip


def limit_options(command: Command) -> Command:
    """``--changes``, ``--change-price``, ``--freeze``: short for policy values of the stages."""
    for option in (
        cloup.option("--freeze", "freezes", multiple=True, metavar="REGION[<DAY|<=YEAR]",
                     help=str(Text("该地区（含下级）的决定保持已公布的样子；<年-月-日：此日之前，<=年：该年及以前的；* 为全部（可多次给出）",
                                   "the region's decisions, with all below it, stay as published; <YEAR-MONTH-DAY: before that day, "
                                   "<=YEAR: those for years up to it; * is everywhere (may be repeated)"))),
        cloup.option("--change-price", "prices", multiple=True, metavar="STAGE=POINTS",
                     help=str(Text("该阶段每项变动的代价（可多次给出）", "what each change of the stage costs (may be repeated)"))),
        cloup.option("--changes", "limits", multiple=True, metavar="STAGE=N",
                     help=str(Text("该阶段与已公布方案相比至多变动几项（可多次给出）",
                                   "changes of the stage against the published plan at most (may be repeated)"))),
    ):  # fmt: skip
        command = option(command)
    return command


def as_settings(
    published: str, limits: Sequence[str], prices: Sequence[str], freezes: Sequence[str]
) -> tuple[str, ...]:
    """The policy values that the options stand for, as ``stage.key=value``.

    A freeze is for every stage that the published plan decides and that knows freezes.

    Raises
    ------
    UsageError
        When an option has another form, or names a stage that knows no such rule.
    InputError
        When the published plan cannot be read.
    """
    found = [_one("--changes", given, CHANGES_MAX) for given in limits]
    found += [_one("--change-price", given, CHANGE_WEIGHT) for given in prices]
    if freezes:
        decided = published_plan(published).tables if published else SETTINGS
        value = toml([_by_code(given, published) for given in freezes])
        found += [
            f"{stage}.{FROZEN}={value}" for stage in SETTINGS if stage in decided and _knows(stage, FROZEN)
        ]
    return tuple(found)


def _by_code(given: str, published: str) -> str:
    """A freeze with the code of the place that it names; a code, or ``*``, stays."""
    name, sign, rest = given.partition("<")
    if not published or name.strip() == EVERYWHERE:
        return given
    return f"{one_id(read_plan(published), name.strip())}{sign}{rest}"


def _one(option: str, given: str, key: str) -> str:
    stage, equals, value = (p.strip() for p in given.partition("="))
    if not (stage and equals and value):
        raise UsageError(f"{option} {given}：应为 阶段=数值", f"{option} {given}: must be STAGE=NUMBER")
    if stage not in SETTINGS or not _knows(stage, key):
        known = ", ".join(s for s in SETTINGS if _knows(s, key))
        raise UsageError(
            f"{option} {given}：{stage} 没有这一规则；有的是：{known}",
            f"{option} {given}: {stage} has no such rule; these have: {known}",
        )
    return f"{stage}.{key}={value}"


def _knows(stage: str, key: str) -> bool:
    return any(s.key == key for s in SETTINGS[stage])
