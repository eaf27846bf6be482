"""What the map asks of the network: ribbons, timeline and measures, by who asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.http.models import network as models
from api.service.caller import LOCAL, Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened
from tests.api.http.small import write_small

LIMITED = Caller("li", Role.VIEWER, ("P1",))
FACTS = "region,year,measure,value,mark\nP1a,2016,poor_population,2,synthetic\nP1b,2016,poor_population,70,\nP2a,2016,poor_population,5,\nP1a,2016,gdp,3,\n"


@pytest.fixture
def counted(tmp_path: Path) -> str:
    """The small network with figures."""
    folder = Path(write_small(tmp_path / "counted"))
    (folder / "data" / "region_facts.csv").write_text(FACTS, encoding="utf-8")
    return str(folder)


def ribbons(opened: Opened, query: str = "", caller: Caller = LOCAL) -> dict[tuple[str, str], dict[str, Any]]:
    """Ends → ribbon."""
    answer = opened(caller=caller).get(f"{NETWORK}/ribbons?level=prefecture{query}")
    assert answer.status_code == 200, answer.text
    models.Ribbons.model_validate(answer.json())
    return {(r["supporter"], r["recipient"]): r for r in answer.json()["ribbons"]}


def test_ribbons_are_those_of_the_day_with_what_was(opened: Opened) -> None:
    now = ribbons(opened, "&at=2017-06-01")
    assert now["R1", "P1"]["relations"] == 2 and now["R1", "P1"]["kinds"] == {"designated": 1, "east_west": 1}
    assert (now["S", "P2"]["relations"], now["S", "P2"]["ended"]) == (2, 1)
    assert now["R1", "P1"]["delivered"] is None
    assert ribbons(opened)["R1", "P1"]["delivered"] == 80
    assert set(ribbons(opened, "&kind=east_west&since=2017-01-01")) == {("R", "P"), ("R1", "P1"), ("S", "P2")}
    assert set(ribbons(opened, "&within=Northpoor")) == {("R1", "P1"), ("P1", "P2")}


def test_who_is_limited_sees_what_touches(opened: Opened) -> None:
    seen = ribbons(opened, "&at=2017-06-01", LIMITED)
    assert set(seen) == {("R", "P"), ("R1", "P1"), ("P2", "P1"), ("P1", "P2")}
    assert seen["P1", "P2"]["relations"] == 1, (
        "of the works at home in Northpoor; what others do for Southpoor is not told"
    )
    refused = opened(caller=LIMITED).get(f"{NETWORK}/ribbons?within=S")
    assert refused.status_code == 403
    told = opened(caller=LIMITED).get(f"{NETWORK}/timeline").json()
    assert told["total"]["in_force"][-1] == 4
    assert opened().get(f"{NETWORK}/timeline").json()["total"]["in_force"][-1] == 7


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("ribbons?level=galaxy", 422, "no level galaxy"), ("ribbons?kind=east", 422, "no kind of relation east"),
        ("ribbons?within=nowhere", 404, "nothing is called"), ("ribbons?within=Farm", 409, "may mean several"),
        ("ribbons?at=2016-01-01&since=2016-01-01", 422, "either a day"), ("ribbons?since=2016-01-02&until=2016-01-02", 422, "has no day"),
        ("timeline?step=week", 422, ""), ("timeline?since=2016-01-02&until=2016-01-01", 422, "has no day"), ("measures/nope?level=county", 422, "no measure nope"),
        ("measures/gdp?level=galaxy", 422, "no level galaxy"), ("measures/coverage:nope?level=county", 422, "no rule nope"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(opened: Opened, query: str, status: int, says: str) -> None:
    told = opened().get(f"{NETWORK}/{query}")
    assert told.status_code == status and says in told.json()["detail"], told.text


def test_the_timeline_goes_by_month_or_year(opened: Opened) -> None:
    years = models.Timeline.model_validate(opened().get(f"{NETWORK}/timeline?kind=east_west").json())
    assert [day.year for day in years.periods] == [2016, 2017, 2018]
    assert years.total.in_force == [3, 2, 1] and years.total.begun == [3, 0, 0]
    months = opened().get(f"{NETWORK}/timeline?step=month&kind=east_west&within=P1").json()
    assert months["periods"][0] == "2016-06-01" and months["total"]["in_force"][0] == 1


def measured(opened: Opened, counted: str, query: str, caller: Caller) -> dict[str, Any]:
    answer = opened(counted, caller).get(f"{NETWORK}/measures/{query}")
    assert answer.status_code == 200, answer.text
    models.Measured.model_validate(answer.json())
    told: dict[str, Any] = answer.json()
    return told


def test_a_viewer_is_told_no_small_count(opened: Opened, counted: str) -> None:
    told = measured(opened, counted, "poor_population?level=county", Caller("v", Role.VIEWER))
    assert [(v["region"], v["value"], v["suppressed"]) for v in told["values"]] == [
        ("P1a", None, True),
        ("P1b", 70.0, False),
        ("P2a", 5.0, False),
    ]
    assert told["missing"] == 1
    all_of_it = measured(opened, counted, "poor_population?level=county", Caller("c", Role.COORDINATOR))
    assert [v["value"] for v in all_of_it["values"]] == [2.0, 70.0, 5.0]
    assert (
        measured(opened, counted, "gdp?level=county", Caller("v", Role.VIEWER))["values"][0]["value"] == 3.0
    )


def test_who_is_limited_is_told_of_their_own(opened: Opened, counted: str) -> None:
    own = Caller("li", Role.COORDINATOR, ("P1",))
    told = measured(opened, counted, "poor_population?level=county", own)
    assert [v["region"] for v in told["values"]] == ["P1a", "P1b"] and told["regions"] == 2
    assert [
        v["region"] for v in measured(opened, counted, "supporters?level=county&at=2017-06-01", own)["values"]
    ] == [
        "P1a",
        "P1b",
    ]
    assert [
        v["region"] for v in measured(opened, counted, "coverage:counties?level=county", own)["values"]
    ] == ["P1a", "P1b"]
    listed = {m["measure"]: m for m in opened(counted, own).get(f"{NETWORK}/measures").json()["measures"]}
    assert listed["poor_population"]["levels"][0]["regions"] == 2
    assert listed["coverage:autonomous_prefectures"]["levels"] == [
        {
            "level": "prefecture",
            "years": listed["supporters"]["levels"][0]["years"],
            "regions": 1,
            "marks": [],
        }
    ]


def test_all_measures_are_listed_with_title_and_unit(opened: Opened, counted: str) -> None:
    answer = opened(counted).get(f"{NETWORK}/measures").json()
    models.Measures.model_validate(answer)
    listed = {m["measure"]: m for m in answer["measures"]}
    assert listed["poor_population"]["unit"] == "persons" and listed["poor_population"]["levels"][0][
        "marks"
    ] == ["synthetic"]
    assert {"supporters", "money_received", "coverage:counties", "coverage:must_staff_villages"} <= set(
        listed
    )
    assert "exit_status" not in listed, "no year of exit is told"
