"""The rows of an answer, part by part as they are read, so that a big table is never whole in memory where it need not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from api.http.frames.question import Question
from api.http.frames.source import Source, unreadable

PART_ROWS = 32_768
"""Rows of a part: some MB, which stay in a processor's cache while they are written."""


def parts_of(source: Source, question: Question) -> Iterator[pl.DataFrame]:
    """All rows that are asked for, whatever the page, with their columns; at least one part, be it without rows.

    Where an order is asked for the rows have to be whole in memory once.

    Raises
    ------
    InputError
        When a file cannot be read.
    """
    if source.keep is None or question.sort:
        yield from _batches(source, lazily(source, question))
    else:
        for part in _batches(source, source.rows):
            yield question.of(source.keep(part).lazy()).collect()


def lazily(source: Source, question: Question) -> pl.LazyFrame:
    """All rows that are asked for, to be read by whoever writes them."""
    if source.keep is None:
        return question.of(source.rows)
    kept = [question.matching(source.keep(part).lazy()).collect() for part in _batches(source, source.rows)]
    return question.ordered(pl.concat(kept).lazy())


def _batches(source: Source, rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    part = None
    try:
        for part in rows.collect_batches(chunk_size=PART_ROWS, maintain_order=True):
            yield part
    except (OSError, pl.exceptions.PolarsError) as error:
        raise unreadable(source.stem) from error
    if part is None:
        yield pl.DataFrame(schema=rows.collect_schema())


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
    """The page that is asked for; raises as :func:`parts_of`."""
    rows = lazily(source, question)
    plain = source.keep is None and not question.filters
    try:
        frame = rows.slice(question.offset, question.limit).collect()
        total = source.height if plain else int(rows.select(pl.len()).collect().item())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise unreadable(source.stem) from error
    return Page(frame, total)
