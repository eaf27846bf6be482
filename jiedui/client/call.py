"""One request, described: what is asked of which address. How it is sent and sent again is :mod:`jiedui.client.talk`'s."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

Verb = Literal["GET", "PUT", "POST", "PATCH", "DELETE"]
V1 = "/api/v1"
Day = date | str
"""A date, or its ISO form."""


@dataclass(frozen=True)
class Call:
    """A request.

    Parameters
    ----------
    verb : str
        HTTP method.
    path : str
        As :func:`at` makes it.
    query : mapping
        Parameters; ``None`` leaves one out, a sequence gives it several times.
    body : object, optional
        JSON-ready.
    content : bytes or Path, optional
        What is sent as it is, instead of ``body``; a file is sent piece by piece.
    headers : mapping
    accept : str
        Media type that is wanted.
    """

    verb: Verb
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    content: bytes | Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = "application/json"

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again though it may have arrived: the second does nothing that the first has not done.

        With ``If-Match`` it may not: where the first has arrived, the state is another, and the second would be told so.
        """
        return "If-Match" not in self.headers and (
            self.verb in ("GET", "PUT", "DELETE") or "Idempotency-Key" in self.headers
        )

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The query as it goes over the wire."""
        found: list[tuple[str, str]] = []
        for name, value in self.query.items():
            values = value if isinstance(value, list | tuple | set | frozenset) else [value]
            found += [(name, _text(v)) for v in values if v is not None]
        return found


def at(*parts: object) -> str:
    """The path of a resource below ``/api/v1``; each part is quoted, whatever stands in it."""
    return "/".join((V1, *(quote(str(part), safe="") for part in parts)))


def several(given: str | Sequence[str]) -> list[str]:
    """A list of what was given; one word is a list of one."""
    return [given] if isinstance(given, str) else list(given)


def key(given: str | None = None) -> dict[str, str]:
    """The header by which an order that is sent twice is carried out once; made anew where none is given."""
    return {"Idempotency-Key": given or uuid.uuid4().hex}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
