"""``jiedui stability``: the least cost for at most k changes against a published plan, as a table, JSON and a picture."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import cloup

from api.cli.against import as_settings, demand_planned, limit_options, published_option, tell_published
from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.progress import Progress
from api.cli.screen import print_json, print_line, print_table
from api.cli.show import part_change, part_value
from graph.errors import UsageError
from graph.language import Text
from planner.stability_steps import Curve, Step

if TYPE_CHECKING:
    from planner.scenario import Scenario

WORDS = {
    "OPTIMAL": Text("已证最优", "proved"),
    "INFEASIBLE": Text("没有可行方案", "no plan"),
    "BETWEEN": Text("未求解", "not solved"),
    "FEASIBLE": Text("未证最优", "not proved"),
    "NO_SOLUTION_IN_TIME": Text("限内没有找到", "none found within the limit"),
}


@cloup.command(
    "stability",
    help=str(
        Text(
            "稳定的价格：与已公布方案相比至多变动 k 项时的最小代价",
            "the price of stability: the least cost for at most k changes against a published plan",
        )
    ),
)
@cloup.argument("scenario")
@published_option
@cloup.option("--stage", required=True, metavar="STAGE", help=str(Text("哪个阶段", "which stage")))
@cloup.option("--steps", "solves", type=click.IntRange(2), default=None, metavar="N",
              help=str(Text("至多求解几次（缺省：曲线有几级就几次，逐点精确）",
                            "solves at most (default: one for each step of the curve, exact for every limit)")))  # fmt: skip
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("改一个政策值（可多次给出）", "change a policy value (may be repeated)")))  # fmt: skip
@limit_options
@cloup.option(
    "--svg", default=None, metavar="FILE", help=str(Text("把曲线画成矢量图", "draw the curve as SVG"))
)
@cloup.option("--workers", type=click.IntRange(1, 256), default=None,
              help=str(Text("子进程数（缺省：核数）", "child processes (default: cores)")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    published: str,
    stage: str,
    solves: int | None,
    settings: tuple[str, ...],
    limits: tuple[str, ...],
    prices: tuple[str, ...],
    freezes: tuple[str, ...],
    svg: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Solve the curve, print it, draw it where a file is named."""
    from api.stability_picture import write_picture
    from planner.scenario import read_scenario
    from planner.stability import price_of_stability, stages_before
    from planner.workplace import workplace

    given = (*settings, *as_settings(published, limits, prices, freezes))
    found = read_scenario(scenario, settings=given, published=published)
    demand_planned(found, limits, prices, freezes)
    demand_of_use(found, stage, limits, prices)
    tell_not_run(settings, (*stages_before(stage, found), stage))
    tell_published(found, past=True)
    with Progress(Everywhere.quiet) as progress, workplace(workers or os.cpu_count()) as pool:
        curve = price_of_stability(found, stage, pool, solves=solves, tell=progress)
    if svg:  # first: where it cannot be written, the error is all that is printed
        write_picture(curve, svg)
    if as_json:
        print_json(curve.to_dict())
        return
    print_curve(curve)
    if svg:
        print_line(Text(f"已写入 {svg}", f"written: {svg}"))


def demand_of_use(scenario: Scenario, stage: str, limits: Sequence[str], prices: Sequence[str]) -> None:
    """A limit or price is of a stage that the curve's looks at; a price of its own, too, but no limit: the curve tries them all.

    Raises
    ------
    UsageError
        When one would change nothing.
    """
    from planner.stability import stages_before

    if stage not in scenario.stages:
        return  # told by what solves the curve
    before = stages_before(stage, scenario)
    for option, every, right in (("--changes", limits, before), ("--change-price", prices, [*before, stage])):
        for given in every:
            if given.partition("=")[0].strip() not in right:
                raise UsageError(
                    f"{option} {given}：对 {stage} 的曲线不起作用（曲线自己试遍它的每个上限，只看 {', '.join(before) or '自己'}）",
                    f"{option} {given} would change nothing of the curve of {stage}: it tries every limit of its own, and looks at "
                    f"{', '.join(before) or 'no other stage'}",
                )


def print_curve(curve: Curve) -> None:
    """A row for each stretch of limits, the most changes first."""
    free = curve.steps[-1]
    rows = [
        (
            f"{s.least}" if s.least == s.most else f"{s.least}–{s.most}",
            _figures(curve, s), _more(curve, s, free), str(WORDS[s.status]) + _gap(curve, s),
        )
        for s in reversed(curve.steps)
    ]  # fmt: skip
    title = Text(
        f"稳定的价格：{curve.title.zh}，已公布方案 {curve.plan}",
        f"The price of stability: {curve.title.en}, published plan {curve.plan}",
    )
    columns = (
        Text("变动上限", "changes at most"),
        Text("最小代价", "least cost") if curve.sense == "min" else Text("最大目标", "largest objective"),
        Text("比不限时", "against no limit"),
        "",
    )
    print_table(f"\n{title}", columns, rows)


def _figures(curve: Curve, step: Step) -> str:
    """The objective; its ranks where it has some."""
    if step.objective is None:
        return "–"
    if step.ranked:
        return " › ".join(part_value(value) for _, value in step.parts)
    return f"{curve.points(step.objective):,.3f}"


def _more(curve: Curve, step: Step, free: Step) -> str:
    """How much worse than without a limit; rank by rank where there are some."""
    mine, best = curve.points(step.objective), curve.points(free.objective)
    if mine is None or best is None:
        return ""
    if step.ranked:
        pairs = zip(step.parts, free.parts, strict=True)
        return " › ".join(part_change(value - least) for (_, value), (_, least) in pairs)
    return part_change(mine - best)


def _gap(curve: Curve, step: Step) -> str:
    """What is known of the best plan where it is not proved; rank by rank where there are some."""
    if step.proved:
        return ""
    if step.bound is None or (step.ranked and not step.bound_parts):
        return str(Text("；没有已知的界", "; no bound is known"))
    told = f"{curve.points(step.bound):,.3f}"
    if step.ranked:
        told = " › ".join(part_value(value) for value in step.bound_parts)
    return str(Text(f"；任何方案都不优于 {told}", f"; no plan is better than {told}"))
