"""States of scenarios on disk: whole or not there, one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.service.refusals import NotFound, Stale
from api.service.scenarios import kept as module
from api.service.scenarios.kept import Kept
from graph.errors import OutsideError


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A folder with a scenario of two states."""
    found = Kept(tmp_path)
    with found.making("a", None) as place:
        (place / "scenario.toml").write_text("one")
        (place / "data").mkdir()
        (place / "data" / "units.parquet").write_bytes(b"units")
        found.keep("a", place, None, "created", by="ann")
    return found


def changed(kept: Kept, text: str) -> None:
    """One more state."""
    before = kept.current("a")
    with kept.making("a", kept.state("a", before.revision)) as place:
        (place / "scenario.toml").unlink()
        (place / "scenario.toml").write_text(text)
        kept.keep("a", place, before, "toml", by="bob")


def test_states_are_whole_and_share_what_did_not_change(kept: Kept) -> None:
    changed(kept, "two")
    one, two = kept.state("a", 1), kept.state("a", 2)
    assert (one / "scenario.toml").read_text() == "one" and (two / "scenario.toml").read_text() == "two"
    assert (one / "data" / "units.parquet").samefile(two / "data" / "units.parquet")
    assert (kept.folder / "a").resolve() == two.resolve() and kept.names() == ["a"]
    assert [(e.revision, e.by, e.what) for e in kept.edits("a")] == [
        (2, "bob", "toml"),
        (1, "ann", "created"),
    ]
    assert sorted(e.name for e in kept.folder.iterdir()) == [".kept", "a"]


def test_what_was_made_from_an_old_state_is_stale(kept: Kept) -> None:
    old = kept.current("a")
    changed(kept, "two")
    with kept.making("a", None) as place, pytest.raises(Stale) as told:
        kept.keep("a", place, old, "toml", by="eve")
    assert told.value.etag == kept.current("a").etag
    with kept.making("a", None) as place, pytest.raises(Stale):
        kept.keep("a", place, None, "created", by="eve")
    assert kept.current("a").by == "bob"


def test_of_many_at_once_one_is_kept_each_time(kept: Kept) -> None:
    def edit(number: int) -> bool:
        try:
            changed(kept, str(number))
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        wins = sum(pool.map(edit, range(40)))
    assert wins == kept.current("a").revision - 1 >= 1 and len(kept.edits("a")) == wins + 1
    assert not list(kept.folder.glob(".making-*"))


def test_another_process_that_was_first_is_not_written_over(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.current("a")
    with kept.making("a", kept.state("a", 1)) as place:
        changed(kept, "two")
        monkeypatch.setattr(Kept, "demand_newest", lambda *_: None)  # it looked a moment ago
        with pytest.raises(Stale):
            kept.keep("a", place, before, "toml", by="eve")
    assert (kept.state("a", 2) / "scenario.toml").read_text() == "two"


def test_a_disk_that_fails_leaves_the_state_before(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "sync_all", full)
    with pytest.raises(OutsideError):
        changed(kept, "two")
    monkeypatch.undo()
    assert kept.current("a").revision == 1 and (kept.folder / "a" / "scenario.toml").read_text() == "one"
    assert sorted(e.name for e in kept.folder.iterdir()) == [".kept", "a"]
    changed(kept, "two")


@pytest.mark.parametrize("name", ["", ".", "..", "../a", ".kept", "a/..", "nix", "a/scenario.toml"])
def test_no_name_leads_elsewhere(kept: Kept, name: str) -> None:
    with pytest.raises(NotFound):
        kept.current(name)
    with pytest.raises(NotFound):
        kept.edits(name)


def test_links_in_a_state_are_not_taken_along(kept: Kept) -> None:
    (kept.state("a", 1) / "data" / "x.csv").symlink_to("/etc/passwd")
    changed(kept, "two")
    assert not (kept.state("a", 2) / "data" / "x.csv").exists()
