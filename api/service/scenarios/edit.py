"""One edit of a scenario: who, when, what; as it stands beside the state that it made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

EDIT = "edit.json"
"""Its file in a state's folder."""
What = Literal["created", "toml", "tables", "restored", "deleted", "found"]


@dataclass(frozen=True)
class Edit:
    """One edit.

    Parameters
    ----------
    revision : int
        Rises by one with every edit of a name, deletions counted in.
    key : str
        Drawn for this edit, so that no two states have one ETag.
    at : datetime
        When (UTC).
    by : str
        Who.
    what : str
        ``created``, ``toml`` (its file was changed), ``tables`` (tables were put or taken away), ``restored`` (an earlier state),
        ``deleted``, or ``found`` (a folder that was put here by hand).
    why : str
        Reason that was given; empty where none was.
    tables : sequence of str
        Tables that were put or taken away.
    of : int or None
        The revision that was restored.
    """

    revision: int
    key: str
    at: datetime
    by: str
    what: What
    why: str = ""
    tables: tuple[str, ...] = ()
    of: int | None = None

    @property
    def etag(self) -> str:
        """Of the state that it made."""
        return f'"{self.revision}-{self.key}"'

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        told = {key: getattr(self, key) for key in ("revision", "by", "what", "why", "of")}
        return {**told, "at": self.at.isoformat(), "tables": list(self.tables), "etag": self.etag}

    def write(self, folder: Path) -> None:
        """Put it beside the state in a folder."""
        told = {**self.to_dict(), "key": self.key}
        (folder / EDIT).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Edit:
        """That of a state's folder."""
        told = json.loads((folder / EDIT).read_text(encoding="utf-8"))
        return cls(
            told["revision"], told["key"], datetime.fromisoformat(told["at"]), told["by"], told["what"], told["why"],
            tuple(told["tables"]), told["of"],
        )  # fmt: skip
