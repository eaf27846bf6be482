"""Options of the commands that are about a service: its data folder, found as ``jiedui serve`` finds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import cloup

from graph.language import Text


def folder_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--data`` and ``--config``: which service."""
    for option in (
        cloup.option("--config", type=click.Path(path_type=Path), metavar="FILE", help=str(Text("服务的设置文件（TOML）", "the service's settings (TOML)"))),
        cloup.option("--data", metavar="DIR", help=str(Text(
            "服务的数据文件夹（缺省：环境变量 JIEDUI_SERVE_DATA，再缺省：设置文件里的，再缺省：用户数据文件夹）",
            "the service's data folder (default: JIEDUI_SERVE_DATA of the environment, else the settings', else the user's data folder)",
        ))),
    ):  # fmt: skip
        command = option(command)
    return command
