"""Options of every command that plans beside a published plan, and the policy values that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click
import cloup

from graph.errors import UsageError
from graph.language import Text
from planner.frozen import EVERYWHERE, past_words, read_freeze
from planner.plan import Plan, read_plan
from planner.policy import toml, typed_value
from planner.published import CHANGE_WEIGHT, CHANGES_MAX, FROZEN
from planner.republished import demand_fitting, of_another, published_plan
from planner.scenario import Scenario
from planner.stages import SETTINGS
from planner.subject import looked_up

Command = Callable[..., Any]


def published_option(command: Command) -> Command:
    """``--published``."""
    return cloup.option("--published", default="", metavar="PLAN", callback=_named,
                        help=str(Text("已公布的方案：在它旁边重新规划，能保持的保持",
                                      "the plan that is published: plan again beside it, keeping what can be kept")))(command)  # fmt: skip


def _named(context: click.Context, option: click.Parameter, value: str) -> str:
    """The plan that is named; an empty name, as of a variable that is not set, would plan without it unseen."""
    given = context.get_parameter_source(str(option.name)) == click.core.ParameterSource.COMMANDLINE
    if given and not value.strip():
        raise UsageError("--published：方案的名字是空的", "--published: the plan's name is empty")
    return value


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
        When an option has another form, a value that is not right there, names a stage that knows no such rule, or one twice.
    InputError
        When the published plan cannot be read.
    """
    found = _each("--changes", limits, CHANGES_MAX) + _each("--change-price", prices, CHANGE_WEIGHT)
    if freezes:
        decided = published_plan(published).tables if published else SETTINGS
        value = toml([_by_code(given, published) for given in freezes])
        found += [
            f"{stage}.{FROZEN}={value}" for stage in SETTINGS if stage in decided and _knows(stage, FROZEN)
        ]
    return tuple(found)


def demand_planned(
    scenario: Scenario, limits: Sequence[str], prices: Sequence[str], freezes: Sequence[str]
) -> None:
    """What the options name is planned: a limit on a stage that is not run would hold nothing, unseen.

    Raises
    ------
    UsageError
        When a stage is not run, or a freeze is for stages of which none is.
    """
    listed = ", ".join(scenario.stages)
    for option, every in (("--changes", limits), ("--change-price", prices)):
        for given in every:
            if _stage(given) not in scenario.stages:
                raise UsageError(
                    f"{option} {given}：此次规划不运行阶段 {_stage(given)}；运行：{listed}",
                    f"{option} {given}: the stage {_stage(given)} is not run here; these are: {listed}",
                )
    decided = () if scenario.published is None else scenario.published.tables
    if freezes and decided and not any(_knows(s, FROZEN) for s in scenario.stages if s in decided):
        raise UsageError(
            f"--freeze {freezes[0]}：已公布的方案决定了 {', '.join(decided)}，此次规划都不运行；运行：{listed}",
            f"--freeze {freezes[0]}: the published plan decides {', '.join(decided)}, and none of it is run here; these are: {listed}",
        )


def tell_published(scenario: Scenario, *, past: bool) -> None:
    """Say on the error stream that the published plan is of another scenario, or of other stages; with ``past`` which freezes are over."""
    published = scenario.published
    notes = [of_another(published, scenario.name, scenario.chain)]
    if notes[0] is not None:  # where nothing of it fits, the error alone is told
        demand_fitting(published, scenario.stages, scenario.name, scenario.chain, scenario.network)
    if published is not None and not any(published.of(stage) for stage in scenario.stages):
        known, asked = ", ".join(published.tables) or "–", ", ".join(scenario.stages)
        notes.append(Text(f"已公布的方案 {published.plan} 没有 {asked} 的决定（有：{known}），与不给出它一样",
                          f"the published plan {published.plan} decides nothing of {asked} (it has: {known}): as if it were not given"))  # fmt: skip
    if past and published is not None:
        entries = [read_freeze(e, s, scenario.network) for s in scenario.stages
                   if FROZEN in scenario.policies[s].values for e in scenario.policies[s][FROZEN] or ()]  # fmt: skip
        notes += dict.fromkeys(past_words(entries, scenario.on))
    for note in notes:
        if note is not None:
            click.echo(f"! {note}", err=True)


def _by_code(given: str, published: str) -> str:
    """A freeze with the code of the place that it names; a code, or ``*``, stays."""
    name, sign, rest = given.partition("<")
    if not name.strip():
        raise UsageError(
            f"--freeze {given}：没有写地区；应为 地区、地区<年-月-日 或 地区<=年，* 为全部",
            f"--freeze {given}: no region is named; write REGION, REGION<YEAR-MONTH-DAY or REGION<=YEAR; * is everywhere",
        )
    if not published or name.strip() == EVERYWHERE:
        return given
    return f"{_frozen_id(given, name.strip(), read_plan(published))}{sign}{rest}"


def _frozen_id(given: str, name: str, plan: Plan) -> str:
    """The code of the place or unit that a freeze names."""
    found = looked_up(plan, name)
    if found.id is not None:
        return found.id
    if found.several:
        zh, en = "、".join(found.several), ", ".join(found.several)
        raise UsageError(
            f"--freeze {given}：{name} 可指多处，请写代码：{zh}",
            f"--freeze {given}: {name} may mean several; write the code: {en}",
        )
    zh, en = "、".join(found.near), ", ".join(found.near)
    zh, en = (f"；是不是 {zh}？", f"; did you mean {en}?") if found.near else ("。", ".")
    raise UsageError(
        f"--freeze {given}：已公布的方案 {plan.id} 里没有地区或单位 {name}{zh}请写地区（各级，村也可以）或单位的代码或名称；* 为全部",
        f"--freeze {given}: the published plan {plan.id} has no region or unit {name}{en} Write a region (of any level, villages too) "
        "or a unit, by code or name; * is everywhere",
    )


def _each(option: str, every: Sequence[str], key: str) -> list[str]:
    """An option's values as policy values; each stage may have one."""
    found, seen = list[str](), set[str]()
    for given in every:
        found.append(_one(option, given, key))
        stage = _stage(given)
        if stage in seen:
            raise UsageError(f"{option}：{stage} 给出了两次", f"{option}: {stage} is given twice")
        seen.add(stage)
    return found


def _stage(given: str) -> str:
    return given.partition("=")[0].strip()


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
    setting = next(s for s in SETTINGS[stage] if s.key == key)
    problem = setting.problem(typed_value(value))
    if problem is not None:
        raise UsageError(f"{option} {given}：{problem.zh}", f"{option} {given}: {problem.en}")
    return f"{stage}.{key}={value}"


def _knows(stage: str, key: str) -> bool:
    return any(s.key == key for s in SETTINGS[stage])
