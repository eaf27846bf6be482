"""Who is limited to Northpoor: what lies in it, whom it is tied to, and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http.models import network as models
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened
from tests.api.http.small import write_small

LIMITED = Caller("li", Role.VIEWER, ("P1",))
OUTSIDE = {"P2", "P2b", "S"}
"""Not within, not above, and no partner: Ridge (P2a) is one, as Northpoor's own Farm Works supports it."""


@pytest.fixture
def limited(opened: Opened) -> TestClient:
    """Somebody limited to Northpoor."""
    return opened(caller=LIMITED)


@pytest.mark.parametrize("id", ["P1", "P1a", "P1b", "P1av", "u3", "R1", "u1", "u2", "R", "P", "P2a"])
def test_what_lies_within_and_its_partners_may_be_asked(limited: TestClient, id: str) -> None:
    for what, model in (
        ("cards", models.Card),
        ("records", models.Record),
        ("withdrawals", models.Withdrawal),
        ("ego", models.Net),
    ):
        told = limited.get(f"{NETWORK}/{what}/{id}")
        assert told.status_code == 200, told.text
        model.model_validate(told.json())
        if what != "ego":
            offered = {"S"} if what == "withdrawals" else set()  # anybody may be named who could take over
            assert not (OUTSIDE - offered) & set(ids(told.json())), (what, id)


@pytest.mark.parametrize(
    "path",
    [
        "/cards/P2",
        "/cards/Dale",
        "/cards/S",
        "/records/P2",
        "/withdrawals/S",
        "/ego/P2b",
        "/pairs/S/P2",
        "/paths/P2/S",
        "/ledger?subject=S",
    ],
)
def test_others_may_not(opened: Opened, limited: TestClient, path: str) -> None:
    told = limited.get(NETWORK + path)
    assert told.status_code == 403 and "limited to P1" in told.json()["detail"], told.text
    assert opened().get(NETWORK + path).status_code == 200


def test_a_region_outside_is_told_in_the_askers_own_words(opened: Opened, limited: TestClient) -> None:
    told = limited.get(f"{NETWORK}/cards/southpoor")
    assert told.status_code == 403 and "southpoor" in told.text and "P2" not in told.json()["detail"]
    assert opened().get(f"{NETWORK}/cards/southpoor").json()["subject"]["id"] == "P2"


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/cards/{}", "u4"), ("/cards/{}", "Sea Bank"), ("/cards/{}", "bank"), ("/records/{}", "u4"), ("/ego/{}", "u4"),
        ("/withdrawals/{}", "u4"), ("/pairs/{}", "ew2"), ("/pairs/{}", "d5"), ("/pairs/{}/P1", "u4"), ("/pairs/P1/{}", "u4"),
        ("/paths/{}/P1", "u4"), ("/ledger?subject={}", "u4"), ("/../ledger?subject={}", "u4"),
    ],
)  # fmt: skip
def test_what_else_is_outside_is_as_if_it_were_not_there(
    opened: Opened, small: str, tmp_path: Path, path: str, there: str
) -> None:
    """The same network without it gives the same answer, word by word; who sees all is told of it."""
    less = Path(write_small(tmp_path))
    for table, gone in (("units", "u4,"), ("relations", "d5,"), ("relations", "ew2,"), ("ledger", "ew2,")):
        file = less / "data" / f"{table}.csv"
        file.write_text("".join(row for row in file.read_text("utf-8").splitlines(True) if not row.startswith(gone)), "utf-8")  # fmt: skip
    address = f"{NETWORK}{path}".replace("/network/..", "").format(there)
    with_it, without = (opened(where, caller=LIMITED).get(address) for where in (small, str(less)))
    assert with_it.status_code == without.status_code == 404
    assert told_of(with_it) == told_of(without) and "u4" not in with_it.text.replace(there, "")
    assert opened(small).get(address).status_code == 200 or "/P1" in path or "P1/" in path


def told_of(answer: Any) -> dict[str, object]:
    """A problem without its number."""
    return {k: v for k, v in answer.json().items() if k != "request_id"}


def test_a_unit_whose_row_is_seen_has_a_card(opened: Opened, limited: TestClient) -> None:
    """Flood Team's cadre is posted in Hut: the row is seen, and of what it does elsewhere nothing."""
    rows = {row["id"] for row in limited.get(f"{NETWORK}/tables/units").json()["rows"]}
    assert "u5" in rows and "u4" not in rows
    for id in rows:
        assert limited.get(f"{NETWORK}/cards/{id}").status_code == 200, id
    assert limited.get(f"{NETWORK}/cards/u5").json()["supports"] == []
    assert [t["id"] for t in opened().get(f"{NETWORK}/cards/u5").json()["supports"]] == ["d6"]


