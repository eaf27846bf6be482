"""A scenario that reads its tables from a stored network."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from graph.errors import JieduiError, ScenarioError, UsageError
from graph.store.protocol import Store
from graph.store.workspace import Workspace
from planner.office.adopt import adopt
from planner.office.propose import propose
from planner.plan import Plan
from planner.policy import resolve
from planner.run import make_plan
from planner.scenario import Scenario, read_policies, read_scenario
from planner.stages import STAGES
from planner.verify import verify
from tests.graph.store.small_networks import put
from tests.planner.office.conftest import ON, pairs_of, running
from tests.planner.small import TWO


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A workspace: what a scenario reads does not depend on the kind of store."""
    return f"workspace:{tmp_path / 'office'}"


def scenario(folder: Path, address: str, more: str = "") -> Scenario:
    """A scenario of the network ``office`` there."""
    folder.mkdir()
    head = TWO.replace('[regions]\ncodes = "free"\n', "")
    text = head.replace("format = 1\n", f'format = 1\nnetwork = "{address}#office"\n{more}')
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return read_scenario(folder)


def test_planned_proposed_and_adopted(office: Store, address: str, tmp_path: Path, two_plan: Plan) -> None:
    plan = make_plan(scenario(tmp_path / "s", address), tmp_path / "plans")
    head = office.head("office")
    assert plan.head["inputs"]["network"] == {"name": "office", "version": 1, "digest": head.digest}
    assert pairs_of(plan) == pairs_of(two_plan) and plan.id != two_plan.id
    assert list(verify(plan).broken) == []
    assert make_plan(scenario(tmp_path / "again", address), tmp_path / "plans2").id == plan.id
    assert propose(office, "office", plan, by="李").base == 1
    office.write(
        "office",
        put("needs", {"region": "A", "year": 2017, "programme": "industry", "amount": 5}),
        base=1,
        how="request",
        by="t",
    )
    assert propose(office, "office", plan, by="李").base == 1  # it names its version, whatever the head
    assert adopt(office, "office", plan.id, by="王").version is not None
    assert running(office) == pairs_of(plan)


def test_the_id_changes_with_what_was_read(office: Store, address: str, tmp_path: Path) -> None:
    first = make_plan(scenario(tmp_path / "one", address), tmp_path / "plans")
    office.write(
        "office",
        put(
            "units",
            {
                "id": "u3",
                "name": "第三校",
                "kind": "university",
                "home_region": "D",
                "capacity": 2,
                "strength": 0.31,
                "profile": "education",
            },
        ),
        base=1,
        how="request",
        by="t",
    )
    second = make_plan(scenario(tmp_path / "two", address), tmp_path / "plans")
    assert second.id != first.id and second.head["inputs"]["network"]["version"] == 2


def test_known_on(office: Workspace, address: str, tmp_path: Path) -> None:
    """As it was known at the end of a day."""
    today = datetime.now(UTC).date()
    with office._database.writing() as connection:  # version 1 is ten days old
        old = (datetime.now(UTC) - timedelta(days=10)).isoformat(timespec="microseconds")
        connection.execute("UPDATE versions SET at = ?", (old,))
    office.write("office", put("units", {"id": "u4", "name": "第四"}), base=1, how="request", by="t")
    then = scenario(tmp_path / "then", address, f"known_on = {today - timedelta(days=5)}\n")
    now = scenario(tmp_path / "now", address, f'known_on = "{today}"\n')
    assert [s.origin.version for s in (then, now) if s.origin is not None] == [1, 2]
    assert [s.network.frame("units").height for s in (then, now)] == [3, 4]
    for n, (day, error) in enumerate(
        [(f"{today - timedelta(days=50)}", JieduiError), ('"yesterday"', ScenarioError)]
    ):
        with pytest.raises(error):
            scenario(tmp_path / f"bad{n}", address, f"known_on = {day}\n")


def test_what_a_scenario_changes_is_its_own(office: Store, address: str, tmp_path: Path) -> None:
    """Figures may be tried; the decisions are proposed to the version that was read."""
    change = '[[change]]\ntable = "units"\nwhere = { id = "u2" }\nset = { capacity = 1 }\n'
    folder = tmp_path / "s"
    scenario(folder, address)
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(change)
    plan = make_plan(read_scenario(folder), tmp_path / "plans")
    assert plan.network.on == ON
    assert plan.network.frame("units")["capacity"].to_list() == [2, 1, 2]
    assert office.read("office").frame("units")["capacity"].to_list() == [2, 2, 2]
    assert propose(office, "office", plan, by="李").base == 1


def test_a_folder_is_meant_from_the_scenario(
    office: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As all paths of the file are; one of the command line from the current folder."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    for name, place in (("one", "workspace:../office"), ("two", "../office")):
        found = scenario(tmp_path / name, place)
        assert found.origin is not None and found.origin.name == "office"
    above = tmp_path / "deep" / "above"
    above.mkdir(parents=True)
    (above / "scenario.toml").write_text('format = 1\nbase = "../../one"\n', encoding="utf-8")
    assert read_scenario(above).origin is not None  # from the folder of the file that names it
    with pytest.raises(ScenarioError, match=r"scenario\.toml: network = workspace:office#office"):
        scenario(tmp_path / "three", "workspace:office")
    with pytest.raises(UsageError):
        read_scenario(tmp_path / "one", network="workspace:office#office")
    monkeypatch.chdir(tmp_path)
    assert read_scenario(tmp_path / "one", network="workspace:office#office").origin is not None
    assert read_scenario("workspace:office#office").origin is not None
    with pytest.raises(ScenarioError):
        read_scenario(tmp_path / "three")


def test_a_bad_day_names_the_option(office: Store, address: str, tmp_path: Path) -> None:
    scenario(tmp_path / "s", address)
    day = date(2001, 1, 1)
    for where, network in ((tmp_path / "s", f"{address}#office"), (f"{address}#office", "")):
        with pytest.raises(UsageError) as told:
            read_scenario(where, network=network, known_on=day)
        for text in told.value.text:
            assert "--known-on 2001-01-01" in text and "scenario.toml" not in text
            assert ("--network" in text) == bool(network)
    with pytest.raises(ScenarioError, match=r"scenario\.toml.*--known-on 2001-01-01"):
        read_scenario(tmp_path / "s", known_on=day)


@pytest.mark.parametrize("prefix", ["workspace:", ""])
def test_an_address_is_a_scenario_with_the_values_of_every_new_one(
    office: Store, tmp_path: Path, prefix: str
) -> None:
    where = f"{prefix}{tmp_path / 'office'}#office"
    assert read_scenario(where, stages=()).name == "office"
    assert read_policies(where) == {name: resolve(stage.settings, {}, {}) for name, stage in STAGES.items()}
