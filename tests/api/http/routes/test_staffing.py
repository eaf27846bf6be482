"""How villages are staffed over HTTP: as the library says, as a caller may see it, as a plan would have it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from api.http.models import staffing as models
from api.http.models.groups import Groups
from api.service.caller import Caller, Role
from benchmarks.compare import plan_of
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened

LIMITED = Caller("li", Role.VIEWER, ("P1",))
AWAY = Caller("li", Role.VIEWER, ("P2",))


@pytest.fixture
def http(opened: Opened) -> TestClient:
    """Somebody who sees all."""
    return opened()


def rows(http: TestClient, **asked: Any) -> list[dict[str, Any]]:
    """Rows of the table of all who are posted."""
    told = http.get(f"{NETWORK}/posted", params=asked)
    assert told.status_code == 200, told.text
    found: list[dict[str, Any]] = told.json()["rows"]
    return found


def test_the_figures(http: TestClient) -> None:
    told = http.get(f"{NETWORK}/staffing", params={"months": 24}).json()
    models.Staffing.model_validate(told)
    assert (told["at"], told["by"], told["minimum_term_years"]) == ("2016-12-31", "2018-12-31", 2)
    assert (told["whole"]["posted"], told["whole"]["villages"], told["whole"]["ending"]) == (2, 1, 2)
    assert [a["region"] for a in told["areas"]] == ["P"]
    within = http.get(f"{NETWORK}/staffing", params={"region": "north poor"}).json()
    assert (within["region"], [a["region"] for a in within["areas"]]) == ("P1", ["P1a"])


def test_a_countys_team(http: TestClient) -> None:
    told = http.get(f"{NETWORK}/staffing/teams/Hamlet").json()
    models.Team.model_validate(told)
    assert [(s["post"], s["state"], s["people"][0]["cadre"]) for s in told["seats"]] == [("first", "filled", "c1"), ("second", "filled", "c5")]  # fmt: skip
    assert http.get(f"{NETWORK}/staffing/teams/nix").status_code == 404


def test_the_table_is_asked_like_any_other(http: TestClient) -> None:
    assert [r["cadre"] for r in rows(http, sort="-cadre")] == ["c5", "c1"]
    assert [r["cadre"] for r in rows(http, role="member", columns="cadre,county_name")] == ["c5"]
    assert rows(http, at="2015-01-01") == []
    told = http.get(f"{NETWORK}/posted/groups", params={"by": "county_name", "at": "2016-12-31"}).json()
    Groups.model_validate(told)
    assert told["groups"] == [{"values": {"county_name": "Hamlet"}, "rows": 2}]
    assert "county_name" in http.get(f"{NETWORK}/posted", params={"countyname": "x"}).json()["message"]["en"]
    csv = http.get(f"{NETWORK}/posted.csv", params={"columns": "cadre"})
    assert csv.text.split() == ["\ufeffcadre", "c1", "c5"]


def test_who_is_limited_sees_what_lies_within(opened: Opened) -> None:
    limited, away = opened(caller=LIMITED), opened(caller=AWAY)
    assert [r["cadre"] for r in rows(limited)] == ["c1", "c5"]
    assert rows(away) == [] and away.get(f"{NETWORK}/staffing").json()["whole"]["villages"] == 0
    assert away.get(f"{NETWORK}/posted/groups", params={"by": "role"}).json()["groups"] == []
    team = away.get(f"{NETWORK}/staffing/teams/P1a")
    assert team.status_code == 403


def planned(http: TestClient, tmp_path: Path) -> str:
    """A plan in the service's folder, in whose postings one stays, one comes and one leaves."""
    made = plan_of("teachers", tmp_path / "made")
    folder = Path(http.app.state.service.plans) / made.name  # type: ignore[attr-defined] # of FastAPI
    shutil.copytree(made, folder)
    stay = {"cadre": "c1", "village": "P1av", "post": "first", "role": "first_secretary", "cost": 1.0}
    pl.DataFrame([stay, {**stay, "cadre": "c2", "post": "second", "role": "member"}]).write_parquet(
        folder / "tables" / "postings.parquet"
    )
    return str(json.loads((folder / "plan.json").read_text(encoding="utf-8"))["id"])


def test_as_a_plan_would_have_it(http: TestClient, tmp_path: Path) -> None:
    plan = planned(http, tmp_path)
    assert [(r["cadre"], r["change"]) for r in rows(http, plan=plan, sort="cadre")] == [("c1", "stays"), ("c2", "comes"), ("c5", "leaves")]  # fmt: skip
    assert [r["cadre"] for r in rows(http, plan=plan, change__ne="leaves")] == ["c1", "c2"]
    assert http.get(f"{NETWORK}/staffing", params={"plan": plan}).json()["whole"]["posted"] == 2
    team = http.get(f"{NETWORK}/staffing/teams/P1a", params={"plan": plan}).json()
    assert [(p["cadre"], p["change"]) for p in team["seats"][1]["people"]] == [("c2", "comes"), ("c5", "leaves")]  # fmt: skip
    for path in ("posted", "staffing", "staffing/teams/P1a"):
        assert http.get(f"{NETWORK}/{path}", params={"plan": "nix"}).status_code == 404
    groups = http.get(f"{NETWORK}/posted/groups", params={"by": "change", "plan": plan}).json()
    assert [(g["values"]["change"], g["rows"]) for g in groups["groups"]] == [("comes", 1), ("leaves", 1), ("stays", 1)]  # fmt: skip
