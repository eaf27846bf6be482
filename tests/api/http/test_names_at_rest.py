"""Names of cadres on disk: in no scenario at all, in uploads sealed from the first moment on, and gone with the key."""

from __future__ import annotations

import tarfile
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from api.service.backups.backup import save
from api.service.service import Service
from graph.office.forget import forget
from graph.office.office import Office
from graph.store.keyring import Keyring
from tests.api.http.sending import SCENARIOS, UPLOADS, etag, made, put_csv, put_toml
from tests.api.http.test_scenario_file import as_workbook

NAMES = "id,name\nc1,张三丰\nc2,李四光\n"
NAME = "张三丰".encode()
OFFICE = {"into": "network", "why": "入职"}


def sent(
    http: TestClient, content: str = NAMES, name: str = "cadre_names.csv", **params: str
) -> dict[str, object]:
    """An upload as it was answered."""
    told = http.post(UPLOADS, files={"file": (name, content.encode())}, params=params)
    assert told.status_code == 201, told.text
    return dict(told.json())


def in_clear(folder: Path) -> list[str]:
    """Files below a folder that hold the name as it was sent."""
    return [str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file() and NAME in f.read_bytes()]


@pytest.fixture
def data(stored: tuple[TestClient, Service]) -> Path:
    """The data folder."""
    return stored[1].settings.data


def test_a_scenario_takes_no_names_and_says_where_they_go(http: TestClient, service: Service) -> None:
    match = made(http)
    told = put_csv(http, "cadre_names", NAMES, match)
    assert told.status_code == 422 and "into: network" in told.json()["detail"]
    change = {"add_changes": [{"table": "cadre_names", "add": [{"id": "c1", "name": "张三丰"}], "why": "x"}]}
    told = http.patch(f"{SCENARIOS}/mine/toml", json=change, headers={"If-Match": match})
    assert told.status_code == 422 and "no plan reads them" in told.json()["detail"]
    toml = 'format = 1\nbase = "teachers"\n[[change]]\ntable = "cadre_names"\nadd = [{id = "c1", name = "张三丰"}]\n'
    assert put_toml(http, toml, match).status_code == 422
    assert (
        put_csv(http, "names", "id,name,kind\nS1,Sie,english\n", match).status_code == 200
    )  # names of places do
    assert in_clear(service.settings.data) == []


def test_no_sheet_of_a_workbook_brings_names_into_a_scenario(http: TestClient, service: Service) -> None:
    match = made(http)
    book = as_workbook(NAMES, "cadre_names")
    told = http.post(UPLOADS, files={"file": ("tables.xlsx", book)}, params={"scenario": "mine"})
    assert told.status_code == 422 and "do not go into a scenario" in told.json()["detail"]
    told = http.post(UPLOADS, files={"file": ("tables.xlsx", book)})
    assert told.status_code == 422 and "this service reads files" in told.json()["detail"]
    data = service.scenarios / ".kept" / "mine" / "1" / "data"  # by hand
    data.mkdir()
    (data / "book.xlsx").write_bytes(
        as_workbook(NAMES.replace("c1", "t001").replace("c2", "t002"), "cadre_names")
    )
    told = put_csv(http, "coverage", "rule,region,complete\ndesignated,S1,yes\n", match)
    assert told.status_code == 422 and "do not go into a scenario" in told.json()["detail"]


