"""``jiedui robust``: what of a plan stays when uncertain tables come out otherwise, and plans made for all of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click
import cloup
import polars as pl

from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.screen import (
    all_with_pinyin,
    as_word,
    figure,
    joined,
    print_json,
    print_line,
    print_more,
    print_table,
)
from api.cli.sweep import STATES
from api.cli.sweep_progress import SweepProgress
from graph.errors import UsageError
from graph.language import Text, several
from graph.network import Network
from planner.robust.choose import CRITERIA
from planner.robust.futures import make_futures
from planner.robust.kept import MORE_IS_BETTER, as_dict, candidate_rows, robust_dict, shown, write_robust
from planner.robust.one_model import CRITERIA as KNOWN
from planner.robust.shares import TOLERANCE
from planner.robust.study import DEFAULT, TAIL, Options, RobustStudy, StageStudy, make_robust
from planner.scenario import read_scenario
from planner.stages import STAGES
from planner.sweep.design import METHODS, design_of
from planner.sweep.summary import failures

SHAKIEST, SHOWN = 8, 20
SAID = {
    "worst": Text("最坏情形", "worst case"),
    "regret": Text("最大遗憾", "greatest regret"),
    "tail": Text("最坏的若干未来的平均", "mean of the worst futures"),
    "mean": Text("期望值", "expected value"),
    "every": Text("每个未来都守得住", "fits every future"),
}


@cloup.command(
    "robust",
    help=str(Text("输入不确定时：各项决定在多少未来里不变，哪个方案经得起，以及一个模型求出的稳健方案",
                  "under uncertain inputs: in how many futures each decision stays, which plan stands up to them, and robust plans "
                  "solved as one model")),
)  # fmt: skip
@cloup.argument("scenario")
@cloup.option("--uncertain", "each_row", multiple=True, metavar="CELLS=A:B",
              help=str(Text("不确定的单元格（可多次给出）：“表[列=值].列*=a:b”，符合条件的每一行各自抽取",
                            "uncertain cells (may be repeated): TABLE[COLUMN=VALUE].COLUMN*=a:b, each row that matches drawn on its own")))  # fmt: skip
@cloup.option("--vary", "words", multiple=True, metavar="KEY=A:B",
              help=str(Text("所有的行共用一个抽取的值，或一个政策值（可多次给出；写法同 sweep）",
                            "one draw for all rows, or a policy value (may be repeated; as in sweep)")))  # fmt: skip
@cloup.option("--sample", type=click.IntRange(2), default=16, show_default=True, metavar="N",
              help=str(Text("抽取多少个未来", "how many futures are drawn")))  # fmt: skip
@cloup.option("--method", type=click.Choice(METHODS), default="lhs",
              help=str(Text("抽样方法：拉丁超立方（缺省）、低差异序列、独立随机", "how they are drawn: Latin hypercube (default), Sobol sequence, independently")))  # fmt: skip
@cloup.option("--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help=str(Text("抽样的种子", "seed of the draw")))  # fmt: skip
@cloup.option("--stage", "stages", multiple=True, metavar="STAGE",
              help=str(Text("只规划这些阶段（可多次给出）", "plan only these stages (may be repeated)")))  # fmt: skip
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("改一个政策值（可多次给出）", "change a policy value (may be repeated)")))  # fmt: skip
@cloup.option("--tolerance", type=click.FloatRange(0, 1), default=TOLERANCE, show_default=True, metavar="SHARE",
              help=str(Text("县一年的资金相差不超过此比例算不变", "how far a county's money of a year may be off and still stay")))  # fmt: skip
@cloup.option("--criterion", "criteria", multiple=True, type=click.Choice([*KNOWN, "none"]), default=DEFAULT,
              help=str(Text("稳健方案按什么求（可多次给出）：最坏情形、最大遗憾、最坏的若干未来的平均、期望值；最后一项是不求；缺省为前三项",
                            "by what robust plans are made (may be repeated): worst case, greatest regret, mean of the worst futures, expected value; "
                            "none: no such plan; default: the first three")))  # fmt: skip
@cloup.option("--tail", type=click.FloatRange(0, 1, min_open=True), default=TAIL, show_default=True, metavar="SHARE",
              help=str(Text("“最坏的若干未来”占多大比例", "what share of the futures, the worst, tail looks at")))  # fmt: skip
@cloup.option("-o", "--out", default="sweeps", show_default=True, metavar="DIR",
              help=str(Text("写在哪个文件夹下；同一条命令接着做没做完的", "folder that the futures are written into; the same command goes on where it was left")))  # fmt: skip
@cloup.option("--workers", type=click.IntRange(1, 256), default=None,
              help=str(Text("同时规划几个未来（缺省：核数）；不影响结果", "futures planned at the same time (default: cores); changes no result")))  # fmt: skip
@cloup.option("--dask", default=None, metavar="ADDRESS",
              help=str(Text("在 Dask 集群上规划：其调度器的地址；不影响结果", "plan on a Dask cluster: its scheduler's address; changes no result")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    each_row: tuple[str, ...],
    words: tuple[str, ...],
    sample: int,
    method: str,
    seed: int,
    stages: tuple[str, ...],
    settings: tuple[str, ...],
    tolerance: float,
    criteria: tuple[str, ...],
    tail: float,
    out: str,
    workers: int | None,
    dask: str | None,
    as_json: bool,
) -> None:
    """Draw futures, plan them, hold plans in them, and tell what stands up to them."""
    if not each_row and not words:
        raise UsageError(
            "没有不确定的东西：请给出 --uncertain 表[].列*=a:b（或 --vary）",
            "nothing is uncertain: give --uncertain TABLE[].COLUMN*=a:b (or --vary)",
        )
    found = read_scenario(scenario, settings=settings, stages=stages or None)
    tell_not_run(settings, found.stages)
    design = design_of(found, words, sample=sample, method=method, seed=seed, each_row=each_row)
    asked = tuple(dict.fromkeys(c for c in criteria if c != "none"))
    progress = SweepProgress(Everywhere.quiet, design.runs)
    with progress, progress.told_at_the_end():
        at_once = workers or (None if dask else os.cpu_count())
        futures = make_futures(found, design, out, workers=at_once, dask=dask, on_progress=progress)
    on_step = None if Everywhere.quiet else tell
    study = make_robust(futures, Options(tolerance, asked, tail), dask=dask, on_step=on_step)
    folder = write_robust(study, scenario, settings)
    from api.shares_picture import write_picture

    drawn = write_picture(study, folder / "shares.svg")
    if as_json:
        tables = {"shares": study.shares.to_dicts(), "candidates": candidate_rows(study).to_dicts()}
        print_json({"folder": str(folder), "picture": str(drawn or ""), **as_dict(study), **tables})
    else:
        print_robust(study, folder, drawn)


def tell(step: Text) -> None:
    """What is being done."""
    print(step, file=sys.stderr, flush=True)


def print_robust(study: RobustStudy, folder: Path, drawn: Path | None) -> None:
    """Futures, what stays, candidates, robust plans, where it is kept."""
    futures = study.futures
    n, planned = futures.design.runs, len(futures.planned)
    print_line(Text(f"{n} 个未来，{planned} 个有方案", f"{several(n, 'future')}, {planned} with a plan"))
    for status, reason, numbers in failures(futures.sweep):
        first = joined(str(k) for k in numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")
        print_line(
            Text(
                f"✗ {STATES[status].zh}（{first}）：{reason.zh}",
                f"✗ {STATES[status].en} ({first}): {reason.en}",
            )
        )
    if futures.nominal is None:
        print_line(
            Text("场景本身的规则不能同时成立", "the rules of the scenario as it stands cannot hold together")
        )
    for stage in futures.scenario.stages:
        print_shares(study, stage)
    for one in study.stages:
        print_candidates(one)
        print_plans(one, folder)
    if drawn is not None:
        print_line(Text(f"\n图：{drawn}", f"\npicture: {drawn}"))
    print_line(Text(f"全部在 {folder}", f"all of it in {folder}"))


def print_shares(study: RobustStudy, stage: str) -> None:
    """How many of the nominal plan's decisions stay in all futures, and those that stay least."""
    mine = study.shares.filter((pl.col("stage") == stage) & pl.col("nominal"))
    if mine.is_empty():
        return
    n, title = len(study.futures.planned), STAGES[stage].title
    always = mine.filter(pl.col("futures") == n).height
    what, within = Text("", ""), study.options.tolerance
    if stage == "funds":
        what = Text(f"（一县一年的资金，相差不超过 {within:.0%} 算不变）",
                    f" (a county's money of a year, which stays where it is within {within:.0%})")  # fmt: skip
    print_line(Text(f"\n{title.zh}：{mine.height:,} 项决定中 {always:,} 项在全部 {n} 个有方案的未来里不变{what.zh}",
                    f"\n{title.en}: {always:,} of {several(mine.height, 'decision')} stay in all {n} futures with a plan{what.en}"))  # fmt: skip
    shaky = mine.filter(pl.col("futures") < n).sort("futures", "decision")
    if shaky.height:
        network = study.futures.scenario.network
        first = shaky.select("decision", "futures").head(SHAKIEST).rows()
        names = [named(told, network) for told, _ in first]
        rows = [
            (told, name, f"{k}/{n}")
            for (told, k), name in zip(first, all_with_pinyin(names, network), strict=True)
        ]
        print_table(
            str(Text("最不稳的", "The shakiest")),
            [Text("决定", "decision"), Text("名称", "names"), Text("不变", "stays")],
            rows,
        )
        print_more(shaky.height, SHAKIEST)


