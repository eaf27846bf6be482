"""``jiedui graph request unapprove``."""

from __future__ import annotations

from api.cli.graph.request.steps import step_command
from graph.language import Text

command = step_command(
    "unapprove", Text("撤销批准，解除锁定", "take an approval back; its rows are held no longer")
)
