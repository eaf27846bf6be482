"""History of a scenario over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from api.service.scenarios.kept import Kept
from api.service.service import Service
from tests.api.http.sending import SCENARIOS, etag, made, put_csv, put_toml

FIRST, SECOND = 'format = 1\ntitle = "one"\n', 'format = 1\ntitle = "two"\nseed = 4\n'
REGIONS = "code,name,level,parent\na,A,province,\nb,B,county,a\n"


def test_every_state_is_kept_and_told_with_what_changed(http: TestClient) -> None:
    match = put_toml(http, FIRST, made(http, base=None)).headers["ETag"]
    match = put_csv(http, "regions", REGIONS, match).headers["ETag"]
    told = http.put(
        f"{SCENARIOS}/mine/toml",
        params={"why": "名称"},
        content=SECOND,
        headers={"If-Match": match, "Content-Type": "text/toml"},
    )
    edits = http.get(f"{SCENARIOS}/mine/history").json()["edits"]
    assert [(e["revision"], e["what"], e["why"]) for e in edits] == [
        (4, "toml", "名称"), (3, "tables", ""), (2, "toml", ""), (1, "created", ""),
    ]  # fmt: skip
    assert edits[0]["etag"] == told.headers["ETag"] and edits[0]["by"] == "local"
    state = http.get(f"{SCENARIOS}/mine/history/4").json()
    assert state["toml"] == SECOND and state["rows"] == {"regions": 2}
    assert '-title = "one"\n+title = "two"\n+seed = 4\n' in state["difference"] and state[
        "difference"
    ].startswith("--- 3\n+++ 4\n")
    assert http.get(f"{SCENARIOS}/mine/history/2").json()["toml"] == FIRST
    assert http.get(f"{SCENARIOS}/mine/history/9").status_code == 404
    page = http.get(f"{SCENARIOS}/mine/history", params={"limit": 3}).json()
    rest = http.get(f"{SCENARIOS}/mine/history", params={"cursor": page["next"]}).json()
    assert [e["revision"] for e in rest["edits"]] == [1] and rest["next"] is None
    assert http.get(f"{SCENARIOS}/nix/history").status_code == 404
    assert http.get(f"{SCENARIOS}/..%2f..%2fetc/history").status_code == 404


def test_back_to_an_earlier_state_and_nothing_in_between_is_lost(http: TestClient) -> None:
    match = put_toml(http, FIRST, made(http, base=None)).headers["ETag"]
    match = put_csv(http, "regions", REGIONS, match).headers["ETag"]
    restore = f"{SCENARIOS}/mine/history/2/restore"
    assert http.post(restore).status_code == 428
    assert http.post(restore, headers={"If-Match": '"1-x"'}).status_code == 412
    told = http.post(restore, headers={"If-Match": match})
    assert told.status_code == 200 and (told.json()["revision"], told.json()["of"]) == (4, 2)
    assert http.get(f"{SCENARIOS}/mine/history/4").json()["rows"] == {}
    told = http.post(f"{SCENARIOS}/mine/history/3/restore", headers={"If-Match": told.headers["ETag"]})
    assert http.get(f"{SCENARIOS}/mine/history/5").json()["rows"] == {"regions": 2}


def test_a_deleted_scenario_comes_back(http: TestClient) -> None:
    match = put_toml(http, FIRST, made(http, base=None)).headers["ETag"]
    assert (
        http.delete(f"{SCENARIOS}/mine", params={"why": "alt"}, headers={"If-Match": match}).status_code
        == 204
    )
    edits = http.get(f"{SCENARIOS}/mine/history").json()["edits"]
    assert (edits[0]["what"], edits[0]["why"]) == ("deleted", "alt")
    match = {"If-Match": edits[0]["etag"]}
    assert (
        http.post(f"{SCENARIOS}/mine/history/3/restore", headers=match).status_code == 422
    )  # the deletion itself
    assert http.post(f"{SCENARIOS}/mine/history/2/restore", headers=match).status_code == 200
    assert http.get(f"{SCENARIOS}/mine/toml").text == FIRST
    assert http.delete(f"{SCENARIOS}/mine", headers={"If-Match": etag(http)}).status_code == 204
    made(http, base=None)  # a new one of the name goes on with its numbers: no ETag is had twice
    assert [e["what"] for e in http.get(f"{SCENARIOS}/mine/history").json()["edits"]] == [
        "created", "deleted", "restored", "deleted", "toml", "created",
    ]  # fmt: skip


def test_what_was_cut_off_before_its_link_is_finished_at_the_next_start(
    http: TestClient, service: Service
) -> None:
    match = made(http, base=None)
    put_toml(http, FIRST, match)
    live = service.scenarios / "mine"
    live.unlink()
    live.symlink_to(".kept/mine/1")  # as after a kill between the state's own name and the link's
    (service.scenarios / ".making-left").mkdir()
    kept = Kept(service.scenarios)
    assert kept.current("mine").revision == 2
    kept.mend()
    assert str(live.readlink()) == ".kept/mine/2" and (live / "scenario.toml").read_text() == FIRST
    assert not (service.scenarios / ".making-left").exists()
    live.unlink()
    kept.mend()
    assert (live / "scenario.toml").read_text() == FIRST
