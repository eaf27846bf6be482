"""``jiedui backup``: save the service's data folder into one file, while it runs."""

from __future__ import annotations

import os
from pathlib import Path

import cloup

from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_line
from api.cli.service_folder import folder_options
from graph.language import Text

SLASHES = tuple(filter(None, (os.sep, os.altsep)))
"""At the end of a path they say that it is a folder."""


@cloup.command("backup", help=str(Text(
    "把服务的数据（方案、场景、任务、令牌、审计……）存成一个文件，其间服务照常",
    "save the service's data (plans, scenarios, jobs, tokens, audit, …) in one file; the service goes on meanwhile",
)))  # fmt: skip
@cloup.argument("target", metavar="FILE|DIR")
@folder_options
@json_option
def command(*, target: str, data: str | None, config: Path | None, as_json: bool) -> None:
    """Save; then say where, and what is not in it."""
    from api.service.backups.backup import save
    from api.service.settings import read_settings

    settings = read_settings({"data": data}, file=config)
    file = save(settings.data, Path(target), folder=target.endswith(SLASHES))
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "bytes": size, "data": str(settings.data)})
        return
    print_line(
        Text(
            f"✓ {settings.data} 已备份到 {file}（{size / 1e6:.1f} MB）",
            f"✓ {settings.data} saved in {file} ({size / 1e6:.1f} MB)",
        )
    )
    print_line(Text(
        "数据文件夹以外的网络（Neo4j、别处的工作区）另用 jiedui graph backup 备份",
        "a network outside this folder (Neo4j, a workspace elsewhere) is saved by jiedui graph backup",
    ))  # fmt: skip
