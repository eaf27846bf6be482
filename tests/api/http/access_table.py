"""Who may ask what: every route of the service × role × whether limited to regions, from what the routes declare.

``python -m tests.api.http.access_table`` writes it into ``docs/api/access.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI

from api.http.access import SAFE, Declared, declared
from api.http.app import create_app
from api.service.caller import Role
from api.service.service import open_service
from api.service.settings import read_settings

PAGE = Path(__file__).parents[3] / "docs" / "api" / "access.md"
BEGIN, END = "<!-- table: made by python -m tests.api.http.access_table -->", "<!-- end of table -->"


@dataclass(frozen=True)
class Who:
    """Somebody who asks; ``role`` is ``None`` for who has not logged in."""

    role: Role | None
    limited: bool = False

    def __str__(self) -> str:
        return (
            "nobody"
            if self.role is None
            else f"{self.role.name.lower()}{', limited' if self.limited else ''}"
        )


EVERYBODY = [Who(None), *(Who(role, limited) for role in Role for limited in (False, True))]


def may(who: Who, route: Declared) -> bool:
    """Whether somebody may ask a route, by what it declares."""
    if route.needs is None:
        return True
    if who.role is None or who.role < route.needs.role:
        return False
    return not (who.limited and route.needs.scope == "whole")


def mark(who: Who, route: Declared) -> str:
    """``✓``, ``◐`` for their own regions' part, ``·`` for refused."""
    if not may(who, route):
        return "·"
    return "◐" if who.limited and route.needs is not None and route.needs.scope == "subtree" else "✓"


def lines(app: FastAPI) -> Iterator[str]:
    """The table as Markdown."""
    heads = ["nobody", *(f"{role.name.lower()}{part}" for role in Role for part in ("", " limited"))]
    yield f"| route | asks for | {' | '.join(heads)} |"
    yield f"|---|---|{'---|' * len(heads)}"
    for route in declared(app):
        asks = "open" if route.needs is None else f"{route.needs.role.name.lower()}, {route.needs.scope}"
        if route.needs is not None and not route.needs.changes and route.method not in SAFE:
            asks += ", read"
        cells = " | ".join(mark(who, route) for who in EVERYBODY)
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
        yield f"| `{route.method} {path}` | {asks} | {cells} |"


def table() -> str:
    """The table of the service as it is now."""
    with TemporaryDirectory() as folder:
        service = open_service(read_settings({"data": folder}, environ={}), "teachers")
        try:
            return "\n".join(lines(create_app(service)))
        finally:
            service.close()


def page(now: str, made: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = now.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), table()), encoding="utf-8")
