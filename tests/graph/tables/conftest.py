"""Small networks in files, for the tests of reading and checking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import TableErrors
from graph.findings import Finding
from graph.language import use_language
from graph.network import RegionSettings
from graph.tables import Read, codes, read_network

REGIONS = """\
code,name,level,parent
440400,珠海市,prefecture,
533300,怒江傈僳族自治州,prefecture,
533325,兰坪白族普米族自治县,county,533300
"""


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write ``table=text or bytes`` as CSV files and give the folder."""

    def write(**tables: str | bytes) -> Path:
        place = tmp_path / "network"
        place.mkdir(exist_ok=True)
        for name, text in tables.items():
            (place / f"{name}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
        return place

    return write


@pytest.fixture
def errors(folder: Callable[..., Path]) -> Callable[..., list[Finding]]:
    """The errors of the tables given; free codes unless said otherwise."""

    def read(*, scheme: str = "free", **tables: str | bytes) -> list[Finding]:
        try:
            read_network(folder(**tables), settings=RegionSettings(codes=scheme))
        except TableErrors as refused:
            return [f for f in refused.findings if f.severity == "error"]
        return []

    return read


@pytest.fixture
def remarks(folder: Callable[..., Path]) -> Callable[..., list[Finding]]:
    """Warnings and notices of tables that are accepted, without those about what was not checked."""

    def read(*, scheme: str = "free", **tables: str | bytes) -> list[Finding]:
        found = read_network(folder(**tables), settings=RegionSettings(codes=scheme)).findings
        return [f for f in found if f.code != "foreign-unchecked"]

    return read


@pytest.fixture
def accepted(folder: Callable[..., Path]) -> Callable[..., Read]:
    """Read tables that are all right."""

    def read(**tables: str | bytes) -> Read:
        return read_network(folder(**tables), settings=RegionSettings(codes="free"))

    return read


@pytest.fixture
def three_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A country of three known codes, one of which has a later code."""
    known = codes.KnownCodes(
        {"440400": "珠海市", "533300": "怒江傈僳族自治州", "533325": "兰坪白族普米族自治县"},
        {"533999": ("533325",)},
    )
    monkeypatch.setattr(codes, "known_codes", lambda: known)
