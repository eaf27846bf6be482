"""Gates of exit and endings of one place, as somebody asks for them."""

from __future__ import annotations

from api.http.models import network as models
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened

LIMITED = Caller("li", Role.VIEWER, ("P1",))


def test_a_place_comes_first_then_those_above_that_exit(opened: Opened) -> None:
    http = opened("china-2016")
    told = http.get(f"{NETWORK}/gates/533301102217").json()
    models.GatesOfExit.model_validate(told)
    assert [one["region"] for one in told["places"]] == ["533301102217", "533301"]
    assert {one["rule"]: one["state"] for one in told["places"][1]["gates"]}["line_west"] == "fail"
    exited = http.get(f"{NETWORK}/gates/井冈山").json()["places"][0]
    assert exited["exited"] == 2016 and {one["state"] for one in exited["gates"]} == {"pass"}


def test_units_have_none_and_places_elsewhere_are_not_told(opened: Opened) -> None:
    assert opened().get(f"{NETWORK}/gates/u1").status_code == 404
    limited = opened(caller=LIMITED)
    assert limited.get(f"{NETWORK}/gates/P1a").status_code == 200
    assert [one["region"] for one in limited.get(f"{NETWORK}/gates/P1a").json()["places"]] == ["P1a"]
    for other in ("P2", "P2b", "R1"):  # not in the caller's regions: neither far ones nor partners
        assert limited.get(f"{NETWORK}/gates/{other}").status_code == 403, other


def test_endings_of_one_place_are_those_in_it_and_below(opened: Opened) -> None:
    http = opened()
    whole = http.get(f"{NETWORK}/endings?months=13&each=true").json()
    north = http.get(f"{NETWORK}/endings?months=13&each=true&subject=Northpoor").json()
    assert {"ew1", "ew2"} <= {one["id"] for one in whole["relations"]}
    assert [one["id"] for one in north["relations"]] == ["ew1"]
    assert [one["region"] for one in north["postings"]] == ["P1a"]
    south = http.get(f"{NETWORK}/endings?months=13&each=true&subject=P2").json()
    assert [one["id"] for one in south["relations"]] == ["ew2"] and not south["postings"]
    village = http.get(f"{NETWORK}/endings?months=13&each=true&subject=P1av").json()
    assert {one["village"] for one in village["each"]} == {"P1av"} and not village["relations"]


def test_tags_are_told_with_their_titles(opened: Opened) -> None:
    tags = {one["value"]: one["title"] for one in opened().get("/api/v1/schema").json()["enums"]["tag"]}
    assert tags["ethnic_prefecture"] == {"zh": "民族自治州", "en": "autonomous prefecture"}
