"""Formats of tables, and which of them a request wants: by the suffix of its path, else by ``Accept``."""

from __future__ import annotations

from dataclasses import dataclass

from api.http.weighed import weighed
from api.service.refusals import NoSuchForm, NotFound
from graph.language import Text
from graph.tables.suggest import unknown


@dataclass(frozen=True)
class Format:
    """One format.

    Parameters
    ----------
    name : str
        The suffix, without its dot.
    media_type : str
        As ``Accept`` and ``Content-Type`` have it.
    title : Text
        What it is.
    """

    name: str
    media_type: str
    title: Text


FORMATS = {
    f.name: f
    for f in (
        Format("json", "application/json", Text("JSON，分页", "JSON, a page at a time")),
        Format("ndjson", "application/x-ndjson", Text("每行一个 JSON 对象", "a JSON object a line")),
        Format("csv", "text/csv", Text("CSV（UTF-8）", "CSV (UTF-8)")),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Text("Excel 工作簿", "an Excel workbook")),
        Format("arrow", "application/vnd.apache.arrow.stream", Text("Arrow IPC 流", "a stream of Arrow record batches")),
        Format("parquet", "application/vnd.apache.parquet", Text("Parquet 文件", "a Parquet file")),
    )
}  # fmt: skip
"""By suffix; the first is given where a request wants none."""


def format_wanted(suffix: str | None, accept: str) -> Format:
    """The format that a request wants.

    Parameters
    ----------
    suffix : str or None
        Of its path; goes before ``accept``.
    accept : str
        The header; empty: anything.

    Raises
    ------
    NotFound
        When there is no format of that suffix.
    NoSuchForm
        When none of those that are accepted is given; the message lists what is.
    """
    if suffix is not None:
        if suffix not in FORMATS:
            raise NotFound(*unknown(Text("没有格式", "there is no format"), suffix, list(FORMATS)))
        return FORMATS[suffix]
    ranges = _ranges(accept) or [("*/*", 1.0)]
    weighed = [(_weight(f.media_type, ranges), f) for f in FORMATS.values()]
    best, found = max(weighed, key=lambda pair: pair[0])
    if best[0] <= 0:
        there = ", ".join(f"{f.media_type} (.{f.name})" for f in FORMATS.values())
        raise NoSuchForm(f"不提供 {accept}；可用：{there}", f"{accept} is not given; there are: {there}")
    return found


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Media ranges with their weights, as the header lists them; what is none is passed over."""
    return [(media, weight) for media, weight in weighed(accept) if media.count("/") == 1]


def _weight(media_type: str, ranges: list[tuple[str, float]]) -> tuple[float, int, int]:
    """How much a type is wanted (RFC 9110: the most particular range counts), how particularly, how early."""
    kind = f"{media_type.partition('/')[0]}/*"
    for particular, name in ((2, media_type), (1, kind), (0, "*/*")):
        for place, (media, quality) in enumerate(ranges):
            if media == name:
                return quality, particular, -place
    return 0.0, 0, 0
