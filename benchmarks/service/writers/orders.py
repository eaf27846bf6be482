"""Jobs of three kinds, each with a key: sent again it is the same job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from benchmarks.service.writers.writer import Acknowledged, Writer

ORDERS: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "check": lambda n: {"scenario": "teachers", "skip_bad_rows": bool(n % 2)},
    "plan": lambda n: {"scenario": "teachers", "stages": ["designation"], "time_limit": 100 + n},
    "sweep": lambda n: {
        "scenario": "teachers", "vary": ["cadres.distance_weight=1,2,3"], "stages": ["cadres"], "seed": n,
    },
}  # fmt: skip


def writers(url: str, run: str) -> list[Writer]:
    """One for each kind."""
    return [_orders(url, run, kind) for kind in ORDERS]


def _orders(url: str, run: str, kind: str) -> Writer:
    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        key = {"Idempotency-Key": f"{run}-{kind}-{number}"}
        return http.post(f"/jobs/{kind}", json=ORDERS[kind](number), headers=key)

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        there, again = http.get(f"/jobs/{write.told['id']}"), one(http, write.number)
        return there.status_code == again.status_code == 200 and again.json()["id"] == write.told["id"]

    return Writer(f"jobs: {kind}", url, one, found, 0.4)
