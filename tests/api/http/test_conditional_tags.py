"""Validators of answers: weak ones for what may go out compressed, and who has them already."""

from __future__ import annotations

import pytest
from fastapi import Request

from api.http.conditional import not_modified, unchanged, weak_tag
from graph.language import speaking


def asked(named: str | None) -> Request:
    """A request with ``If-None-Match``."""
    headers = [] if named is None else [(b"if-none-match", named.encode())]
    return Request({"type": "http", "headers": headers})


def test_a_tag_hangs_on_its_parts_and_on_the_language() -> None:
    with speaking("en"):
        tags = {
            weak_tag("v1", "card", ("a", None)),
            weak_tag("v2", "card", ("a", None)),
            weak_tag("v1", "card", ("a", "None")),
        }
        assert weak_tag("v1", "card", ("a", None)) in tags and len(tags) == 3
    with speaking("zh"):
        assert weak_tag("v1", "card", ("a", None)) not in tags


@pytest.mark.parametrize(
    ("named", "known"),
    [
        (None, False),
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
    ],
)
def test_tags_are_compared_weakly(named: str | None, known: bool) -> None:
    for tag in ('W/"a"', '"a"'):
        assert unchanged(asked(named), tag) is known
        answer = not_modified(asked(named), tag)
        assert (answer is not None) is known
        assert answer is None or (answer.status_code == 304 and answer.headers["ETag"] == tag)


@pytest.mark.parametrize(("named", "known"), [("*", False), ('"a"', True), ('"b", *', False)])
def test_any_is_nothing_where_it_is_not_known_that_there_is_one(named: str, known: bool) -> None:
    assert unchanged(asked(named), '"a"', there=False) is known
    assert unchanged(asked(named), '"a"', there=True)
