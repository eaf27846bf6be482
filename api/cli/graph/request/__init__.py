"""``jiedui graph request``: requests for change; one command per file."""

from __future__ import annotations

import cloup

from api.cli.lazy import lazy, sections_of
from graph.language import Text

ALL = Text("请求", "Requests")

COMMANDS: dict[str, tuple[Text, Text]] = {
    "new": (ALL, Text("起草", "draft one")),
    "list": (ALL, Text("列出", "list them")),
    "show": (ALL, Text("现状与提议并列", "current and proposed side by side")),
    "edit": (ALL, Text("改草稿或退回的请求", "change a draft, or one that was returned")),
    "submit": (ALL, Text("提交", "submit it")),
    "approve": (ALL, Text("批准；其行随即锁定", "approve it; its rows are then held")),
    "unapprove": (ALL, Text("撤销批准", "take the approval back")),
    "return": (ALL, Text("退回修改", "return it to be changed")),
    "reject": (ALL, Text("否决", "reject it")),
    "apply": (ALL, Text("执行已批准的请求", "carry out an approved one")),
    "eyes": (ALL, Text("是否须由他人批准", "whether somebody else must approve")),
}


def build() -> cloup.Group:
    """The command ``request``; its texts are in the language in force now."""

    @cloup.group(
        "request",
        cls=lazy(__name__, COMMANDS),
        sections=sections_of(COMMANDS),
        help=str(Text(
            "变更请求：草稿 → 已提交 → 已批准｜已退回｜已否决 → 已执行",
            "requests for change: draft → submitted → approved | returned | rejected → applied",
        )),
    )  # fmt: skip
    def group() -> None:
        """Nothing to do before a command."""

    return group  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely


command = build()
