"""``jiedui graph``: the graph database; one command per file, imported only when it is called."""

from __future__ import annotations

import cloup

from api.cli.lazy import lazy, sections_of
from graph.language import Text

SERVER = Text("私有服务器", "Private server")
NETWORK = Text("网络", "Networks")
OFFICE = Text("请求与方案", "Requests and plans")

COMMANDS: dict[str, tuple[Text, Text]] = {
    "load": (NETWORK, Text("把场景导入存储", "load a scenario into a store")),
    "versions": (NETWORK, Text("网络和它们的版本", "networks and their versions")),
    "history": (NETWORK, Text("一行的所有状态", "all states of a row")),
    "schema": (NETWORK, Text("标签、关系类型、约束与索引", "labels, relationship types, constraints and indexes")),
    "pull": (NETWORK, Text("把存储中的网络写成表", "write a stored network as tables")),
    "forget": (NETWORK, Text("遗忘干部的姓名", "forget names of cadres")),
    "export": (NETWORK, Text("写成 Cypher 脚本、neo4j-admin 的 CSV、GraphML", "as a Cypher script, CSV for neo4j-admin, or GraphML")),
    "style": (NETWORK, Text("Neo4j Browser 与 Bloom 的样式", "a style for Neo4j Browser and Bloom")),
    "propose": (OFFICE, Text("提出一个方案", "propose a plan")),
    "adopt": (OFFICE, Text("采纳方案或其中一部分", "adopt a plan, or a part of it")),
    "withdraw": (OFFICE, Text("撤下提出的方案", "withdraw a proposed plan")),
    "revert": (OFFICE, Text("撤回一个版本", "take a version back")),
    "request": (OFFICE, Text("变更请求：起草、提交、批准、执行", "requests for change: draft, submit, approve, apply")),
    "freeze": (OFFICE, Text("冻结一个地区", "freeze a place")),
    "thaw": (OFFICE, Text("解除冻结", "lift a freeze")),
    "up": (SERVER, Text("启动私有的 Neo4j；首次下载所需零件", "start a private Neo4j; the first time its parts are fetched")),
    "down": (SERVER, Text("停止", "stop it")),
    "status": (SERVER, Text("状态、地址、密码文件、文件夹", "its state, address, password file and folders")),
    "backup": (SERVER, Text("备份到一个文件；也可备份工作区", "save it into a file; a workspace, too")),
    "restore": (SERVER, Text("从备份恢复；也可恢复工作区", "bring a backup back; a workspace's, too")),
    "shell": (SERVER, Text("用 Cypher 提问", "ask in Cypher")),
    "parts": (SERVER, Text("只下载零件，不启动", "fetch its parts, start nothing")),
}  # fmt: skip


def build() -> cloup.Group:
    """The command ``graph``; its texts are in the language in force now."""

    @cloup.group(
        "graph",
        cls=lazy(__name__, COMMANDS),
        sections=sections_of(COMMANDS),
        help=str(Text("共享的网络：工作区与 Neo4j", "shared networks: the workspace and Neo4j")),
    )
    def group() -> None:
        """Nothing to do before a command."""

    return group  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely


command = build()
