"""``jiedui repair``: what cannot hold together in a scenario, and the cheapest ways out, ready to be planned."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import click
import cloup

from api.cli.against import as_settings, demand_planned, limit_options, published_option, tell_published
from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.progress import Progress
from api.cli.screen import figure, print_json, print_line
from graph.errors import InfeasibleError, UsageError
from graph.language import Text, several
from graph.schema import ENUMS
from planner.clash.members import Member
from planner.repair.overlay import demand_free, write_overlay
from planner.repair.search import MOST, Repair
from planner.repair.ways_out import WaysOut, find_ways_out
from planner.scenario import Scenario, read_scenario, too_few_tables
from planner.stages import STAGES

MULTIPLE = 10
"""Sizes from here on are told as a multiple of the old values."""


@cloup.command(
    "repair",
    help=str(
        Text(
            "规则不能同时成立时：最小的冲突，和代价最小的几条出路",
            "where the rules cannot hold together: the smallest clash, and the cheapest ways out",
        )
    ),
)
@cloup.argument("scenario")
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("改一个政策值（可多次给出）", "change a policy value (may be repeated)")))  # fmt: skip
@cloup.option("--stage", "stages", multiple=True, metavar="STAGE",
              help=str(Text("只看这些阶段（可多次给出）", "look at these stages only (may be repeated)")))  # fmt: skip
@published_option
@limit_options
@cloup.option("--most", type=click.IntRange(1, MOST), default=MOST, show_default=True,
              help=str(Text("最多几条出路", "ways out at most")))  # fmt: skip
@cloup.option(
    "--whole",
    is_flag=True,
    help=str(
        Text(
            "每条出路都把后面的阶段也求解一遍", "solve the stages after the mended one, too, for each way out"
        )
    ),
)
@cloup.option("--apply", "number", type=click.IntRange(1, MOST), default=None, metavar="N",
              help=str(Text("把第 N 条出路写成一个叠加场景，照常规划", "write way out N as an overlay scenario, to be planned as usual")))  # fmt: skip
@cloup.option("--to", "target", default="", metavar="FOLDER",
              help=str(Text("叠加场景的文件夹（缺省：场景名-repaired）", "folder of the overlay (default: the scenario's name and -repaired)")))  # fmt: skip
@cloup.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help=str(Text("子进程数（缺省：核数）", "child processes (default: cores)")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    settings: tuple[str, ...],
    stages: tuple[str, ...],
    published: str,
    limits: tuple[str, ...],
    prices: tuple[str, ...],
    freezes: tuple[str, ...],
    most: int,
    whole: bool,
    number: int | None,
    target: str,
    workers: int | None,
    as_json: bool,
) -> None:
    """Tell the clash and the ways out; write one of them where asked to."""
    if target and number is None:
        raise UsageError("--to 要与 --apply 一起用", "--to goes with --apply")
    again = repair_line(scenario, settings, stages, published, limits=limits, prices=prices, freezes=freezes)
    meant = as_settings(published, limits, prices, freezes)
    typed, settings = settings, (*settings, *meant)
    found = read_scenario(scenario, settings=settings, published=published, stages=stages or None)
    if not found.stages:
        raise too_few_tables(scenario, found.network)
    demand_planned(found, limits, prices, freezes)
    folder = None if number is None else Path(target or f"{found.name}-repaired")
    if folder is not None:
        demand_free(folder)
    tell_not_run(typed, found.stages)
    tell_published(found, past=True)
    with Progress(Everywhere.quiet) as progress:
        ways = find_ways_out(
            found, workers=workers or os.cpu_count(), whole=whole, most=most, on_progress=progress
        )
    kept = (*typed, *(s for s in meant if s.partition(".")[0] in found.stages))
    written = _applied(found, scenario, ways, number, folder, kept, published, stages)
    if as_json:
        print_json({**ways.as_dict(), "written": str(written or "")})
    else:
        print_ways(ways, again)
        if not ways.stage and number is not None:
            print_line(Text(f"--apply {number}：没有什么要修补，没有写出任何文件",
                            f"--apply {number}: there is nothing to mend, so nothing was written"))  # fmt: skip
    if ways.stage and not ways.repairs:
        raise InfeasibleError(
            "没有找到出路：冲突只在不可放松的规则之中，或改动超出了搜索的范围",
            "no way out was found: the clash lies in rules that must not give, or would take more than what was tried",
        )
    if written is not None and not as_json:
        print_line(Text(f"\n已写入 {written}；下一步：jiedui plan {written}",
                        f"\nwritten to {written}; next: jiedui plan {written}"))  # fmt: skip


def _applied(
    scenario: Scenario,
    where: str,
    ways: WaysOut,
    number: int | None,
    folder: Path | None,
    settings: tuple[str, ...],
    published: str,
    stages: tuple[str, ...],
) -> Path | None:
    """The overlay of the way out that was asked for."""
    if number is None or folder is None or not ways.repairs:
        return None
    if number > len(ways.repairs):
        raise UsageError(
            f"--apply {number}：只有 {len(ways.repairs)} 条出路",
            f"--apply {number}: there are only {several(len(ways.repairs), 'way')} out",
        )
    repair = ways.repairs[number - 1]
    return write_overlay(scenario, where, ways.stage, repair, folder, settings, published, stages)


def repair_line(
    scenario: str,
    settings: Sequence[str] = (),
    stages: Sequence[str] = (),
    published: str = "",
    *,
    limits: Sequence[str] = (),
    prices: Sequence[str] = (),
    freezes: Sequence[str] = (),
) -> str:
    """``jiedui repair`` with all that was given, to be typed."""
    given = {"--set": settings, "--stage": stages, "--published": [published] if published else [], "--changes": limits,
             "--change-price": prices, "--freeze": freezes}  # fmt: skip
    return shlex.join(
        ["jiedui", "repair", scenario, *(w for o, vs in given.items() for v in vs for w in (o, v))]
    )


def print_ways(ways: WaysOut, again: str) -> None:
    """The clash, its members, the ways out with their prices; ``again`` is the line that asked for them."""
    if not ways.stage:
        print_line(
            Text("✓ 各阶段都有解，没有要修补的", "✓ every stage can be solved, there is nothing to mend")
        )
        return
    print_line(ways.beside if ways.members else ways.told)
    if ways.members:
        heading = members_heading(len(ways.members), ways.irreducible, ways.enough)
        print_line(Text(f"\n{heading.zh}：", f"\n{heading.en}:"))
    for told in dict.fromkeys(_member_line(ways, m) for m in ways.members):
        print_line(f"  · {told}")
    for other in ways.others:
        print_line(besides_heading(len(other)))
        for told in dict.fromkeys(_member_line(ways, m) for m in other):
            print_line(f"  · {told}")
    if ways.repairs:
        print_line(Text("\n出路，代价小的在前（每条都已求解并逐行复核这一阶段）：",
                        "\nWays out, the cheapest first (with each the stage was solved and checked row by row):"))  # fmt: skip
    for i, repair in enumerate(ways.repairs):
        words = str(Text("；", "; ")).join(str(w) for w in repair.words)
        print_line(f"  {i + 1}. {words}")
        print_line(f"     {price_words(repair)}{_later(ways.later.get(i))}")
    if ways.repairs:
        line = f"{again} --apply 1"
        print_line(
            Text(
                f"\n采用第一条（别的换号码）：{line}", f"\nTake the first (or another by its number): {line}"
            )
        )


def _member_line(ways: WaysOut, member: Member) -> Text:
    """A member, of a whole rule also where it is tight if rows show that; where it was set, and whether it must not give."""
    rows = None if member.entry or member.table else ways.tight.get(member.key)
    told = member.text if rows is None else Text(rows.zh + member.source.zh, rows.en + member.source.en)
    return Text(f"{told.zh}（不可放松）", f"{told.en} (must not give)") if member.never_relax else told


def members_heading(n: int, irreducible: bool, enough: bool) -> Text:
    """What ``n`` members of a clash are: one alone cannot hold by itself; ``enough``: without any one the stage holds."""
    if n == 1:
        return Text("这一条自身就不能成立", "This one cannot hold by itself")
    sure = Text("，缺一条即可成立", ", and without any one of them the others can")
    if not enough:
        sure = Text(
            f"{sure.zh}（本阶段其余规则都关掉时）", f"{sure.en}, every other rule of the stage being off"
        )
    more = sure if irreducible else Text("", "")
    return Text(f"不能同时成立的 {n} 条{more.zh}", f"These {n} cannot hold together{more.en}")


def besides_heading(n: int) -> Text:
    """What ``n`` members of another clash are."""
    if n == 1:
        return Text("\n此外，这一条自身就不能成立：", "\nBesides, this one cannot hold by itself:")
    return Text(f"\n此外，这 {n} 条也不能同时成立：", f"\nBesides, these {n} cannot hold together either:")


def price_words(repair: Repair) -> Text:
    """What a way out costs: how many changes, how large, and what the stage's objective comes to."""
    n, size = len(repair.edits), size_words(repair.size)
    comes = figure(repair.objective / repair.scale)
    better = (
        Text("越大越好", "more is better") if repair.sense == "max" else Text("越小越好", "less is better")
    )
    none = Text("", "") if repair.decides else NOTHING_LEFT
    return Text(
        f"代价：{n} 处改动，幅度 {size.zh}；目标值 {comes}（{better.zh}）{none.zh}",
        f"price: {several(n, 'change')}, {size.en} in size; the objective comes to {comes} ({better.en}){none.en}",
    )


def size_words(size: float) -> Text:
    """The size of changes against the old values: in per cent, large ones as a multiple."""
    if size < MULTIPLE:
        return Text(f"{size:.0%}", f"{size:.0%}")
    return Text(f"原值的 {size:,.0f} 倍", f"{size:,.0f} times the old values")


NOTHING_LEFT = Text(
    "；但这一阶段就什么也不决定了（结果表一行也没有）",
    "; but then the stage decides nothing (not a row is left in its tables)",
)


def _later(stage: str | None) -> Text:
    """That a stage after it has no answer then."""
    if not stage:
        return Text("", "")
    title = STAGES[stage].title if stage in STAGES else ENUMS["stage"].get(stage, Text(stage, stage))
    return Text(f"；但之后的 {title.zh} 仍无解", f"; but {title.en} after it has no answer then")
