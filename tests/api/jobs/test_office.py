"""Orders: names become folders, and only those of the service or of jiedui itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.office import job_using, order_of
from api.service.refusals import NotFound
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.errors import ScenarioError


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service of an empty data folder."""
    found = open_service(read_settings({"data": tmp_path / "data"}, environ={}), "teachers")
    yield found
    found.close()


def scenario(service: Service, name: str, *lines: str) -> None:
    """Put a scenario there by hand."""
    (service.scenarios / name).mkdir(exist_ok=True)
    (service.scenarios / name / "scenario.toml").write_text("\n".join(["format = 1", *lines]))


@pytest.mark.parametrize(
    "line",
    [
        'base = "/etc"', 'base = "../../elsewhere"', 'network = "neo4j://169.254.169.254"', 'network = "workspace:/root"', 'data = "/etc"',
        'published = "/etc"', 'base = 3',
    ],
)  # fmt: skip
def test_an_order_leads_nowhere_else_not_even_through_a_base(service: Service, line: str) -> None:
    scenario(service, "b", line)
    scenario(service, "a", 'base = "b"')
    for name in ("a", "b"):
        with pytest.raises(ScenarioError, match=line.split(maxsplit=1)[0]):
            order_of(service, "plan", {"scenario": name})


def test_what_an_order_is_made_from_is_the_whole_chain(service: Service) -> None:
    scenario(service, "b", 'base = "teachers"')
    scenario(service, "a", 'base = "b"')
    first, again = (order_of(service, "plan", {"scenario": "a"}).ground for _ in range(2))
    scenario(service, "b", 'base = "teachers"', "seed = 2")
    assert first == again != order_of(service, "plan", {"scenario": "a"}).ground
    with pytest.raises(NotFound):
        order_of(service, "plan", {"scenario": ".kept"})


def test_the_job_that_needs_a_scenario_is_found_as_long_as_it_is_open(service: Service) -> None:
    scenario(service, "a", 'base = "teachers"')
    job, _ = service.desk.submit(order_of(service, "check", {"scenario": "a"}), "ann")
    assert job_using(service.desk, "a") == job.id and job_using(service.desk, "b") == ""
    service.desk.cancel(job.id)
    assert job_using(service.desk, "a") == ""
