"""Tokens, and labels of a plan: papers of the service and of its network."""

from __future__ import annotations

from functools import lru_cache

import httpx2

from benchmarks.service.writers.writer import Acknowledged, Writer


def writers(url: str, run: str, plan: str) -> list[Writer]:
    """One of tokens, one of labels."""
    return [_tokens(url, run), _labels(url, plan)]


def _tokens(url: str, run: str) -> Writer:
    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        return http.post("/tokens", json={"user": f"u{number}", "role": "viewer", "label": f"{run} {number}"})

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        return write.told["id"] in all_tokens(http)

    return Writer("tokens", url, one, found, 0.5)


@lru_cache(1)
def all_tokens(http: httpx2.Client) -> frozenset[str]:
    """Ids of all tokens, read once with a client."""
    found, cursor = set[str](), ""
    while cursor is not None:
        page = http.get("/tokens", params={"limit": 1000, "cursor": cursor}).raise_for_status().json()
        found |= {token["id"] for token in page["tokens"]}
        cursor = page["next"]
    return frozenset(found)


def _labels(url: str, plan: str) -> Writer:
    """Each takes the place of the one before: what stands at the end is the last that was acknowledged, or one behind it."""

    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        return http.put(f"/plans/{plan}/label", json={"label": str(number)})

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        return newest(http, plan) >= write.number

    return Writer("labels of a plan", url, one, found, 0.3)


@lru_cache(1)
def newest(http: httpx2.Client, plan: str) -> int:
    """The number that stands on a plan, read once with a client."""
    return int(http.get(f"/plans/{plan}").raise_for_status().json()["label"]["label"])