def named(decision: str, network: Network) -> str:
    """A decision with the names of what stands in it: ``supporter > recipient``; ``county, year``; ``cadre > village, post``."""
    ends = (part.split(":") for part in decision.split(">"))
    return " > ".join(", ".join(network.label(p) for p in some) for some in ends)


def print_candidates(one: StageStudy) -> None:
    """Every plan in all futures, and which of them each criterion picks."""
    rows: list[tuple[Any, ...]] = []
    for j in one.judged:
        picked = joined(str(CRITERIA[c]) for c in CRITERIA if j.candidate.name in one.picks[c])
        name = j.candidate.name + (f" (+{len(j.candidate.also)})" if j.candidate.also else "")
        rows.append(
            (name, len(j.candidate.breaks), *(shown(one.stage, c, j.figures[c]) for c in CRITERIA), picked)
        )
    title, better = STAGES[one.stage].title, Text("越小越好", "less is better")
    if one.stage in MORE_IS_BETTER:
        better = Text("越大越好，遗憾越小越好", "more is better, of regret less")
    columns = (Text("方案", "plan"), Text("守不住规则的未来", "futures in which it breaks a rule"), *(SAID[c] for c in CRITERIA),
               Text("被选中", "picked for"))  # fmt: skip
    print_line("")
    print_table(
        str(
            Text(
                f"{title.zh}：各方案在每个未来里（分，{better.zh}）",
                f"{title.en}: every plan in all futures (points, {better.en})",
            )
        ),
        columns,
        rows[:SHOWN],
    )
    print_more(len(rows), SHOWN)
    print_line(Text(
        "nominal：场景本身的方案；数字：那个未来自己的最优方案（+n：另有 n 个未来与它相同）；robust：为全部未来而做的方案。各数字只算守得住规则的未来",
        "nominal: the plan of the scenario as it stands; a number: that future's own best plan (+n: n more futures have the same); robust: a plan made for all "
        "futures. Figures are over the futures in which a plan breaks no rule"))  # fmt: skip
    print_broken(one)
    for criterion, names in one.picks.items():
        if len(names) > 1:
            said = CRITERIA[criterion]
            print_line(Text(f"{said.zh}：{len(names)} 个并列", f"{said.en}: {len(names)} tie"))


