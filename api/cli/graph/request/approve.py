"""``jiedui graph request approve``."""

from __future__ import annotations

from api.cli.graph.request.steps import step_command
from graph.language import Text

command = step_command(
    "approve",
    Text(
        "批准请求；其行锁定，直到执行、否决或撤销批准",
        "approve a request; its rows are held until it is applied, rejected or unapproved",
    ),
)
