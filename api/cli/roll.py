"""``jiedui roll``: play the years after a scenario's date, once for each way of looking ahead."""

from __future__ import annotations

import os
from typing import Any

import click
import cloup

from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.roll_progress import RollProgress
from api.cli.screen import as_word, print_json, print_line, print_table
from api.money import money
from graph.language import Text
from graph.percent import percent
from planner.roll.figures import TITLES as FIGURES
from planner.roll.horizon import HORIZONS, TITLES
from planner.roll.outcome import OUTCOMES
from planner.roll.run import Roll, run_roll
from planner.scenario import read_scenario

YEARLY = (
    "persons_reduced", "against_reference", "persons_end", "counties_planned", "counties_exited", "counties_missed", "counties_left",
    "yuan_spent", "need_met", "worst_met", "postings_begun", "pledges_kept", "findings_open",
)  # fmt: skip
"""Figures of each year that are shown; the others are in ``--json``."""

CAME = {
    "seeded": Text("推演的结果是合成的（synthetic），机会的大小是假定的（assumed）", "What came is made up (synthetic), and the chances are assumed"),
    "expected": Text("推演的结果是各阶段的预期（synthetic），什么也没有抽取", "What came is what the stages expect (synthetic), nothing was drawn"),
    "recorded": Text("推演的结果有记录的按记录，没有的按各阶段的预期（synthetic）", "What came is as recorded, else what the stages expect (synthetic)"),
}  # fmt: skip
"""Outcome → what its figures are."""


@cloup.command("roll", help=str(Text("逐年推演：规划、遇上结果、记入各表、再规划；比较三种眼界",
                                     "play year after year: plan, meet what comes, write it down, plan again; three horizons compared")))  # fmt: skip
@cloup.argument("scenario", default="china-2016")
@cloup.option("--until", type=int, default=None, metavar="YEAR",
              help=str(Text("推演到哪一年（缺省：退出的最后期限，或最后一个有预算的年份）",
                            "last year that is played (default: the deadline of exits, else the last year with a budget)")))  # fmt: skip
@cloup.option("--outcome", type=click.Choice(OUTCOMES), default="seeded",
              help=str(Text("来什么结果，依次为：抽取（缺省）、恰如预期、按表中后来的记录（没有记录的按预期）",
                            "what comes: drawn (default), as expected, or as the tables record it of later years (as expected where they do not)")))  # fmt: skip
@cloup.option("--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help=str(Text("抽取结果的种子", "seed of what is drawn")))  # fmt: skip
@cloup.option("--horizon", "horizons", multiple=True, type=click.Choice(HORIZONS),
              help=str(Text("只推演这些眼界（可多次给出），依次为：逐年、滚动、一次规划到底",
                            "play only these ways of looking ahead (may be repeated)")))  # fmt: skip
@cloup.option("--reference", type=click.IntRange(0), default=None, metavar="PERSONS",
              help=str(Text("每年减贫与之比较的人数（缺省：表中此前各年的平均）",
                            "persons a year against which each year is held (default: the mean of the years before, from the tables)")))  # fmt: skip
@cloup.option("-o", "--out", default="rolls", show_default=True, metavar="DIR",
              help=str(Text("写在哪个文件夹下；同一条命令接着做没做完的", "folder that the roll's folder is written into; the same command goes on where it was left")))  # fmt: skip
@cloup.option("--stage", "stages", multiple=True, metavar="STAGE",
              help=str(Text("只跑这些阶段（可多次给出）", "run only these stages (may be repeated)")))  # fmt: skip
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("改一个政策值（可多次给出）", "change a policy value (may be repeated)")))  # fmt: skip
@cloup.option("--workers", type=click.IntRange(1, 256), default=None,
              help=str(Text("子进程数（缺省：核数）；不影响结果", "child processes (default: cores); changes no result")))  # fmt: skip
