"""Names are sealed under keys of their own; a key that is gone takes its name along everywhere."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graph.errors import OutsideError, UsageError
from graph.network import Network
from graph.office.forget import forget, log_of
from graph.office.office import Office
from graph.schema import TABLES
from graph.store.changes import Changes
from graph.store.keyring import SEALED, Keyring, place_of, seal_network
from graph.store.load import load
from graph.store.protocol import Store
from graph.store.workspace import open_workspace

NAMES = {"c1": "张三", "c2": "李四 Li Si"}


@pytest.fixture(autouse=True)
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """Keys of this test alone."""
    monkeypatch.setenv("JIEDUI_KEYS", str(tmp_path / "own" / "names.keys"))
    return Keyring()


def rows(table: str, **cells: list[str]) -> pl.DataFrame:
    made = pl.DataFrame(cells)
    return made.select(
        pl.col(c.name).cast(c.dtype) if c.name in cells else pl.lit(c.default, dtype=c.dtype).alias(c.name)
        for c in TABLES[table].columns
    )


def office() -> Network:
    return Network(
        {
            "cadres": rows("cadres", id=list(NAMES)),
            "cadre_names": rows("cadre_names", id=list(NAMES), name=list(NAMES.values())),
        }
    )


def names(store: Store, keyring: Keyring, version: int | None = None) -> dict[str, str]:
    stored = store.read("office", version=version, tables=["cadre_names"]).frame("cadre_names")
    return dict(keyring.unseal(stored).select("id", "name").iter_rows())


def test_stored_names_are_sealed_and_come_back(store: Store, keyring: Keyring) -> None:
    load(store, office(), "office", by="t")
    stored = store.read("office").frame("cadre_names")["name"].to_list()
    assert all(cell.startswith(SEALED) for cell in stored)
    assert not any(name in cell for name in NAMES.values() for cell in stored)
    assert names(store, keyring) == NAMES


def test_loading_again_changes_nothing(store: Store) -> None:
    assert load(store, office(), "office", by="t").version.number == 1
    again = load(store, office(), "office", by="t")
    assert again.equal and again.version.number == 1


def test_whatever_is_written_is_sealed(store: Store, keyring: Keyring) -> None:
    load(store, office(), "office", by="t")
    new = Changes({"cadre_names": rows("cadre_names", id=["c1"], name=["王五"])})
    store.write("office", new, base=1, how="request", by="t")
    assert "王五" not in str(store.history("office", "cadre_names", "c1"))
    assert names(store, keyring)["c1"] == "王五"
    request = Office(store, "office").draft(
        Changes({"cadre_names": rows("cadre_names", id=["c2"], name=["赵六"])}), by="t", reason="r"
    )
    assert "赵六" not in str(store.papers("office", "request")[0].content)
    assert SEALED in str(request.to_dict())


def test_a_forgotten_name_is_gone_from_every_version(
    store: Store, keyring: Keyring, again: Callable[[], Store]
) -> None:
    load(store, office(), "office", by="t")
    done = forget(store, "office", ["c1"], by="clerk", why="own wish")
    assert done.version is not None and done.version.how == "forget"
    other = again()
    assert names(other, keyring) == {"c2": NAMES["c2"]}
    assert names(other, keyring, version=1) == {"c2": NAMES["c2"]}
    assert (
        other.read("office", version=1).frame("cadre_names").height == 2
    )  # the row is there, nobody can read it
    told = log_of(store, "office")
    assert [(p["id"], p["by"], p["why"]) for p in told] == [("c1", "clerk", "own wish")]


def test_a_forgotten_name_does_not_come_back(store: Store, keyring: Keyring) -> None:
    load(store, office(), "office", by="t")
    forget(store, "office", ["c1"], by="t", why="w")
    report = load(store, office(), "office", by="t")
    assert report.equal and report.forgotten == ("c1",)
    assert names(store, keyring) == {"c2": NAMES["c2"]}
    assert forget(store, "office", ["c1"], by="t", why="again").version is None


def test_who_cannot_be_forgotten(store: Store) -> None:
    load(store, office(), "office", by="t")
    with pytest.raises(UsageError, match="no name of these cadres is stored: c9"):
        forget(store, "office", ["c1", "c9"], by="t", why="w")
    with pytest.raises(UsageError, match="on which ground"):
        forget(store, "office", ["c1"], by="t", why=" ")
    assert store.head("office").number == 1


def test_a_name_that_was_sealed_and_never_stored_can_be_forgotten(store: Store, keyring: Keyring) -> None:
    """A request that was not applied, or an upload, may hold it."""
    load(store, Network({"cadres": rows("cadres", id=["c1"])}), "office", by="t")
    new = rows("cadre_names", id=["c1"], name=["张三"])
    sealed = keyring.seal(place_of(store.address, "office"), new).rows
    assert forget(store, "office", ["c1"], by="t", why="w").version is None
    assert keyring.unseal(sealed).is_empty()
    assert load(store, Network({"cadre_names": new}), "office", by="t").forgotten == ("c1",)


def test_keys_are_for_their_owner_alone(keyring: Keyring) -> None:
    sealed, _ = seal_network(office(), "here#office")
    assert sealed.frame("cadre_names")["name"][0].startswith(SEALED)
    assert stat.S_IMODE(keyring.file.stat().st_mode) == 0o600
    used = keyring.in_use("here#office")
    left = keyring.keys(used.values())[used["c1"]]
    assert left is not None
    keyring.forget("here#office", ["c1"])
    assert left not in keyring.file.read_bytes()
    now = keyring.keys(used.values())
    assert now[used["c1"]] is None and now[used["c2"]] is not None
    assert keyring.in_use("elsewhere#office") == {}


def test_another_persons_key_opens_nothing(keyring: Keyring) -> None:
    sealed = keyring.seal("here#office", office().frame("cadre_names")).rows
    swapped = sealed.with_columns(pl.col("name").reverse())
    assert keyring.unseal(swapped).is_empty()
    assert keyring.unseal(sealed)["name"].to_list() == list(NAMES.values())


def test_who_has_other_keys_sees_that_there_are_names(
    store: Store, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read, nothing is sealed anew, and loading says so; who has the keys reads on."""
    load(store, office(), "office", by="t")
    monkeypatch.setenv("JIEDUI_KEYS", str(tmp_path / "other" / "names.keys"))
    other, stored = Keyring(), store.read("office").frame("cadre_names")
    assert other.unseal(stored).is_empty()
    assert other.unreadable(stored) == ["c1", "c2"]
    more = rows("cadre_names", id=["c1", "c3"], name=["张三", "王五"])
    cadres = rows("cadres", id=["c1", "c2", "c3"])
    report = load(store, Network({"cadres": cadres, "cadre_names": more}), "office", by="t")
    assert (report.equal, report.unreadable) == (True, ("c1",))
    assert names(store, other) == {"c3": "王五"}
    assert names(store, keyring) == {"c1": "张三"}  # c2 is gone as the table says
    done = forget(store, "office", ["c1", "c3"], by="t", why="w")
    assert done.elsewhere == ("c1",)
    assert names(store, keyring, version=1) == NAMES
    monkeypatch.undo()
    forget(store, "office", ["c1"], by="t", why="w", keyring=keyring)
    assert names(store, keyring, version=1) == {"c2": NAMES["c2"]}
    assert keyring.unreadable(store.read("office", version=1).frame("cadre_names")) == []


