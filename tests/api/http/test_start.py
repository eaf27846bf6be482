"""Where the service starts and where it refuses to: on loopback without a login, elsewhere with access control and TLS alone."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import trustme

from api.http.serve import serve
from api.service.settings import read_settings
from benchmarks.service.running import Running
from graph.errors import UsageError

ME = "/api/v1/me"


@dataclass(frozen=True)
class Certificate:
    """A certificate made here, and who vouches for it."""

    cert: Path
    key: Path
    trust: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """For this machine."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return Certificate(folder / "cert.pem", folder / "key.pem", trust)


def jiedui(*words: str) -> str:
    """What a command says."""
    done = subprocess.run([sys.executable, "-m", "jiedui", "--lang", "en", *words], capture_output=True, text=True, check=True)  # fmt: skip
    return done.stdout


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "elsewhere without TLS": ({"host": "0.0.0.0"}, "is no loopback: give --tls-cert and --tls-key, or name the trusted proxies"),
    "elsewhere without access control": ({"host": "0.0.0.0", "behind_proxy": "10.0.0.1"}, "run jiedui token create NAME --role admin"),
    "of all addresses of IPv6": ({"host": "::"}, "is no loopback"),
    "by a name": ({"host": "jiedui.example"}, "is no loopback"),
    "half a certificate": ({"tls_cert": "cert.pem"}, "--tls-cert and --tls-key go together"),
    "a certificate that is not there": ({"tls_cert": "nofile", "tls_key": "nofile"}, "--tls-cert: cannot read nofile"),
    "a login that nobody has": ({"login": True}, "there is no token and no provider"),
    "behind a proxy on loopback": ({"behind_proxy": "127.0.0.1"}, "there is no token and no provider"),
    "a provider without the rest": ({"oidc_issuer": "https://login.example"}, "oidc_issuer needs oidc_client_id, oidc_roles, public_url"),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSALS)
def test_it_refuses_to_start_and_says_how_to_mend_it(why: str, tmp_path: Path) -> None:
    given, words = REFUSALS[why]
    settings = read_settings({"data": tmp_path / "data", "port": 0} | given, environ={})
    told: list[str] = []
    with pytest.raises(UsageError) as caught:
        serve(settings, "teachers", lambda url, view: told.append(url))
    assert words in caught.value.text.en and not told


def test_elsewhere_with_tls_it_still_needs_somebody_to_let_in(
    certificate: Certificate, tmp_path: Path
) -> None:
    given = {"host": "0.0.0.0", "tls_cert": certificate.cert, "tls_key": certificate.key, "data": tmp_path}
    with pytest.raises(UsageError, match="there is no token and no provider"):
        serve(read_settings(given, environ={}), "teachers", lambda url: None)


def test_a_token_that_has_ended_lets_nobody_in(tmp_path: Path) -> None:
    made = json.loads(jiedui("token", "create", "ann", "--data", str(tmp_path), "--json"))
    jiedui("token", "revoke", made["id"], "--data", str(tmp_path))
    with pytest.raises(UsageError, match="there is no token"):
        serve(read_settings({"data": tmp_path, "login": True}, environ={}), "teachers", lambda url: None)


def test_on_every_address_over_tls_with_tokens(certificate: Certificate, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    token = jiedui("token", "create", "ann", "--role", "planner", "--data", data).splitlines()[-1]
    words = (
        "--host",
        "0.0.0.0",
        "--tls-cert",
        str(certificate.cert),
        "--tls-key",
        str(certificate.key),
    )
    with Running(Path(data), *words) as served:
        url = served.url
        assert url.startswith("https://0.0.0.0:")
        here = url.replace("0.0.0.0", "localhost")
        with httpx2.Client(base_url=here, verify=certificate.trust) as client:
            assert client.get("/healthz").status_code == 200
            assert client.get(ME).status_code == 401
            assert (
                client.get(ME, headers={"Host": "localhost", "X-Forwarded-For": "127.0.0.1"}).status_code
                == 401
            )
            assert client.get(ME, headers={"Authorization": f"Bearer {token}"}).json()["role"] == "planner"
            told = client.post("/api/v1/session", json={"token": token})
            cookie = told.headers["Set-Cookie"]
            assert cookie.startswith("__Host-jiedui=") and "; Secure" in cookie and "HttpOnly" in cookie
            assert client.get(ME).json()["via"] == "session"
            word = cookie.partition("=")[2].partition(";")[0]
        with httpx2.Client(
            base_url=here, verify=certificate.trust, headers={"Cookie": f"jiedui={word}"}
        ) as client:
            assert client.get(ME).status_code == 401  # a name that another host could have set
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(here, verify=True)  # nobody else vouches for the certificate
        with pytest.raises(httpx2.TransportError):
            httpx2.get(here.replace("https", "http"))
        listed = json.loads(jiedui("token", "list", "--data", data, "--json"))
        assert [t["user"] for t in listed] == ["ann"] and listed[0]["used"] is not None
        jiedui("token", "revoke", listed[0]["id"], "--data", data)
        with httpx2.Client(base_url=here, verify=certificate.trust) as client:
            assert client.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code == 401  # at once


def test_on_loopback_it_opens_without_a_login_and_with_one_where_it_shall(tmp_path: Path) -> None:
    with Running(tmp_path / "open") as served:
        url = served.url
        assert httpx2.get(f"{url}{ME}").json()["via"] == "loopback"
        assert httpx2.get(f"{url}{ME}", headers={"Host": "evil.example"}).status_code == 403
    data = str(tmp_path / "login")
    token = jiedui("token", "create", "ann", "--data", data).splitlines()[-1]
    with Running(Path(data), "--login") as served:
        url = served.url
        assert httpx2.get(f"{url}{ME}").status_code == 401
        assert httpx2.get(f"{url}{ME}", headers={"Authorization": f"Bearer {token}"}).json()["via"] == "token"
