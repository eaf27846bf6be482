"""The rows of an answer, part by part as they are read, so that a big table is never whole in memory where it need not be."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from api.http.frames.question import PLACE, Question
from api.http.frames.source import Source, unreadable
from api.service.recent import Recent

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
    return question.ordered(matching(source, question))


def matching(source: Source, question: Question) -> pl.LazyFrame:
    """The rows for which all conditions hold, of those that the caller may see."""
    if source.keep is None:
        return question.matching(source.rows)
    kept = [question.matching(source.keep(part).lazy()).collect() for part in _batches(source, source.rows)]
    return pl.concat(kept).lazy()


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


Order = npt.NDArray[np.uint32]
ORDERS: Recent[Order] = Recent(64_000_000, lambda order: order.nbytes)
"""Places of the rows that the last questions were answered with, ``(n_rows,)``: some twenty of a table of 775,000 rows."""
FILES: Recent[pl.DataFrame] = Recent(200_000_000, lambda frame: int(frame.estimated_size()))
"""The last files that rows were taken from anywhere; one of 775,000 postings is some 60 MB."""


def page_of(source: Source, question: Question) -> Page:
    """The page that is asked for; raises as :func:`parts_of`.

    Which rows answer a question, and in which order, is worked out once: further pages of it, anywhere, only take theirs.
    """
    try:
        if source.keep is None and not question.filters and not question.sort:
            frame = question.of(source.rows).slice(question.offset, question.limit).collect()
            return Page(frame, source.height)
        order = ORDERS.of((*_which(source), question.which), lambda: _order(source, question))
        end = None if question.limit is None else question.offset + question.limit
        return Page(_taken(source, question, order[question.offset : end]), len(order))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise unreadable(source.stem) from error


def _which(source: Source) -> tuple[Hashable, ...]:
    return source.state, source.stem, source.file, source.height


def _order(source: Source, question: Question) -> Order:
    """Places of the rows that are asked for, on all pages, in their order."""
    numbered = source.rows.with_row_index(PLACE)
    if source.keep is None:
        rows = question.matching(numbered)
    else:
        needed = [PLACE, *(c for c, _ in question.sort)]
        kept = [
            question.matching(source.keep(p).lazy()).select(needed).collect()
            for p in _batches(source, numbered)
        ]
        rows = pl.concat(kept).lazy()
    return (question.sorted(rows) if question.sort else rows).select(PLACE).collect()[PLACE].to_numpy()


def _taken(source: Source, question: Question, places: Order) -> pl.DataFrame:
    """The rows at some places, as the caller sees them."""
    if source.file is None:
        rows = source.rows.select(pl.all().gather(places)).collect()
    else:
        rows = FILES.of(_which(source), source.rows.collect)[places]
    return (rows if source.keep is None else source.keep(rows)).select(question.columns)
