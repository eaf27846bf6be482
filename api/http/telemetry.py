"""Traces by OpenTelemetry, where the setting ``otlp`` names who takes them. FastAPI makes the spans; this says where they go.

A span tells the route's template, never the path or the query: these may hold names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi.telemetry import TelemetryConfig

from graph.errors import UsageError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

OFF: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
HIDDEN = ("url.path", "url.query")
"""Of a span: what somebody sent."""


def traced(endpoint: str) -> tuple[TelemetryConfig, Callable[[], None]]:
    """What FastAPI takes as ``telemetry``, and what to call at the end.

    Raises
    ------
    UsageError
        When an endpoint is given, and the extra ``telemetry`` is not installed.
    """
    if not endpoint:
        return OFF, lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise UsageError(
            "设置 otlp 需要另装 telemetry：pip install 'jiedui[telemetry]'",
            "the setting otlp needs more: pip install 'jiedui[telemetry]'",
        ) from error
    provider = provider_for(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    return config_of(provider), provider.shutdown


def config_of(provider: TracerProvider) -> TelemetryConfig:
    """Traces of requests, and nothing else."""
    return {**OFF, "tracing": True, "tracer_provider": provider}


def provider_for(processor: SpanProcessor) -> TracerProvider:
    """A provider whose spans tell nothing that somebody sent, before ``processor`` gets them."""
    from opentelemetry.context import Context
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider

    class Discreet(SpanProcessor):
        def on_start(self, span: Span, parent_context: Context | None = None) -> None:
            for name in HIDDEN:
                if span.attributes and name in span.attributes:
                    span.set_attribute(name, "")

    provider = TracerProvider(resource=Resource.create({"service.name": "jiedui"}), shutdown_on_exit=False)
    provider.add_span_processor(Discreet())
    provider.add_span_processor(processor)
    return provider
