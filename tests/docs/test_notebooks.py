"""docs/notebooks: each runs from its first cell to its last against a running service; what it gave is not kept in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from benchmarks.service.running import Running
from tests.planner.small import write_small

HOME = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((HOME / "docs" / "notebooks").glob("*.ipynb"))
SCENARIO = "small"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service of the small network, in which the small scenario can be planned."""
    folder = tmp_path_factory.mktemp("notebooks")
    scenario = write_small(folder / "data" / "scenarios" / SCENARIO)
    with Running(folder / "data", on=str(scenario)) as found:
        yield found


def read(notebook: Path) -> Any:
    """A notebook as it is kept."""
    return nbformat.read(notebook, as_version=4)


def test_there_is_one() -> None:
    assert [n.name for n in NOTEBOOKS] == ["analyst.ipynb"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_what_it_gave_is_not_kept(notebook: Path) -> None:
    """A diff of a notebook is a change of what it says, not of what it was run on."""
    found = read(notebook)
    nbformat.validate(found)
    for cell in found.cells:
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None
    assert set(found.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_it_runs(notebook: Path, served: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEDUI_URL", served.url)
    monkeypatch.setenv("JIEDUI_SCENARIO", SCENARIO)
    monkeypatch.setenv("PYTHONPATH", str(HOME))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    found = read(notebook)
    done = NotebookClient(
        found, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    given = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in given)
    assert any("OPTIMAL" in str(output) for output in given)
    assert (tmp_path / "pairs.xlsx").stat().st_size > 1000 and sys.executable
