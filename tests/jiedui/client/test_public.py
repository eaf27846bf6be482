"""Names of the client that a notebook may rely on, and the same of both."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import jiedui.client
from jiedui.client.client import _Service
from jiedui.client.modes import method, stream

PUBLIC = [
    "Async", "AsyncClient", "BadInput", "BadRequest", "Client", "Conflict", "Event", "Infeasible", "Job", "JobCancelled", "JobFailed",
    "JobInfeasible", "JobStopped", "NoAnswer", "NotFound", "Outside", "PlanJob", "ProblemError", "Refused", "Request", "Scenario", "Stale", "Sync",
    "TooMany", "Unreachable", "Upload", "answers",
]  # fmt: skip
METHODS = ["check", "compare", "explain", "me", "plan", "schema", "verify", "version"]
GROUPS = [
    "alerts",
    "audit",
    "findings",
    "freezes",
    "jobs",
    "ledger",
    "network",
    "plans",
    "requests",
    "scenarios",
    "tokens",
    "uploads",
]


def test_public_names_are_pinned() -> None:
    """Adding a name is a decision, taking one away a new major version."""
    assert sorted(jiedui.client.__all__) == PUBLIC
    assert all(getattr(jiedui.client, name).__doc__ for name in PUBLIC)


def test_groups_and_methods_are_pinned() -> None:
    with jiedui.client.Client("http://127.0.0.1:1") as client:
        assert sorted(name for name in vars(client) if not name.startswith("_")) == GROUPS
    assert (
        sorted(n for n, f in inspect.getmembers_static(_Service) if isinstance(f, method | stream)) == METHODS
    )


def test_both_are_made_alike() -> None:
    assert inspect.signature(jiedui.client.Client.__init__) == inspect.signature(
        jiedui.client.AsyncClient.__init__
    )


def test_help_is_the_methods_own() -> None:
    with jiedui.client.Client("http://127.0.0.1:1") as client:
        assert (client.plan.__doc__ or "").startswith("Order a plan.")
        assert list(inspect.signature(client.network.card).parameters) == ["id", "at"]


def test_no_server_is_imported() -> None:
    code = "import sys, jiedui.client; print([m for m in ('api', 'planner', 'fastapi', 'ortools') if m in sys.modules])"
    home = Path(jiedui.client.__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
