"""The rows of an answer, part by part, so that a big table is never whole in memory where it need not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from api.http.frames.question import Question
from api.http.frames.source import Source

PART_ROWS = 131_072
"""Rows that are read at once."""


def parts_of(source: Source, question: Question) -> Iterator[pl.DataFrame]:
    """All rows that are asked for, whatever the page, with their columns; at least one part, be it without rows.

    Where an order is asked for the rows have to be whole in memory once, with no other columns than are asked for.
    """
    if not question.sort:
        for part in _matching(source, question):
            yield part.select(question.columns)
        return
    whole = question.ordered(pl.concat(list(_matching(source, question))).lazy()).select(question.columns)
    yield from _sliced(whole.collect())


def _matching(source: Source, question: Question) -> Iterator[pl.DataFrame]:
    conditions = [f.expression for f in question.filters]
    for part in _read(source, question):
        yield (part.filter(*conditions) if conditions else part).select(question.needed)


def _read(source: Source, question: Question) -> Iterator[pl.DataFrame]:
    for start in range(0, max(source.height, 1), PART_ROWS):
        part = source.rows.slice(start, PART_ROWS)
        yield part.select(question.needed).collect() if source.keep is None else source.keep(part.collect())


def _sliced(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for start in range(0, max(frame.height, 1), PART_ROWS):
        yield frame.slice(start, PART_ROWS)


@dataclass(frozen=True)
class Page:
    """Some rows of an answer.

    Parameters
    ----------
    frame : DataFrame
        The rows.
    total : int
        How many there are on all pages.
    """

    frame: pl.DataFrame
    total: int


def page_of(source: Source, question: Question) -> Page:
    """The page that is asked for; what lies beside it is counted and let go."""
    assert question.limit is not None
    kept: list[pl.DataFrame] = []
    seen, end = 0, question.offset + question.limit
    for part in parts_of(source, question):
        low, high = max(question.offset - seen, 0), min(end - seen, part.height)
        if not kept or low < high:
            kept.append(part.slice(low, max(high - low, 0)))
        seen += part.height
        if seen >= end and not question.filters and source.keep is None:
            return Page(pl.concat(kept), source.height)
    return Page(pl.concat(kept), seen)


def lazily(source: Source, question: Question) -> pl.LazyFrame:
    """All rows that are asked for, to be written by an engine that takes them part by part itself."""
    if source.keep is None:
        return question.of(source.rows)
    return pl.concat(list(parts_of(source, question))).lazy()