def test_a_folder_with_names_that_was_put_there_by_hand_is_not_kept(
    http: TestClient, service: Service
) -> None:
    place = service.scenarios / "mine"
    (place / "data").mkdir(parents=True)
    (place / "scenario.toml").write_text('format = 1\nbase = "teachers"\n')
    (place / "data" / "干部姓名.csv").write_text(NAMES)
    match = {"If-Match": etag(http)}
    for told in (
        http.get(f"{SCENARIOS}/mine"), http.post(f"{SCENARIOS}/mine/validate"), http.delete(f"{SCENARIOS}/mine", headers=match),
        http.delete(f"{SCENARIOS}/mine/tables/cadre_names", headers=match), http.post("/api/v1/jobs/plan", json={"scenario": "mine"}),
        http.patch(f"{SCENARIOS}/mine/toml", json={"values": {"seed": 1}}, headers=match),
    ):  # fmt: skip
        assert told.status_code == 422 and "take the file out of the folder" in told.json()["detail"], (
            told.url
        )
    (place / "data" / "干部姓名.csv").unlink()
    assert http.delete(f"{SCENARIOS}/mine", headers={"If-Match": etag(http)}).status_code == 204


def test_an_upload_holds_names_sealed_and_the_request_made_of_it_too(
    stored: tuple[TestClient, Service], tmp_path: Path
) -> None:
    http, service = stored
    made(http)
    upload = sent(http)
    assert in_clear(service.settings.data) == []
    into = {"into": "scenario", "scenario": "mine"}
    told = http.post(f"{UPLOADS}/{upload['id']}/commit", json=into, headers={"If-Match": "*"})
    assert told.status_code == 422 and "do not go into a scenario" in told.json()["detail"]
    told = http.post(f"{UPLOADS}/{upload['id']}/commit", json=OFFICE)
    assert told.status_code == 200, told.text
    office = Office(*service.networks.store())
    drafted = office.request(told.json()["result"]["request"]).changes.put_rows("cadre_names")
    assert Keyring().unseal(drafted)["name"].to_list() == ["张三丰", "李四光"]
    assert in_clear(tmp_path) == []
    with tarfile.open(save(service.settings.data, tmp_path / "b.tar")) as tar:
        kept = tar.extractfile(f"uploads/{upload['id']}/tables/cadre_names.parquet")
        assert kept is not None and NAME not in kept.read()


def test_who_is_forgotten_is_forgotten_in_uploads(stored: tuple[TestClient, Service]) -> None:
    http, service = stored
    first, second = sent(http), sent(http)
    office = Office(*service.networks.store())
    forget(office.store, office.network, ["c1"], by="ann", why="本人申请")
    (table,) = service.tray.tables(service.tray.upload(str(first["id"]), None)).values()
    assert Keyring().unseal(pl.read_parquet(table))["name"].to_list() == ["李四光"]
    told = http.post(f"{UPLOADS}/{second['id']}/commit", json=OFFICE)
    drafted = office.request(told.json()["result"]["request"]).changes.put_rows("cadre_names")
    assert drafted["id"].to_list() == ["c2"]
    again = sent(http)
    assert again["rows"] == {"cadre_names": 1} and "this person was forgotten" in str(again["report"])


@pytest.mark.parametrize("content", [
    "id,name\nc1,\n张三丰,张三丰\n张三丰,李四\n", "张三丰,name\nc1,李四\n", "id,name,张三丰\nc1,李四,x\nc1,李四,x\n",
])  # fmt: skip
def test_no_report_tells_what_stands_in_a_table_of_names(
    stored: tuple[TestClient, Service], data: Path, content: str
) -> None:
    http, _ = stored
    told = sent(http, content)
    assert told["errors"] and "张三丰" not in str(told) and in_clear(data) == []
    assert "张三丰" not in http.get(f"{UPLOADS}/{told['id']}/report.csv").text
    plain = sent(http, "id,kind\n张三丰,bnk\n", "units.csv")  # other tables tell it
    assert "bnk" in str(plain)


def test_what_a_killed_server_left_of_a_file_on_its_way_is_gone_at_the_next_start(
    stored: tuple[TestClient, Service], data: Path
) -> None:
    _, service = stored
    left = service.uploads / ".coming-x"
    left.mkdir()
    (left / "cadre_names.csv").write_text(NAMES)
    service.tray.sweep()
    assert in_clear(data) == ["uploads/.coming-x/cadre_names.csv"]  # one may be coming right now
    service.begin()
    assert in_clear(data) == []
