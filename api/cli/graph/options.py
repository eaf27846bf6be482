"""Options that the commands of the private server share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from graph.errors import UsageError
from graph.language import Text

if TYPE_CHECKING:
    from graph.server.private import PrivateServer


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--home``: which private server."""
    wrapped: Callable[..., Any] = cloup.option(
        "--home",
        type=click.Path(file_okay=False),
        metavar="DIR",
        help=str(Text(
            "服务器的文件夹（缺省：环境变量 JIEDUI_SERVER_HOME，再缺省：用户数据文件夹）",
            "the server's folder (default: JIEDUI_SERVER_HOME of the environment, else the user's data folder)",
        )),
    )(command)  # fmt: skip
    return wrapped


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``."""
    wrapped: Callable[..., Any] = cloup.option(
        "--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON"))
    )(command)
    return wrapped


def release_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--release``: which Neo4j."""
    from graph.server.parts import LTS, RELEASES

    wrapped: Callable[..., Any] = cloup.option(
        "--release",
        type=click.Choice(RELEASES),
        help=str(Text(
            f"Neo4j 的版本：长期支持版 {LTS}（新服务器的缺省）或年度版本；已有的服务器沿用自己的",
            f"which Neo4j: the long-term release {LTS} (default of a new server) or the calendar one; a server keeps its own",
        )),
    )(command)  # fmt: skip
    return wrapped


def server_at(home: str | None) -> PrivateServer:
    """The private server that ``--home`` names, else the default one."""
    from graph.server.private import PrivateServer

    return PrivateServer(Path(home) if home else None)


def workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--on``: a workspace instead of the private server."""
    wrapped: Callable[..., Any] = cloup.option(
        "--on",
        metavar="workspace:FOLDER",
        help=str(Text(
            "工作区，连同其中所有网络（缺省：私有服务器）", "a workspace, with all networks in it (default: the private server)"
        )),
    )(command)  # fmt: skip
    return wrapped


def workspace_meant(on: str | None, home: str | None) -> Path | None:
    """Folder of the workspace that ``--on`` names; ``None`` where the private server is meant.

    Raises
    ------
    UsageError
        When it names another store, or a server's home is given beside it.
    """
    if on is None:
        return None
    from graph.store.opening import demand_address

    folder = demand_address(on).folder
    if folder is None or home is not None:
        raise UsageError(
            "--on 在这里只用于工作区（workspace:文件夹），且不与 --home 合用；不给 --on 则为私有服务器",
            "--on is for workspaces here (workspace:FOLDER), and not beside --home; without it the private server is meant",
        )
    return folder
