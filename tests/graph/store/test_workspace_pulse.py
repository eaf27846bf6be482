"""Whether anything was written to a workspace since one looked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.workspace import open_workspace
from graph.store.workspace.database import FILE, Database
from graph.store.workspace.pulse import Pulse


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[Pulse]:
    """Of an empty workspace."""
    open_workspace(tmp_path, create=True).close()
    found = Pulse(tmp_path)
    yield found
    found.close()


def written(folder: Path) -> None:
    """Commit something."""
    database = Database(folder)
    with database.writing() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS noted (n)")
        connection.execute("INSERT INTO noted VALUES (1)")
    database.close()


def test_it_is_the_same_until_somebody_commits(pulse: Pulse, tmp_path: Path) -> None:
    first = pulse.beat()
    assert first is not None and pulse.beat() == first
    written(tmp_path)
    second = pulse.beat()
    assert second not in (None, first) and pulse.beat() == second


def test_what_is_undone_is_no_change(pulse: Pulse, tmp_path: Path) -> None:
    first = pulse.beat()
    with pytest.raises(RuntimeError), Database(tmp_path).writing() as connection:
        connection.execute("CREATE TABLE noted (n)")
        raise RuntimeError
    assert pulse.beat() == first


def test_a_connection_that_was_opened_anew_is_never_taken_for_the_one_before(
    pulse: Pulse, tmp_path: Path
) -> None:
    first = pulse.beat()
    pulse.close()
    written(tmp_path)
    assert pulse.beat() != first


def test_another_file_in_its_place_is_noticed(pulse: Pulse, tmp_path: Path) -> None:
    first = pulse.beat()
    other = tmp_path / "other"
    open_workspace(other, create=True).close()
    (other / FILE).replace(tmp_path / FILE)
    assert pulse.beat() != first
    (tmp_path / FILE).unlink()
    assert pulse.beat() is None
