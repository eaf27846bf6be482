"""Logins under way: each is good once, in the browser that began it, for ten minutes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.access.oidc import logins
from api.access.oidc.logins import SECONDS, Logins, local
from api.service.records import open_records
from api.service.refusals import Refused
from graph.store.workspace.database import Database


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    """Records of a service."""
    found = open_records(tmp_path)
    yield found
    found.close()


def test_a_login_is_good_once_in_its_own_browser(records: Database) -> None:
    under_way = Logins(records)
    begun = under_way.begin("/map")
    assert under_way.take(begun.state, begun.browser) == begun
    with pytest.raises(Refused):
        under_way.take(begun.state, begun.browser)
    other, mine = under_way.begin("/"), under_way.begin("/")
    with pytest.raises(Refused):
        under_way.take(other.state, mine.browser)
    with pytest.raises(Refused):
        under_way.take("nix", mine.browser)
    assert under_way.take(mine.state, mine.browser)


def test_who_takes_too_long_begins_anew(records: Database) -> None:
    now = 1000.0
    under_way = Logins(records, lambda: now)
    begun, late = under_way.begin("/"), under_way.begin("/")
    now += SECONDS - 1
    assert under_way.take(begun.state, begun.browser)
    now += 1
    with pytest.raises(Refused):
        under_way.take(late.state, late.browser)


def test_logins_that_nobody_ends_do_not_fill_the_disk(
    records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logins, "MOST", 3)
    now = 1000.0
    under_way = Logins(records, lambda: now)
    begun = []
    for _ in range(5):
        now += 1
        begun.append(under_way.begin("/"))
    with records.reading() as connection:
        kept = {state for (state,) in connection.execute("SELECT state FROM logins")}
    assert kept == {login.state for login in begun[2:]}


def test_secrets_of_a_login_are_not_in_its_words(records: Database) -> None:
    begun = Logins(records).begin("/")
    assert (
        begun.browser not in repr(begun)
        and begun.verifier not in repr(begun)
        and begun.nonce not in repr(begun)
    )
    with records.reading() as connection:
        assert begun.browser.encode() not in connection.execute("SELECT browser FROM logins").fetchone()[0]


@pytest.mark.parametrize("path", ["/", "/plans?sort=-made#top", "/a/b"])
def test_paths_of_the_service(path: str) -> None:
    assert local(path) == path


@pytest.mark.parametrize(
    "path", ["", "plans", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/a\r\nSet-Cookie: x", "/\tx", "/怒江", "/a\\b", "/" + "x" * 2000]
)  # fmt: skip
def test_what_would_lead_elsewhere_leads_home(path: str) -> None:
    assert local(path) == "/"
