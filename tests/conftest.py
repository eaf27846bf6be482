"""What several rooms' tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from planner.plan import Plan, read_plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from tests.planner.small import write_small

pytest_plugins = ["tests.demo_plan", "tests.served", "tests.neo4j_server", "tests.planner.dask_cluster"]

# in CI the same cases every time, so that a red run is a change's doing; elsewhere new ones, to find more
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session", autouse=True)
def own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Names that tests store are sealed with keys of the tests, not the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIEDUI_KEYS", str(tmp_path_factory.mktemp("keys") / "names.keys"))
        yield


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The small scenario, read."""
    return read_scenario(write_small(tmp_path_factory.mktemp("small") / "small"))


@pytest.fixture(scope="session")
def small_plan(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Its plan. Not to be changed: take ``own_plan`` for that."""
    return make_plan(small, tmp_path_factory.mktemp("plans"))


@pytest.fixture
def own_plan(small_plan: Plan, tmp_path: Path) -> Plan:
    """A copy of the small plan that a test may spoil."""
    folder = tmp_path / "plans" / small_plan.id
    shutil.copytree(small_plan.folder, folder)
    return read_plan(folder)
