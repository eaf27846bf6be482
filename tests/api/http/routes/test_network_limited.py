"""Who is limited to Northpoor: what lies in it, whom it is tied to, and no other."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.http.models import network as models
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened

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
        "/pairs/ew2",
        "/paths/P2/S",
        "/ledger?subject=S",
    ],
)
def test_others_may_not(opened: Opened, limited: TestClient, path: str) -> None:
    told = limited.get(NETWORK + path)
    assert told.status_code == 403 and "limited to P1" in told.json()["detail"], told.text
    assert opened().get(NETWORK + path).status_code == 200


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
        ("/loads", "supporters", "supporter", {"R", "R1", "u1", "u2", "u3"}), ("/ledger", "entries", "relation", {"ew0", "ew1"}),
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
    assert (here["regions"], all_["regions"]) == (4, 11) and (here["cadres"], all_["cadres"]) == (1, 2)
    assert here.keys() == all_.keys() and all(here[table] <= all_[table] for table in here)
