"""What stands at the top of the repository holds together."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
GROUPS = {
    "run": [],
    "test": ["test", "dask", "neo4j", "telemetry"],
    "check": ["test", "dask", "neo4j", "telemetry", "check", "audit"],
    "bench": ["test", "dask", "neo4j", "telemetry", "bench"],
}


def names(asked: list[str]) -> set[str]:
    """Normal names of required packages."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", r, maxsplit=1)[0]).lower() for r in asked}


def locked(group: str) -> dict[str, str]:
    """Package → version in one lock."""
    text = (HOME / "requirements" / f"{group}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", text))


@pytest.mark.parametrize("group", GROUPS)
def test_lock_has_what_the_project_asks_for(group: str) -> None:
    """A dependency without a lock would be missing after `make test`; run `make lock`."""
    asked = [*PROJECT["dependencies"], *(r for extra in GROUPS[group] for r in EXTRAS[extra])]
    assert not names(asked) - set(locked(group))


@pytest.mark.parametrize("group", GROUPS)
def test_lock_has_hashes_and_no_download_host(group: str) -> None:
    """Whoever installs decides where from; what is installed is fixed to the byte."""
    text = (HOME / "requirements" / f"{group}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    for package in re.split(r"(?m)^(?=[a-z0-9-]+==)", text)[1:]:
        assert "--hash=sha256:" in package


@pytest.mark.parametrize("group", ["test", "check", "bench"])
def test_locks_agree(group: str) -> None:
    """One version of a package in all of them."""
    mine, run = locked(group), locked("run")
    assert {name: mine[name] for name in run} == run
