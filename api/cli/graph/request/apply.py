"""``jiedui graph request apply``."""

from __future__ import annotations

from api.cli.graph.request.steps import step_command
from graph.language import Text

command = step_command(
    "apply", Text("执行已批准的请求，成为新版本", "carry out an approved request, as a new version")
)
