"""Login at a real OpenID provider, over sockets: npm's oidc-provider, which asks for PKCE and signs with its own keys."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from tests.api.http.oidc_provider import SECRET, Browser, There, free_port, provider
from tests.api.http.running import Running, running

ME = "/api/v1/me"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[There, Running]]:
    """A provider and a service that takes its word."""
    port = free_port()
    url = f"http://localhost:{port}"
    data = tmp_path_factory.mktemp("oidc")
    with (
        provider(url) as there,
        running(data, environ=there.environ, port=port, **there.settings(url)) as service,
    ):
        service.url = url
        yield there, service


def test_who_logs_in_gets_a_session_with_what_their_claims_say(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as browser:
        assert browser.client.get(f"{url}{ME}").status_code == 401
        answer = browser.log_in(url, "ann", "/?view=map")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/?view=map")
        assert answer.headers["Cache-Control"] == "no-store"
        me = browser.client.get(f"{url}{ME}").json()
        assert me == {
            "name": "oidc:ann", "role": "planner", "regions": [], "sees_names": True, "scopes": ["read", "write"], "via": "session",
        }  # fmt: skip
    with Browser() as browser:
        browser.log_in(url, "bob")
        me = browser.client.get(f"{url}{ME}").json()
        assert (me["role"], me["regions"], me["sees_names"]) == ("viewer", ["S1"], False)


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("eve", 403, "your account has no role here"),
        ("nix", 403, "the provider gives no regions"),
        ("mallory", 401, "the provider refused (access_denied)"),
    ],
)
def test_who_has_no_role_here_or_is_not_known_there_stays_out(
    name: str, status: int, words: str, both: tuple[There, Running]
) -> None:
    url = both[1].url
    with Browser() as browser:
        answer = browser.log_in(url, name)
        assert answer.status_code == status and words in answer.json()["detail"]
        assert browser.client.get(f"{url}{ME}").status_code == 401


def test_the_way_to_the_provider_bears_state_nonce_and_pkce(both: tuple[There, Running]) -> None:
    there, service = both
    with service.client() as client:
        answer = client.get("/api/v1/oidc/login")
        other = client.get("/api/v1/oidc/login")
    sent, again = (parse_qs(urlsplit(a.headers["Location"]).query) for a in (answer, other))
    assert answer.status_code == 302 and answer.headers["Location"].startswith(there.issuer)
    assert sent["code_challenge_method"] == ["S256"] and sent["response_type"] == ["code"]
    for secret in ("state", "nonce", "code_challenge"):
        assert sent[secret] != again[secret] and len(sent[secret][0]) >= 43
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and sent["state"][0] not in cookie


def test_an_answer_of_the_provider_is_good_once(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as browser:
        back = browser.until_back(url, "ann")
        cookie = {"Cookie": f"jiedui-login={browser.client.cookies['jiedui-login']}"}
        with both[1].client(headers=cookie) as client:
            assert client.get(back).status_code == 303
            answer = client.get(back)
        assert answer.status_code == 401 and "this login was used" in answer.json()["detail"]


def test_a_code_is_good_once_even_with_a_new_state(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as browser:
        back = browser.until_back(url, "ann")
        assert browser.client.get(back).status_code == 303
        code = parse_qs(urlsplit(back).query)["code"][0]
        begun = browser.client.get(f"{url}/api/v1/oidc/login")
        state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
        answer = browser.client.get(f"{url}/api/v1/oidc/callback", params={"code": code, "state": state})
        assert answer.status_code == 401 and "did not confirm" in answer.json()["detail"]


def test_a_login_that_another_browser_began_is_refused(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as attacker, Browser() as victim:
        back = attacker.until_back(url, "ann")
        answer = victim.client.get(back)
        assert answer.status_code == 401 and "begun by somebody else" in answer.json()["detail"]
        victim.client.get(f"{url}/api/v1/oidc/login")  # with a login of their own under way
        assert victim.client.get(attacker.until_back(url, "ann")).status_code == 401
        assert victim.client.get(f"{url}{ME}").status_code == 401


@pytest.mark.parametrize(
    "query", [{}, {"state": "nix"}, {"state": "nix", "code": "x"}, {"state": "x" * 5000}]
)
def test_what_no_provider_sent_is_refused(query: dict[str, str], both: tuple[There, Running]) -> None:
    with both[1].client() as client:
        assert client.get("/api/v1/oidc/callback", params=query).status_code in (401, 422)


def test_an_answer_in_another_providers_name_is_refused(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as browser:
        back = browser.until_back(url, "ann")
        assert "iss=" in back
        parts = urlsplit(back)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()} | {"iss": "https://evil.example"}
        answer = browser.client.get(f"{url}{parts.path}", params=query)
        assert answer.status_code == 401 and "another provider" in answer.json()["detail"]


def test_nobody_is_led_elsewhere(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as browser:
        assert browser.log_in(url, "ann", "https://evil.example/").headers["Location"] == "/"


def test_logging_in_makes_a_new_session_and_ends_the_one_before(both: tuple[There, Running]) -> None:
    url = both[1].url
    with Browser() as browser:
        browser.log_in(url, "ann")
        old = browser.client.cookies["jiedui"]
        browser.log_in(url, "bob")
        assert browser.client.cookies["jiedui"] != old
        with both[1].client(headers={"Cookie": f"jiedui={old}"}) as client:
            assert client.get(ME).status_code == 401


def test_claims_that_the_provider_tells_beside(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    with (
        provider(url, inToken=False) as there,
        running(tmp_path, environ=there.environ, port=port, **there.settings(url)),
        Browser() as browser,
    ):
        browser.log_in(url, "ann")
        assert browser.client.get(f"{url}{ME}").json()["role"] == "planner"


def test_the_providers_keys_change(tmp_path: Path) -> None:
    port, away = free_port(), free_port()
    url = f"http://localhost:{port}"
    settings = There(f"http://localhost:{away}", "").settings(url)
    with running(tmp_path, environ=There("", SECRET).environ, port=port, **settings):
        for name in ("ann", "bob"):  # each time with new keys
            with provider(url, away), Browser() as browser:
                assert browser.log_in(url, name).status_code == 303


def test_a_provider_that_is_away_is_told_and_the_service_goes_on(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    there = There(f"http://localhost:{free_port()}", "secret of ours")
    with (
        running(tmp_path, environ=there.environ, port=port, **there.settings(url)) as service,
        service.client() as client,
    ):
        answer = client.get("/api/v1/oidc/login")
        assert (
            answer.status_code == 503
            and there.issuer in answer.json()["detail"]
            and "secret of ours" not in answer.text
        )
        assert client.get("/healthz").status_code == 200


def test_over_tls_at_both_ends(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    cert, key, ca = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "ca.pem"
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    port = free_port()
    url = f"https://localhost:{port}"
    trust = ssl.create_default_context(cafile=ca)
    with provider(url, cert=str(cert), key=str(key)) as there:
        settings = there.settings(url) | {"tls_cert": cert, "tls_key": key, "oidc_ca": ca}
        with (
            running(tmp_path / "data", environ=there.environ, port=port, **settings),
            Browser(verify=trust) as browser,
        ):
            answer = browser.log_in(url, "ann")
            cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-jiedui="))
            assert (
                "Secure" in cookie and "HttpOnly" in cookie and "Path=/" in cookie and "Domain" not in cookie
            )
            assert browser.client.get(f"{url}{ME}").json()["name"] == "oidc:ann"
        settings["oidc_ca"] = None  # whose certificate nobody vouches for
        with (
            running(tmp_path / "other", environ=there.environ, port=port, **settings),
            Browser(verify=trust) as browser,
        ):
            assert browser.client.get(f"{url}/api/v1/oidc/login").status_code == 503
