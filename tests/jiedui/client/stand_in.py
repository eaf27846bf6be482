"""A service that is nothing but its contract: it checks every request against the document, and answers with the document's examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import httpx2
import polars as pl
from jsonschema import Draft202012Validator

from jiedui.client.client import _Service
from jiedui.client.line import AwaitingLine, BlockingLine
from jiedui.client.modes import Async, Sync
from jiedui.client.talk import Talk

URL = "http://127.0.0.1:8470"


@dataclass
class StandIn:
    """The service.

    Parameters
    ----------
    document : mapping
        Of the API.
    asked : list of str
        Operations that were asked for.
    """

    document: Mapping[str, Any]
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer, where the request is as the document says; raises ``AssertionError`` where it is not."""
        operation = self.operation(request)
        self.asked.append(operation["operationId"])
        self.check_query(operation, request)
        self.check_body(operation, request)
        status, answer = min((s, a) for s, a in operation["responses"].items() if s < "400")
        kinds = answer.get("content", {})
        wanted = request.headers["Accept"]
        kind = wanted if wanted in kinds else next(iter(kinds), "")
        headers = {"Content-Type": kind, "ETag": '"1"'}
        return httpx2.Response(int(status), content=self.content(kind, kinds), headers=headers)

    def operation(self, request: httpx2.Request) -> dict[str, Any]:
        """The operation that a request is for; of several paths that fit, the one with the fewest parts left open."""
        path = request.url.raw_path.decode().partition("?")[0]
        fits = [
            (template.count("{"), item[request.method.lower()])
            for template, item in self.document["paths"].items()
            if request.method.lower() in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
        ]
        assert fits, f"the document has no {request.method} {unquote(path)}"
        found: dict[str, Any] = min(fits, key=lambda fit: fit[0])[1]
        return found

    def check_query(self, operation: Mapping[str, Any], request: httpx2.Request) -> None:
        """Every parameter is declared, every required one is there, every value is allowed."""
        declared = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "query"}
        given = request.url.params
        if "filter" not in declared:
            assert set(given) <= set(declared), (
                f"{operation['operationId']} takes no {set(given) - set(declared)}"
            )
        for name, parameter in declared.items():
            assert name in given or not parameter.get("required"), f"{operation['operationId']} needs {name}"
        headers = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "header"}
        for name in ("If-Match", "Idempotency-Key", "Last-Event-ID"):
            assert name in headers or name not in request.headers, (
                f"{operation['operationId']} takes no {name}"
            )
        if request.method == "POST" and "Idempotency-Key" in headers:
            assert "Idempotency-Key" in request.headers, "what may be sent twice should be"

    def check_body(self, operation: Mapping[str, Any], request: httpx2.Request) -> None:
        """A body that the document allows, of a media type that it lists."""
        body, content = operation.get("requestBody"), request.read()
        if body is None:
            assert not content, f"{operation['operationId']} takes no body"
            return
        assert content or not body.get("required"), f"{operation['operationId']} needs a body"
        if content:
            kind = request.headers["Content-Type"]
            assert kind in body["content"], f"{operation['operationId']} takes no {kind}"
            if kind == "application/json":
                schema = {**body["content"][kind]["schema"], "components": self.document["components"]}
                Draft202012Validator(schema).validate(json.loads(content))

    def content(self, kind: str, kinds: Mapping[str, Any]) -> bytes:
        """An answer of a media type."""
        if kind == "application/vnd.apache.arrow.stream":
            out = BytesIO()
            pl.DataFrame({"code": ["533300"]}).write_ipc_stream(out)
            return out.getvalue()
        if kind == "text/event-stream":
            return b'id: 7\nevent: state\ndata: {"at": "2026-11-28T05:05:14+00:00", "state": "done"}\n\n'
        if kind.endswith("json") and kind != "application/x-ndjson":
            return json.dumps(self.sample(kinds[kind]["schema"])).encode()
        return b"x" if kind else b""

    def sample(self, schema: Mapping[str, Any]) -> Any:
        """A value of a schema, from its examples."""
        if "$ref" in schema:
            return self.sample(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "done" in schema.get("enum", ()):
            return "done"  # jobs that are waited for have ended
        if "properties" in schema:
            return {name: self.sample(found) for name, found in schema["properties"].items()}
        if schema.get("examples"):
            return schema["examples"][0]
        for part in schema.get("anyOf", ()):
            return self.sample(part)
        kind = schema.get("type", "")
        if kind == "array":
            return [self.sample(schema.get("items", {}))]
        first = kind[0] if isinstance(kind, list) else kind
        return {"object": {}, "string": "x", "integer": 1, "number": 1.0, "boolean": True}.get(first)


def blocking(answer: Any, attempts: int = 1) -> _Service[Sync]:
    """A client that blocks, whose requests are answered by a function."""
    http = httpx2.Client(base_url=URL, transport=httpx2.MockTransport(answer))
    return _Service[Sync](Talk(BlockingLine(http), attempts, 30.0))


def awaiting(answer: Any, attempts: int = 1) -> _Service[Async]:
    """A client that awaits, whose requests are answered by a function."""
    http = httpx2.AsyncClient(base_url=URL, transport=httpx2.MockTransport(answer))
    return _Service[Async](Talk(AwaitingLine(http), attempts, 30.0))


def groups(service: _Service[Any]) -> Iterator[Any]:
    """The service and its groups."""
    yield service
    yield from (found for name, found in vars(service).items() if not name.startswith("_"))
