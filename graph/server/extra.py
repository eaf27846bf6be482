"""The optional packages of the graph server, asked for in one line where they are missing."""

from __future__ import annotations

from importlib.util import find_spec

from graph.errors import UsageError


def needs(*modules: str) -> None:
    """Check that the packages of the extra ``neo4j`` are there.

    Raises
    ------
    UsageError
        When one is missing; the text says what to install.
    """
    missing = [m for m in modules if find_spec(m) is None]
    if missing:
        names = ", ".join(missing)
        raise UsageError(
            f"缺少软件包 {names}；请运行：pip install 'jiedui[neo4j]'",
            f"the package {names} is missing; run: pip install 'jiedui[neo4j]'",
        )
