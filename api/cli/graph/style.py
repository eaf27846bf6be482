"""``jiedui graph style``: how the graph looks in Neo4j Browser and Bloom."""

from __future__ import annotations

import sys

import cloup

from graph.language import Text


@cloup.command("style", help=str(Text(
    "输出 Neo4j Browser 的样式（存为 .grass，拖到窗口里），--bloom 输出 Bloom 的视角（JSON）",
    "print the style for Neo4j Browser (save it as .grass and drop it on the window); with --bloom a perspective for Bloom (JSON)",
)))  # fmt: skip
@cloup.option("--bloom", is_flag=True, help=str(Text("Bloom 的视角", "the perspective for Bloom")))
def command(*, bloom: bool) -> None:
    """Print it; no server is needed."""
    from graph.schema.look import grass, perspective

    sys.stdout.write(perspective() if bloom else grass())
