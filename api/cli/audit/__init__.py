"""``jiedui audit``: the audit log of the service; one command per file, imported only when it is called."""

from __future__ import annotations

import cloup

from api.cli.lazy import lazy, sections_of
from graph.language import Text

LOG = Text("审计日志", "Audit log")

COMMANDS: dict[str, tuple[Text, Text]] = {
    "verify": (LOG, Text("检查审计日志是否被改动", "check that the audit log is as it was written")),
    "show": (LOG, Text("谁在何时改了什么，结果如何", "who changed what, when, and how it went")),
    "export": (LOG, Text("写成 JSON 行或 CSV", "write it as JSON lines or CSV")),
}


def build() -> cloup.Group:
    """The command ``audit``; its texts are in the language in force now."""

    @cloup.group(
        "audit",
        cls=lazy(__name__, COMMANDS),
        sections=sections_of(COMMANDS),
        help=str(Text("服务的审计日志：检查、查看、导出", "the service's audit log: check, show, export")),
    )
    def group() -> None:
        """Nothing to do before a command."""

    return group  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely


command = build()
