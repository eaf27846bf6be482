"""A page anywhere in a table, and what is kept so that the next one is quick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.frames import parts
from api.http.frames.parts import page_of
from api.http.frames.question import read_question
from api.http.frames.source import file_source
from api.service.recent import Recent
from tests.api.http.frames.conftest import ODD, ROWS, frame_of, source_of

MANY = frame_of(
    [{"id": f"{i:03d}", "size": i * 7 % 10, "open": i % 2 == 0, "since": date(2016, 1, 1 + i % 3)} for i in range(40)]
)  # fmt: skip
ORDERS: list[dict[str, str]] = [
    {}, {"sort": "-size"}, {"size__gte": "3"}, {"sort": "open,-size", "size__lt": "8"}, {"sort": "size", "columns": "id"},
]  # fmt: skip


def ids(client: TestClient, **asked: Any) -> list[str]:
    """Ids of the rows of an answer."""
    told = client.get("/odd", params=asked)
    assert told.status_code == 200, told.text
    return [row["id"] for row in told.json()["rows"]]


@pytest.mark.parametrize("question", ORDERS, ids=str)
@pytest.mark.parametrize("keep", [None, lambda frame: frame.filter(pl.col("size") != 5)], ids=["all", "some"])
@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_page_anywhere_is_a_part_of_the_whole(
    client: TestClient, app: FastAPI, tmp_path: Path, question: dict[str, str], keep: Any, kind: str
) -> None:
    source = source_of(MANY, keep=keep)
    if kind == "file":
        MANY.write_parquet(tmp_path / "odd.parquet")
        made = file_source(tmp_path / "odd.parquet", "odd", ODD, stem="odd", state=f"{keep}")
        source = type(made)(**{**vars(made), "keep": keep})
    app.state.source = source
    whole = ids(client, **question, limit="all")
    for offset in (0, 1, 17, 39, 40, 400_000):
        assert ids(client, **question, limit=5, offset=offset) == whole[offset : offset + 5]


@pytest.mark.parametrize(("form", "rows"), [("json", 40), ("ndjson", 40)])
def test_without_a_limit_it_is_a_page(client: TestClient, app: FastAPI, form: str, rows: int) -> None:
    app.state.source = source_of(MANY)
    told = client.get(f"/odd.{form}", params={"offset": 0})
    assert told.headers["x-total-count"] == str(rows)


@pytest.mark.parametrize("word", ["-1", "x", "1.5", "", "1" * 13, "٣"])
def test_what_is_no_number_of_rows_is_told(client: TestClient, app: FastAPI, word: str) -> None:
    app.state.source = source_of(MANY)
    told = client.get("/odd", params={"offset": word})
    assert told.status_code == 422 and f"offset={word}" in told.json()["message"]["en"]


def test_with_a_cursor_it_is_held_to_its_version(client: TestClient, app: FastAPI) -> None:
    app.state.source = source_of(MANY, state="1")
    behind = client.get("/odd", params={"sort": "size", "limit": 5}).json()["next"]
    held = {"sort": "size", "limit": 5, "cursor": behind, "offset": 30}
    assert len(ids(client, **held)) == 5
    assert client.get("/odd", params={**held, "sort": "id"}).status_code == 422
    app.state.source = source_of(MANY, state="2")
    assert client.get("/odd", params=held).status_code == 409


def test_an_order_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[int]()
    order = parts._order
    monkeypatch.setattr(parts, "_order", lambda *given: made.append(1) or order(*given))
    source = source_of(MANY)

    def page(*asked: tuple[str, str]) -> None:
        page_of(source, read_question(source, asked, 5))

    page(("sort", "size"))
    page(("sort", "size"), ("offset", "20"))
    page(("sort", "size"), ("columns", "id"))
    assert len(made) == 1
    page(("sort", "-size"))
    page(("sort", "size"), ("size__gt", "3"))
    assert len(made) == 3
    source = source_of(MANY)
    page(("sort", "size"))
    assert len(made) == 4


def test_no_more_is_kept_than_may_be() -> None:
    made = list[str]()

    def of(kept: Recent[str], key: str) -> str:
        def make() -> str:
            made.append(key)
            return key * 4

        return kept.of(key, make)

    kept = Recent[str](8, len)
    assert [of(kept, key) for key in "abab"] == ["aaaa", "bbbb"] * 2 and made == ["a", "b"]
    of(kept, "c")  # instead of a
    of(kept, "b")
    assert made == ["a", "b", "c"]
    of(kept, "a")
    assert made == ["a", "b", "c", "a"]
    of(Recent[str](3, len), "d")  # too big
    assert made[-1] == "d"


Asked = Callable[..., Any]


def test_groups_stand_as_their_rows_do(client: TestClient, app: FastAPI) -> None:
    app.state.source = source_of(MANY)
    told = client.get("/odd/groups", params={"by": "-since,open", "size__gte": "2"}).json()
    assert (told["total"], told["by"], told["table"]) == (6, ["since", "open"], "odd")
    rows = client.get(
        "/odd", params={"sort": "-since,open", "size__gte": "2", "columns": "since,open", "limit": "all"}
    ).json()["rows"]
    assert told["rows"] == len(rows)
    assert [g["values"] for g in told["groups"] for _ in range(g["rows"])] == rows


def test_groups_have_empty_cells_last_and_only_what_is_seen(client: TestClient, app: FastAPI) -> None:
    app.state.source = source_of(ROWS, keep=lambda frame: frame.filter(pl.col("id") != "002"))
    told = client.get("/odd/groups", params={"by": "size"}).json()["groups"]
    assert told == [
        {"values": {"size": 1}, "rows": 1}, {"values": {"size": 2}, "rows": 1}, {"values": {"size": None}, "rows": 1}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "says"), [({"by": "nix"}, "nix"), ({"by": ""}, "by"), ({"by": "size", "open": "2"}, "open")]
)
def test_what_cannot_be_counted_is_told(
    client: TestClient, app: FastAPI, asked: dict[str, str], says: str
) -> None:
    app.state.source = source_of(MANY)
    told = client.get("/odd/groups", params=asked)
    assert told.status_code == 422 and says in told.json()["message"]["en"]


def test_of_very_many_groups_the_first_are_told(client: TestClient, app: FastAPI) -> None:
    app.state.source = source_of(frame_of([{"id": f"{i:05d}"} for i in range(10_001)]))
    told = client.get("/odd/groups", params={"by": "-id"}).json()
    assert (len(told["groups"]), told["total"], told["rows"]) == (10_000, 10_001, 10_001)
    assert told["groups"][0]["values"] == {"id": "10000"}
    tag = client.get("/odd/groups", params={"by": "-id"}).headers["etag"]
    again = client.get("/odd/groups", params={"by": "-id"}, headers={"If-None-Match": tag})
    assert again.status_code == 304
