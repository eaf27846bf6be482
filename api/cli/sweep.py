"""``jiedui sweep``: plan a scenario many times, with values varied."""

from __future__ import annotations

import os
import sys
from typing import Any

import click
import cloup

from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.screen import figure, joined, print_json, print_line, print_more, print_table
from api.cli.sweep_progress import SweepProgress
from graph.errors import UsageError
from graph.language import Text, several
from planner.scenario import read_scenario
from planner.stage_words import typed_stages
from planner.sweep.design import METHODS, Design, design_of
from planner.sweep.run import Sweep, run_sweep
from planner.sweep.summary import effects, failures, figures

MANY = 1_000
"""Runs above which one is asked."""
SHOWN = 20
STATES = {
    "done": Text("有方案", "planned"),
    "infeasible": Text("规则不能同时成立", "rules clash"),
    "no_answer": Text("限度内无解", "no answer"),
    "failed": Text("失败", "failed"),
}


@cloup.command(
    "sweep",
    help=str(
        Text("改变几个值，把一个场景规划许多次", "plan a scenario many times, with some of its values varied")
    ),
)
@cloup.argument("scenario")
@cloup.option("--vary", "words", multiple=True, metavar="KEY=VALUES",
              help=str(Text("变什么（可多次给出）：“阶段.键”，或“表[列=值].列”（设为），或“表[列=值].列*”（乘以）；“=”之后是 a:b:n（从 a 到 b 均匀取 n 个），"
                            "或逗号隔开的各值；抽样时也可为 a:b",
                            "what is varied (may be repeated): STAGE.KEY, or TABLE[COLUMN=VALUE].COLUMN (set) or …COLUMN* (scale); then = and a:b:n (n "
                            "evenly spaced numbers from a to b), or values between commas; with --sample also a:b")))  # fmt: skip
@cloup.option("--uncertain", "each_row", multiple=True, metavar="CELLS=A:B",
              help=str(Text("不确定的单元格（可多次给出，须加 --sample）：“表[列=值].列*=a:b”，符合条件的每一行各自抽取",
                            "uncertain cells (may be repeated, needs --sample): TABLE[COLUMN=VALUE].COLUMN*=a:b, each row that matches drawn on its own")))  # fmt: skip
@cloup.option("--sample", type=click.IntRange(1), default=None, metavar="N",
              help=str(Text("抽取这么多次，而不是全部组合", "draw so many runs instead of every combination")))  # fmt: skip
@cloup.option("--method", type=click.Choice(METHODS), default="lhs",
              help=str(Text("抽样方法：拉丁超立方（缺省）、低差异序列、独立随机", "how they are drawn: Latin hypercube (default), Sobol sequence, independently")))  # fmt: skip
@cloup.option("--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help=str(Text("抽样的种子", "seed of the draw")))  # fmt: skip
@cloup.option("-o", "--out", default="sweeps", show_default=True, metavar="DIR",
              help=str(Text("写在哪个文件夹下；同一条命令接着做没做完的", "folder that the sweep's folder is written into; the same command goes on where it was left")))  # fmt: skip
@cloup.option("--stage", "stages", multiple=True, metavar="STAGE",
              help=str(Text("只跑这些阶段（可多次给出）", "run only these stages (may be repeated)")))  # fmt: skip
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("每次都改的政策值（可多次给出）", "change a policy value in all runs (may be repeated)")))  # fmt: skip
@cloup.option("--workers", type=click.IntRange(1, 256), default=None,
              help=str(Text("同时规划几次（缺省：核数）；不影响结果", "runs at the same time (default: cores); changes no result")))  # fmt: skip
@cloup.option("--dask", default=None, metavar="ADDRESS",
              help=str(Text("在 Dask 集群上规划：其调度器的地址；不影响结果", "plan on a Dask cluster: its scheduler's address; changes no result")))  # fmt: skip
@cloup.option("--kpi", "kpis", multiple=True, metavar="STAGE.KEY",
              help=str(Text("结尾列出的指标（可多次给出；缺省：各阶段的成本或得分）", "key figures told at the end (may be repeated; default: each stage's cost or points)")))  # fmt: skip
@cloup.option("--keep-plans", is_flag=True,
              help=str(Text("留下每次的方案文件夹；缺省只留每次一行", "keep each run's plan; by default only a row of each is kept")))  # fmt: skip
@cloup.option("--no-reuse", is_flag=True,
              help=str(Text("各次之间不沿用相同任务的答案；不影响结果", "let no run use another's answers for tasks that are the same; changes no result")))  # fmt: skip
