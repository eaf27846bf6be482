"""``jiedui audit``."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.audit.export import cell
from api.service.audit.entry import Doing
from api.service.audit.log import Audit
from api.service.records import open_records

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A data folder with three rows."""
    records = open_records(tmp_path)
    audit = Audit(records, tmp_path)
    audit.add(Doing("begun", "PUT", "/api/v1/plans/{id}", "ann", "token", "10.0.0.1", "r1", {"id": "p"}))
    audit.add(Doing("ended", "PUT", "/api/v1/plans/{id}", "ann", "token", "10.0.0.1", "r1", {"id": "p"}, 200))
    audit.add(Doing("refused", "GET", "/api/v1/audit", "=cmd|x", "token", "10.0.0.2", "r2", status=403))
    records.close()
    return str(tmp_path)


def test_verify(typed: Typed, data: str) -> None:
    code, out, _ = typed("--lang", "en", "audit", "verify", "--data", data)
    assert code == 0 and "as it was written: 3 rows" in out and "head 3:" in out
    told = json.loads(typed("audit", "verify", "--json", "--data", data)[1])
    assert told["ok"] and told["rows"] == 3 and told["anchored"] and told["unfinished"] == []
    assert typed("audit", "verify", "--data", data, "--head", told["head"])[0] == 0


def test_verify_names_the_first_row_that_is_broken(typed: Typed, data: str) -> None:
    with sqlite3.connect(Path(data) / "service.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET status = 404 WHERE number = 2")
    connection.close()
    code, _, err = typed("--lang", "en", "audit", "verify", "--data", data)
    assert code == 1 and "from row 2 on: it was changed after it was written" in err
    code, out, _ = typed("audit", "verify", "--data", data, "--json")
    assert code == 1 and json.loads(out)["broken"] == 2


def test_a_head_of_elsewhere_and_one_that_is_none(typed: Typed, data: str) -> None:
    code, _, err = typed("--lang", "en", "audit", "verify", "--data", data, "--head", f"3:{'0' * 64}")
    assert code == 1 and "from row 3 on: it is not the row that was noted" in err
    assert typed("audit", "verify", "--data", data, "--head", "3")[0] == 2


def test_what_has_no_end_is_told(typed: Typed, data: str) -> None:
    records = open_records(Path(data))
    Audit(records, Path(data)).add(Doing("begun", "PUT", "/x", request="r9"))
    records.close()
    code, out, _ = typed("--lang", "en", "audit", "verify", "--data", data)
    assert code == 0 and "1 changes without an end" in out and "r9" in out


def test_show(typed: Typed, data: str) -> None:
    code, out, _ = typed("--lang", "en", "audit", "show", "--data", data)
    assert (
        code == 0 and out.index("GET /api/v1/audit") < out.index("PUT /api/v1/plans/{id}") and "id=p" in out
    )
    told = json.loads(typed("audit", "show", "--json", "--data", data, "--caller", "ann")[1])
    assert [e["number"] for e in told] == [2]
    assert [
        e["number"]
        for e in json.loads(typed("audit", "show", "--json", "--data", data, "--whole", "--limit", "2")[1])
    ] == [3, 2]


def test_an_export_can_be_checked(typed: Typed, data: str, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert typed("audit", "export", "--data", data, "--to", str(file))[0] == 0
    assert typed("audit", "verify", "--export", str(file))[0] == 0
    file.write_text(file.read_text(encoding="utf-8").replace("ann", "eve"), encoding="utf-8")
    assert typed("audit", "verify", "--export", str(file))[0] == 1


def test_csv_holds_no_formula(typed: Typed, data: str) -> None:
    rows = list(csv.DictReader(io.StringIO(typed("audit", "export", "--format", "csv", "--data", data)[1])))
    assert [r["caller"] for r in rows] == ["ann", "ann", "'=cmd|x"] and json.loads(rows[0]["parameters"]) == {
        "id": "p"
    }


def test_a_cell_is_guarded_as_every_other_export_is() -> None:
    assert [cell(v) for v in ("=x", "'=x", "x=", "'x", 7)] == ["'=x", "''=x", "x=", "'x", 7]


def test_a_folder_without_a_service(typed: Typed, tmp_path: Path) -> None:
    code, _, err = typed("--lang", "en", "audit", "show", "--data", str(tmp_path / "nix"))
    assert code == 2 and "no records of a service" in err
    assert typed("audit", "export", "--data", str(tmp_path / "nix"), "--to", str(tmp_path / "a"))[0] == 2


def test_a_file_that_cannot_be_written(typed: Typed, data: str, tmp_path: Path) -> None:
    code, _, err = typed(
        "--lang", "en", "audit", "export", "--data", data, "--to", str(tmp_path / "nix" / "a")
    )
    assert code == 5 and "cannot write" in err
