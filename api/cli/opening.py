"""Which network a question is asked of, and the options that every question has."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import click
import cloup

from api.cli.library_words import Wording
from graph.language import Text
from graph.network import Network
from graph.store.opening import opened, store_address

DEFAULT = "china-2016"
ENVIRONMENT = "JIEDUI_NETWORK"


def open_network(on: str | None, tables: Collection[str]) -> Network:
    """The network that ``--on`` names, else the environment, else the shipped example.

    Parameters
    ----------
    on : str or None
        A scenario: its folder, its workbook, or the name of a shipped one; or a store's address.
    tables : collection of str
        Only these are read, as a question must be answered within a second.

    Raises
    ------
    UsageError
        When there is no such scenario, store or network in it.
    InputError
        When its files cannot be read.
    OutsideError
        When the store cannot be reached.
    """
    where = network_named(on)
    return read_files(where, tables) if store_address(where) is None else read_stored(where, tables)


def read_files(where: str, tables: Collection[str]) -> Network:
    """Some tables of a scenario's network; raises as :func:`open_network`."""
    from planner.scenario import read_scenario

    return read_scenario(where, only=tables, stages=(), domain=False, trust_shipped=True).network


def read_stored(where: str, tables: Collection[str]) -> Network:
    """Some tables of a stored network as it is now, whose own words are spoken from here on; raises as :func:`open_network`."""
    from graph.wording import heard

    with opened(where) as (store, name):
        network = replace(store.read(name, tables=tables), name=name)
    heard(network.wording)
    return network


def network_named(on: str | None) -> str:
    """What ``--on`` names, else the environment, else the shipped example."""
    return on or os.environ.get(ENVIRONMENT) or DEFAULT


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
                f"场景文件夹或名称，或存储的地址，如 neo4j:#网络（缺省：环境变量 {ENVIRONMENT}，再缺省：{DEFAULT}）",
                f"a scenario's folder or name, or a store's address such as neo4j:#network (default: {ENVIRONMENT} of the environment, else {DEFAULT})",
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


def known_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--known-on``, for questions that stores answer, too."""
    known_on = cloup.option(
        "--known-on",
        type=Day(),
        metavar="DATE",
        help=str(
            Text(
                "当时已知的情况（到那天结束为止；只用于存储）",
                "as it was known by the end of that day (stores only)",
            )
        ),
    )
    wrapped: Callable[..., Any] = known_on(command)
    return wrapped
