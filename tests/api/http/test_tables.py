"""Tables of the network over HTTP, and who sees what of them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.access import caller_of
from api.http.app import create_app
from api.http.frames.filters import OPERATORS
from api.http.frames.formats import FORMATS
from api.http.frames.question import PLACE, WORDS
from api.service.caller import LOCAL, Caller, Role
from api.service.service import open_service
from api.service.settings import read_settings
from graph.schema import ENUMS, RESULTS, TABLES
from graph.store.load import load
from graph.store.workspace import open_workspace
from planner.scenario import read_scenario
from tests.planner.small import MORE, TWO, write_small

NETWORK = "/api/v1/network/tables"
PEOPLE = {
    "cadre_names": "id,name\nc0,张三\nc1,李四\n",
    "household_groups": "village,year,cause,lacking,households,persons\nvA,2016,illness,water,3,9\nvC,2016,illness,water,12,4\nvD,2016,illness,water,0,5\n",
    "region_facts": "region,year,measure,value\nvA,2016,poor_population,4\nvC,2016,poor_population,5\nA,2016,poverty_incidence,0.1\nA,2016,gdp,3\n",
}
"""Tables with what not everybody sees."""


@pytest.fixture(scope="module", params=["files", "workspace"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The service of a small network, in files or in a workspace (which keeps names sealed)."""
    place = tmp_path_factory.mktemp("tables")
    folder = write_small(place / "two", TWO, **MORE, **PEOPLE)
    where = str(folder)
    if request.param == "workspace":
        store = open_workspace(place / "office", create=True)
        assert load(store, read_scenario(folder, stages=()).network, "two", by="tests").equal
        store.close()
        where = f"workspace:{place / 'office'}#two"
    return create_app(
        open_service(read_settings({"data": place / "data", "language": "en"}, environ={}), where)
    )


