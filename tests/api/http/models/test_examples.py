"""Examples are what real answers hold."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.http.models.examples import FOLDER, example_of, examples_of
from tests.api.http.models.make_examples import FILE, found


class Inner(BaseModel):
    """Inside."""

    name: str
    until: str | None


class Outer(BaseModel):
    """Outside."""

    inner: list[Inner]
    by_rule: dict[str, list[Inner]]
    tags: list[int]


def test_the_fullest_of_what_occurs_is_taken() -> None:
    answer = {
        "inner": [{"name": "a", "until": None}, {"name": "b", "until": "2020"}], "by_rule": {"r": [{"name": "", "until": None}]},
        "tags": [1, 2, 3, 4, 5],
    }  # fmt: skip
    assert examples_of([(Outer, answer)]) == {
        "Inner": {"name": "a", "until": "2020"},
        "Outer": {"tags": [1, 2, 3]},
    }


def test_what_is_not_known_has_none() -> None:
    assert (
        example_of("Place", "name")
        and example_of("Place", "nix") is None
        and example_of("Nix", "name") is None
    )


@pytest.mark.journey
def test_the_file_is_what_the_answers_about_china_2016_hold(http: TestClient) -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == found(http), (
        "python -m tests.api.http.models.make_examples"
    )
    assert FILE in set(FOLDER.glob("*.json"))
