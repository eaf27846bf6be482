"""What ``jiedui serve`` says when it listens."""

from __future__ import annotations

import sys

import pytest

from api.cli.serve import tell
from graph.language import speaking

URL = "http://127.0.0.1:8470"


def said(capsys: pytest.CaptureFixture[str], url: str, *, view: bool, public_url: str = "") -> list[str]:
    with speaking("en"):
        tell(url, view, public_url)
    return capsys.readouterr().out.splitlines()


def test_without_a_view_it_says_so_to_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = said(capsys, URL, view=False)
    assert first == f"serving at {URL}" and "no web view" in second and "make web" in second


def test_what_to_open_is_told_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(capsys, URL, view=True) == [f"serving at {URL}"]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for url, page in (
        (URL, f"{URL}/"),
        ("https://0.0.0.0:8470", "https://127.0.0.1:8470/"),
        ("https://[::]:8470", "https://[::1]:8470/"),
    ):
        assert said(capsys, url, view=True)[1] == f"open {page} in a browser"
    shown = said(capsys, URL, view=True, public_url="https://jiedui.example")
    assert shown[1] == "open https://jiedui.example/ in a browser"
