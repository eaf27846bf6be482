"""``jiedui plan``: plan a scenario."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click
import cloup

from api.cli.against import as_settings, demand_planned, limit_options, published_option, tell_published
from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.opening import Day
from api.cli.progress import Progress, tell_listener
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command(
    "plan", help=str(Text("规划一个场景，写出方案文件夹", "plan a scenario and write the plan's folder"))
)
@cloup.argument("scenario", default="china-2016")
@cloup.option("-o", "--out", default="plans", show_default=True, metavar="DIR",
              help=str(Text("方案写在哪个文件夹下", "folder that the plan's folder is written into")))  # fmt: skip
@cloup.option("--stage", "stages", multiple=True, metavar="STAGE",
              help=str(Text("只跑这些阶段（可多次给出）", "run only these stages (may be repeated)")))  # fmt: skip
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("改一个政策值（可多次给出）", "change a policy value (may be repeated)")))  # fmt: skip
@published_option
@limit_options
@cloup.option("--workers", type=click.IntRange(1, 256), default=None,
              help=str(Text("子进程数（缺省：核数）；用 --dask 时是在集群上同时求解的最多任务数。不影响结果",
                            "child processes (default: cores); with --dask the most tasks solved there at once; changes no result")))  # fmt: skip
@cloup.option("--dask", default=None, metavar="ADDRESS",
              help=str(Text("在 Dask 集群上求解：其调度器的地址，如 tcp://127.0.0.1:8786；不影响结果",
                            "solve on a Dask cluster: its scheduler's address, such as tcp://127.0.0.1:8786; changes no result")))  # fmt: skip
@cloup.option("--time-limit", type=click.FloatRange(0, min_open=True), default=None, metavar="SECONDS",
              help=str(Text("每次求解的时限；计入方案编号", "limit of each solve; part of the plan's id")))  # fmt: skip
@cloup.option("--elastic", is_flag=True,
              help=str(Text("规则不能同时成立时，做违约最少的方案，并逐处说明；计入方案编号",
                            "where rules cannot hold together, make the plan with the least broken promises and tell each; part of the "
                            "plan's id")))  # fmt: skip
@cloup.option(
    "--again",
    is_flag=True,
    help=str(
        Text(
            "即使已有同号方案也重新计算，全部重新求解",
            "compute although the plan is there, and solve everything anew",
        )
    ),
)
@cloup.option(
    "--no-reuse",
    is_flag=True,
    help=str(
        Text(
            "不沿用以前方案中相同任务的答案，也不留下答案；不影响结果",
            "use no answers of earlier plans for tasks that are the same, and keep none; changes no result",
        )
    ),
)
@cloup.option("--certificate", default=None, metavar="FILE",
              help=str(Text("人手不足以配齐必须岗位时，把证书写入此文件；jiedui verify 场景 --certificate 文件 可核查",
                            "where people are too few for posts that must be filled: write the certificate, which jiedui verify "
                            "SCENARIO --certificate FILE checks")))  # fmt: skip
@cloup.option(
    "--skip-bad-rows",
    is_flag=True,
    help=str(Text("跳过有错的行并说明", "leave out rows with errors, and say so")),
)
@cloup.option("--network", default="", metavar="STORE#NETWORK",
              help=str(Text("各表改从存储中的网络读取，如 neo4j:#网络", "read the tables from a stored network instead, such as neo4j:#NETWORK")))  # fmt: skip
@cloup.option("--known-on", type=Day(), default=None, metavar="DATE",
              help=str(Text("那个网络在那天所知的情况", "that network as it was known on that day")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    out: str,
    stages: tuple[str, ...],
    settings: tuple[str, ...],
    published: str,
    limits: tuple[str, ...],
    prices: tuple[str, ...],
    freezes: tuple[str, ...],
    workers: int | None,
    dask: str | None,
    time_limit: float | None,
    elastic: bool,
    again: bool,
    no_reuse: bool,
    certificate: str | None,
    skip_bad_rows: bool,
    network: str,
    known_on: datetime | None,
    as_json: bool,
) -> None:
    """Plan, verify, write; then show the plan."""
    from api.cli.show import print_plan
    from graph.errors import InfeasibleError, UsageError
    from planner.run import make_plan
    from planner.scenario import read_scenario, too_few_tables

    if time_limit is not None and not math.isfinite(
        time_limit
    ):  # no number lies in every range, as no comparison with it holds
        raise UsageError("--time-limit 应大于 0 秒", "--time-limit must be above 0 seconds")
    day = known_on.date() if known_on is not None else None
    typed, settings = settings, (*settings, *as_settings(published, limits, prices, freezes))
    found = read_scenario(
        scenario,
        published=published,
        settings=settings,
        stages=stages or None,
        skip_bad_rows=skip_bad_rows,
        network=network,
        known_on=day,
    )
    if not found.stages:
        raise too_few_tables(scenario, found.network)
    demand_planned(found, limits, prices, freezes)
    tell_not_run(typed, found.stages)
    tell_published(found, past=False)  # those that are over stand in the plan
    try:
        with Progress(Everywhere.quiet) as progress:
            tell_listener("plan", "", {"state": "begun", "stages": list(found.stages)})
            plan = make_plan(
                found,
                out,
                workers=workers or (None if dask else os.cpu_count()),
                dask=dask,
                time_limit=time_limit,
                elastic=elastic,
                again=again,
                reuse=not no_reuse,
                on_progress=progress,
            )
    except InfeasibleError as error:
        if certificate:
            keep_certificate(error.certificate, certificate)
        raise error.with_hint(
            repair_hint(scenario, typed, published, stages, limits, prices, freezes)
        ) from error
    if as_json:
        print_json({"folder": str(plan.folder), **plan.head})
        return
    print_plan(plan)
    if progress.found_again:
        print_line(Text(f"\n方案早已在 {plan.folder}，没有重新计算（--again 重新计算）",
                        f"\nfound again in {plan.folder}, not computed (--again computes)"))  # fmt: skip
    else:
        print_line(Text(f"\n方案已写入 {plan.folder}", f"\nplan written to {plan.folder}"))


def repair_hint(
    scenario: str,
    settings: Sequence[str],
    published: str,
    stages: Sequence[str],
    limits: Sequence[str],
    prices: Sequence[str],
    freezes: Sequence[str],
) -> Text:
    """How to see the ways out: the line to type."""
    from api.cli.repair import repair_line

    line = repair_line(scenario, settings, stages, published, limits=limits, prices=prices, freezes=freezes)
    return Text(f"代价最小的出路：{line}", f"the cheapest ways out: {line}")


def keep_certificate(found: Mapping[str, Any] | None, file: str) -> None:
    """Write it and say so on the error stream, before the error itself is told; or say that there is none."""
    from planner.shortage_certificate import write_certificate

    if found is None:
        none = Text(
            "没有写证书：不是人手不足，原因见下",
            "no certificate: it is not that people are too few, as told below",
        )
        click.echo(str(none), err=True)
        return
    written = write_certificate(found, file)
    click.echo(str(Text(f"证书已写入 {written}", f"certificate written to {written}")), err=True)
