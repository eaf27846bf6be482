"""Which format a request gets."""

from __future__ import annotations

import pytest

from api.http.frames.answer import disposition
from api.http.frames.formats import FORMATS, format_wanted
from api.service.refusals import NoSuchForm, NotFound

ARROW, CSV = FORMATS["arrow"].media_type, "text/csv"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"), ("*/*", "json"), ("text/*", "csv"), (ARROW, "arrow"), (f"{CSV}, application/json", "csv"), (f"application/json;q=0.5,{CSV}", "csv"),
        (f"{CSV};q=0.1, */*;q=0.5", "json"), ("text/html,application/xhtml+xml,*/*;q=0.8", "json"), ("TEXT/CSV", "csv"), ("application/json;q=0, */*", "ndjson"),
        (f"{CSV};q=nonsense, {ARROW}", "arrow"), ("nonsense", "json"), (f"{CSV};charset=utf-8", "csv"),
    ],
)  # fmt: skip
def test_the_one_that_is_wanted_most(accept: str, name: str) -> None:
    assert format_wanted(None, accept).name == name


def test_the_suffix_goes_before_accept() -> None:
    assert format_wanted("parquet", CSV).name == "parquet"
    with pytest.raises(NotFound, match="pdf"):
        format_wanted("pdf", "*/*")


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "*/*;q=0", "image/*"])
def test_none_that_is_given(accept: str) -> None:
    with pytest.raises(NoSuchForm) as caught:
        format_wanted(None, accept)
    assert all(f.media_type in caught.value.text.en for f in FORMATS.values())


def test_names_of_files_are_ascii_and_as_they_are() -> None:
    told = disposition('黔 "南"/../x;\r\n.csv')
    assert (
        told
        == "attachment; filename=\"_ ____.._x;__.csv\"; filename*=UTF-8''%E9%BB%94%20%22%E5%8D%97%22%2F..%2Fx%3B%0D%0A.csv"
    )
    assert told.isascii() and "\n" not in told