@cloup.option("--yes", is_flag=True,
              help=str(Text(f"多于 {MANY} 次也不询问", f"do not ask, though there are more than {MANY} runs")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    words: tuple[str, ...],
    each_row: tuple[str, ...],
    sample: int | None,
    method: str,
    seed: int,
    out: str,
    stages: tuple[str, ...],
    settings: tuple[str, ...],
    workers: int | None,
    dask: str | None,
    kpis: tuple[str, ...],
    keep_plans: bool,
    no_reuse: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Plan all runs; then tell what they come to."""
    found = read_scenario(scenario, settings=settings, stages=stages or None)
    tell_not_run(settings, found.stages)
    for key in kpis:
        if key.partition(".")[0] not in found.stages:
            listed = typed_stages(found.stages)
            raise UsageError(f"--kpi {key}：应为 阶段.指标，阶段为其中之一：{listed.zh}",
                             f"--kpi {key}: must be STAGE.KEY with one of the stages {listed.en}")  # fmt: skip
    design = design_of(found, words, sample=sample, method=method, seed=seed, each_row=each_row)
    if not yes:
        ask_about(design, as_json)
    progress = SweepProgress(Everywhere.quiet, design.runs)
    with progress, progress.told_at_the_end():
        sweep = run_sweep(
            found,
            design,
            out,
            workers=workers or (None if dask else os.cpu_count()),
            dask=dask,
            keep_plans=keep_plans,
            reuse=not no_reuse,
            on_progress=progress,
        )
    chosen = figures(sweep, kpis)
    if as_json:
        print_json(as_document(sweep, chosen))
    else:
        print_sweep(sweep, chosen)


def ask_about(design: Design, as_json: bool) -> None:
    """Many runs are asked about on a terminal, and refused elsewhere; none of them has been built yet.

    Raises
    ------
    UsageError
        When there is nobody to ask.
    """
    if design.runs <= MANY:
        return
    if as_json or not sys.stdin.isatty():
        raise UsageError(
            f"共有 {design.runs:,} 次规划，多于 {MANY:,} 次；确要如此请加 --yes，或用 --sample 抽样",
            f"there are {design.runs:,} runs, more than {MANY:,}; add --yes if that is meant, or draw some with --sample",
        )
    question = Text(f"共有 {design.runs:,} 次规划。继续吗？", f"There are {design.runs:,} runs. Go on?")
    click.confirm(str(question), abort=True, err=True)


def as_document(sweep: Sweep, kpis: list[str]) -> dict[str, Any]:
    """Everything that the summary tells, and every run."""
    return {
        "folder": str(sweep.folder),
        **sweep.head,
        "runs": sweep.runs.to_dicts(),
        "effects": effects(sweep, kpis).to_dicts(),
        "failures": [
            {"status": s, "reason": r.as_dict(), "runs": numbers} for s, r, numbers in failures(sweep)
        ],
    }


def print_sweep(sweep: Sweep, kpis: list[str]) -> None:
    """The first runs, what each axis does, and why runs have no plan."""
    axes = [a["key"] for a in sweep.head["axes"]]
    done = sweep.runs.filter(sweep.runs["status"] == "done").height
    rows = [
        (
            str(row["number"]),
            *(_cell(row[k]) for k in axes),
            str(STATES[row["status"]]),
            *(row[k] for k in kpis),
        )
        for row in sweep.runs.head(SHOWN).iter_rows(named=True)
    ]
    print_table(str(Text("各次", "Runs")), [Text("次", "run"), *axes, Text("状态", "status"), *kpis], rows)
    print_more(sweep.runs.height, SHOWN)
    if done:
        print_line("")
        _print_effects(sweep, kpis)
    _print_failures(sweep)
    print_line(Text(f"\n{sweep.runs.height} 次，{done} 次有方案；每次一行在 {sweep.folder / 'runs.parquet'}",
                    f"\n{several(sweep.runs.height, 'run')}, {done} with a plan; a row of each in {sweep.folder / 'runs.parquet'}"))  # fmt: skip


def _print_effects(sweep: Sweep, kpis: list[str]) -> None:
    alike = [k for k in kpis if sweep.runs[k].drop_nulls().n_unique() == 1]
    rows = [
        (axis, value, f"{ended}/{runs}", kpi, figure(mean), figure(least), figure(most))
        for axis, value, runs, ended, kpi, mean, least, most in effects(sweep, kpis).iter_rows()
        if kpi and kpi not in alike
    ]
    columns = (
        Text("变的值", "varied"),
        Text("取值", "value"),
        Text("有方案", "planned"),
        Text("指标", "key figure"),
        Text("平均", "mean"),
        Text("最小", "least"),
        Text("最大", "most"),
    )
    if rows:
        print_table(str(Text("每个值的作用", "What each value does")), columns, rows)
    if alike:
        print_line(Text(f"每次都一样：{'、'.join(alike)}", f"the same in every run: {', '.join(alike)}"))


def _print_failures(sweep: Sweep) -> None:
    for status, reason, numbers in failures(sweep):
        first = joined(str(n) for n in numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")
        print_line(Text(f"\n✗ {STATES[status].zh}（{len(numbers)} 次：{first}）：{reason.zh}",
                        f"\n✗ {STATES[status].en} ({several(len(numbers), 'run')}: {first}): {reason.en}"))  # fmt: skip


def _cell(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
