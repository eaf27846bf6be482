"""Settings: where they come from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.service.settings import read_settings
from graph.errors import InputError, OutsideError, UsageError


def test_the_command_line_goes_before_the_environment_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "serve.toml"
    file.write_text('port = 1\njobs = 2\nhost = "::1"\n')
    found = read_settings(
        {"port": 3, "jobs": None},
        file=file,
        environ={"JIEDUI_SERVE_JOBS": "4", "JIEDUI_SERVE_PORT": "5", "PATH": "x"},
    )
    assert (found.port, found.jobs, found.host, found.loopback) == (3, 4, "::1", True)
    assert not read_settings({"host": "0.0.0.0"}, environ={}).loopback and read_settings(environ={}).loopback


def test_proxies_are_listed_with_commas_or_in_a_file(tmp_path: Path) -> None:
    found = read_settings({"behind_proxy": "10.0.0.1, 10.1.0.0/16"}, environ={})
    assert [str(n) for n in found.proxies] == ["10.0.0.1/32", "10.1.0.0/16"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"prot": 1}, "--prot: there is no setting prot; did you mean port"),
        ({"port": 70_000}, "--port: 70000 cannot be port"),
        ({"behind_proxy": "nowhere"}, "--behind-proxy: 'nowhere' cannot be behind_proxy"),
        ({"language": "fr"}, "--language: 'fr' cannot be language"),
    ],
)
def test_what_is_wrong_is_told_with_where_it_stands(given: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(given, environ={})
    assert words in caught.value.text.en


def test_the_environment_and_the_file_are_named_where_they_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(environ={"JIEDUI_SERVE_JOBS": "many"})
    assert caught.value.text.en.startswith("JIEDUI_SERVE_JOBS: 'many' cannot be jobs")
    file = tmp_path / "serve.toml"
    file.write_text("port = \n")
    with pytest.raises(InputError, match="no TOML"):
        read_settings(file=file, environ={})
    with pytest.raises(OutsideError, match="cannot read"):
        read_settings(file=tmp_path / "nix.toml", environ={})


def test_secrets_stand_in_the_environment_alone(tmp_path: Path) -> None:
    found = read_settings(environ={"JIEDUI_SERVE_OIDC_CLIENT_SECRET": "hush"})
    assert found.oidc_client_secret.get_secret_value() == "hush"
    assert (
        "hush" not in repr(found)
        and "hush" not in str(found.model_dump())
        and "hush" not in found.model_dump_json()
    )
    file = tmp_path / "serve.toml"
    file.write_text('oidc_client_secret = "hush"\n')
    for given, wrong in (({"oidc_client_secret": "hush"}, None), ({}, file)):
        with pytest.raises(UsageError) as caught:
            read_settings(given, file=wrong, environ={})
        assert "is read from the environment only, JIEDUI_SERVE_OIDC_CLIENT_SECRET" in caught.value.text.en
        assert "hush" not in str(caught.value.text)


@pytest.mark.parametrize("name", ["oidc_issuer", "public_url"])
@pytest.mark.parametrize(
    "value",
    [
        "http://login.example",
        "ftp://x",
        "login.example",
        "https://",
        "https://user:word@login.example",
        "javascript:x",
    ],
)
def test_addresses_that_secrets_go_to_are_https(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"cannot be {name}"):
        read_settings({name: value}, environ={})


def test_on_this_machine_they_may_be_http() -> None:
    assert (
        read_settings({"oidc_issuer": "http://localhost:9/"}, environ={}).oidc_issuer == "http://localhost:9/"
    )
    assert (
        read_settings({"public_url": "https://jiedui.example/"}, environ={}).public_url
        == "https://jiedui.example"
    )


def test_roles_of_a_providers_values(tmp_path: Path) -> None:
    roles = {"office": "coordinator", "a=b": "admin"}
    assert read_settings({"oidc_roles": "office=coordinator, a=b=admin"}, environ={}).oidc_roles == roles
    file = tmp_path / "serve.toml"
    file.write_text('[oidc_roles]\noffice = "coordinator"\n"a=b" = "admin"\n')
    assert read_settings(file=file, environ={}).oidc_roles == roles
    with pytest.raises(UsageError, match="no role root"):
        read_settings({"oidc_roles": "office=root"}, environ={})


@pytest.mark.parametrize(
    ("given", "opens"),
    [({}, True), ({"host": "::1"}, True), ({"host": "localhost"}, True), ({"login": True}, False), ({"behind_proxy": "127.0.0.1"}, False), ({"host": "0.0.0.0"}, False), ({"host": "jiedui.example"}, False)],
)  # fmt: skip
def test_where_it_opens_without_a_login(given: dict[str, object], opens: bool) -> None:
    assert read_settings(given, environ={}).open is opens


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('geometry = "/nope"', "there is no folder /nope; name one with GeoJSON files"),
        ('otlp = "ftp://collector:4318"', "has to be an address with http:// or https://"),
        ('otlp = "collector"', "has to be an address with http:// or https://"),
        ('otlp = "http:///v1/traces"', "has to be an address with http:// or https://"),
    ],
)
def test_where_shapes_come_from_and_traces_go_is_looked_at_at_the_start(
    tmp_path: Path, line: str, words: str
) -> None:
    file = tmp_path / "serve.toml"
    file.write_text(f"{line}\n")
    with pytest.raises(UsageError) as caught:
        read_settings(file=file, environ={})
    assert caught.value.text.en.startswith(f"{file}: ") and words in caught.value.text.en
    file.write_text(f'geometry = "{tmp_path}"\notlp = "https://collector/v1/traces"\n')
    assert read_settings(file=file, environ={}).geometry == tmp_path
