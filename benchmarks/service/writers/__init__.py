"""Those who write while a service is killed, each something else, some of them the same as another."""

from __future__ import annotations

import uuid

from benchmarks.service.writers import labels, office, orders, scenarios
from benchmarks.service.writers.writer import Writer


def writers(url: str, plan: str) -> list[Writer]:
    """All of them.

    Parameters
    ----------
    url : str
        The service's address, which stays the same.
    plan : str
        Id of a plan that is there.
    """
    run = uuid.uuid4().hex
    return [
        *orders.writers(url, run),
        *scenarios.writers(url, run),
        *office.writers(url, run),
        *labels.writers(url, run, plan),
    ]
