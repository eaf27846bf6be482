"""The tray: what has lain too long is gone, but not from under somebody who commits it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.service.bounded.guard import Guard
from api.service.refusals import NotFound
from api.service.uploads.reading import Reading
from api.service.uploads.tray import COMING, Tray
from api.service.uploads.upload import Upload


@pytest.fixture
def tray(tmp_path: Path) -> Tray:
    """An empty one."""
    return Tray(tmp_path, Guard(64, 1, 1), days=7, per_user=2)


def kept(tray: Tray) -> Upload:
    """An upload of ann's."""
    with tray.coming() as place:
        (place / "kept").mkdir()
        reading = Reading({"units": 1})
        return tray.keep(
            place / "kept", reading, owner="ann", filename="units.csv", form="csv", size=3, scenario=""
        )


def lie_too_long(tray: Tray, upload: Upload) -> None:
    """Have its days be over."""
    replace(upload, expires=upload.sent - timedelta(days=1)).write(tray.folder / upload.id)


def test_what_has_lain_too_long_is_not_there_and_takes_no_room(tray: Tray) -> None:
    old, new = kept(tray), kept(tray)
    lie_too_long(tray, old)
    assert [u.id for u in tray.uploads("ann")] == [new.id]
    tray.demand_room("ann")
    assert not (tray.folder / old.id).exists() and tray.upload(new.id, "ann") == new
    lie_too_long(tray, new)
    with pytest.raises(NotFound), tray.committing(new.id, "ann"):
        pass
    assert not (tray.folder / new.id).exists()


def test_what_was_on_its_way_when_the_service_was_killed_is_gone_at_the_next_start(tray: Tray) -> None:
    here = kept(tray)
    (tray.folder / f"{COMING}cut-off").mkdir()
    (tray.folder / f"{COMING}cut-off" / "units.csv").write_text("id\n")
    tray.sweep()
    assert len(list(tray.folder.iterdir())) == 2  # somebody may be sending it
    tray.mend()
    assert [place.name for place in tray.folder.iterdir()] == [here.id]


def test_what_is_being_committed_stays_until_that_is_done(tray: Tray) -> None:
    upload, begun, end = kept(tray), threading.Event(), threading.Event()

    def commit() -> Upload:
        with tray.committing(upload.id, "ann") as found:
            begun.set()
            assert end.wait(60)
            return tray.committed(found, {"request": "r1"})

    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(commit)
        assert begun.wait(60)
        lie_too_long(tray, upload)
        tray.demand_room("ann")
        with pytest.raises(NotFound):
            tray.upload(upload.id, "ann")
        end.set()
        assert told.result(60).state == "committed"
