"""Saving a data folder and bringing it back: what is there again, and what is refused."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from api.cli.main import run
from api.jobs.desk import Desk
from api.jobs.job import Order
from api.jobs.turns import Turns
from api.service.backups.archive import LIST
from api.service.backups.backup import save
from api.service.backups.restore import bring_back
from api.service.records import open_records
from graph.errors import InputError, UsageError
from graph.schema import TABLES
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.workspace import open_workspace


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a work that has ended, one that waits, a scenario, a plan, a workspace and what is no part of a backup."""
    data = tmp_path / "data"
    with closing(open_records(data)) as records:
        desk, turns = Desk(records, waiting=9, per_user=9), Turns(records, "w")
        for word in ("done", "open"):
            desk.submit(Order("plan", {"scenario": word}, ["plan", word]), "ann", key=word)
        work = turns.take()
        assert work is not None
        turns.settle(work.id, "done", 0)
    for name in (
        "jobs/1/result.json", "jobs/1/files/plan.xlsx", "jobs/2/result.json", "jobs/1/tmp/half", "plans/ab12/plan.json",
        "plans/.writing-x/plan.json", "plans/.gone-x/plan.json", "plans/.answers/k", "uploads/.coming-x/arrived", "uploads/u1/upload.json", "scenarios/less/scenario.toml",
        "scenarios/less/data/cadre_names.csv", "scenarios/less/data/names.csv", "serving.lock", "secret.key",
    ):  # fmt: skip
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name, encoding="utf-8")
    sqlite3.connect(data / "queue.sqlite3").close()
    with closing(open_workspace(data / "office", create=True)) as workspace:
        row = {c.name: c.default for c in TABLES["regions"].columns} | {"code": "r1", "name": "甲县"}
        put = pl.DataFrame([row], schema=TABLES["regions"].dtypes)
        workspace.write("net", Changes({"regions": put}, {}), base=0, how="load", by="ann", about=About())
    return data


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_what_was_saved_is_there_again(data: Path, tmp_path: Path, name: str) -> None:
    file = save(data, tmp_path / "away" / name)
    assert file.stat().st_mode & 0o777 == 0o600
    again = tmp_path / "again"
    again.mkdir()  # an empty folder is as good as none
    bring_back(file, again)
    kept = {
        str(p.relative_to(again))
        for p in again.rglob("*")
        if p.is_file() and not p.name.endswith(("-wal", "-shm"))
    }
    assert kept >= {
        "jobs/1/result.json",
        "jobs/1/files/plan.xlsx",
        "plans/ab12/plan.json",
        "scenarios/less/scenario.toml",
        "scenarios/less/data/names.csv",
        "uploads/u1/upload.json",
        "secret.key",
    }
    assert not [
        k for k in kept if k.startswith(("jobs/2", "jobs/1/tmp", "plans/.", "queue", "serving", "uploads/."))
    ]
    assert (again / "plans/ab12/plan.json").read_text(encoding="utf-8") == "plans/ab12/plan.json"
    with closing(open_records(data)) as before, closing(open_records(again)) as after:
        ask = [Desk(r, waiting=9, per_user=9) for r in (before, after)]
        assert ask[0].jobs() == ask[1].jobs() and len(ask[1].jobs()) == 2
        assert ask[0].events(1) == ask[1].events(1)
    with (
        closing(open_workspace(data / "office")) as before,
        closing(open_workspace(again / "office")) as after,
    ):
        assert before.head("net") == after.head("net") and not after.check()
        assert before.read("net").frame("regions").equals(after.read("net").frame("regions"))


def test_a_plan_was_made_when_it_was_made(data: Path, tmp_path: Path) -> None:
    """Lists tell and sort plans by it."""
    moment = 1_700_000_000.25
    os.utime(data / "plans/ab12/plan.json", (moment, moment))
    bring_back(save(data, tmp_path / "b.tar"), tmp_path / "again")
    assert (tmp_path / "again/plans/ab12/plan.json").stat().st_mtime == moment


