"""Whatever is done to an audit log, its check names the first row that is not as it was written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from api.service.audit.anchor import Head, read_head
from api.service.audit.check import Verdict, check, exported
from api.service.audit.entry import COLUMNS, FIRST, Doing, digest
from api.service.audit.log import Audit, entry_of
from graph.errors import InputError, OutsideError

Deed = Callable[[sqlite3.Connection], object]


def checked(audit: Audit, *more: Head) -> Verdict:
    noted = audit.anchor.noted()
    return check(audit.oldest(), [*([noted] if noted else []), *more])


def tamper(audit: Audit, deed: Deed) -> Verdict:
    """As somebody who has the file, and takes the triggers away first."""
    with sqlite3.connect(audit.records.file) as connection:
        for name in ("audit_no_update", "audit_no_delete", "audit_chained"):
            connection.execute(f"DROP TRIGGER {name}")
        deed(connection)
    connection.close()
    return checked(audit)


def test_a_log_that_nobody_touched(told: Audit) -> None:
    found = checked(told)
    assert (found.rows, found.broken, found.unfinished, found.anchored) == (4, None, ("r3",), True)
    assert found.head == told.head() and told.anchor.noted() == Head(3, list(told.oldest())[2].hash)


def test_an_empty_log(audit: Audit) -> None:
    found = checked(audit)
    assert (found.rows, found.head, found.broken, found.anchored) == (0, Head(0, FIRST), None, False)


@pytest.mark.parametrize("column", [c for c in COLUMNS if c != "number"])
def test_a_changed_cell_of_any_column(told: Audit, column: str) -> None:
    value = {"status": 200, "parameters": '{"name": "x"}', "facts": "no JSON"}.get(column, "f" * 64)
    found = tamper(told, lambda c: c.execute(f"UPDATE audit SET {column} = ? WHERE number = 2", (value,)))
    assert found.broken == 2 and found.rows == 1


@pytest.mark.parametrize(
    ("deed", "broken", "words"),
    [
        ("DELETE FROM audit WHERE number = 1", 1, "this row is missing: 2 comes after 0"),
        ("DELETE FROM audit WHERE number = 3", 3, "this row is missing: 4 comes after 2"),
        ("UPDATE audit SET number = number + 10 WHERE number > 2", 3, "13 comes after 2"),
        ("DELETE FROM audit WHERE number > 2", 3, "rows 3 to 3 are missing at the end"),
        ("DELETE FROM audit", 1, "rows 1 to 3 are missing at the end"),
    ],
)
def test_removed_moved_and_cut_off_rows(told: Audit, deed: str, broken: int, words: str) -> None:
    found = tamper(told, lambda c: c.execute(deed))
    assert found.broken == broken and found.why is not None and words in found.why.en


def test_two_rows_that_changed_places(told: Audit) -> None:
    def deed(c: sqlite3.Connection) -> None:
        for one, two in ((2, 99), (3, 2), (99, 3)):
            c.execute("UPDATE audit SET number = ? WHERE number = ?", (two, one))

    assert tamper(told, deed).broken == 2


def written_anew(c: sqlite3.Connection) -> None:
    """The whole chain with another caller, by one who knows how digests are made."""
    before = FIRST
    for row in c.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY number").fetchall():
        cells = dict(zip(COLUMNS, row, strict=True)) | {"caller": "eve", "before": before}
        before = digest(entry_of(tuple(cells.values())))
        c.execute(
            "UPDATE audit SET caller = 'eve', before = ?, hash = ? WHERE number = ?",
            (cells["before"], before, row[0]),
        )


def test_a_chain_that_was_written_anew_is_seen_by_a_head_that_was_noted_elsewhere(told: Audit) -> None:
    noted = told.head()
    found = tamper(told, written_anew)
    assert found.broken == 3, "by the file beside"
    told.anchor.file.unlink()
    assert checked(told).broken is None, "who may write both files leaves no trace in them"
    assert checked(told, noted).broken == 4


def test_the_last_row_cut_off_before_its_head_was_noted_is_not_missed(told: Audit) -> None:
    """What a ``begun`` without its end told is not in the file beside: documented."""
    assert tamper(told, lambda c: c.execute("DELETE FROM audit WHERE number = 4")).broken is None


def test_an_export_is_checked_as_the_log_itself(told: Audit, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    lines = [json.dumps(e.as_dict()) for e in told.oldest()]
    file.write_text("\n".join(lines))
    assert check(exported(file)) == check(told.oldest())
    file.write_text("\n".join([lines[0], lines[1].replace("204", "403"), *lines[2:]]))
    assert check(exported(file)).broken == 2
    for bad in ("[]", "{}", "no JSON", "[" * 100_000):
        file.write_text(f"{lines[0]}\n{bad}\n")
        with pytest.raises(InputError, match="line 2"):
            check(exported(file))
    with pytest.raises(OutsideError, match="cannot read"):
        check(exported(tmp_path / "nix"))


def test_heads_are_read_as_they_are_printed(told: Audit) -> None:
    assert read_head(str(told.head())) == told.head()
    for bad in ("", "4", "4:xyz", f"-1:{'0' * 64}", f"4:{'0' * 63}", "4:" + "0" * 65):
        with pytest.raises(InputError, match="no head of an audit log"):
            read_head(bad)


def test_an_anchor_that_holds_something_else_is_an_error(told: Audit) -> None:
    told.anchor.file.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no head"):
        told.anchor.noted()


def test_a_row_between_begun_and_ended_does_not_end_it(audit: Audit) -> None:
    for step, request in (("begun", "a"), ("begun", "b"), ("ended", "a")):
        audit.add(Doing(step, "PUT", "/x", request=request))  # type: ignore[arg-type] # a literal
    assert checked(audit).unfinished == ("b",)
