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
