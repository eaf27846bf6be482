"""Papers: what a store keeps beside its networks: requests, freezes, proposals, the journal. Small documents with a past.

A paper is filed anew whenever it changes, and every filing says which one it was made from; so two people cannot overwrite
each other, and the log of a paper is all its filings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.errors import CheckFailed
from graph.language import Text


@dataclass(frozen=True)
class Paper:
    """One filing of a paper.

    Parameters
    ----------
    kind, id : str
        What it is, and which.
    revision : int
        From 1; every filing is one more.
    at : datetime
        When it was filed, in UTC.
    by : str
        Who filed it.
    content : mapping of str to object
        JSON-ready values.
    """

    kind: str
    id: str
    revision: int
    at: datetime
    by: str
    content: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "kind": self.kind,
            "id": self.id,
            "revision": self.revision,
            "at": self.at.isoformat(),
            "by": self.by,
            **self.content,
        }


@dataclass(frozen=True)
class Filing:
    """A paper to be filed.

    Parameters
    ----------
    kind, id : str
        What it is, and which.
    content : mapping of str to object
        JSON-ready values.
    after : int
        Revision that it was made from; 0 for a new paper.
    """

    kind: str
    id: str
    content: Mapping[str, Any]
    after: int


CALLED: Mapping[str, Text] = {
    "request": Text("申请", "request"),
    "register": Text("登记", "register"),
    "plan_label": Text("方案标签", "label of plan"),
    "alert": Text("预警", "alert"),
    "alert_round": Text("预警检查", "round of alerts"),
}
"""What people call papers of a kind; others are papers."""
_PAPER = Text("文件", "paper")


class StalePaper(CheckFailed):
    """Somebody else filed the paper in the meantime."""

    def __init__(self, filing: Filing, revision: int) -> None:
        self.filing, self.revision = filing, revision
        called = CALLED.get(filing.kind, _PAPER)
        super().__init__(
            f"{called.zh} {filing.id} 已被他人改动（现为第 {revision} 稿，依据的是第 {filing.after} 稿）；请重新查看后再改",
            f"{called.en} {filing.id} was changed by somebody else (now revision {revision}, yours is made from {filing.after}); look at it again",
        )

    def details(self) -> dict[str, Any]:
        """The paper, the revision that its change was made from, and the newest one."""
        filing = self.filing
        return {"paper": filing.kind, "id": filing.id, "after": filing.after, "revision": self.revision}
