"""Where a page begins: how many rows stand before it, of which rows and of which question."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from graph.errors import CheckFailed, UsageError

_FORM = re.compile(r"(\d{1,12})-([0-9a-f]{16})-([0-9a-f]{16})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """A place between two pages.

    Parameters
    ----------
    offset : int
        Rows before it.
    state, question : str
        Digests of the table's state and of what is asked of it.
    """

    offset: int
    state: str
    question: str

    def __str__(self) -> str:
        """As a request gives it."""
        return f"{self.offset}-{self.state}-{self.question}"


def digest(words: str) -> str:
    """Sixteen digits that stand for some words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def read_cursor(words: str, state: str, question: str) -> int:
    """Rows before the page.

    Raises
    ------
    UsageError
        When the words are no cursor, or another question's.
    CheckFailed
        When the table has changed since, or who asks sees other rows of it: its pages would not fit together.
    """
    found = _FORM.fullmatch(words)
    if found is None or found[3] != digest(question):
        raise UsageError(
            "cursor 不是这个查询给出的；请原样使用上一页的 next，条件、排序和列都不变",
            "the cursor is not one of this question: give `next` of the page before as it is, with the same conditions, order and columns",
        )
    if found[2] != digest(state):
        raise CheckFailed(
            "两页之间数据有了新版本，或上一页是给能看到其他行的人的，各页接不上；请去掉 cursor 从头开始",
            "the data has changed since the page before, or that page was given to somebody who sees other rows; pages would not fit together: begin again without cursor",
        )
    return int(found[1])
