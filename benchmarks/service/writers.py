"""Those who write while a service is killed: each keeps what was acknowledged, and looks for it at the end."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx2

AGAIN_SECONDS = 0.1


class Writer:
    """Writes again and again, each write until it is acknowledged.

    Parameters
    ----------
    name : str
        What it writes.
    url : callable
        Gives the service's address.
    one : callable
        Sends the write of a number, and gives the answer; sent again it does the same.
    found : callable
        Whether the write of a number, of which the answer is given, is there.
    pause_seconds : float
        Between two writes.
    """

    def __init__(
        self, name: str, url: Callable[[], str], one: Callable[[httpx2.Client, int], httpx2.Response],
        found: Callable[[httpx2.Client, int, Any], bool], pause_seconds: float = 0.05,
    ) -> None:  # fmt: skip
        self.name, self.url, self.one, self.found, self.pause_seconds = name, url, one, found, pause_seconds
        self.acknowledged: dict[int, Any] = {}
        self.tries = 0
        self.number = 0

    def write(self, stop: threading.Event) -> None:
        """The next write, until it is acknowledged or refused as too many."""
        self.number += 1
        while not stop.is_set():
            self.tries += 1
            try:
                with self._client() as http:
                    answer = self.one(http, self.number)
            except httpx2.TransportError:  # killed: whether it was written nobody knows
                time.sleep(AGAIN_SECONDS)
                continue
            if answer.is_success:
                self.acknowledged[self.number] = answer.json() if answer.content else None
                return
            if answer.status_code != 429:
                raise RuntimeError(f"{self.name}: {answer.status_code} {answer.text}")
            time.sleep(AGAIN_SECONDS)

    def looked(self) -> tuple[int, int]:
        """How many acknowledged writes are there, and how many are not."""
        with self._client() as http:
            there = sum(self.found(http, number, answer) for number, answer in self.acknowledged.items())
        return there, len(self.acknowledged) - there

    def _client(self) -> httpx2.Client:
        return httpx2.Client(base_url=f"{self.url()}/api/v1", timeout=60)


def writers(url: Callable[[], str], plan: str) -> list[Writer]:
    """Jobs of three kinds, tokens, and labels of a plan."""
    run = uuid.uuid4().hex

    def job(kind: str, arguments: Callable[[int], dict[str, Any]]) -> Writer:
        def one(http: httpx2.Client, number: int) -> httpx2.Response:
            return http.post(
                f"/jobs/{kind}", json=arguments(number), headers={"Idempotency-Key": f"{run}-{kind}-{number}"}
            )

        def found(http: httpx2.Client, number: int, answer: Any) -> bool:
            there = http.get(f"/jobs/{answer['id']}")
            again = one(http, number)
            return (
                there.status_code == 200 and again.status_code == 200 and again.json()["id"] == answer["id"]
            )

        return Writer(f"jobs: {kind}", url, one, found, 0.4)

    return [
        job("check", lambda n: {"scenario": "teachers", "skip_bad_rows": bool(n % 2)}),
        job("plan", lambda n: {"scenario": "teachers", "stages": ["designation"], "time_limit": 100 + n}),
        job(
            "sweep",
            lambda n: {
                "scenario": "teachers",
                "vary": ["cadres.distance_weight=1,2,3"],
                "stages": ["cadres"],
                "seed": n,
            },
        ),
        _tokens(url, run),
        _labels(url, plan),
    ]


def _tokens(url: Callable[[], str], run: str) -> Writer:
    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        return http.post("/tokens", json={"user": f"u{number}", "role": "viewer", "label": f"{run} {number}"})

    def found(http: httpx2.Client, number: int, answer: Any) -> bool:
        return answer["id"] in _all_tokens(http)

    return Writer("tokens", url, one, found, 0.5)


def _all_tokens(http: httpx2.Client) -> set[str]:
    found, cursor = set[str](), ""
    while cursor is not None:
        page = http.get("/tokens", params={"limit": 1000, "cursor": cursor}).raise_for_status().json()
        found |= {token["id"] for token in page["tokens"]}
        cursor = page["next"]
    return found


def _labels(url: Callable[[], str], plan: str) -> Writer:
    """Each takes the place of the one before: what stands at the end is the last that was acknowledged, or one behind it."""

    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        return http.put(f"/plans/{plan}/label", json={"label": str(number)})

    def found(http: httpx2.Client, number: int, answer: Any) -> bool:
        told = http.get(f"/plans/{plan}").raise_for_status().json()["label"]
        return int(told["label"]) >= number

    return Writer("labels of a plan", url, one, found, 0.3)
