"""``jiedui graph request submit``."""

from __future__ import annotations

from api.cli.graph.request.steps import step_command
from graph.language import Text

command = step_command("submit", Text("提交请求，等待批准", "submit a request for approval"))
