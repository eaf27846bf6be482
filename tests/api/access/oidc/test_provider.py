"""What a provider says is taken only when it is signed by it, for us, now, and for this login; here the provider is hostile."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from api.access.oidc.bounded import BYTES
from api.access.oidc.provider import Provider
from api.service.refusals import Refused
from api.service.settings import read_settings
from graph.errors import InputError, JieduiError, OutsideError

SECRET = "a-secret-that-is-long-enough-for-a-key"
KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
OTHER = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
ALIKE = RSAKey.import_key(OTHER.as_dict(private=True) | {"kid": KEY.kid})


class Hostile:
    """A provider whose every answer a test may set.

    Parameters
    ----------
    port : int
    """

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.document: Any = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth", "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }  # fmt: skip
        self.answers: dict[str, Callable[[], tuple[int, bytes]]] = {
            "/.well-known/openid-configuration": lambda: (200, json.dumps(self.document).encode()),
            "/jwks": lambda: (200, json.dumps(KeySet([KEY]).as_dict(private=False)).encode()),
            "/token": lambda: (200, json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": self.word}).encode()),
        }  # fmt: skip
        self.word: Any = self.signed()

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What it says; ``None`` leaves a claim out."""
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": "jiedui",
            "sub": "ann",
            "nonce": "n",
            "iat": now,
            "exp": now + 60,
            "groups": [],
        } | changed
        return {name: value for name, value in told.items() if value is not None}

    def signed(self, key: Any = KEY, alg: str = "RS256", kid: str | None = KEY.kid, **changed: Any) -> str:
        """The same, signed."""
        header = {"alg": alg} | ({} if kid is None else {"kid": kid})
        return jwt.encode(header, self.claims(**changed), key, algorithms=[alg])


@pytest.fixture
def there() -> Iterator[Hostile]:
    """It listens."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hostile.asked.append(self.path)
            status, content = hostile.answers[self.path]()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", content.decode())
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    hostile = Hostile(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield hostile
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ours(there: Hostile) -> Provider:
    """The service's side."""
    settings = {
        "oidc_issuer": there.issuer, "oidc_client_id": "jiedui", "public_url": "https://jiedui.example", "oidc_roles": "a=admin",
    }  # fmt: skip
    return Provider(read_settings(settings, environ={"JIEDUI_SERVE_OIDC_CLIENT_SECRET": SECRET}))


def told(provider: Provider) -> Any:
    """What comes of a code."""
    return provider.claims("code", "n", "v" * 64)


def unsigned(claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
    """A token that nobody signed."""
    parts = (header or {"alg": "none"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."
    )


def test_what_is_signed_for_us_is_taken(there: Hostile, ours: Provider) -> None:
    assert told(ours)["sub"] == "ann"
    there.word = there.signed(aud=["jiedui", "another"], azp="jiedui")
    assert told(ours)["sub"] == "ann"
    there.word = there.signed(exp=int(time.time()) - 20)  # clocks differ a little
    assert told(ours)["sub"] == "ann"


def by_hand(claims: dict[str, Any]) -> str:
    """A token signed with the public key as if it were a secret; libraries refuse to write one."""
    body = unsigned(claims, {"alg": "HS256", "kid": KEY.kid})[:-1]
    mac = hmac.new(KEY.as_pem(private=False), body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


WRONG: dict[str, Callable[[Hostile], str]] = {
    "nobody signed it": lambda h: unsigned(h.claims()),
    "nobody signed it, with our key's id": lambda h: unsigned(h.claims(), {"alg": "none", "kid": KEY.kid}),
    "signed with our own secret": lambda h: h.signed(OctKey.import_key(SECRET), "HS256", None),
    "signed with its public key as a secret": lambda h: by_hand(h.claims()),
    "signed with another key": lambda h: h.signed(OTHER, kid=OTHER.kid),
    "signed with another key of the same id": lambda h: h.signed(ALIKE),
    "for another": lambda h: h.signed(aud="another"),
    "for several, not told for whom": lambda h: h.signed(aud=["jiedui", "another"]),
    "for several, given to another": lambda h: h.signed(aud=["jiedui", "another"], azp="another"),
    "by another": lambda h: h.signed(iss="https://evil.example"),
    "too old": lambda h: h.signed(exp=int(time.time()) - 600),
    "not yet": lambda h: h.signed(nbf=int(time.time()) + 600),
    "of another login": lambda h: h.signed(nonce="m"),
    "of no login": lambda h: h.signed(nonce=None),
    "of nobody": lambda h: h.signed(sub=None),
    "without an end": lambda h: h.signed(exp=None),
    "without a moment": lambda h: h.signed(iat=None),
    "for nobody": lambda h: h.signed(aud=None),
    "an end that is no number": lambda h: h.signed(exp="tomorrow"),
    "changed behind the signature": lambda h: ".".join([h.word.split(".")[0], unsigned({"iss": h.issuer}).split(".")[1], h.word.split(".")[2]]),
    "no token at all": lambda h: "nonsense",
    "three dots": lambda h: "...",
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_all_else_is_refused(wrong: str, there: Hostile, ours: Provider) -> None:
    there.word = WRONG[wrong](there)
    with pytest.raises(Refused) as caught:
        told(ours)
    assert caught.value.status == 401 and SECRET not in repr(caught.value)


@pytest.mark.parametrize("word", [None, 5, [], {}])
def test_an_answer_without_a_word(word: Any, there: Hostile, ours: Provider) -> None:
    there.word = word
    with pytest.raises(InputError):
        told(ours)


def test_a_code_that_it_does_not_know(there: Hostile, ours: Provider) -> None:
    there.answers["/token"] = lambda: (400, b'{"error": "invalid_grant"}')
    with pytest.raises(Refused):
        told(ours)
    there.answers["/token"] = lambda: (500, b"broken")
    with pytest.raises((OutsideError, InputError)):
        told(ours)
    there.answers["/token"] = lambda: (200, b"no JSON")
    with pytest.raises(JieduiError):
        told(ours)


def test_keys_are_read_again_for_one_that_is_new(there: Hostile, ours: Provider) -> None:
    assert told(ours) and told(ours) and there.asked.count("/jwks") == 1
    there.answers["/jwks"] = lambda: (200, json.dumps(KeySet([OTHER]).as_dict(private=False)).encode())
    there.word = there.signed(OTHER, kid=OTHER.kid)
    assert told(ours) and there.asked.count("/jwks") == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://evil.example"), ("issuer", None), ("token_endpoint", None), ("token_endpoint", "http://169.254.169.254/latest"),
        ("jwks_uri", "file:///etc/passwd"), ("jwks_uri", "http://evil.example/jwks"), ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", 5), ("userinfo_endpoint", "gopher://10.0.0.1"), ("token_endpoint", ""), ("jwks_uri", "https://user:x@h/"),
    ],
)  # fmt: skip
def test_a_document_that_leads_elsewhere_is_refused(
    name: str, value: Any, there: Hostile, ours: Provider
) -> None:
    there.document[name] = value
    with pytest.raises(InputError):
        ours.source.document()
    assert there.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"<html>", b'{"issuer": ', b"\xff\xfe"])
