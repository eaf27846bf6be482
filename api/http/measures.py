"""Figures of the service for Prometheus. Their labels have few values: templates, statuses, states; never what somebody sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from api.http.streams import Streams
from api.service.service import Service

disable_created_metrics()  # type: ignore[no-untyped-call] # nobody asks when a counter was first counted
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Bounds of the histogram of answers."""
STATES = ("waiting", "running", "done", "failed", "cancelled")


class Measures:
    """What is counted, in a registry of its own.

    Parameters
    ----------
    service : Service
    streams : callable
        Gives the event streams, once there are any.
    """

    def __init__(self, service: Service, streams: Callable[[], Streams | None]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "jiedui_requests",
            "Requests that were answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "jiedui_request_seconds", "From the head of a request to the end of its answer", ("method", "route"), buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.in_flight = Gauge(
            "jiedui_requests_in_flight", "Requests that are being answered", registry=self.registry
        )
        for collector in (
            ProcessCollector(registry=None),
            PlatformCollector(registry=None),
            OfService(service, streams),
        ):
            self.registry.register(collector)

    def answered(self, method: str, template: str, status: int, seconds: float) -> None:
        """Count an answer; a status of 0 is one that was never given."""
        known = method if method in METHODS else "other"
        self.requests.labels(known, template, str(status)).inc()
        self.seconds.labels(known, template).observe(seconds)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


class OfService(Collector):
    """What is looked up when somebody asks: jobs, streams, the network's version."""

    def __init__(self, service: Service, streams: Callable[[], Streams | None]) -> None:
        self.service, self.streams = service, streams

    def collect(self) -> Iterator[Metric]:
        """Jobs by state, the works that wait and how long the running ones take, listeners, versions."""
        yield from self._jobs()
        streams = self.streams()
        yield GaugeMetricFamily(
            "jiedui_stream_listeners",
            "Event streams that are open",
            value=streams.listeners if streams else 0,
        )
        yield InfoMetricFamily("jiedui", "Version of the program", {"version": version("jiedui")})
        held = self.service.networks.held
        if held is not None:
            yield InfoMetricFamily(
                "jiedui_network",
                "The network that questions are asked of",
                {"name": held.name, "version": held.version},
            )

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: it would ask the records."""
        return iter(())

    def _jobs(self) -> Iterator[Metric]:
        found = GaugeMetricFamily("jiedui_jobs", "Jobs by state", labels=("state",))
        with self.service.records.reading() as connection:
            counts = dict(connection.execute(
                "SELECT CASE WHEN cancelled IS NULL THEN state ELSE 'cancelled' END, count(*) FROM jobs JOIN works ON works.id = work GROUP BY 1"
            ))  # fmt: skip
            waiting = connection.execute("SELECT count(*) FROM works WHERE state = 'waiting'").fetchone()[0]
            began = [
                row[0] for row in connection.execute("SELECT started FROM works WHERE state = 'running'")
            ]
        for state in STATES:
            found.add_metric([state], counts.get(state, 0))
        yield found
        yield GaugeMetricFamily("jiedui_queue_length", "Works that wait for a worker", value=waiting)
        ages = [(datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds() for at in began if at]
        yield GaugeMetricFamily(
            "jiedui_running_seconds",
            "How long the oldest of the running works has been running",
            value=max(ages, default=0),
        )
