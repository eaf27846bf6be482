"""The file and the tables of a scenario over HTTP."""

from __future__ import annotations

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from api.service.service import Service
from tests.api.http.sending import SCENARIOS, etag, made, put_csv, put_toml

TEXT = '# my notes\nformat = 1\ntitle = "x"  # a title\nbase = "teachers"\n\n[funds] # money\ncounty_floor = 5  # low\n'


def test_the_file_comes_back_as_it_was_written_comments_and_all(http: TestClient) -> None:
    told = put_toml(http, TEXT, made(http))
    assert told.status_code == 200 and told.json()["what"] == "toml"
    again = http.get(f"{SCENARIOS}/mine/toml")
    assert again.text == TEXT and again.headers["ETag"] == told.headers["ETag"]
    assert again.headers["Content-Type"] == "application/toml; charset=utf-8"
    assert (
        http.get(f"{SCENARIOS}/mine/toml", headers={"If-None-Match": again.headers["ETag"]}).status_code
        == 304
    )


def test_values_change_and_comments_stay(http: TestClient) -> None:
    match = put_toml(http, TEXT, made(http)).headers["ETag"]
    patch = {"values": {"funds.county_floor": 7, "seed": 3, "cadres.team_minimum": 3}}
    told = http.patch(f"{SCENARIOS}/mine/toml", json=patch, headers={"If-Match": match})
    assert told.status_code == 200, told.text
    text = http.get(f"{SCENARIOS}/mine/toml").text
    for words in (
        "# my notes",
        "# a title",
        "# money",
        "county_floor = 7  # low",
        "seed = 3",
        "[cadres]\nteam_minimum = 3",
    ):
        assert words in text
    patch = {"values": {"funds.county_floor": None, "seed": None}}
    told = http.patch(f"{SCENARIOS}/mine/toml", json=patch, headers={"If-Match": told.headers["ETag"]})
    text = http.get(f"{SCENARIOS}/mine/toml").text
    assert "county_floor" not in text and "seed" not in text and "# my notes" in text


def test_if_match_is_demanded_and_what_is_old_is_stale(http: TestClient) -> None:
    first = made(http)
    told = put_toml(http, TEXT, None)
    assert told.status_code == 428 and told.json()["type"] == "/problems/no-match"
    second = put_toml(http, TEXT, first).headers["ETag"]
    assert second != first
    for old in (first, f"W/{second}", '"nonsense"'):
        told = put_toml(http, TEXT, old)
        assert told.status_code == 412 and told.json()["type"] == "/problems/stale"
        assert told.json()["etag"] == told.headers["ETag"] == second
    assert put_toml(http, TEXT, f'"other", {second}').status_code == 200
    assert put_toml(http, TEXT, "*").status_code == 200
    assert put_toml(http, TEXT, "*", "nix").status_code == 404


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format = 1\nbase = \"teachers\"\n[funds]\ncounty_flor = 1\n", ["mine/scenario.toml, line 4, funds.county_flor", "did you mean county_floor?"]),
        ("format = 1\nbase = \"teachers\"\n[fund]\n", ["line 3, fund", "did you mean funds?"]),
        ("format = 1\nbase = \"teachers\"\n[funds]\ncounty_floor = \"much\"\n", ["line 4, funds.county_floor"]),
        ("format = 1\nbase = [", ["not valid TOML"]),
        ("format = 99\n", ["99"]),
        ("format = 1\nbase = \"teachers\"\n[[change]]\ntable = \"unit\"\nremove = true\n", ["did you mean units?"]),
        ("format = 1\nbase = \"teachers\"\n[[change]]\ntable = \"units\"\nwhere = { id = \"nix\" }\nremove = true\n", ["line 3", "no row of units matches"]),
        ("x = " + "[" * 50_000, ["nested"]),
        ("a" + ".a" * 20_000 + " = 1\n", []),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_and_key_and_nothing_changes(
    http: TestClient, text: str, words: list[str]
) -> None:
    match = made(http)
    before = http.get(f"{SCENARIOS}/mine/toml").text
    told = put_toml(http, text, match)
    assert told.status_code == 422, told.text
    assert all(w in told.json()["detail"] for w in words), told.json()["detail"]
    assert http.get(f"{SCENARIOS}/mine/toml").text == before and etag(http) == match


