"""``jiedui doctor``: what the machine lacks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from api.cli import doctor

Typed = Callable[..., tuple[int, str, str]]


def test_this_machine_can_run_it(typed: Typed) -> None:
    """The tests run here, so nothing can be lacking; every fact has a line."""
    code, out, _ = typed("doctor", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["ok"]
    assert {f["name"].split(":")[0] for f in found["facts"]} >= {
        "python",
        "venv",
        "cores",
        "memory",
        "disk",
        "graph",
    }
    assert len(typed("doctor")[1].strip().splitlines()) == len(found["facts"])


def test_what_the_graph_server_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Never lacking: its packages and parts are optional."""
    monkeypatch.setenv("JIEDUI_PARTS", str(tmp_path))
    fetched = doctor.graph_fact()
    assert fetched.verdict == "ok"
    assert "MB" in fetched.mend.en and "MB" in fetched.mend.zh
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install 'jiedui[neo4j]'" in doctor.graph_fact().mend.en


def test_required_packages_are_those_of_the_run() -> None:
    """Without the optional groups."""
    asked = doctor.required_packages()
    assert {"polars", "ortools", "click" if "click" in asked else "cloup"} <= set(asked)
    assert not {"pytest", "mypy", "matplotlib"} & set(asked)


def test_locked_versions_are_read() -> None:
    """Every package that the run asks for is locked."""
    assert set(doctor.required_packages()) <= set(doctor.locked_versions())


def test_old_python_is_lacking(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2, and what would be enough."""
    monkeypatch.setattr(doctor, "OLDEST", (sys.version_info[0], sys.version_info[1] + 1))
    code, out, _ = typed("doctor")
    assert code == 2
    assert "or newer is needed" in out


def test_missing_and_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is lacking, another version than the locked one a warning."""

    def installed(name: str) -> str:
        if name == "polars":
            raise PackageNotFoundError(name)
        return "0.0"

    monkeypatch.setattr(doctor, "version", installed)
    verdicts = {f.name: f.verdict for f in doctor.package_facts()}
    assert verdicts["package:polars"] == "lacking"
    assert verdicts["package:numpy"] == "warning"


def test_no_venv_names_the_apt_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Debian has it: Python without ensurepip."""
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name))
    fact = doctor.venv_fact()
    assert fact.verdict == "warning"
    assert "apt-get install -y python3-venv" in fact.line.en


@pytest.mark.parametrize(("free_gb", "verdict"), [(0.5, "warning"), (8.0, "ok"), (None, "ok")])
def test_memory(monkeypatch: pytest.MonkeyPatch, free_gb: float | None, verdict: str) -> None:
    """Less than the demo takes is a warning; unknown is not."""
    monkeypatch.setattr(doctor, "free_memory_gb", lambda: free_gb)
    assert doctor.memory_fact().verdict == verdict


def test_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No room for a plan."""
    monkeypatch.setattr(doctor, "DISK_GB", 10.0**9)
    assert doctor.disk_fact(tmp_path).verdict == "lacking"