def test_a_document_that_is_none(content: bytes, there: Hostile, ours: Provider) -> None:
    there.answers["/.well-known/openid-configuration"] = lambda: (200, content)
    with pytest.raises(InputError):
        ours.source.document()


def test_what_it_leads_to_is_not_followed_and_what_is_too_large_not_read(
    there: Hostile, ours: Provider
) -> None:
    there.answers["/.well-known/openid-configuration"] = lambda: (302, f"{there.issuer}/jwks".encode())
    with pytest.raises(OutsideError):
        ours.source.document()
    assert "/jwks" not in there.asked
    there.answers["/.well-known/openid-configuration"] = lambda: (200, b" " * (BYTES + 1))
    with pytest.raises(InputError):
        ours.source.document()


def test_an_answer_to_a_code_is_bounded_too(
    there: Hostile, ours: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.answers["/token"] = lambda: (200, json.dumps({"id_token": there.word, "x": "x" * BYTES}).encode())
    with pytest.raises(InputError):
        told(ours)
    there.answers["/token"] = lambda: (200, json.dumps({"id_token": there.word}).encode())
    monkeypatch.setattr("api.access.oidc.bounded.SECONDS", -1.0)  # it has had its time
    with pytest.raises(OutsideError):
        told(ours)


@pytest.mark.parametrize("content", [b"{}", b'{"keys": 5}', b'{"keys": [{"kty": "nix"}]}'])
def test_keys_that_are_none(content: bytes, there: Hostile, ours: Provider) -> None:
    there.answers["/jwks"] = lambda: (200, content)
    with pytest.raises((InputError, Refused)):
        told(ours)


def test_who_is_told_beside_has_to_be_the_same(there: Hostile, ours: Provider) -> None:
    there.document["userinfo_endpoint"] = f"{there.issuer}/userinfo"
    there.word = there.signed(groups=None)
    there.answers["/userinfo"] = lambda: (200, b'{"sub": "ann", "groups": ["a"], "iss": "x"}')
    assert told(ours)["groups"] == ["a"] and told(ours)["iss"] == there.issuer
    there.answers["/userinfo"] = lambda: (200, b'{"sub": "boss", "groups": ["a"]}')
    with pytest.raises(InputError):
        told(ours)


def test_the_secret_is_nowhere_to_be_read(ours: Provider) -> None:
    assert SECRET not in repr(ours.settings) and SECRET not in ours.settings.model_dump_json()
    assert SECRET not in ours.address("s", "n", "v" * 64)
