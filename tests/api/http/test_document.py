"""``/openapi.json`` is complete: a stranger can make a client from it. Every rule walks the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from api.http.app import create_app
from api.http.document import GENERAL, METHODS, document, operations
from api.http.problems import MEDIA_TYPE
from api.service.service import open_service
from api.service.settings import read_settings

UNIT = re.compile(
    r"yuan|share|0 ?(?:–|to) ?1\b|kilomet|\bkm\b|degree|day|second|month|year|person|household|how (?:many|often|far|deep)|number|count|rows?\b|"
    r"status|point|format|percent|steps?|bytes|\bMB\b|\bKB\b|\d to \d|places|thousandth|on a page|at most|millesimal|capacity|load|unit|as many|version|revision|ratio|from 1",
    re.I,
)
"""What tells of a number how it is counted."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document."""
    data = tmp_path_factory.mktemp("document") / "data"
    service = open_service(read_settings({"data": data}, environ={}), "china-2016")
    try:
        return document(create_app(service))
    finally:
        service.close()


def fields(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of every model with where it stands."""
    for model, schema in made["components"]["schemas"].items():
        for name, found in schema.get("properties", {}).items():
            yield f"{model}.{name}", found


def parameters(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter with where it stands."""
    for path, method, operation in operations(made):
        for found in operation.get("parameters", []):
            yield f"{method.upper()} {path} {found['name']}", found


def test_it_is_openapi_3_1(made: dict[str, Any]) -> None:
    assert made["openapi"].startswith("3.1")
    OPENAPI_31_VALIDATOR.validate(made)
    assert not OPENAPI_31_VALIDATOR.is_valid({**made, "paths": {"nix": {}}})


def test_references_lead_somewhere_and_no_model_is_left_over(made: dict[str, Any]) -> None:
    named = set(re.findall(r'"\$ref": "#/components/(schemas|responses)/([^"]+)"', as_text(made)))
    there = {(k, name) for k in ("schemas", "responses") for name in made["components"][k]}
    assert named <= there
    assert {(k, n) for k, n in there if k == "schemas"} <= named


def test_every_operation_is_described_and_named_once(made: dict[str, Any]) -> None:
    names = []
    for path, method, operation in operations(made):
        where = f"{method} {path}"
        assert operation["summary"] and operation["summary"] != operation["operationId"], where
        assert operation.get("description", "").strip(), where
        assert operation["tags"], where
        assert re.fullmatch(r"[a-z][a-z0-9_]+", operation["operationId"]), where
        names.append(operation["operationId"])
    assert sorted(set(names)) == sorted(names)


def test_every_parameter_is_described_with_an_example(made: dict[str, Any]) -> None:
    bare = [where for where, p in parameters(made) if not p.get("description") or "example" not in p]
    assert not bare, "\n".join(bare)


def test_every_field_is_described_with_an_example(made: dict[str, Any]) -> None:
    bare = [
        where
        for where, found in fields(made)
        if not (found.get("description") or found.get("$ref"))
        or not ("examples" in found or holds_models(found))
    ]
    assert not bare, "\n".join(bare)


def test_numbers_say_how_they_are_counted(made: dict[str, Any]) -> None:
    """Those of a table's row have the schema's units, as far as there are any."""
    ours = (f for f in fields(made) if not f[0].partition(".")[0].endswith("Row"))
    shown = [*ours, *((where, p["schema"] | p) for where, p in parameters(made))]
    numbers = [(where, found) for where, found in shown if is_number(found)]
    assert numbers
    bare = [f"{where}: {f['description']}" for where, f in numbers if not UNIT.search(f["description"])]
    assert not bare, "\n".join(bare)


def test_every_model_is_described(made: dict[str, Any]) -> None:
    assert [n for n, schema in made["components"]["schemas"].items() if not schema.get("description")] == []


def test_every_error_is_a_problem_document(made: dict[str, Any]) -> None:
    for path, method, operation in operations(made):
        for status, answer in operation["responses"].items():
            told = answer
            if "$ref" in answer:
                told = made["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            assert told["description"], f"{method} {path} {status}"
            if status >= "400":
                assert told["content"] == {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_every_operation_has_the_errors_that_any_may_give(made: dict[str, Any]) -> None:
    for path, method, operation in operations(made):
        answers = operation["responses"].keys()
        assert {"403", "429", "500", "503"} <= answers, path
        assert "401" in answers or not operation["security"], path
        assert {"404", "422"} <= answers or not {"parameters", "requestBody"} & operation.keys(), path
        assert "422" in answers or not path.startswith("/api/v1/"), (
            path
        )  # of parameters that it does not know
        assert "415" in answers or "requestBody" not in operation, path
        refuses = (method, path) == ("post", "/api/v1/jobs/{id}")  # whoever orders what is no kind of job
        assert any(status < "400" for status in answers) is not refuses, f"{method} {path}"
    assert set(GENERAL) == {n.removeprefix("Problem") for n in made["components"]["responses"]}


def test_every_answer_says_what_it_is(made: dict[str, Any]) -> None:
    for path, method, operation in operations(made):
        for status, answer in operation["responses"].items():
            if status < "300" and status != "204":
                kinds = answer.get("content", {})
                assert kinds, f"{method} {path} {status}"
                assert all(kind.get("schema") for kind in kinds.values()), f"{method} {path} {status}"


def test_who_may_ask_is_told(made: dict[str, Any]) -> None:
    schemes = made["components"]["securitySchemes"]
    for path, _, operation in operations(made):
        assert all(name in schemes for way in operation["security"] for name in way)
        assert ("x-role" in operation) is bool(operation["security"]), path


def test_the_served_document_is_this_one(http: TestClient) -> None:
    served = http.get("/openapi.json").json()
    assert served["info"]["version"].startswith("1.")
    assert all(set(item) & set(METHODS) for item in served["paths"].values())


def holds_models(found: dict[str, Any]) -> bool:
    """Whether its examples are those of the model that it holds."""
    return "#/components/schemas/" in as_text(found)


def is_number(found: dict[str, Any]) -> bool:
    """Whether it holds a number and not only one of some values."""
    kinds = [found, *found.get("anyOf", [])]
    return any(k.get("type") in ("integer", "number") and "enum" not in k and "const" not in k for k in kinds)


def as_text(made: dict[str, Any]) -> str:
    """JSON."""
    import json

    return json.dumps(made)
