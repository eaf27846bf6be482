"""Which network a question is asked of, and the options that every question has."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import click
import cloup

from api.cli.library_words import Wording
from graph.errors import UsageError
from graph.language import Text
from graph.network import Network

DEFAULT = "china-2016"
ENVIRONMENT = "JIEDUI_NETWORK"


def open_network(on: str | None, tables: Collection[str]) -> Network:
    """The network that ``--on`` names, else the environment, else the shipped example.

    Parameters
    ----------
    on : str or None
        A scenario: its folder, its workbook, or the name of a shipped one.
    tables : collection of str
        Only these are read, as a question must be answered within a second.

    Raises
    ------
    UsageError
        When there is no such scenario, or for a server or workspace, which this version cannot read.
    InputError
        When its files cannot be read.
    """
    where = network_named(on)
    _refuse_stores(where)
    from planner.scenario import read_scenario

    return read_scenario(where, only=tables, stages=(), domain=False, trust_shipped=True).network


def network_named(on: str | None) -> str:
    """What ``--on`` names, else the environment, else the shipped example."""
    return on or os.environ.get(ENVIRONMENT) or DEFAULT


def _refuse_stores(where: str) -> None:
    if "://" in where:
        raise UsageError(
            f"{where}：Neo4j 服务器要到以后的版本才能查询；请用 --on 给出场景文件夹或名称",
            f"{where}: Neo4j servers come with a later version; give --on a scenario's folder or name",
        )
    folder = Path(where)
    if folder.is_dir() and not (folder / "scenario.toml").exists() and any(folder.glob("*.sqlite*")):
        raise UsageError(
            f"{where}：工作区要到以后的版本才能查询；请用 --on 给出场景文件夹或名称",
            f"{where}: workspaces come with a later version; give --on a scenario's folder or name",
        )


class Day(click.DateTime):
    """A day; what is none is told as people write days."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day, or an error that says how to write one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(
                Wording(
                    f"{value} 不是日期；请写成 年-月-日，例如 2016-12-31",
                    f"{value} is no day; write it YYYY-MM-DD, such as 2016-12-31",
                ),
                param,
                ctx,
            )


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--on``, ``--at`` and ``--json``, as every question has them."""
    on = cloup.option(
        "--on",
        metavar="NETWORK",
        help=str(
            Text(
                f"场景文件夹或名称（缺省：环境变量 {ENVIRONMENT}，再缺省：{DEFAULT}）",
                f"a scenario's folder or name (default: {ENVIRONMENT} of the environment, else {DEFAULT})",
            )
        ),
    )
    at = cloup.option(
        "--at",
        type=Day(),
        metavar="DATE",
        help=str(Text("查询日期（缺省：场景的日期）", "the day asked for (default: the scenario's date)")),
    )
    as_json = cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
    wrapped: Callable[..., Any] = on(at(as_json(command)))
    return wrapped