def test_a_network_of_the_same_name_elsewhere_keeps_its_names(
    store: Store, keyring: Keyring, tmp_path: Path
) -> None:
    load(store, office(), "office", by="t")
    elsewhere = open_workspace(tmp_path / "elsewhere", create=True)
    load(elsewhere, office(), "office", by="t")
    forget(store, "office", ["c1"], by="t", why="w")
    assert names(elsewhere, keyring) == NAMES
    assert load(elsewhere, office(), "office", by="t").version.number == 1
    elsewhere.close()


def test_an_old_copy_forgets_too(tmp_path: Path, keyring: Keyring) -> None:
    """A backup from before holds the sealed name; no key opens it, and loading into it brings nothing back."""
    first = open_workspace(tmp_path / "office", create=True)
    load(first, office(), "office", by="t")
    shutil.copytree(tmp_path / "office", tmp_path / "copy")
    forget(first, "office", ["c1"], by="t", why="w")
    first.close()
    copy = open_workspace(tmp_path / "copy", create=True)
    assert names(copy, keyring) == {"c2": NAMES["c2"]}
    report = load(copy, office(), "office", by="t")
    assert report.forgotten == ("c1",)
    assert names(copy, keyring) == {"c2": NAMES["c2"]}
    copy.close()


def test_a_request_brings_no_forgotten_name_back(store: Store) -> None:
    load(store, office(), "office", by="t")
    forget(store, "office", ["c1"], by="t", why="w")
    both = rows("cadre_names", id=["c1", "c2"], name=["张三", "李四"])
    request = Office(store, "office").draft(Changes({"cadre_names": both}), by="t", reason="r")
    assert request.changes.put_rows("cadre_names")["id"].to_list() == ["c2"]


def test_keys_that_cannot_be_used(tmp_path: Path) -> None:
    broken = tmp_path / "broken.keys"
    broken.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(OutsideError, match=r"cannot be used.*JIEDUI_KEYS"):
        Keyring(broken).seal("office", office().frame("cadre_names"))