@cloup.option("--picture", default=None, metavar="FILE",
              help=str(Text("把比较画成一张矢量图，写入此文件", "draw the comparison as a picture (SVG) into this file")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    until: int | None,
    outcome: str,
    seed: int,
    horizons: tuple[str, ...],
    reference: int | None,
    out: str,
    stages: tuple[str, ...],
    settings: tuple[str, ...],
    workers: int | None,
    picture: str | None,
    as_json: bool,
) -> None:
    """Play; then tell what the years came to."""
    found = read_scenario(scenario, settings=settings, stages=stages or None)
    tell_not_run(settings, found.stages)
    with RollProgress(Everywhere.quiet) as progress:
        roll = run_roll(
            found,
            out,
            until=until,
            outcome=outcome,
            seed=seed,
            horizons=horizons or HORIZONS,
            reference=reference,
            workers=workers or os.cpu_count(),
            on_progress=progress,
        )
    if picture:
        from api.roll_picture import write_picture

        write_picture(roll, picture)
    if as_json:
        print_json(as_document(roll))
    else:
        print_roll(roll)


def as_document(roll: Roll) -> dict[str, Any]:
    """Everything that is known of the roll."""
    return {"folder": str(roll.folder), **roll.head, "years": roll.years.to_dicts(), "totals": roll.totals}


def print_roll(roll: Roll) -> None:
    """The years before, each horizon's years, the sums with how far they are from the full horizon's, and where to ask on."""
    _print_before(roll)
    for horizon in roll.head["horizons"]:
        _print_years(roll, horizon)
    _print_totals(roll)
    _print_recorded(roll)
    last = roll.folder / roll.head["horizons"][0] / str(roll.head["until"])
    came = CAME[roll.head["outcome"]]
    print_line(Text(f"\n{came.zh}。文件夹：{roll.folder}", f"\n{came.en}. Folder: {roll.folder}"))
    print_line(Text(f"每一年都可以再问：jiedui ask 地名 --on {as_word(last)}",
                    f"every year can be asked: jiedui ask PLACE --on {as_word(last)}"))  # fmt: skip


def _print_before(roll: Roll) -> None:
    history, held = roll.head["history"], roll.head["reference"]
    if history:
        rows = [(str(h["year"]), h["persons"]) for h in history]
        print_table(str(Text("此前各年（表中记录）", "The years before, as the tables record them")),
                    [Text("年份", "year"), FIGURES["persons_reduced"]], rows)  # fmt: skip
    if held is not None:
        span = f"{held['first']}–{held['last']}" if "first" in held else held["source"]
        print_line(
            Text(
                f"对照：每年 {held['persons']:,} 人（{span}）\n",
                f"held against: {held['persons']:,} persons a year ({span})\n",
            )
        )


def _print_years(roll: Roll, horizon: str) -> None:
    mine = roll.years.filter(roll.years["horizon"] == horizon)
    shown = [c for c in YEARLY if mine[c].null_count() < mine.height]
    rows = [(FIGURES[c], *(cell(c, v) for v in mine[c].to_list())) for c in shown]
    print_table(str(TITLES[horizon]), ["", *(str(y) for y in mine["year"])], rows)
    for year, zh, en in mine.select("year", "reason_zh", "reason_en").iter_rows():
        if zh:
            print_line(Text(f"  ! {year}：{zh}", f"  ! {year}: {en}"))
    print_line("")


def _print_totals(roll: Roll) -> None:
    totals = roll.totals
    keys = [k for k in FIGURES if any(t.get(k) is not None for t in totals.values())]
    beside = [h for h in totals if h != "full" and "full" in totals]
    columns: list[Text | str] = [Text("各年合计", "all years"), *(TITLES[h] for h in totals)]
    columns += [Text(f"{TITLES[h].zh}−到底", f"{TITLES[h].en} − full") for h in beside]
    rows = [
        (
            FIGURES[k],
            *(cell(k, t[k]) for t in totals.values()),
            *(signed(k, totals[h]["from_full"].get(k)) for h in beside),
        )
        for k in keys
        if all(k in t for t in totals.values())
    ]
    print_table(str(Text("三种眼界的比较", "The horizons compared")), columns, rows)


def _print_recorded(roll: Roll) -> None:
    """Of what there is no record."""
    for year, counts in (roll.head["recorded"] or {}).items():
        there = [f"{k} {n}" for k, n in counts.items() if n]
        none = [k for k, n in counts.items() if not n]
        print_line(Text(f"{year}：有记录的：{'、'.join(there) or '无'}；没有记录、按预期的：{'、'.join(none) or '无'}",
                        f"{year}: recorded: {', '.join(there) or 'nothing'}; not recorded, as expected: {', '.join(none) or 'nothing'}"))  # fmt: skip


def cell(key: str, value: Any) -> str:
    """A figure: shares in per cent, money in the unit that reads well."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return percent(value)
    if key.startswith("yuan"):
        return str(money(value, brief=True))
    return f"{value:,}" if isinstance(value, int) else str(value)


def signed(key: str, value: Any) -> str:
    """A difference, with its sign."""
    if isinstance(value, float):
        return percent(value, sign=True)
    return "–" if value is None else ("+" if value > 0 else "") + cell(key, value)
