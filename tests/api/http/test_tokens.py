"""Tokens over HTTP, at a server that runs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from api.access.kept import Kind, Pass, Standing
from api.access.secret import Secret
from api.service.caller import Role
from graph.errors import OutsideError
from tests.api.http.running import Running, running

TOKENS, ME = "/api/v1/tokens", "/api/v1/me"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that asks for a login."""
    with running(tmp_path_factory.mktemp("tokens"), login=True, token_days=100) as found:
        yield found


def test_a_token_is_shown_once_and_good_for_what_it_says(there: Running) -> None:
    with there.client(there.token("boss", Role.ADMIN)) as boss:
        told = boss.post(
            TOKENS,
            json={
                "user": "cat",
                "role": "coordinator",
                "regions": ["S1"],
                "scopes": ["read"],
                "days": 7,
                "label": "figures",
            },
        )
        assert told.status_code == 201 and told.headers["Cache-Control"] == "no-store"
        made = told.json()
        assert (
            made["token"].startswith(f"jd_{made['id']}_")
            and made["made_by"] == "boss"
            and made["label"] == "figures"
        )
        listed = boss.get(TOKENS).json()["tokens"]
        shown = next(t for t in listed if t["id"] == made["id"])
        assert "token" not in shown and made["token"].rpartition("_")[2] not in json.dumps(listed)
        with there.client(made["token"]) as cat:
            assert cat.get(ME).json() == {
                "name": "cat", "role": "coordinator", "regions": ["S1"], "sees_names": False, "scopes": ["read"], "via": "token",
            }  # fmt: skip
            assert cat.post(TOKENS, json={}).status_code == 403  # may only read
            assert boss.get(TOKENS).json()["tokens"][0]["used"] is not None
            revoked = boss.delete(f"{TOKENS}/{made['id']}")
            assert revoked.status_code == 200 and revoked.json()["ended"] is not None
            refused = cat.get(ME)
            assert refused.status_code == 401 and "was revoked" in refused.json()["detail"]
            assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_one_may_revoke_ones_own(there: Running) -> None:
    with there.client(there.token("dan")) as dan:
        mine = dan.post(TOKENS, json={}).json()
        assert (mine["user"], mine["role"], mine["regions"]) == ("dan", "viewer", [])
        assert dan.delete(f"{TOKENS}/{mine['id']}").status_code == 200
        with there.client(mine["token"]) as gone:
            assert gone.get(ME).status_code == 401


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"days": 101}, 422), ({"days": 0}, 422), ({"role": "root"}, 422), ({"regions": ["nix"]}, 422), ({"user": "oidc:ann"}, 422),
        ({"scopes": []}, 422), ({"scopes": ["all"]}, 422), ({"secret": "x"}, 422), ({"user": "local"}, 422), ([], 422), ({"days": 1e400}, 422),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_wish_is_told(wish: object, status: int, there: Running) -> None:
    with there.client(there.token("boss", Role.ADMIN)) as boss:
        content = json.dumps(wish)
        assert (
            boss.post(TOKENS, content=content, headers={"Content-Type": "application/json"}).status_code
            == status
        )


def test_the_settings_limit_and_the_region_that_is_meant_are_told(there: Running) -> None:
    with there.client(there.token("boss", Role.ADMIN)) as boss:
        for days in (101, 10_000):
            assert "100 days at most" in boss.post(TOKENS, json={"days": days}).json()["detail"]
        told = boss.post(TOKENS, json={"regions": ["S1", "S1x"]})
        assert told.status_code == 422 and "S1x (did you mean S1?)" in told.json()["detail"]


def test_pages(there: Running) -> None:
    made = [there.token("pages") for _ in range(3)]
    with there.client(made[0]) as pages:
        first = pages.get(TOKENS, params={"limit": 2}).json()
        last = pages.get(TOKENS, params={"limit": 2, "cursor": first["next"]}).json()
        assert len(first["tokens"]) == 2 and len(last["tokens"]) == 1 and last["next"] is None
        assert {t["id"] for t in first["tokens"] + last["tokens"]} == {m[3:19] for m in made}
        assert pages.get(TOKENS, params={"cursor": "nix"}).status_code == 422


@pytest.mark.parametrize(
    "value", ["Basic YTpi", "Bearer", "Bearer nonsense", "Bearer jd_", f"Bearer {Secret('0' * 16, 'a' * 43).token}", "bearer jd_x_y", "jd_x"]
)  # fmt: skip
def test_what_is_no_token_is_refused_even_where_all_may_ask(value: str, tmp_path: Path) -> None:
    with running(tmp_path) as open_one, open_one.client(headers={"Authorization": value}) as client:
        assert client.get(ME).status_code == client.get("/healthz").status_code == 401


