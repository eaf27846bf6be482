"""The published contract: nothing of it changes without a version."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from api.http.contract.changes import changes
from api.http.contract.published import COMMAND, as_text, demand_version, present, published

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    """The document as the routes are now."""
    return present()


def test_the_contract_has_not_changed_without_a_version(now: dict[str, Any]) -> None:
    wrong = demand_version(published(), now)
    assert not wrong, "\n".join(wrong)


def test_the_file_is_what_the_service_serves(now: dict[str, Any]) -> None:
    assert as_text(published()) == as_text(now), f"write it: {COMMAND}"


def test_the_version_of_the_path_is_the_first_number(now: dict[str, Any]) -> None:
    major = now["info"]["version"].partition(".")[0]
    assert {path.split("/")[2] for path in now["paths"] if path.startswith("/api/")} == {f"v{major}"}


def listing(made: dict[str, Any]) -> dict[str, Any]:
    """The operation that lists jobs."""
    found: dict[str, Any] = made["paths"]["/api/v1/jobs"]["get"]
    return found


def model(made: dict[str, Any], name: str) -> dict[str, Any]:
    """A model of a document."""
    found: dict[str, Any] = made["components"]["schemas"][name]
    return found


def limit(made: dict[str, Any]) -> dict[str, Any]:
    """The schema of the parameter ``limit``."""
    found: dict[str, Any] = next(p for p in listing(made)["parameters"] if p["name"] == "limit")["schema"]
    return found


BREAKS: dict[str, Edit] = {
    "a path is gone": lambda d: d["paths"].pop("/version"),
    "an operation is gone": lambda d: d["paths"]["/api/v1/jobs/{id}"].pop("delete"),
    "an operation is called otherwise": lambda d: listing(d).update(operationId="all_jobs"),
    "a parameter is no longer taken": lambda d: listing(d)["parameters"].pop(),
    "a new parameter is required": lambda d: listing(d)["parameters"].append(
        {"name": "who", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
    "a parameter becomes required": lambda d: listing(d)["parameters"][0].update(required=True),
    "a parameter has another type": lambda d: limit(d).update(type="string"),
    "a parameter's limit is tighter": lambda d: limit(d).update(maximum=10),
    "a field of an answer is gone": lambda d: model(d, "Job")["properties"].pop("owner"),
    "a field of an answer has another type": lambda d: model(d, "Job")["properties"].update(attempts={"type": "string"}),
    "a field of an answer may be left out": lambda d: model(d, "Job")["required"].remove("state"),
    "a field of an answer may be null": lambda d: model(d, "Job")["properties"].update(
        owner={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "a value of an answer is gone": lambda d: model(d, "Job")["properties"]["state"]["enum"].remove("done"),
    "a field that is sent is gone": lambda d: model(d, "PlanArguments")["properties"].pop("elastic"),
    "a field that is sent becomes required": lambda d: model(d, "PlanArguments")["required"].append("elastic"),
    "a new field that is sent is required": lambda d: (
        model(d, "PlanArguments")["properties"].update(new={"type": "string"}),
        model(d, "PlanArguments")["required"].append("new"),
    ),
    "a status of success is gone": lambda d: d["paths"]["/api/v1/jobs/plan"]["post"]["responses"].pop("202"),
    "a media type is gone": lambda d: listing(d)["responses"]["200"]["content"].clear(),
    "more is asked of the caller": lambda d: listing(d).update({"x-role": "planner"}),
    "it is for fewer": lambda d: d["paths"]["/api/v1/me"]["get"].update({"x-scope": "whole"}),
}  # fmt: skip
ADDS: dict[str, Edit] = {
    "a path is new": lambda d: d["paths"].update({"/api/v1/new": {"get": copy.deepcopy(listing(d))}}),
    "a parameter is new": lambda d: listing(d)["parameters"].append({"name": "who", "in": "query", "schema": {"type": "string"}}),
    "a parameter's limit is wider": lambda d: limit(d).update(maximum=5000),
    "a field of an answer is new": lambda d: model(d, "Job")["properties"].update(new={"type": "string"}),
    "a field of an answer is always there": lambda d: model(d, "Progress")["required"].append("label"),
    "a value of an answer is new": lambda d: model(d, "Job")["properties"]["state"]["enum"].append("paused"),
    "a field that is sent is new": lambda d: model(d, "PlanArguments")["properties"].update(new={"type": "string"}),
    "a field that is sent may be left out": lambda d: model(d, "PlanArguments")["required"].clear(),
    "a media type is new": lambda d: listing(d)["responses"]["200"]["content"].update({"text/csv": {}}),
    "less is asked of the caller": lambda d: d["paths"]["/api/v1/jobs/plan"]["post"].update({"x-role": "viewer"}),
}  # fmt: skip
SAME: dict[str, Edit] = {
    "words": lambda d: listing(d).update(summary="other words", description="at length"),
    "examples": lambda d: limit(d).update(examples=[7]),
    "an error is told": lambda d: listing(d)["responses"].update({"418": {"description": "a teapot"}}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_callers_needs_a_new_major_version(now: dict[str, Any], name: str) -> None:
    new = copy.deepcopy(now)
    BREAKS[name](new)
    assert any(change.breaks for change in changes(now, new))
    assert "has to be 2.0" in demand_version(now, new)[-1]
    new["info"]["version"] = "2.0"
    assert demand_version(now, new) == []


@pytest.mark.parametrize("name", ADDS)
def test_what_adds_needs_a_new_minor_version(now: dict[str, Any], name: str) -> None:
    new = copy.deepcopy(now)
    ADDS[name](new)
    found = changes(now, new)
    assert found and not any(change.breaks for change in found)
    assert "has to be 1.1" in demand_version(now, new)[-1]
    new["info"]["version"] = "1.1"
    assert demand_version(now, new) == []


@pytest.mark.parametrize("name", SAME)
def test_words_and_examples_are_no_part_of_it(now: dict[str, Any], name: str) -> None:
    new = copy.deepcopy(now)
    SAME[name](new)
    assert new != now and changes(now, new) == []
