"""``jiedui graph``: the graph database; one command per file, imported only when it is called."""

from __future__ import annotations

import cloup

from api.cli.lazy import lazy, sections_of
from graph.language import Text

SERVER = Text("私有服务器", "Private server")

COMMANDS: dict[str, tuple[Text, Text]] = {
    "up": (SERVER, Text("启动私有的 Neo4j；首次下载所需零件", "start a private Neo4j; the first time its parts are fetched")),
    "down": (SERVER, Text("停止", "stop it")),
    "status": (SERVER, Text("状态、地址、密码文件、文件夹", "its state, address, password file and folders")),
    "backup": (SERVER, Text("备份到一个文件", "save it into a file")),
    "restore": (SERVER, Text("从备份恢复", "bring a backup back")),
    "shell": (SERVER, Text("用 Cypher 提问", "ask in Cypher")),
    "parts": (SERVER, Text("只下载零件，不启动", "fetch its parts, start nothing")),
}  # fmt: skip


def build() -> cloup.Group:
    """The command ``graph``; its texts are in the language in force now."""

    @cloup.group(
        "graph",
        cls=lazy(__name__, COMMANDS),
        sections=sections_of(COMMANDS),
        help=str(Text("图数据库（Neo4j）：私有服务器", "the graph database (Neo4j): a private server")),
    )
    def group() -> None:
        """Nothing to do before a command."""

    return group  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely


command = build()
