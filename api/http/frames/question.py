"""What is asked of a table: which rows, in which order, which columns, how many at once. Read from a request's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from api.http.frames.cursor import Cursor, digest, read_cursor
from api.http.frames.filters import Filter, read_filter
from api.http.frames.source import Source
from graph.errors import UsageError
from graph.language import Text

PAGE, LARGEST_PAGE = 1_000, 100_000
"""Rows of a page of JSON where no limit is asked for, and at most; ``limit=all`` streams all."""
FILTERS = 100
"""Conditions in one question at most."""
ALL = "all"
LIMITS = Text(
    f"请写 1–{LARGEST_PAGE} 的整数，或 {ALL}（全部）",
    f"write a whole number from 1 to {LARGEST_PAGE}, or {ALL}",
)
"""What ``limit`` takes."""
PLACE = "\0place"
"""A column that no table has: where a row stands."""
OFFSET_DIGITS = 12
OFFSETS = Text("请写从 0 开始的整数", "write a whole number, from 0")
"""What ``offset`` takes."""
WORDS = ("sort", "columns", "limit", "offset", "cursor")
"""Parameters that are no column's."""


@dataclass(frozen=True)
class Question:
    """A question, checked against the table's columns.

    Parameters
    ----------
    filters : tuple of Filter
        All have to hold.
    sort : tuple of (str, bool)
        Columns, and whether the largest come first; rows that are alike keep the table's order, empty cells come last.
    columns : tuple of str
        Columns of the answer.
    limit : int or None
        Rows on a page; ``None``: all.
    offset : int
        Rows before the page.
    """

    filters: tuple[Filter, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    columns: tuple[str, ...] = ()
    limit: int | None = None
    offset: int = 0

    @property
    def words(self) -> str:
        """The same for the same rows and columns, whatever the page."""
        return repr((self.which, self.columns))

    @property
    def which(self) -> str:
        """The same for the same rows in the same order, whatever the page and its columns."""
        return repr((sorted(f.words for f in self.filters), self.sort))

    def of(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The rows that are asked for, on all pages, in their order."""
        return self.ordered(self.matching(rows))

    def matching(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Rows for which all conditions hold."""
        return rows.filter(*(f.expression for f in self.filters)) if self.filters else rows

    def ordered(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The columns of these rows, in the order that is asked for."""
        if not self.sort:
            return rows.select(self.columns)
        return self.sorted(rows.with_row_index(PLACE)).select(self.columns)

    def sorted(self, numbered: pl.LazyFrame) -> pl.LazyFrame:
        """These rows, which know their :data:`PLACE`, in order: no two are alike, so that pages fit together however it is sorted."""
        keys, down = [pl.col(c) for c, _ in self.sort], [d for _, d in self.sort]
        return numbered.sort(*keys, PLACE, descending=[*down, False], nulls_last=True)


def read_question(source: Source, given: Iterable[tuple[str, str]], limit: int | None = None) -> Question:
    """The question of a request.

    Parameters
    ----------
    source : Source
        What it is asked of.
    given : iterable of (str, str)
        The request's parameters.
    limit : int or None
        Rows on a page where the request says nothing.

    Raises
    ------
    UsageError
        When a column is not there, a value does not fit its column, or a page is no page; the message says what would be right.
    CheckFailed
        When a cursor is of rows that have changed since.
    """
    pairs = list(given)
    words = {name: [v for k, v in pairs if k == name] for name in WORDS}
    others = [(k, v) for k, v in pairs if k not in WORDS]
    if len(others) > FILTERS:
        raise UsageError(f"条件最多 {FILTERS} 个", f"no more than {FILTERS} conditions")
    question = Question(
        tuple(read_filter(source, key, [v for k, v in others if k == key]) for key in dict.fromkeys(k for k, _ in others)),
        tuple(_sort(source, words["sort"])),
        _columns(source, words["columns"]),
        _limit(words["limit"][-1], limit) if words["limit"] else limit,
    )  # fmt: skip
    begins = [read_cursor(w, source.state, question.words) for w in words["cursor"][-1:]]
    begins += [
        _offset(w) for w in words["offset"][-1:]
    ]  # a cursor beside it says of which version the rows are
    return replace(question, offset=begins[-1], limit=question.limit or PAGE) if begins else question


def next_cursor(source: Source, question: Question, total: int) -> str | None:
    """Where the page behind this one begins; ``None`` at the end."""
    if question.limit is None or question.offset + question.limit >= total:
        return None
    return str(Cursor(question.offset + question.limit, digest(source.state), digest(question.words)))


def _sort(source: Source, given: Sequence[str]) -> Iterable[tuple[str, bool]]:
    seen = set()
    for word in _listed(given):
        name = source.column(word.removeprefix("-")).name
        if name not in seen:
            yield name, word.startswith("-")
        seen.add(name)


def _columns(source: Source, given: Sequence[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(source.column(word).name for word in _listed(given)))
    return named or tuple(source.columns)


def _listed(given: Sequence[str]) -> list[str]:
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def _limit(word: str, default: int | None) -> int | None:
    if word == ALL:
        return None
    if word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= LARGEST_PAGE and len(word) < 9:
        return int(word)
    shown = word[:40]
    raise UsageError(f"limit={shown}：{LIMITS.zh}", f"limit={shown}: {LIMITS.en}")


def _offset(word: str) -> int:
    if word.isascii() and word.isdigit() and len(word) <= OFFSET_DIGITS:
        return int(word)
    shown = word[:40]
    raise UsageError(f"offset={shown}：{OFFSETS.zh}", f"offset={shown}: {OFFSETS.en}")
