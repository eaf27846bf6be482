"""Where the service is and who asks: arguments before the environment, nothing secret shown or sent in the clear."""

from __future__ import annotations

import pytest

from jiedui import UsageError
from jiedui.client import AsyncClient, Client


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names no service."""
    monkeypatch.delenv("JIEDUI_URL", raising=False)
    monkeypatch.delenv("JIEDUI_TOKEN", raising=False)


def headers(client: Client) -> dict[str, str]:
    """What goes with every request."""
    return dict(client._talk.line.http.headers)  # type: ignore[attr-defined] # a blocking line's


def test_arguments_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(Client()) == "<Client http://127.0.0.1:8470>"
    monkeypatch.setenv("JIEDUI_URL", "https://jiedui.example/base/")
    monkeypatch.setenv("JIEDUI_TOKEN", "of-the-environment")
    assert repr(AsyncClient()) == "<AsyncClient https://jiedui.example/base/>"
    assert headers(Client())["authorization"] == "Bearer of-the-environment"
    given = Client("https://other.example", token="given", language="zh")
    assert headers(given)["authorization"] == "Bearer given" and headers(given)["accept-language"] == "zh"


def test_no_token_in_what_is_shown() -> None:
    client = Client("https://jiedui.example", token="s3cret")
    assert "s3cret" not in repr(client) + repr(vars(client)) + repr(client._talk) + repr(headers)


@pytest.mark.parametrize(
    "url",
    [
        "jiedui.example",
        "ftp://jiedui.example",
        "https://",
        "https://ann:pw@jiedui.example",
        "https://x?token=1",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="address is like"):
        Client(url)


def test_a_token_does_not_go_over_the_net_in_the_clear() -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        Client("http://jiedui.example", token="t")
    for here in ("http://127.0.0.1:8470", "http://localhost:8470", "http://[::1]:8470"):
        Client(here, token="t").close()
    Client("http://jiedui.example").close()


def test_no_proxy_on_the_way_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with Client("http://127.0.0.1:8470") as here, Client("https://jiedui.example") as there:
        assert not here._talk.line.http._mounts  # type: ignore[attr-defined]
        assert there._talk.line.http._mounts  # type: ignore[attr-defined]