def test_what_utf8_cannot_write_is_no_defect(http: TestClient) -> None:
    match = {"If-Match": made(http, base=None), "Content-Type": "application/json"}
    for body in (
        b'{"values": {"title": "\\ud800"}}',
        b'{"values": {"\\ud800": 1}}',
        b'{"values": {}, "why": "\\udfff"}',
    ):
        assert http.patch(f"{SCENARIOS}/mine/toml", content=body, headers=match).status_code == 422
    assert http.post(SCENARIOS, content=b'{"name": "x", "title": "\\ud800"}').status_code == 422


def test_a_name_that_no_file_system_takes_is_not_there(http: TestClient) -> None:
    for name in ("x" * 300, "%00", "..", "%2e%2e", "文" * 100):
        for told in (
            http.get(f"{SCENARIOS}/{name}"), http.get(f"{SCENARIOS}/{name}/toml"), http.get(f"{SCENARIOS}/{name}/history"),
            http.delete(f"{SCENARIOS}/{name}", headers={"If-Match": "*"}), http.get(f"/api/v1/uploads/{name}"),
        ):  # fmt: skip
            assert told.status_code in (404, 405), (name, told.text)


def test_a_file_that_is_no_text_or_too_long_is_refused(http: TestClient) -> None:
    match = made(http)
    headers = {"If-Match": match}
    assert http.put(f"{SCENARIOS}/mine/toml", content=b"\xff\xfe\0", headers=headers).status_code == 422
    assert http.put(f"{SCENARIOS}/mine/toml", content=b"#" * (257 << 10), headers=headers).status_code == 413
    assert etag(http) == match


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('base = "../../etc"', "no path"), ('base = "/etc"', "no path"), ('base = "data"', "no path"), ('base = "neo4j://evil.example"', "no path"),
        ('base = ".kept/mine/1"', "no path"), ('base = "nix"', "there is no scenario nix"), ('base = "mine"', "mine"),
        ('network = "neo4j://169.254.169.254:7687"', "no other address"), ('network = "bolt://localhost:22"', "no other address"),
        ('network = "workspace:/root"', "no other address"), ('network = "workspace:../.."', "no other address"),
        ('network = "file:///etc/passwd"', "no other address"), ('network = "served"', "use base"),
        ('data = "/etc"', "no other place"), ('data = "../../other"', "no other place"), ('published = "../../plans/x"', "when a job is ordered"),
    ],
)  # fmt: skip
def test_nobody_gets_at_other_files_or_servers_through_a_scenario(
    http: TestClient, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, words: str
) -> None:
    (tmp_path / "nix").mkdir()  # a folder where the service was started is no scenario of it
    (tmp_path / "nix" / "scenario.toml").write_text('format = 1\ntitle = "secret"\n')
    monkeypatch.chdir(tmp_path)
    match = made(http)
    told = put_toml(http, f"format = 1\n{line}\n", match)
    assert told.status_code == 422, told.text
    assert words in told.json()["detail"] and "secret" not in told.text and str(tmp_path) not in told.text
    told = http.patch(
        f"{SCENARIOS}/mine/toml",
        json={"values": {line.split(" = ", maxsplit=1)[0]: line.split('"')[1]}},
        headers={"If-Match": match},
    )
    assert told.status_code == 422 and etag(http) == match
    assert sorted(e.name for e in service.scenarios.iterdir()) == [".kept", "mine"]


def test_chains_end(http: TestClient) -> None:
    match = made(http, "a", "teachers")
    made(http, "b", "a")
    told = put_toml(http, 'format = 1\nbase = "b"\n', match, "a")
    assert told.status_code == 422 and "leads back to itself" in told.json()["detail"]


def test_of_edits_at_once_one_is_kept(http: TestClient) -> None:
    match = made(http, base=None)
    start = threading.Barrier(6)

    def edit(number: int) -> int:
        start.wait()
        return int(put_toml(http, f'format = 1\ntitle = "{number}"\n', match).status_code)

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(edit, range(6)))
    assert codes == [200, 412, 412, 412, 412, 412]
    assert [e["revision"] for e in http.get(f"{SCENARIOS}/mine/history").json()["edits"]] == [2, 1]


REGIONS = "code,name,level,parent\na,A,province,\nb,B,county,a\n"
FORMS = {
    "text/csv": REGIONS.encode(),
    "application/json": b'[{"code": "a", "name": "A", "level": "province"}, {"code": "b", "name": "B", "level": "county", "parent": "a"}]',
}


