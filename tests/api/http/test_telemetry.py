"""Traces, where somebody takes them."""

from __future__ import annotations

import sys

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.http.telemetry import OFF, config_of, provider_for, traced
from graph.errors import UsageError

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def spans(path: str) -> list[ReadableSpan]:
    exporter = InMemorySpanExporter()
    provider = provider_for(SimpleSpanProcessor(exporter))
    app = FastAPI(telemetry=config_of(provider), openapi_url=None)

    @app.get("/cards/{id}")
    def card(id: str) -> str:
        return id

    with TestClient(app) as http:
        http.get(path, headers={"traceparent": PARENT})
    provider.shutdown()
    return list(exporter.get_finished_spans())


def test_a_request_is_a_span_of_its_callers_trace() -> None:
    (span,) = spans("/cards/7")
    assert (
        span.name == "GET /cards/{id}"
        and span.attributes is not None
        and span.attributes["http.route"] == "/cards/{id}"
    )
    assert span.context is not None and f"{span.context.trace_id:032x}" == PARENT.split("-")[1]
    assert span.parent is not None and f"{span.parent.span_id:016x}" == PARENT.split("-")[2]
    assert span.resource.attributes["service.name"] == "jiedui"


def test_it_tells_nothing_of_what_was_sent() -> None:
    for path in ("/cards/张三?q=李四", "/nix/张三?q=李四"):
        (span,) = spans(path)
        told = span.to_json()
        assert not any(word in told for word in ("张三", "李四", "%E5", "\\u5f20", "q="))


def test_without_an_endpoint_there_is_nothing() -> None:
    config, stop = traced("")
    assert config == OFF
    stop()


def test_an_endpoint_without_the_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(UsageError, match=r"jiedui\[telemetry\]"):
        traced("http://127.0.0.1:1/v1/traces")


def test_a_collector_that_is_not_there_stops_nobody() -> None:
    config, stop = traced("http://127.0.0.1:1/v1/traces")
    assert config["tracing"] and config["tracer_provider"] is not None
    stop()