def test_a_folder_gets_a_file_of_its_own_name(data: Path, tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    assert save(data, tmp_path / "shelf").name.startswith("jiedui-")
    assert len(list((tmp_path / "shelf").iterdir())) == 1


def test_a_slash_at_the_end_means_a_folder(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    for target, code in (("new/shelf/", 0), ("file/", 2), ("none", 0)):
        assert run(["--lang", "en", "backup", f"{tmp_path}/{target}", "--data", str(data)]) == code
    assert "is a file and no folder" in capsys.readouterr().err
    assert [f.name[:7] for f in (tmp_path / "new/shelf").iterdir()] == ["jiedui-"]
    assert (tmp_path / "none").is_file()


def test_jobs_that_are_ordered_meanwhile_are_whole_or_not_in_it(data: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def order_on() -> None:
        with closing(open_records(data)) as records:
            desk, number = Desk(records, waiting=10**6, per_user=10**6), 0
            while not stop.is_set():
                number += 1
                desk.submit(Order("plan", {"n": number}, ["plan", str(number)]), "bob", key=str(number))

    writer = threading.Thread(target=order_on)
    writer.start()
    try:
        files = [save(data, tmp_path / f"{n}.tar") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    for n, file in enumerate(files):
        bring_back(file, tmp_path / f"again{n}")
        with closing(open_records(tmp_path / f"again{n}")) as records, records.reading() as connection:
            jobs, works, waiting = (
                connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
                for t in ("jobs", "works", "events")
            )
            assert (
                jobs == works and waiting == works + 2
            )  # each work's first event, and what came of the first work


def repacked(file: Path, target: Path, change: str) -> Path:
    """The archive with something done to it."""
    with tarfile.open(file) as tar:
        held = [(m.name, tar.extractfile(m).read()) for m in tar]  # type: ignore[union-attr] # all are files
    with tarfile.open(target, "w") as tar:
        for name, saved in held:
            content = b"another" if change == "altered" and name == "secret.key" else saved
            if change == "newer" and name == LIST:
                content = json.dumps({**json.loads(saved), "format": 99}).encode()
            if (change == "lacking" and name == "secret.key") or (change == "no list" and name == LIST):
                continue
            _put(tar, name, content)
        if change == "more":
            _put(tar, "plans/more", b"x")
        if change == "climbing":
            _put(tar, "../outside", b"x")
        if change == "link":
            member = tarfile.TarInfo("plans/link")
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(member)
    return target


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("change", ["altered", "lacking", "no list", "more", "climbing", "link", "newer"])
def test_a_backup_that_is_not_as_it_was_saved_is_refused(data: Path, tmp_path: Path, change: str) -> None:
    file = repacked(save(data, tmp_path / "b.tar"), tmp_path / "changed.tar", change)
    with pytest.raises(InputError, match="newer" if change == "newer" else "not as it was saved"):
        bring_back(file, tmp_path / "again")
    assert not (tmp_path / "again").exists() and not (tmp_path / "outside").exists()
    assert not list(tmp_path.glob(".restore-*"))


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("b.tar", 0.0),
        ("b.tar", 0.3),
        ("b.tar", 0.9),
        ("b.tar", 0.999),
        ("b.tar.gz", 0.0),
        ("b.tar.gz", 0.3),
        ("b.tar.gz", 0.9),
    ],
)
def test_a_backup_that_was_cut_off_is_refused(data: Path, tmp_path: Path, name: str, share: float) -> None:
    whole = save(data, tmp_path / name).read_bytes()
    if name == "b.tar":
        whole = whole.rstrip(b"\0")  # what pads the end is no loss
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match=r"cut off|not as it was saved"):
        bring_back(cut, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_what_is_in_the_way_is_left_alone(data: Path, tmp_path: Path) -> None:
    file = save(data, tmp_path / "b.tar")
    with pytest.raises(UsageError, match="is there already"):
        save(data, file)
    with pytest.raises(UsageError, match="not empty"):
        bring_back(file, data)
    with pytest.raises(UsageError, match="lies in the folder"):
        save(data, data / "b.tar")
    with pytest.raises(UsageError, match="no data folder"):
        save(tmp_path / "nix", tmp_path / "c.tar")
    with pytest.raises(UsageError, match="no backup"):
        bring_back(tmp_path / "nix.tar", tmp_path / "again")


def test_a_link_is_kept_as_one_and_one_that_leads_out_is_refused(data: Path, tmp_path: Path) -> None:
    (data / "scenarios" / "live").symlink_to("less", target_is_directory=True)
    bring_back(save(data, tmp_path / "kept.tar"), tmp_path / "again")
    assert (tmp_path / "again" / "scenarios" / "live").readlink() == Path("less")
    (tmp_path / "kept.tar").unlink()
    (data / "plans" / "elsewhere").symlink_to("/etc")
    with pytest.raises(InputError, match="symbolic link"):
        save(data, tmp_path / "b.tar")
    assert not list(tmp_path.glob("*.tar")) and not list(tmp_path.glob(".backup-*"))