def as_parquet(text: str) -> bytes:
    out = io.BytesIO()
    pl.read_csv(text.encode(), infer_schema=False).write_parquet(out)
    return out.getvalue()


def as_workbook(text: str, sheet: str) -> bytes:
    out = io.BytesIO()
    pl.read_csv(text.encode(), infer_schema=False).write_excel(out, worksheet=sheet)
    return out.getvalue()


@pytest.mark.parametrize("media", ["text/csv", "application/json", "application/vnd.apache.parquet", "xlsx"])
def test_a_table_in_each_form_is_the_same(http: TestClient, media: str) -> None:
    match = made(http, base=None)
    if media == "xlsx":
        media, body = (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            as_workbook(REGIONS, "regions"),
        )
    else:
        body = as_parquet(REGIONS) if "parquet" in media else FORMS[media]
    told = http.put(
        f"{SCENARIOS}/mine/tables/regions", content=body, headers={"If-Match": match, "Content-Type": media}
    )
    assert told.status_code == 200, told.text
    told = http.get(f"{SCENARIOS}/mine/history/2").json()
    assert told["rows"] == {"regions": 2} and told["tables"] == ["regions"] and told["difference"] == ""


def test_a_wrong_table_is_refused_row_by_row(http: TestClient, service: Service) -> None:
    match = put_csv(http, "regions", REGIONS, made(http, base=None)).headers["ETag"]
    told = put_csv(http, "units", "id,kind,home_region,capacity\nu1,bnk,b,1\nu2,bank,c,x\n", match)
    assert told.status_code == 422 and told.json()["type"] == "/problems/bad-rows"
    errors = [e for task in told.json()["report"]["tasks"] for e in task["errors"]]
    assert {(e["table"], e["rowNumber"], e["fieldName"]) for e in errors} >= {
        ("units", 2, "kind"),
        ("units", 3, "capacity"),
    }
    told = put_csv(
        http, "units", "id,kind,home_region\nu2,bank,c\n", match
    )  # only beside the other tables it is wrong
    assert told.status_code == 422 and "no region c" in told.json()["detail"]
    assert etag(http) == match and not list((service.scenarios / "mine" / "data").glob("units*"))
    assert put_csv(http, "unit", "id\nu\n", match).json()["detail"].endswith("did you mean units?")
    for table in ("..", "%2e%2e%2fmine", "../units", "units/../regions"):
        assert put_csv(http, table, "id\nu\n", match).status_code in (404, 405, 422)
    told = put_csv(http, "units", "", match)
    assert told.status_code == 422
    headers = {"If-Match": match, "Content-Type": "application/pdf"}
    assert http.put(f"{SCENARIOS}/mine/tables/units", content=b"%PDF", headers=headers).status_code == 415


def test_taking_a_table_away_gives_the_bases_again(http: TestClient) -> None:
    match = made(http)

    def where() -> tuple[int, str]:
        tables = http.get(f"{SCENARIOS}/mine").json()["resolved"]["tables"]
        return next((t["rows"], t["scenario"]) for t in tables if t["table"] == "coverage")

    before = where()
    assert before[1] == "teachers"
    told = put_csv(http, "coverage", "rule,region,complete\ndesignated,S1,yes\n", match)
    assert told.status_code == 200, told.text
    assert where() == (1, "mine")
    told = http.delete(f"{SCENARIOS}/mine/tables/coverage", headers={"If-Match": told.headers["ETag"]})
    assert told.status_code == 200 and where() == before
    told = http.delete(f"{SCENARIOS}/mine/tables/coverage", headers={"If-Match": told.headers["ETag"]})
    assert told.status_code == 404 and "no table coverage of its own" in told.json()["detail"]


def test_a_link_in_a_folder_is_refused(http: TestClient, service: Service) -> None:
    made(http)
    data = service.scenarios / ".kept" / "mine" / "1" / "data"
    data.mkdir()
    os.symlink("/etc/passwd", data / "units.csv")
    told = http.post("/api/v1/jobs/plan", json={"scenario": "mine"})
    assert told.status_code == 422 and "is a link" in told.json()["detail"]
    assert http.post(f"{SCENARIOS}/mine/validate").status_code == 422
