"""``jiedui graph request reject``."""

from __future__ import annotations

from api.cli.graph.request.steps import step_command
from graph.language import Text

command = step_command("reject", Text("否决请求", "reject a request"))