@pytest.fixture(scope="module")
def opened(app: FastAPI) -> Iterator[TestClient]:
    """The service, started."""
    with TestClient(app, base_url="http://localhost:8470", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def http(app: FastAPI, opened: TestClient) -> Iterator[TestClient]:
    """Somebody at this machine, unless a test says who."""
    yield opened
    app.dependency_overrides.clear()


def become(
    app: FastAPI, role: Role = Role.VIEWER, regions: tuple[str, ...] = (), sees_names: bool = False
) -> None:
    """From here on somebody asks who has a role and limits."""
    app.dependency_overrides[caller_of] = lambda: Caller("ann", role, regions, sees_names)


def rows(http: TestClient, table: str, **asked: Any) -> list[dict[str, Any]]:
    """Rows of a table."""
    told = http.get(f"{NETWORK}/{table}", params=asked)
    assert told.status_code == 200, told.text
    found: list[dict[str, Any]] = told.json()["rows"]
    return found


def test_every_table_is_given_in_every_format(http: TestClient) -> None:
    listed = http.get(NETWORK).json()
    assert [t["name"] for t in listed["tables"]] == list(TABLES) and listed["formats"] == list(FORMATS)
    for table in TABLES:
        for form in FORMATS:
            assert http.get(f"{NETWORK}/{table}.{form}").status_code == 200, f"{table}.{form}"
    arrow = pl.read_ipc_stream(BytesIO(http.get(f"{NETWORK}/units.arrow").content))
    assert arrow.schema == TABLES["units"].dtypes and arrow["id"].to_list() == ["u1", "u2", "u3"]


def test_rows_with_the_words_of_the_schema(http: TestClient) -> None:
    assert [r["code"] for r in rows(http, "regions", level="county", lon__gte=104, sort="-lon")] == [
        "D",
        "C",
        "B",
    ]
    assert rows(http, "units", capacity=2, columns="id", limit=1) == [{"id": "u1"}]
    assert [r["id"] for r in rows(http, "relations", since="2012-11-08", until="")] == ["r1", "r2"]


def test_what_is_not_there(http: TestClient) -> None:
    told = http.get(f"{NETWORK}/unit")
    assert told.status_code == 404 and "did you mean units" in told.json()["detail"]
    assert http.get(f"{NETWORK}/pairs").status_code == 404
    told = http.get(f"{NETWORK}/units", headers={"Accept": "text/html"})
    assert told.status_code == 406 and "text/csv (.csv)" in told.json()["detail"]
    assert http.get(f"{NETWORK}/units.csv", headers={"Accept": "text/html"}).status_code == 200


def test_names_are_for_those_who_may_see_them(http: TestClient, app: FastAPI) -> None:
    assert [r["name"] for r in rows(http, "cadre_names")] == ["张三", "李四"]
    seen = http.get(f"{NETWORK}/cadre_names").headers["etag"]
    become(app, Role.ADMIN)
    assert [r["name"] for r in rows(http, "cadre_names")] == ["***", "***"]
    assert http.get(f"{NETWORK}/cadre_names", headers={"If-None-Match": seen}).status_code == 200
    assert (
        rows(http, "cadre_names", name="张三") == [] and rows(http, "cadre_names", name__contains="张") == []
    )
    for form in FORMATS:
        assert "张三".encode() not in http.get(f"{NETWORK}/cadre_names.{form}").content
    become(app, Role.VIEWER, sees_names=True)
    assert [r["name"] for r in rows(http, "cadre_names", sort="-id")] == ["李四", "张三"]


def test_small_counts_are_for_those_who_work_in_villages(http: TestClient, app: FastAPI) -> None:
    counts = [(3, 9), (12, 4), (0, 5)]
    become(app, Role.COORDINATOR)
    assert [(r["households"], r["persons"]) for r in rows(http, "household_groups")] == counts
    assert [r["value"] for r in rows(http, "region_facts")] == [4, 5, 0.1, 3]
    become(app, Role.VIEWER)
    assert [(r["households"], r["persons"]) for r in rows(http, "household_groups")] == [
        (None, 9),
        (12, None),
        (0, 5),
    ]
    assert [r["value"] for r in rows(http, "region_facts")] == [None, 5, 0.1, 3]
    assert (
        rows(http, "household_groups", households=3) == []
        and rows(http, "household_groups", persons__lt=5) == []
    )
    order = [r["village"] for r in rows(http, "household_groups", sort="households")]
    assert order == ["vD", "vC", "vA"]  # what is not seen comes last, wherever it belongs


def test_regions_limit(http: TestClient, app: FastAPI) -> None:
    become(app, Role.COORDINATOR, ("C",))
    assert {r["code"] for r in rows(http, "regions", level="village")} == {"vC"}
    assert [r["village"] for r in rows(http, "household_groups")] == ["vC"]
    whole = http.get(f"{NETWORK}/household_groups")
    assert whole.headers["x-total-count"] == "1"
    become(app, Role.COORDINATOR)
    assert len(rows(http, "household_groups")) == 3
    told = http.get(f"{NETWORK}/household_groups", headers={"If-None-Match": whole.headers["etag"]})
    assert told.status_code == 200


def test_the_schema(http: TestClient) -> None:
    first = http.get("/api/v1/schema")
    told = first.json()
    assert [t["name"] for t in told["tables"]] == list(TABLES) and [
        t["name"] for t in told["results"]
    ] == list(RESULTS)
    units = next(t for t in told["tables"] if t["name"] == "units")
    capacity = next(c for c in units["columns"] if c["name"] == "capacity")
    assert capacity["title"] == {"zh": "帮扶能力", "en": "capacity"} and "counties" in capacity["unit"]
    assert capacity["operators"][:2] == ["capacity", "capacity__ne"]
    home = next(c for c in units["columns"] if c["name"] == "home_region")
    assert home["links"] == ["regions.code"] and units["key"] == ["id"]
    assert set(told["enums"]) == {*ENUMS, "tag"} and told["measures"]
    again = http.get("/api/v1/schema", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_conditions_that_the_schema_lists_are_taken(http: TestClient) -> None:
    examples = {
        "integer": "1",
        "money": "1",
        "number": "1",
        "share": "1",
        "date": "2016-01-01",
        "boolean": "true",
    }
    for table in http.get("/api/v1/schema").json()["tables"]:
        for column in table["columns"]:
            value = (
                next(iter(ENUMS[column["enum"]]), "x")
                if column["kind"] == "enum"
                else examples.get(column["kind"], "x")
            )
            for condition in column["operators"]:
                told = http.get(f"{NETWORK}/{table['name']}", params={condition: value, "limit": 1})
                assert told.status_code == 200, f"{table['name']}.{condition}: {told.text}"


def test_no_column_is_called_as_a_word_of_questions() -> None:
    names = {c for tables in (TABLES, RESULTS) for t in tables.values() for c in t.by_name}
    assert not names & {*WORDS, PLACE}
    assert not [n for n in names if "__" in n] and all(o.isidentifier() for o in OPERATORS if o)


def test_a_new_version_is_another_answer(tmp_path: Path) -> None:
    from graph.store.changes import Changes

    store = open_workspace(tmp_path / "office", create=True)
    network = read_scenario(write_small(tmp_path / "two", TWO, **MORE), stages=()).network
    load(store, network, "two", by="tests")
    made = create_app(
        open_service(
            read_settings({"data": tmp_path / "data"}, environ={}), f"workspace:{tmp_path / 'office'}#two"
        )
    )
    with TestClient(made, base_url="http://localhost:8470") as http:
        first = http.get(f"{NETWORK}/units")
        assert (
            http.get(f"{NETWORK}/units", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        )
        put = network.frame("units").filter(id="u1").with_columns(pl.lit("改名").alias("name"))
        store.write("two", Changes({"units": put}, {}), base=1, how="request", by="li")
        again = http.get(f"{NETWORK}/units", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 200 and again.json()["rows"][0]["name"] == "改名"
    store.close()


def test_this_machine_sees_all() -> None:
    assert LOCAL.sees_names and LOCAL.role is Role.ADMIN