def test_the_structure_is_of_the_relations_that_touch(
    opened: Opened, limited: TestClient, tmp_path: Path
) -> None:
    mine = limited.get(f"{NETWORK}/structure").json()
    whole = opened().get(f"{NETWORK}/structure").json()
    assert (mine["relations"], mine["nodes"]) == (4, 8) and whole["relations"] > 4 < whole["nodes"]
    assert {row["id"]: row["degree"] for row in mine["centrality"]}["P1a"] == 1
    less = Path(write_small(tmp_path))  # what lies outside changes nothing
    file = less / "data" / "relations.csv"
    file.write_text(file.read_text("utf-8") + "d9,designated,u4,P2,,,\nd10,designated,u2,P2,,,\n", "utf-8")
    assert opened(str(less), caller=LIMITED).get(f"{NETWORK}/structure").json() == mine
    assert opened(str(less)).get(f"{NETWORK}/structure").json() != whole


def test_who_lies_within_sees_the_whole_card(opened: Opened, limited: TestClient) -> None:
    whole = opened()
    for id in ("P1", "P1a", "P1b"):
        mine, theirs = limited.get(f"{NETWORK}/cards/{id}").json(), whole.get(f"{NETWORK}/cards/{id}").json()
        assert [t["id"] for t in mine["supported_by"]] == [t["id"] for t in theirs["supported_by"]]


def test_of_a_partner_only_what_touches_is_shown(opened: Opened, limited: TestClient) -> None:
    assert [t["id"] for t in limited.get(f"{NETWORK}/cards/u2").json()["supports"]] == ["d3"]
    assert {t["id"] for t in opened().get(f"{NETWORK}/cards/u2").json()["supports"]} == {"d2", "d3"}
    assert limited.get(f"{NETWORK}/pairs/R/P").status_code == 200  # what supports the place above reaches it


def test_search_finds_what_may_be_asked(opened: Opened, limited: TestClient) -> None:
    assert [h["id"] for h in limited.get(f"{NETWORK}/search?q=poor").json()["hits"]] == ["P", "P1"]
    assert [h["id"] for h in opened().get(f"{NETWORK}/search?q=poor").json()["hits"]] == ["P", "P1", "P2"]
    assert limited.get(f"{NETWORK}/cards/southpoor").status_code == 403
    assert limited.get(f"{NETWORK}/cards/nowhere").status_code == 404


def test_sums_are_of_what_lies_within(limited: TestClient) -> None:
    told = {g["rule"]: g for g in limited.get(f"{NETWORK}/gaps").json()["gaps"]}
    assert told["counties"]["places"] == 2 and told["counties"]["counts"]["covered"] == 1
    assert [r["region"] for r in told["autonomous_prefectures"]["covered"]] == ["P1"]
    assert not OUTSIDE & set(ids(told))


def test_lists_are_cut(opened: Opened, limited: TestClient) -> None:
    whole = opened()
    for path, key, column, mine in (
        ("/loads", "supporters", "supporter", {"R", "R1", "u1", "u2", "u3", "u5"}), ("/ledger", "entries", "relation", {"ew0", "ew1"}),
        ("/flows?level=county", "flows", "taker", {"P1", "P1a", "P1b", "P2a"}), ("/difference?before=2016-12-31&after=2017-06-01", "begun", "id", {"d3"}),
        ("/difference?before=2016-12-31&after=2017-06-01", "ended", "id", set()), ("/endings?months=13", "relations", "id", {"ew1"}),
        ("/structure", "centrality", "id", {"P1", "P1a", "P", "P2a", "R", "R1", "u1", "u3"}),
    ):  # fmt: skip
        shown, all_of_it = limited.get(NETWORK + path), whole.get(NETWORK + path)
        assert {row[column] for row in shown.json()[key]} <= mine | {"u2"}, (path, shown.text)
        assert len(shown.json()[key]) < len(all_of_it.json()[key]) or key == "begun", path
    assert limited.get(f"{NETWORK}/loads").json()["concentration"] is None
    kept = limited.get(f"{NETWORK}/difference?before=2016-12-31&after=2017-06-01").json()
    assert kept["kept"] is None and kept["postings"] is None
    models.Difference.model_validate(kept)


def test_paths_and_surroundings_name_no_others(opened: Opened, limited: TestClient) -> None:
    path = f"{NETWORK}/ego/u2?depth=3&at=2017-06-01"
    assert OUTSIDE & {n["id"] for n in opened().get(path).json()["nodes"]}
    assert not OUTSIDE & {n["id"] for n in limited.get(path).json()["nodes"]}
    assert limited.get(f"{NETWORK}/paths/P1a/R").json()["paths"]


def ids(told: object) -> list[str]:
    """Every id in an answer."""
    if isinstance(told, dict):
        own = [
            v
            for k, v in told.items()
            if k in ("id", "region", "supporter", "recipient") and isinstance(v, str)
        ]
        return own + [i for v in told.values() for i in ids(v)]
    return [i for v in told for i in ids(v)] if isinstance(told, list) else []


def test_rows_are_counted_as_far_as_they_are_seen(opened: Opened, limited: TestClient) -> None:
    here, all_ = limited.get(NETWORK).json()["tables"], opened().get(NETWORK).json()["tables"]
    assert (here["regions"], all_["regions"]) == (4, 11) and (here["cadres"], all_["cadres"]) == (2, 3)
    assert here.keys() == all_.keys() and all(here[table] <= all_[table] for table in here)
