"""``jiedui graph backup``: save the private database into a file, or a workspace into a folder."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import cloup

from api.cli.graph.options import home_option, json_option, server_at, workspace_meant, workspace_option
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("backup", help=str(Text(
    "把私有数据库备份到一个新文件，其间服务器停一下；给出 --on workspace:… 则把工作区备份到一个新文件夹，其间仍可使用",
    "save the private database into a new file, the server rests meanwhile; with --on workspace:… a workspace into a new folder, "
    "which may be used meanwhile",
)))  # fmt: skip
@cloup.argument("file")
@workspace_option
@home_option
@json_option
def command(*, file: str, on: str | None, home: str | None, as_json: bool) -> None:
    """Write Neo4j's own dump, or a copy of the workspace."""
    folder = workspace_meant(on, home)
    if folder is not None:
        size = _save(folder, Path(file).absolute())
    else:
        from graph.server.backup import back_up

        with Steps(Everywhere.quiet) as tell:
            size = back_up(server_at(home), Path(file), tell)
    if as_json:
        print_json({"file": file, "bytes": size})
    else:
        print_line(
            Text(f"✓ 已备份到 {file}（{size / 1e6:.1f} MB）", f"✓ saved in {file} ({size / 1e6:.1f} MB)")
        )


def _save(folder: Path, target: Path) -> int:
    from graph.store.workspace import open_workspace

    with closing(open_workspace(folder)) as workspace:
        workspace.backup(target)
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
