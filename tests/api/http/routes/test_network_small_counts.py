"""Counts so small that they point at somebody are told in no answer to who sees none in the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http.models import network as models
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened, come_in_as
from tests.api.http.small import write_small

FACTS = (
    "region,year,measure,value\nP1a,2016,poor_population,2\nP1b,2016,poor_population,70\nP2a,2016,poor_population,5\n"
    "P2b,2016,poor_population,4\nP1a,2016,gdp,3\n"
)
RULES = "".join(
    f'\n[[rule]]\nname = "{name}"\nkinds = ["designated"]\nlevel = "county"\nmeasure = "{measure}"\n'
    for name, measure in (("poor", "poor_population"), ("rich", "gdp"))
)
VIEWER, COORDINATOR = Caller("v", Role.VIEWER), Caller("c", Role.COORDINATOR)


@pytest.fixture
def counted(tmp_path: Path) -> str:
    """The small network with figures, and rules that ask for them."""
    folder = Path(write_small(tmp_path / "counted"))
    (folder / "data" / "region_facts.csv").write_text(FACTS, encoding="utf-8")
    with (folder / "rules.toml").open("a", encoding="utf-8") as file:
        file.write(RULES)
    return str(folder)


def asked(client: TestClient, rule: str = "poor") -> tuple[dict[str, Any], dict[str, Any], str]:
    """Place → amount, the sums, and the answer's tag."""
    told = client.get(f"{NETWORK}/gaps?rule={rule}")
    (gap,) = models.Gaps.model_validate(told.json()).model_dump()["gaps"]
    states = ("covered", "uncovered", "by_design", "not_in_data")
    return (
        {row["region"]: row["amount"] for state in states for row in gap[state]},
        gap["amounts"],
        told.headers["etag"],
    )


def test_a_viewer_is_told_none(opened: Opened, counted: str) -> None:
    rows, sums, _ = asked(opened(counted, VIEWER))
    assert rows == {"P1a": None, "P1b": 70, "P2a": 5, "P2b": None}
    assert sum(sums.values()) == 75  # no sum tells by what is left of it
    assert asked(opened(counted, VIEWER), "rich")[0] == {"P1a": 3}  # counts nobody
    limited, sums, _ = asked(opened(counted, Caller("v", Role.VIEWER, ("P1",))))
    assert limited == {"P1a": None, "P1b": 70} and sum(sums.values()) == 70


def test_who_works_with_villages_is_told_all_whoever_asked_before(opened: Opened, counted: str) -> None:
    """What is kept for a viewer is not for others, nor the other way round."""
    client = opened(counted, VIEWER)
    seen = asked(client)
    come_in_as(client.app, COORDINATOR)
    for _ in range(2):  # the second time from what is kept
        rows, sums, tag = asked(client)
        assert rows == {"P1a": 2, "P1b": 70, "P2a": 5, "P2b": 4} and sum(sums.values()) == 81
        assert tag != seen[2]
        told = client.get(f"{NETWORK}/gaps?rule=poor", headers={"If-None-Match": seen[2]})
        assert told.status_code == 200
    come_in_as(client.app, VIEWER)
    assert asked(client) == seen