def test_on_an_open_loopback_a_token_says_who_asks(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        with there.client() as local:
            assert local.get(ME).json()["name"] == "local"
            made = local.post(TOKENS, json={"user": "eve", "role": "viewer"}).json()
            assert local.post(TOKENS, json={}).status_code == 422  # nobody is given the name local
        with there.client(made["token"]) as eve:
            assert eve.get(ME).json()["role"] == "viewer"


def test_guessing_is_slowed_down_and_told_without_the_token(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running(tmp_path, login=True) as there, caplog.at_level(logging.DEBUG):
        good = there.token("ann")
        guess = Secret.new().token
        with there.client(guess) as guesser:
            assert [guesser.get(ME).status_code for _ in range(12)] == [401] * 10 + [429] * 2
            told = guesser.get(ME)
            assert 1 <= int(told.headers["Retry-After"]) <= 60 and told.json()["type"] == "/problems/too-many"
            assert guesser.post(
                "/api/v1/session", json={"token": guess}, headers={"Authorization": ""}
            ).status_code in (401, 429)
        with there.client(good) as ann, there.client(guess) as guesser:  # from the same address
            assert ann.get(ME).status_code == 200
            assert guesser.get(ME).status_code == 429, "who knows the word does not open the door to others"
        told_of = [r for r in caplog.records if r.getMessage() == "login refused"]
        assert len(told_of) == 10
        everything = "".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records)
        assert guess.rpartition("_")[2] not in everything and good.rpartition("_")[2] not in everything


def test_who_has_a_session_or_logs_in_is_not_shut_out_by_guesses_of_the_same_address(tmp_path: Path) -> None:
    with running(tmp_path, login=True) as there, there.client() as browser, there.client() as forger:
        assert browser.post("/api/v1/session", json={"token": there.token("ann")}).status_code == 201
        forger.cookies.set("jiedui", Secret.new().written)
        assert [forger.get(ME).status_code for _ in range(12)] == [401] * 10 + [429] * 2
        assert browser.get(ME).status_code == 200
        with there.client() as other:
            assert other.post("/api/v1/session", json={"token": Secret.new().token}).status_code == 429
            assert other.post("/api/v1/session", json={"token": there.token("bob")}).status_code == 201


def test_each_word_is_looked_up_the_same_way_wait_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, login=True) as there, there.client(Secret.new().token) as guesser:
        looked: list[str] = []
        known = there.service.passes.known

        def counted(kind: Kind, secret: Secret) -> tuple[Standing, Pass | None]:
            looked.append(kind)
            return known(kind, secret)

        monkeypatch.setattr(there.service.passes, "known", counted)
        assert [guesser.get(ME).status_code for _ in range(12)] == [401] * 10 + [429] * 2
        assert looked == ["token"] * 12


def test_a_token_that_has_expired_is_no_guess(tmp_path: Path) -> None:
    with running(tmp_path, login=True) as there:
        with there.client(there.token("old", seconds=0)) as old:
            told = [old.get(ME) for _ in range(15)]
            assert {t.status_code for t in told} == {401} and "has expired" in told[0].json()["detail"]
        with there.client(there.token("new")) as new:
            assert new.get(ME).status_code == 200


def test_a_body_is_not_read_of_who_may_not_send_one(there: Running) -> None:
    sent = 0

    def large() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            yield b" " * 1_000_000
            sent += 1

    with there.client() as nobody, suppress(httpx2.TransportError):  # the server hung up
        assert nobody.post(TOKENS, content=large()).status_code == 401
    assert sent < 100


def test_a_full_disk_keeps_nobody_from_reading(there: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(id: str) -> None:
        raise OutsideError("磁盘已满", "disk full")

    monkeypatch.setattr(there.service.passes, "touch", full)
    with there.client(there.token()) as client:
        assert client.get(ME).status_code == 200


def test_records_that_are_away_are_told(there: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(kind: str, secret: Secret) -> None:
        raise OutsideError("磁盘坏了", "the disk is broken")

    token = there.token()
    monkeypatch.setattr(there.service.passes, "known", away)
    with there.client(token) as client:
        told = client.get(ME)
        assert told.status_code == 503 and told.json()["detail"] == "the disk is broken"


def test_a_word_that_is_refused_is_not_repeated(there: Running) -> None:
    with there.client() as client:
        for sent in ({"token": "hush" * 60}, {"token": ["hush"]}, {"word": "hush"}, {"token": "hush"}):
            told = client.post("/api/v1/session", json=sent)
            assert told.status_code in (401, 422) and "hush" not in told.text
