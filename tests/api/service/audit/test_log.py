"""Adding rows, and finding them again."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.service.audit.check import check
from api.service.audit.entry import Doing
from api.service.audit.log import Audit, Wanted

WRITER = """
import sys
from pathlib import Path
from api.service.audit.entry import Doing
from api.service.audit.log import Audit
from api.service.records import open_records
folder = Path(sys.argv[1])
audit = Audit(open_records(folder), folder)
for n in range(20):
    audit.add(Doing("event", "CLI", "test", request=f"{sys.argv[2]}-{n}"))
"""


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit SET caller = 'eve'", "DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 1",
        "INSERT INTO audit SELECT 9, at, step, caller, via, address, request, method, route, parameters, status, facts, hash, hash FROM audit WHERE number = 4",
        "INSERT INTO audit SELECT 5, at, step, caller, via, address, request, method, route, parameters, status, facts, before, hash FROM audit WHERE number = 4",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_rows(told: Audit, deed: str) -> None:
    with told.records.writing() as connection, pytest.raises(sqlite3.IntegrityError, match="only added to"):
        connection.execute(deed)
    assert check(told.oldest()).rows == 4


def test_many_threads_and_processes_make_one_chain(audit: Audit, tmp_path: Path) -> None:
    others = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in ("p", "q")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: audit.add(Doing("event", "CLI", "test", request=f"t-{n}")), range(40)))
    assert [p.wait() for p in others] == [0, 0]
    noted = audit.anchor.noted()
    found = check(audit.oldest(), [noted] if noted else [])
    assert (found.rows, found.broken) == (80, None) and noted == audit.head()
    assert len({e.request for e in audit.oldest()}) == 80


def test_which_rows_are_wanted(told: Audit) -> None:
    def numbers(**asked: object) -> list[int]:
        return [e.number for e in told.newest(Wanted(**asked))]  # type: ignore[arg-type] # a field's value

    assert numbers() == [4, 3, 2], "what has ended is told once"
    assert numbers(whole=True) == [4, 3, 2, 1]
    assert numbers(caller="ann") == [4, 2] and numbers(caller="an") == []
    assert numbers(status=403) == [3] and numbers(method="PUT") == [4] and numbers(request="r1") == [2]
    assert numbers(route="/api/v1/jobs") == [3] and numbers(route="/api/v1/%") == []
    assert numbers(since="2020") == [4, 3, 2] and numbers(until="2020") == []
    assert [e.number for e in told.newest(Wanted(), before=4, limit=1)] == [3]


def test_what_was_told_comes_back_as_it_was(told: Audit) -> None:
    entry = told.newest(Wanted(request="r1"))[0]
    assert (entry.parameters, entry.facts, entry.status, entry.via) == (
        {"name": "a"},
        {"rows": 3},
        204,
        "token",
    )


def test_reading_goes_on_over_many_rows(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        audit.add(Doing("event", "CLI", "test", request=str(n)))
    for many in (1, 3, 7, 100):
        monkeypatch.setattr("api.service.audit.log.MANY", many)
        assert [e.number for e in audit.oldest()] == [1, 2, 3, 4, 5, 6, 7]


def test_an_older_head_does_not_replace_a_newer_one(told: Audit) -> None:
    noted, first = told.anchor.noted(), next(iter(told.oldest()))
    from api.service.audit.anchor import Head

    told.anchor.note(Head(first.number, first.hash))
    assert told.anchor.noted() == noted
