"""What somebody else changed since the version that changes were worked out from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from graph.errors import CheckFailed
from graph.language import Text, several
from graph.schema import TABLES

SHOWN = 20
"""Places that a message names."""


@dataclass(frozen=True)
class Clash:
    """A row that somebody else changed since the version that changes were worked out from.

    Parameters
    ----------
    table, row : str
        The table and the row's key as text.
    version : int
        Version in which it changed.
    refers : str
        Empty where it is the very row that is to change; else the column of that row that names it.
    """

    table: str
    row: str
    version: int
    refers: str = ""

    @property
    def text(self) -> Text:
        """The clash for people."""
        through = (
            Text(f"（被{_column_title(self.refers)} {self.refers} 引用）", f" (named by {self.refers})")
            if self.refers
            else Text("", "")
        )
        title = TABLES[self.table].title.zh if self.table in TABLES else self.table
        return Text(
            f"{title} {self.row}{through.zh}：版本 {self.version} 已改",
            f"{self.table} {self.row}{through.en}: changed in version {self.version}",
        )


def _column_title(name: str) -> str:
    """A column by its Chinese title; a name that no table has as it stands."""
    return next((c.title.zh for t in TABLES.values() for c in t.columns if c.name == name), name)


class StaleError(CheckFailed):
    """The ground has changed since the version that changes were worked out from; ``clashes`` says where."""

    def __init__(self, network: str, base: int, head: int, clashes: list[Clash]) -> None:
        self.base, self.head, self.clashes = base, head, clashes
        shown, more = clashes[:SHOWN], len(clashes) - SHOWN
        zh = "\n".join(f"  {c.text.zh}" for c in shown) + (f"\n  ……另有 {more} 处" if more > 0 else "")
        en = "\n".join(f"  {c.text.en}" for c in shown) + (f"\n  … and {more} more" if more > 0 else "")
        super().__init__(
            f"{network}：依据的是版本 {base}，现在是版本 {head}，其间有 {len(clashes)} 处被改动，未作任何更改：\n{zh}",
            f"{network}: worked out from version {base}, now it is {head}; changed in between in {several(len(clashes), 'place')}, nothing was done:\n{en}",
        )

    def details(self) -> dict[str, Any]:
        """The version worked out from, the newest one, and every clash."""
        return {"base": self.base, "head": self.head, "clashes": [asdict(c) for c in self.clashes]}
