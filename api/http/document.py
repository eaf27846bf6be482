"""``/openapi.json``: what FastAPI finds, and what holds of every operation, said in one place.

FastAPI knows routes, parameters and models. That errors are problem documents, which of them any route may answer with, who may ask,
and examples of names that mean the same everywhere, is added here, so that no route has to say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.http.access import Declared, declared
from api.http.examples import EXAMPLES, PARTS
from api.http.models.problems import Problem
from api.http.problems import MEDIA_TYPE

CONTRACT = "1.0"
"""Version of the contract: the first number is that of the path (``/api/v1``) and rises when something is taken away or changed, the second
with what is added; ``python -m api.http.contract.published`` compares it with the published one."""
GENERAL = {
    "400": "what was sent cannot be read at all",
    "401": "nobody is logged in, or the token is not known, has expired or was revoked",
    "403": "the caller may not do this, or it is about regions outside their own",
    "404": "what the path, a parameter or the body names is not there",
    "413": "larger than the service takes",
    "414": "the address is longer than 8 KB",
    "415": "the body's `Content-Type` is not one that is read here",
    "422": "the request is not written as it should be, or its words, rows or rules are wrong; says where and how to mend it",
    "429": "too many requests; `Retry-After` says after how many seconds it is worth trying again",
    "431": "more than 100 headers, or 32 KB of them",
    "500": "a defect of jiedui; says the request's number",
    "503": "something outside failed: the store, the disk; trying again later may help",
    "504": "there was no answer within the time that a request may take",
}
"""Status → what it means, of any route."""
SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "a token, as `jiedui token create` and `POST /api/v1/tokens` show it once",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-jiedui",
        "description": "a session of the web view; what changes something bears `X-CSRF-Token`, the `csrf` of `GET /api/v1/session`",
    },
}
UNDER = "/api/v1/"
REF = "#/components/schemas/{model}"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


_MAKING = Lock()


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an app; made once."""
    with _MAKING:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=CONTRACT, description=app.description, routes=app.routes)
    asked = {(d.method.lower(), _plain(d.path)): d for d in declared(app)}
    _components(made)
    for path, method, operation in operations(made):
        _errors(operation, path, open_to_all=asked[method, path].needs is None)
        _who(operation, asked[method, path])
        _parameters(operation, path)
    for schema in made["components"]["schemas"].values():
        _properties(schema)
    return made


def operations(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of a document."""
    for path, item in made["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def operation_id(route: APIRoute) -> str:
    """A name for a route that a client can be made with: its resource's and its function's."""
    resource = route.path_format.removeprefix("/api/v1").strip("/").partition("/")[0].partition(".")[0]
    return route.name if route.name.startswith(resource) else f"{resource}_{route.name}"


def shown(media_type: str, kind: str | list[str], words: str) -> dict[str, Any]:
    """What a route answers that has no model: a file, a text; for ``responses`` of the route."""
    return {"description": words, "content": {media_type: {"schema": {"type": kind, "description": words}}}}


def _plain(path: str) -> str:
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path)


def _components(made: dict[str, Any]) -> None:
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    whole = Problem.model_json_schema(ref_template=REF)
    schemas |= whole.pop("$defs") | {"Problem": whole}
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = {f"Problem{status}": _told(words) for status, words in GENERAL.items()}
    components["securitySchemes"] = SECURITY


def _told(words: str) -> dict[str, Any]:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}}


def _errors(operation: dict[str, Any], path: str, *, open_to_all: bool) -> None:
    answers = operation["responses"]
    if "application/json" in answers.get("422", {}).get("content", {}):  # FastAPI's own
        del answers["422"]
    for status, answer in answers.items():
        if status >= "400":
            answers[status] = _told(answer.get("description") or GENERAL[status])
    wanted = {"403", "414", "429", "431", "500", "503", "504"} | (set() if open_to_all else {"401"})
    if "parameters" in operation or "requestBody" in operation:  # they may name what is not there
        wanted |= {"404", "422"}
    wanted |= {"422"} if path.startswith(UNDER) else set()  # parameters that are not known
    wanted |= {"400", "413", "415"} if "requestBody" in operation else set()
    for status in wanted - answers.keys():
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
    for answer in answers.values():
        if answer.get("description") == "Successful Response":
            answer["description"] = f"{operation['summary']}: as asked"
        for content in answer.get("content", {}).values():
            if "$ref" in content.get("schema", {}):  # FastAPI says of what is no JSON that it is a string too
                content["schema"].pop("type", None)
            elif content.get("schema") == {}:
                content["schema"] = {"description": answer["description"]}
    operation["responses"] = dict(sorted(answers.items()))


def _who(operation: dict[str, Any], asked: Declared) -> None:
    operation["security"] = [] if asked.needs is None else [{}, *({name: []} for name in SECURITY)]
    if asked.needs is not None:
        operation["x-role"] = asked.needs.role.name.lower()
        operation["x-scope"] = asked.needs.scope


def _parameters(operation: dict[str, Any], path: str) -> None:
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        if parameter["in"] == "path":
            _part(parameter, schema, path)
        _example(parameter["name"], schema, path.removeprefix(UNDER).partition("/")[0])
        if "examples" in schema:
            parameter["example"] = schema["examples"][0]


def _part(parameter: dict[str, Any], schema: dict[str, Any], path: str) -> None:
    """What a part of a path is: said by the resource before it, where its route does not say it."""
    fixed = [p for p in path.partition(f"{{{parameter['name']}}}")[0].split("/") if p and "{" not in p]
    words, example = PARTS.get(f"{fixed[-1]}/{parameter['name']}", ("", None))
    if words and not parameter.get("description"):
        parameter["description"] = words
        schema["examples"] = [example]


def _properties(schema: dict[str, Any]) -> None:
    for name, found in schema.get("properties", {}).items():
        _example(name, found)


def _example(name: str, schema: dict[str, Any], resource: str = "") -> None:
    """Give an example where the declaration gives none: what is known of the name, else what the type makes evident."""
    if "examples" in schema or _models(schema):
        return
    fits = EXAMPLES.get(f"{resource}/{name}", EXAMPLES.get(name))
    if fits is not None and _fits(fits, schema):
        schema["examples"] = [fits]
        return
    for one in [schema, *schema.get("anyOf", [])]:
        if (evident := _evident(one)) is not None:
            schema["examples"] = [evident]
            return


def _models(schema: dict[str, Any]) -> bool:
    """Whether it holds another model, which has examples of its own."""
    held = [schema, *schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]
    return any(isinstance(s, dict) and "$ref" in s for s in held)


def _fits(example: Any, schema: dict[str, Any]) -> bool:
    kinds = {one.get("type") for one in [schema, *schema.get("anyOf", [])]}
    if isinstance(example, list) and "array" in kinds:
        return True
    kind = {str: {"string"}, int: {"integer", "number"}, float: {"number"}}.get(type(example), set())
    return bool(kinds & kind) and "enum" not in schema and "pattern" not in schema


def _evident(schema: dict[str, Any]) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "boolean":
        return schema.get("default", False)
    if schema.get("type") == "array":
        inner = _evident(schema["items"]) if "items" in schema else None
        return None if inner is None else [inner]
    default = schema.get("default")
    return default if default not in ("", [], {}) else None
