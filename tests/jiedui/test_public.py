"""The public face: the names a notebook may rely on, and the guard of the rooms behind them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import jiedui
from jiedui._rooms import ROOMS, check_rooms

HOME = Path(__file__).resolve().parents[2]

PUBLIC = [
    "CheckFailed",
    "InfeasibleError",
    "InputError",
    "JieduiError",
    "LimitReached",
    "Network",
    "OutsideError",
    "Plan",
    "Scenario",
    "ScenarioError",
    "TableErrors",
    "UsageError",
    "ask",
    "compare",
    "explain",
    "gaps",
    "plan",
    "read_network",
    "read_plan",
    "read_scenario",
    "use_language",
    "verify",
    "withdraw",
    "write_tables",
]


def test_public_names_are_pinned() -> None:
    """Adding a name is a decision, taking one away a new major version."""
    assert sorted(jiedui.__all__) == PUBLIC
    assert dir(jiedui) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_is_there_and_documented(name: str) -> None:
    """Each can be imported and says what it does."""
    found = getattr(jiedui, name)
    assert callable(found)
    assert found.__doc__


def test_other_names_are_no_part_of_it() -> None:
    """A wrong name is an AttributeError, as everywhere in Python."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = jiedui.nonsense


def test_importing_loads_no_heavy_library() -> None:
    """`import jiedui` stays quick: frames and solvers come with the first name that is used."""
    code = "import sys, jiedui; print([m for m in ('polars', 'numpy', 'ortools', 'networkx') if m in sys.modules])"
    assert outcome(code, HOME).stdout.strip() == "[]"


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("stray", ["file", "folder", "bare folder"])
def test_stray_file_beside_a_script_is_named(tmp_path: Path, room: str, stray: str) -> None:
    """A `graph.py` beside a notebook shadows a room: one clear error with the file's name, in both languages."""
    if stray == "file":
        (tmp_path / f"{room}.py").write_text("", encoding="utf-8")
    else:
        (tmp_path / room).mkdir()
        if stray == "folder":
            (tmp_path / room / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "script.py").write_text("import jiedui\nprint('loaded')\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    if stray == "bare folder":  # a folder without __init__.py gives way to the real room
        assert done.stdout == "loaded\n", done.stderr
        return
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: jiedui：")
    assert str(tmp_path / room) in last
    assert "rename or move it" in last


def test_module_of_that_name_loaded_before_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook somebody else's `graph` may be loaded already."""
    import types

    other = types.ModuleType("graph")
    other.__file__ = "/somewhere/graph.py"
    monkeypatch.setitem(sys.modules, "graph", other)
    with pytest.raises(ImportError, match=r"/somewhere/graph\.py stands in the way"):
        check_rooms()


def outcome(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of Python in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
