"""``jiedui graph request return``."""

from __future__ import annotations

from api.cli.graph.request.steps import step_command
from graph.language import Text

command = step_command("return", Text("退回请求，请提出者修改", "return a request to its author"))
