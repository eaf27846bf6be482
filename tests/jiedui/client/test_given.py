"""What may be given to the client: one word for a list of one, frames of any library; what cannot be sent is told before it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import polars as pl
import pytest

from jiedui import UsageError
from jiedui.client import Client
from tests.jiedui.client.stand_in import blocking

JOB = {"id": "j1", "kind": "plan", "state": "waiting"}
UPLOAD = {"id": "u1", "errors": 0, "report": {"valid": True}, "result": {"scenario": "mine", "etag": '"5"'}}


class Service:
    """Notes what it was asked, and answers with what stands in its hands."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.answer, self.status, self.seen = answer, status, list[httpx2.Request]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        return httpx2.Response(self.status, json=self.answer, headers={"ETag": '"4"'})

    @property
    def body(self) -> Any:
        """Of the last request."""
        return json.loads(self.seen[-1].read())


def test_one_word_is_a_list_of_one() -> None:
    service = Service(JOB)
    client = blocking(service)
    for stages in ("funds", ["funds"], ("funds",)):
        client.plan("china-2016", stages=stages)
        assert service.body["stages"] == ["funds"]
    client.plans.adopt("p1", only="funds", leave=["533300", "exit"])
    assert (service.body["only"], service.body["except"]) == (["funds"], ["533300", "exit"])
    client.tokens.create("x", regions="530000", scopes=["read"])
    assert (service.body["regions"], service.body["scopes"]) == (["530000"], ["read"])


def test_one_column_and_one_state_as_well() -> None:
    service = Service({"jobs": [], "next": None})
    client = blocking(service)
    list(client.jobs.all(state="running"))
    assert service.seen[-1].url.params.get_list("state") == ["running"]
    with pytest.raises(pl.exceptions.ComputeError):  # no Arrow
        client.network.table("regions", sort="-code", columns="code")
    assert dict(service.seen[-1].url.params) == {"sort": "-code", "columns": "code"}


@pytest.mark.parametrize(
    "of",
    [pl.DataFrame.clone, pl.DataFrame.to_arrow, pl.DataFrame.to_dict],
    ids=["polars", "arrow", "columns"],
)
def test_frames_of_any_library(of: Callable[[pl.DataFrame], Any]) -> None:
    service, frame = Service(UPLOAD), pl.DataFrame({"id": ["u1"], "capacity": [3]})
    blocking(service).uploads.send(of(frame), table="units")
    assert pl.read_parquet(service.seen[-1].read()).equals(frame)
    assert service.seen[-1].url.params["filename"] == "units.parquet"


def test_what_cannot_be_sent_is_told_at_once(tmp_path: Path) -> None:
    service = Service(UPLOAD)
    client = blocking(service)
    with pytest.raises(UsageError, match="say by table="):
        client.uploads.send(pl.DataFrame({"id": ["u1"]}))
    with pytest.raises(UsageError, match=r"there is no file .*nofile\.csv"):
        client.uploads.send(tmp_path / "nofile.csv")
    with pytest.raises(UsageError, match="this is no frame"):
        client.uploads.send(3, table="units")  # type: ignore[arg-type] # none
    with pytest.raises(UsageError, match=r"cannot write .*nowhere/t\.csv: No such file"):
        client.network.save("regions", tmp_path / "nowhere" / "t.csv")
    assert [request.url.path for request in service.seen] == ["/api/v1/network/tables/regions.csv"]


@pytest.mark.parametrize("named", [True, False])
def test_an_upload_is_committed_to_the_state_that_was_read(named: bool) -> None:
    service = Service(UPLOAD)
    client = blocking(service)
    mine = client.scenarios.get("mine")
    client.uploads.get("u1").commit(scenario="mine" if named else mine)
    assert service.seen[-1].headers["If-Match"] == '"4"' and service.body["scenario"] == "mine"
    client.uploads.get("u1").commit()
    assert "If-Match" not in service.seen[-1].headers and service.body["into"] == "network"
    mine.edit({"seed": 1})
    assert service.seen[-1].headers["If-Match"] == ('"4"' if named else '"5"')


def test_certificates_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "words.pem").write_text("no certificate")
    for ca in (tmp_path / "nofile.pem", tmp_path / "words.pem"):
        with pytest.raises(UsageError, match=f"{ca.name} cannot be read as certificates"):
            Client("https://jiedui.example", ca=ca)
