"""``jiedui token``: who may use the service from outside this machine; one command per file."""

from __future__ import annotations

import cloup

from api.cli.lazy import lazy, sections_of
from graph.language import Text

TOKENS = Text("令牌", "Tokens")
COMMANDS: dict[str, tuple[Text, Text]] = {
    "create": (TOKENS, Text("发放一个令牌；只显示这一次", "make a token; it is shown this once")),
    "list": (TOKENS, Text("列出令牌，不含其内容", "list the tokens, without their secrets")),
    "revoke": (TOKENS, Text("立即撤销令牌", "revoke tokens at once")),
}


def build() -> cloup.Group:
    """The command ``token``; its texts are in the language in force now."""

    @cloup.group(
        "token",
        cls=lazy(__name__, COMMANDS),
        sections=sections_of(COMMANDS),
        help=str(
            Text("服务的令牌：谁可以做什么，到何时", "tokens of the service: who may do what, until when")
        ),
    )
    def group() -> None:
        """Nothing to do before a command."""

    return group  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely


command = build()
