"""``jiedui graph restore``: bring a backup of the private database, or of a workspace, back."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.graph.options import home_option, json_option, server_at, workspace_meant, workspace_option
from api.cli.graph.status import show
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("restore", help=str(Text(
    "用备份替换私有数据库的全部内容，失败则原样不动；给出 --on workspace:… 则恢复工作区，原来的文件夹移到旁边",
    "put a backup in the place of all that the private database holds, a failure leaves it as it was; with --on workspace:… of a "
    "workspace, whose old folder is moved aside",
)))  # fmt: skip
@cloup.argument("file")
@workspace_option
@home_option
@json_option
def command(*, file: str, on: str | None, home: str | None, as_json: bool) -> None:
    """Read Neo4j's own dump, or the folder of a workspace's backup."""
    folder = workspace_meant(on, home)
    if folder is not None:
        from graph.store.workspace.restore import restore as bring_back

        _tell(folder, bring_back(Path(file), folder), as_json)
        return
    from graph.server.backup import restore

    server = server_at(home)
    with Steps(Everywhere.quiet) as tell:
        restore(server, Path(file), tell)
    show(server.status(), as_json)


def _tell(folder: Path, aside: Path | None, as_json: bool) -> None:
    if as_json:
        print_json({"workspace": str(folder), "aside": str(aside) if aside else None})
        return
    print_line(Text(f"✓ 工作区 {folder} 已恢复", f"✓ the workspace {folder} is back"))
    if aside:
        print_line(
            Text(
                f"原来的文件夹在 {aside}，不再需要时请删除",
                f"the old folder is {aside}; remove it once it is not needed",
            )
        )