def print_broken(one: StageStudy) -> None:
    """A rule that the plan of the scenario as it stands breaks in a future; nothing where it breaks none."""
    nominal = next((j.candidate for j in one.judged if j.candidate.name == "nominal"), None)
    broken = nominal.breaks if nominal is not None else ()
    if nominal is not None and broken:
        first = nominal.values[broken[0]].first
        print_line(
            Text(
                f"nominal 在未来 {broken[0]} 里守不住的规则，如：{first.zh}",
                f"nominal breaks in future {broken[0]}, for one: {first.en}",
            )
        )


def print_plans(one: StageStudy, folder: Path) -> None:
    """Robust plans with their bounds, how to plan them, and futures that were left out."""
    for robust in one.robust:
        said, told = SAID[robust.criterion], robust_dict(one.stage, robust)
        if robust.decision is None:
            print_line(
                Text(
                    f"稳健方案（{said.zh}）：没有：{robust.why.zh}",
                    f"robust plan ({said.en}): none: {robust.why.en}",
                )
            )
            continue
        value, bound = figure(told["objective"]), figure(told["bound"])
        print_line(Text(f"稳健方案（{said.zh}）：{value}，界 {bound}，{robust.status}；{len(robust.futures)} 个未来的规则都成立，已逐行复核",
                        f"robust plan ({said.en}): {value}, bound {bound}, {robust.status}; keeps the rules of "
                        f"{several(len(robust.futures), 'future')}, checked row by row"))  # fmt: skip
        place = folder / f"{one.stage}.{robust.criterion}"
        if place.is_dir():
            print_line(
                Text(f"  做出它：jiedui plan {as_word(place)}", f"  plan it: jiedui plan {as_word(place)}")
            )
    if one.robust and one.robust[0].left_out:
        out = joined(str(n) for n in one.robust[0].left_out)
        print_line(
            Text(
                f"其规则与其余的不能同时成立，未计入：{out}",
                f"left out, as their rules cannot hold together with the others': {out}",
            )
        )
