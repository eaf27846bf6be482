"""``jiedui restore``: bring the service's data folder back from a backup."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_line
from api.cli.service_folder import folder_options
from graph.language import Text, several


@cloup.command("restore", help=str(Text(
    "从备份恢复服务的数据，写入空文件夹；备份被截断或改动过则拒绝",
    "restore the service's data from a backup into an empty folder; one that was cut off or altered is refused",
)))  # fmt: skip
@cloup.argument("file")
@folder_options
@json_option
def command(*, file: str, data: str | None, config: Path | None, as_json: bool) -> None:
    """Restore; then say how to go on."""
    from api.service.backups.restore import bring_back
    from api.service.settings import read_settings

    settings = read_settings({"data": data}, file=config)
    files = bring_back(Path(file), settings.data)
    if as_json:
        print_json({"data": str(settings.data), "files": files})
        return
    print_line(
        Text(
            f"✓ 已恢复到 {settings.data}（{files} 个文件），逐个核对无误",
            f"✓ restored in {settings.data} ({several(files, 'file')}), each as it was saved",
        )
    )
