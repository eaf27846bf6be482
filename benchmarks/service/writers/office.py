"""Requests for change up to applied, entries of the ledger, alerts that are acknowledged, uploads that become requests."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import httpx2

from benchmarks.service.writers.scenarios import DOCUMENTS
from benchmarks.service.writers.writer import Acknowledged, Writer

STEP = {"draft": "submit", "submitted": "approve", "approved": "apply"}
"""State of a request → what is next."""
FIRST_YEAR, YEARS = 1949, 150
ITEM = "fiscal_funds"


def writers(url: str, run: str) -> list[Writer]:
    """One of each."""
    with httpx2.Client(base_url=f"{url}/api/v1", timeout=60) as http:
        relations = [r["id"] for r in _rows(http, "relations")]
        alerts = [a["id"] for a in http.get("/alerts").raise_for_status().json()["alerts"]]
    return [_requests(url, run), _drafts(url, run), _ledger(url, relations), _alerts(url, alerts)]


def _requests(url: str, run: str) -> Writer:
    """Each puts a row of its own, and goes on from the step up to which it came."""

    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        row = {"id": f"r{number}", "subject": "S1-01", "title": f"{run} {number}", "date": "2030-01-01"}
        answer = http.post(
            "/requests", json={"reason": f"{run} {number}", "rows": {"documents": [row]}},
            headers={"Idempotency-Key": f"{run}-{number}"},
        )  # fmt: skip
        while answer.is_success and (step := STEP.get(answer.json()["state"])):
            answer = http.post(f"/requests/{answer.json()['id']}/{step}")
        return answer

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        request = http.get(f"/requests/{write.told['id']}").json()
        there = (f"r{write.number}", f"{run} {write.number}") in documents(http)
        return (request["state"], request["reason"], there) == ("applied", f"{run} {write.number}", True)

    return Writer("requests applied", url, one, found, 0.4)


@lru_cache(1)
def documents(http: httpx2.Client) -> frozenset[tuple[str, str]]:
    """Ids and titles of the network's documents, read once with a client."""
    return frozenset((row["id"], row["title"]) for row in _rows(http, "documents"))


def _rows(http: httpx2.Client, table: str) -> list[dict[str, Any]]:
    return list(http.get(f"/network/tables/{table}.json").raise_for_status().json()["rows"])


def _drafts(url: str, run: str) -> Writer:
    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        sent = http.post(
            "/uploads", params={"table": "documents"}, content=DOCUMENTS.format(id=f"u{number}"), headers={"Content-Type": "text/csv"}
        )  # fmt: skip
        if not sent.is_success:
            return sent
        into = {"into": "network", "why": f"{run} {number}"}
        return http.post(f"/uploads/{sent.json()['id']}/commit", json=into)

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        request = http.get(f"/requests/{write.told['result']['request']}").json()
        rows = [entry["row"] for entry in request["side_by_side"]]
        return (request["reason"], rows) == (f"{run} {write.number}", [f"u{write.number}"])

    return Writer("uploads drafted as requests", url, one, found, 0.9)


def _ledger(url: str, relations: list[str]) -> Writer:
    def place(number: int) -> tuple[str, int]:
        relation, year = number % len(relations), number // len(relations) % YEARS
        return relations[relation], FIRST_YEAR + year

    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        relation, year = place(number)
        return http.put(f"/ledger/{relation}/{year}/{ITEM}", json={"delivered": number})

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        relation, year = place(write.number)
        (entry,) = http.get("/ledger", params={"relation": relation, "year": year}).json()["entries"]
        return int(entry["delivered"]) >= write.number and (write.told["applied"] is True)

    return Writer("ledger entries", url, one, found, 0.5)


def _alerts(url: str, alerts: list[str]) -> Writer:
    """Each in its turn; what is said of one takes the place of what was said before, and its revision counts how often."""

    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        alert = alerts[number % len(alerts)]
        return http.post(f"/alerts/{alert}/acknowledge", json={"note": str(number)})

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        alert = http.get(f"/alerts/{write.told['id']}").json()
        return (
            alert["state"] == "acknowledged"
            and int(alert["note"]) >= write.number
            and alert["revision"] >= write.told["revision"]
        )

    return Writer("alerts acknowledged", url, one, found, 0.4)
