"""Every route × role × regions is tried at a server that runs, whatever routes there are: let in or refused as declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from api.http.access import CSRF, SAFE, Declared, declared
from api.http.app import create_app
from api.service.caller import Role
from api.service.settings import read_settings
from tests.api.http.access_table import BEGIN, EVERYBODY, PAGE, Who, may, page, table
from tests.api.http.running import Running, running

REFUSED = (401, 403)
VALUES = {
    "year": "2016",
    "table": "regions",
    "name": "teachers",
    "level": "county",
    "kind": "plan",
    "step": "submit",
}
"""Names in paths → something that they can be; others are a region of those to which somebody is limited."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that asks for a login."""
    with running(
        tmp_path_factory.mktemp("cells"), login=True, jobs_per_user=10_000, jobs_waiting=10_000
    ) as found:
        yield found


@pytest.fixture(scope="module")
def region(there: Running) -> str:
    """A region that others lie in."""
    parents = there.service.networks.asked().regions.parents
    return next(parent for parent in parents.values() if parent is not None)


@pytest.fixture(scope="module")
def tokens(there: Running, region: str) -> dict[Who, str | None]:
    """Everybody's token."""
    return {
        who: None if who.role is None else there.token(str(who), who.role, *([region] if who.limited else []))
        for who in EVERYBODY
    }


def routes(there: Running) -> list[Declared]:
    """What the service declares."""
    return list(declared(create_app(there.service)))


def ask(client: httpx2.Client, route: Declared, region: str, **headers: str) -> int:
    """Status of an answer; a body that is JSON where one may be."""
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: VALUES.get(m[1], region), route.path)
    content: dict[str, Any] = {} if route.method in SAFE else {"json": {}}
    with client.stream(route.method, path, headers=headers, **content) as answer:
        return answer.status_code


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_every_cell(who: Who, there: Running, tokens: dict[Who, str | None], region: str) -> None:
    wrong, tried = [], 0
    with there.client(tokens[who]) as client:
        for route in routes(there):
            status = ask(client, route, region)
            told = f"{who}: {route.method} {route.path} answered {status}"
            good = status not in REFUSED if may(who, route) else status == (401 if who.role is None else 403)
            wrong += [] if good and status in (503, *range(500)) else [told]
            tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 25


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_head_is_refused_where_get_is(
    who: Who, there: Running, tokens: dict[Who, str | None], region: str
) -> None:
    with there.client(tokens[who]) as client:
        wrong = [
            f"{who}: HEAD {route.path}"
            for route in routes(there)
            if route.method == "GET"
            and (ask(client, replace(route, method="HEAD"), region) in REFUSED) is may(who, route)
        ]
    assert not wrong, "\n".join(wrong)


def test_who_may_only_read_is_refused_whatever_changes_something(there: Running, region: str) -> None:
    reads, writes = (
        there.token("reads", Role.ADMIN, scopes=("read",)),
        there.token("writes", Role.ADMIN, scopes=("write",)),
    )
    with there.client(reads) as reader, there.client(writes) as writer:
        for route in routes(there):
            if route.needs is not None:
                changes = route.needs.changes and route.method not in SAFE
                assert (ask(reader, route, region) == 403) is changes, route
                assert (ask(writer, route, region) == 403) is not changes, route


def test_a_session_changes_nothing_without_its_own_token(there: Running, region: str) -> None:
    with there.client() as client:
        csrf = client.post("/api/v1/session", json={"token": there.token("web", Role.ADMIN)}).json()["csrf"]
        for route in routes(there):
            if route.needs is not None and route.method not in SAFE:
                assert ask(client, route, region) == 403, route
                assert ask(client, route, region, **{CSRF: "0" * 64}) == 403, route
                if route.path != "/api/v1/session":
                    assert ask(client, route, region, **{CSRF: csrf}) not in REFUSED, route


def test_the_table_in_the_docs_is_what_the_routes_declare() -> None:
    now = PAGE.read_text(encoding="utf-8")
    assert BEGIN in now
    assert now == page(now, table()), "write it: python -m tests.api.http.access_table"


def test_every_cell_is_told_by_what_is_declared() -> None:
    assert len(EVERYBODY) == 9 and {str(who) for who in EVERYBODY} >= {"nobody", "viewer", "admin, limited"}
    assert read_settings({"login": True}, environ={}).open is False
