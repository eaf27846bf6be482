"""Sessions of browsers, at a server that runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.service.caller import Role
from tests.api.http.running import Running, running

SESSION, ME, TOKENS = "/api/v1/session", "/api/v1/me", "/api/v1/tokens"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that asks for a login."""
    with running(tmp_path_factory.mktemp("sessions"), login=True) as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Running]:
    """One at which nobody has tried a wrong word yet."""
    with running(tmp_path, login=True) as found:
        yield found


def test_logging_in_looking_and_logging_out(there: Running) -> None:
    token = there.token("ann", Role.PLANNER, "S1", names=True)
    with there.client() as browser:
        told = browser.post(SESSION, json={"token": token})
        assert told.status_code == 201 and told.headers["Cache-Control"] == "no-store"
        cookie = told.headers["Set-Cookie"]
        assert (
            cookie.startswith("jiedui=")
            and "HttpOnly" in cookie
            and "SameSite=lax" in cookie
            and "Domain" not in cookie
        )
        made = told.json()
        assert (made["name"], made["role"], made["regions"], made["sees_names"], made["via"]) == (
            "ann",
            "planner",
            ["S1"],
            True,
            "session",
        )
        assert browser.get(SESSION).json() == made
        assert browser.get(ME).json() == {
            k: v for k, v in made.items() if k not in ("csrf", "expires", "idle_seconds")
        }
        assert browser.delete(SESSION).status_code == 403  # without its csrf
        word = browser.cookies["jiedui"]
        gone = browser.delete(SESSION, headers={"X-CSRF-Token": made["csrf"]})
        assert gone.status_code == 204 and "Max-Age=0" in gone.headers["Set-Cookie"]
        assert browser.get(ME).status_code == 401
        with there.client(headers={"Cookie": f"jiedui={word}"}) as thief:
            assert thief.get(ME).status_code == 401


def test_who_came_with_a_token_has_no_session(there: Running) -> None:
    with there.client(there.token()) as program:
        assert program.get(SESSION).status_code == 404
        assert program.delete(SESSION).status_code == 204
        assert program.get(ME).status_code == 200


def test_a_session_that_somebody_else_set_is_not_taken_over(there: Running) -> None:
    with there.client() as attacker:
        attacker.post(SESSION, json={"token": there.token("eve")})
        fixed = attacker.cookies["jiedui"]
    with there.client() as victim:
        victim.cookies.set("jiedui", fixed)
        victim.post(
            SESSION, json={"token": there.token("ann", Role.ADMIN)}, headers={"Cookie": f"jiedui={fixed}"}
        )
    with there.client(headers={"Cookie": f"jiedui={fixed}"}) as attacker:
        assert attacker.get(ME).status_code == 401  # ended when the victim logged in


@pytest.mark.parametrize("csrf", ["", "x", "0" * 64, "é"])
def test_a_change_needs_the_sessions_own_csrf(csrf: str, there: Running) -> None:
    with there.client() as browser, there.client() as other:
        own = browser.post(SESSION, json={"token": there.token("ann")}).json()["csrf"]
        others = other.post(SESSION, json={"token": there.token("ann")}).json()["csrf"]
        for wrong in (csrf.encode(), others.encode()):
            told = browser.post(TOKENS, json={}, headers={b"X-CSRF-Token": wrong})
            assert told.status_code == 403 and "X-CSRF-Token" in told.json()["detail"]
        assert browser.post(TOKENS, json={}, headers={"X-CSRF-Token": own}).status_code == 201
        assert browser.get(TOKENS).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_pages_are_kept_out_even_with_a_cookie(site: str, there: Running) -> None:
    with there.client(headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}) as browser:
        assert browser.post(SESSION, json={"token": there.token()}).status_code == 403
        assert browser.get(ME).status_code == 403
    with there.client(headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        assert browser.post(SESSION, json={"token": there.token()}).status_code == 201


def test_a_login_of_another_form_is_no_login(there: Running) -> None:
    token = there.token()
    with there.client() as browser:  # as a form of another site's page could send it
        assert (
            browser.post(
                SESSION, content=f'{{"token": "{token}"}}', headers={"Content-Type": "text/plain"}
            ).status_code
            == 415
        )
        assert browser.post(SESSION, data={"token": token}).status_code == 415
        assert browser.post(SESSION, json={"token": token, "user": "boss"}).status_code == 422
        assert browser.post(SESSION, json={"token": "x" * 201}).status_code == 422
        assert "jiedui" not in browser.cookies


@pytest.mark.parametrize("forged", ["", "x", "0" * 16 + "_" + "a" * 43])
def test_a_forged_cookie_is_nobody(forged: str, fresh: Running) -> None:
    with fresh.client(headers={"Cookie": f"jiedui={forged}"}) as browser:
        assert browser.get(ME).status_code == 401
        assert browser.get("/healthz").status_code == 200


def test_tokens_are_no_cookies_and_sessions_no_tokens(fresh: Running) -> None:
    token = fresh.token()
    with fresh.client(headers={"Cookie": f"jiedui={token.removeprefix('jd_')}"}) as browser:
        assert browser.get(ME).status_code == 401
    with fresh.client() as browser:
        browser.post(SESSION, json={"token": token})
        word = browser.cookies["jiedui"]
    with fresh.client(f"jd_{word}") as program:
        assert program.get(ME).status_code == 401


def test_a_session_ends_with_its_token(there: Running) -> None:
    token = there.token("ann")
    with there.client() as browser, there.client(token) as program:
        browser.post(SESSION, json={"token": token})
        assert browser.get(ME).status_code == 200
        assert program.delete(f"{TOKENS}/{token[3:19]}").status_code == 200
        assert browser.get(ME).status_code == 401


def test_sessions_are_listed_and_ended(there: Running) -> None:
    with (
        there.client() as browser,
        there.client(there.token("boss", Role.ADMIN)) as boss,
        there.client(there.token("fay")) as eve,
    ):
        browser.post(SESSION, json={"token": there.token("zoe")})
        (found,) = [s for s in boss.get("/api/v1/sessions").json()["sessions"] if s["user"] == "zoe"]
        assert eve.get("/api/v1/sessions").json()["sessions"] == []
        assert eve.delete(f"/api/v1/sessions/{found['id']}").status_code == 404
        assert browser.get(ME).status_code == 200
        assert boss.delete(f"/api/v1/sessions/{found['id']}").status_code == 200
        assert browser.get(ME).status_code == 401


def test_a_session_that_is_not_used_ends(tmp_path: Path) -> None:
    with (
        running(tmp_path, login=True, session_idle_minutes=10, session_hours=1) as there,
        there.client() as browser,
    ):
        browser.post(SESSION, json={"token": there.token("ann", seconds=86_400)})
        passes, now = there.service.passes, there.service.passes.clock()
        for minutes, status in ((9, 200), (18, 200), (29, 401)):
            passes.clock = lambda at=now + minutes * 60: at  # type: ignore[misc] # as the clock would be
            assert browser.get(ME).status_code == status
        passes.clock = lambda: now
        browser.post(SESSION, json={"token": there.token("ann", seconds=86_400)})
        for minutes in range(0, 60, 9):
            passes.clock = lambda at=now + minutes * 60: at  # type: ignore[misc] # as the clock would be
            assert browser.get(ME).status_code == 200
        passes.clock = lambda: now + 3600.1
        assert browser.get(ME).status_code == 401  # however much it is used
