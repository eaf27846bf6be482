"""Tens of thousands of requests made from the document of the API, right ones and wrong ones, sent to a running service.

``make soak``: schemathesis reads ``/openapi.json`` and tries every operation: examples, edges of every schema, random values, values that no
schema allows, chains of requests. Looked for are server errors, answers that the document does not tell (status, media type, headers, fields),
wrong requests that are taken, methods that the document does not know, what is there after it was removed. A few thousand are in the test-suite.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from api.access.secret import Secret
from benchmarks.contract_hooks import OWN
from benchmarks.contract_services import WAITING, guarded, opened
from benchmarks.page import Page

HOME = Path(__file__).resolve().parent.parent
CASES = 20_000
EXAMPLES, FURTHER = 100, 10
"""Random requests for each operation with the first seed, and with others."""
REQUEST_SECONDS = 60
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429, 431]
"""What a wrong request may be answered with; 412, because the state that is named is looked at before the body, 414 and 431 where what is wrong is its length."""


@dataclass(frozen=True)
class Attack:
    """What came of it.

    Parameters
    ----------
    cases : int
        Requests.
    operations : int
        Operations of the document that they were made for.
    left_out : sequence of str
        Operations that are not tried.
    failures : sequence of str
        What was found, with its kind; empty where all is well.
    seconds : float
        Time taken.
    said : str
        Everything that schemathesis told, with a request to reproduce each failure.
    """

    cases: int
    operations: int
    left_out: Sequence[str]
    failures: Sequence[str]
    seconds: float
    said: str


def attack(
    url: str, examples: int, *, seed: int | None = None, chains: bool = False, token: str = "", only: str = "", phases: Sequence[str] = ()
) -> Attack:  # fmt: skip
    """Send requests to a service.

    Parameters
    ----------
    url : str
        Of the service.
    examples : int
        Random requests for each operation, besides those at the edges of its schemas.
    seed : int, optional
        Other requests for each; without one they are the same, as long as the document is the same.
    chains : bool
        Whether requests go on with what others gave, too.
    token : str
        Sent with every request; whether a request without it, or with a wrong one, is kept out is tried where it is given.
    only : str
        Operations whose path begins so.
    phases : sequence of str
        Schemathesis's own (``examples``, ``coverage``, ``fuzzing``); all where none is named.
    """
    document = httpx2.get(f"{url}/openapi.json", timeout=REQUEST_SECONDS).json()
    endless = streams(document)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "contract.toml").write_text(
            settings(endless, seed, chains=chains, token=token), encoding="utf-8"
        )
        (folder / "openapi.json").write_text(
            json.dumps(demanding(document) if token else document), encoding="utf-8"
        )
        words = [
            "--config-file", "contract.toml", "run", "openapi.json", "--url", url, "--max-examples", str(examples), "--no-color",
            "--report-json-path", "report.json",
        ]  # fmt: skip
        if only:
            words += ["--include-path-regex", f"^{only}"]
        if phases:
            words += ["--phases", ",".join(phases)]
        ended = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", *words], cwd=folder, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(HOME), "SCHEMATHESIS_HOOKS": "benchmarks.contract_hooks", OWN: id_of(token)},
        )  # fmt: skip
        said = ended.stdout + ended.stderr
        report = folder / "report.json"
        if not report.exists():
            return Attack(0, 0, endless, [f"schemathesis ended with {ended.returncode}"], 0.0, said)
        return _told(json.loads(report.read_text(encoding="utf-8")), endless, said)


def demanding(document: dict[str, Any]) -> dict[str, Any]:
    """The document of a service that asks for a login: that one may do without, as on a loopback, is taken out; else nobody looks whether it is asked for."""
    paths = {
        path: {
            method: {**operation, "security": [way for way in operation["security"] if way]}
            for method, operation in item.items()
        }
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def id_of(token: str) -> str:
    """The id in a token; empty where there is none."""
    found = Secret.read_token(token)
    return "" if found is None else found.id


def streams(document: dict[str, Any]) -> list[str]:
    """Operations whose answer does not end by itself: event streams."""
    return [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if "text/event-stream" in operation["responses"].get("200", {}).get("content", {})
    ]


def settings(left_out: Sequence[str], seed: int | None, *, chains: bool, token: str) -> str:
    """Schemathesis's settings.

    ``positive_data_acceptance`` is off: a request may be written as the document says and name what is not there, or what the rules do
    not allow; that is no fault. ``ignored_auth`` is off on a loopback that opens without a login, ``use_after_free`` for jobs: one that was
    cancelled is there to be looked at; ``negative_data_rejection`` for uploads: what is wrong in a file is told in its report.
    """
    lines = [
        *([] if seed is None else [f"seed = {seed}"]), "continue-on-failure = true", f"request-timeout = {REQUEST_SECONDS}", "warnings = false",
        "[generation]", f"deterministic = {str(seed is None).lower()}", 'database = "none"',
        "[checks]", f"negative_data_rejection.expected-statuses = {REFUSALS}", "positive_data_acceptance.enabled = false", f"ignored_auth.enabled = {str(bool(token)).lower()}",
        "[phases.stateful]", f"enabled = {str(chains).lower()}",
    ]  # fmt: skip
    if token:
        lines.insert(0, f'headers = {{ Authorization = "Bearer {token}", X-Forwarded-Proto = "https" }}')
    lines += [
        "[[operations]]",
        'include-path-regex = "^/api/v1/jobs/"',
        "checks.use_after_free.enabled = false",
    ]
    lines += [
        "[[operations]]",
        'include-path = "/api/v1/uploads"',
        "checks.negative_data_rejection.enabled = false",
    ]
    for operation in left_out:
        lines += ["[[operations]]", f'include-operation-id = "{operation}"', "enabled = false"]
    return "\n".join(lines) + "\n"


def _told(report: dict[str, Any], left_out: Sequence[str], said: str) -> Attack:
    failures = [f"{f['title']}: {', '.join(f['operations'])}" for f in report["failures"]]
    failures += [f"{e.get('title', 'error')}: {e}" for e in report["errors"]]
    if not report["complete"]:
        failures.append(f"stopped: {report['stop_reason']}")
    return Attack(
        report["test_cases"]["generated"], report["operations"]["tested"], left_out, failures, report["running_time"], said
    )  # fmt: skip


def run(cases: int = CASES) -> Page:
    """The page: the same document with other seeds, until there were enough requests; then once for each who comes with a token."""
    rows: list[Sequence[object]] = []
    with TemporaryDirectory() as name, opened(Path(name)) as url:
        while sum(int(str(row[3])) for row in rows) < cases:
            seed = len(rows) + 1
            found = attack(url, FURTHER if rows else EXAMPLES, seed=seed, chains=True)
            rows.append(_row("anybody", seed, found))
    with TemporaryDirectory() as name, guarded(Path(name)) as (url, tokens):
        rows += [_row(who, 1, attack(url, FURTHER, seed=1, token=token)) for who, token in tokens.items()]
    note = (
        "`make soak`: schemathesis makes requests from `/openapi.json` and sends them to a running `jiedui serve`; each row is a seed. *anybody* comes to a "
        "loopback that opens without a login; *limited* with the token of a viewer of one county and *admin* with an admin's, through a proxy, to a service that "
        "asks for a login: there each route is tried without a token and with a wrong one, too. "
        f"Left out: event streams ({', '.join(found.left_out)}). Bounded: routes that start solves work on a stub scenario, with {WAITING} jobs that "
        "may wait; beyond that they answer 429. Not looked at: whether what is written rightly is taken, for it may name what is not there."
    )
    heads = ("who", "seed", "operations", "requests", "kinds of failures", "s", "failures")
    return Page("contract", "Requests made from the document of the API", note, heads, rows)


def _row(who: str, seed: int, found: Attack) -> tuple[object, ...]:
    """What is told of an attack; said beside at once."""
    if not found.cases:
        raise RuntimeError(found.said)
    told = "; ".join(found.failures) or "—"
    row = (who, seed, found.operations, found.cases, len(found.failures), found.seconds, told)
    print(*row, sep=" · ", file=sys.stderr, flush=True)
    if found.failures:
        print(found.said, file=sys.stderr, flush=True)
    return row
