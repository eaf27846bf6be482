"""Orders from what somebody asks for: folders, what an order is made from, and who may see names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.jobs.job import Order
from api.jobs.orders import job_using, order_of
from api.jobs.turns import Turns
from api.service.caller import LOCAL, Caller, Role
from api.service.refusals import NotFound, Refused
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.errors import CheckFailed, ScenarioError, UsageError


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service with two scenarios, one of which stands on the other, and a plan."""
    found = open_service(read_settings({"data": tmp_path / "data"}, environ={}), "teachers")
    for name, text in (("base", 'base = "teachers"\n'), ("over", 'base = "base"\n')):
        (found.scenarios / name / "data").mkdir(parents=True)
        (found.scenarios / name / "scenario.toml").write_text(f"format = 1\n{text}")
    (found.plans / "p1").mkdir()
    yield found
    found.close()


def ordered(service: Service, kind: str = "plan", caller: Caller = LOCAL, **given: Any) -> Order:
    """An order."""
    return order_of(service, kind, given, caller)


def test_names_become_folders_as_seen_from_the_data_folder(service: Service) -> None:
    words = ordered(service, scenario="over", published="p1").words
    assert words == ["plan", "--published=plans/p1", "--out", "plans", "--json", "--", "scenarios/over"]
    assert ordered(service, scenario="china-2016").words[-1] == "china-2016"


@pytest.mark.parametrize("name", ["nix", "../scenarios/over", "/etc", "..", ".", "", "over/data", ".hidden"])
def test_a_name_is_never_a_path(service: Service, name: str) -> None:
    (service.scenarios / ".hidden").mkdir()
    with pytest.raises(NotFound):
        ordered(service, scenario=name)
    with pytest.raises(NotFound):
        ordered(service, "verify", plan=name)


def test_an_order_is_another_when_a_file_of_the_scenario_or_its_base_is(service: Service) -> None:
    grounds = [ordered(service, scenario="over").ground]
    for file in ("over/scenario.toml", "base/scenario.toml", "base/data/needs.csv"):
        with (service.scenarios / file).open("a") as opened:
            opened.write("# edited\n")
        grounds.append(ordered(service, scenario="over").ground)
    assert len(set(grounds)) == 4 and ordered(service, scenario="over").ground == grounds[-1]


@pytest.mark.parametrize(
    "line",
    [
        'base = "/etc"', 'base = "../../elsewhere"', 'network = "neo4j://169.254.169.254"', 'network = "workspace:/root"', 'data = "/etc"',
        'published = "/etc"', "base = 3",
    ],
)  # fmt: skip
def test_an_order_leads_nowhere_else_not_even_through_a_base(service: Service, line: str) -> None:
    (service.scenarios / "base" / "scenario.toml").write_text(f"format = 1\n{line}\n")
    for name in ("base", "over"):
        with pytest.raises(ScenarioError, match=line.split(maxsplit=1)[0]):
            ordered(service, scenario=name)


def test_the_job_that_needs_a_scenario_is_found_as_long_as_it_is_open(service: Service) -> None:
    job, _ = service.desk.submit(ordered(service, "check", scenario="over"), "ann")
    assert job_using(service.desk, "over") == job.id and job_using(service.desk, "base") == ""
    service.desk.cancel(job.id)
    assert job_using(service.desk, "over") == ""


def test_the_same_key_stands_for_the_same_job_though_the_scenario_was_edited_or_removed(
    service: Service,
) -> None:
    given = {"scenario": "over"}
    job, _ = service.desk.submit(ordered(service, **given), "ann", key="k")
    (service.scenarios / "over" / "scenario.toml").unlink()
    assert service.desk.ordered("plan", given, "ann", "k") == job
    assert service.desk.ordered("plan", given, "bob", "k") is None
    with pytest.raises(CheckFailed, match="another job"):
        service.desk.ordered("repair", given, "ann", "k")


def test_what_has_been_answered_is_not_solved_again_where_nothing_changes_it(service: Service) -> None:
    turns = Turns(service.records, "w")
    for kind, given, again in (
        ("compare", {"plans": ["p1"]}, True), ("verify", {"plan": "p1"}, False), ("plan", {"scenario": "over"}, False),
    ):  # fmt: skip
        first, _ = service.desk.submit(ordered(service, kind, **given), "ann")
        turns.settle(first.work, "done", 0)
        second, new = service.desk.submit(ordered(service, kind, **given), "bob")
        assert new and (second.work == first.work) is again and second.shared is again
        assert second.state == ("done" if again else "waiting")
    failed, _ = service.desk.submit(ordered(service, "diff", first="over", second="base"), "ann")
    turns.settle(failed.work, "failed", 5)
    assert (
        service.desk.submit(ordered(service, "diff", first="over", second="base"), "ann")[0].work
        != failed.work
    )


def test_a_scenario_that_is_to_be_made_is_not_there_yet(service: Service) -> None:
    words = ordered(service, "generate", what="national", out="country").words
    assert "--out=scenarios/country" in words
    for name, error in (
        ("over", CheckFailed),
        ("teachers", CheckFailed),
        ("../x", UsageError),
        (".x", UsageError),
        ("a/b", UsageError),
        ("", UsageError),
    ):
        with pytest.raises(error):
            ordered(service, "generate", what="national", out=name)


def test_answers_that_may_show_names_of_cadres_are_for_those_who_may_see_them(service: Service) -> None:
    planner = Caller("ann", Role.PLANNER)
    assert ordered(service, "check", planner, scenario="over")
    (service.scenarios / "base" / "data" / "book.xlsx").touch()  # may hold a sheet of names
    for kind, given in (("check", {"scenario": "over"}), ("diff", {"first": "teachers", "second": "over"})):
        with pytest.raises(Refused, match="names of cadres"):
            ordered(service, kind, planner, **given)
        assert ordered(service, kind, Caller("eve", Role.PLANNER, sees_names=True), **given)
    assert ordered(service, "plan", planner, scenario="over")
    (service.scenarios / "base" / "data" / "cadre_names.csv").write_text("id,name\n")
    with pytest.raises(
        ScenarioError, match=r"base/cadre_names\.csv: names of cadres .* do not go into a scenario"
    ):
        ordered(service, "plan", LOCAL, scenario="over")


def test_loading_needs_a_store(service: Service) -> None:
    with pytest.raises(UsageError, match="no address of a graph store"):
        ordered(service, "load", scenario="over")


def test_a_way_out_that_becomes_a_scenario_names_no_published_plan(service: Service) -> None:
    words = ordered(service, "repair", scenario="over", apply=1, to="mended").words
    assert "--to=scenarios/mended" in words
    with pytest.raises(UsageError, match="leave out apply or published"):
        ordered(service, "repair", scenario="over", apply=1, to="mended", published="p1")
