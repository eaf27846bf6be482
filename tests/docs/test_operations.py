"""The systemd unit and the container file that docs print: their commands exist and take these options, their settings are settings."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from api.cli import build_group
from api.service.settings import read_settings

PAGE = (Path(__file__).parents[2] / "docs" / "api" / "operations.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    """The one block of a kind on the page."""
    [found] = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def service() -> dict[str, list[str]]:
    """Directives of the unit's service; some come more than once."""
    lines = block("ini").partition("[Service]")[2].partition("[Install]")[0].splitlines()
    found: dict[str, list[str]] = {}
    for name, _, value in (line.partition("=") for line in lines if line and not line.startswith("#")):
        found.setdefault(name, []).append(value)
    return found


def container() -> dict[str, str]:
    """Instructions of the container file, the last of each."""
    return dict(re.findall(r"^([A-Z]+) (.+)$", block("Dockerfile"), re.MULTILINE))


def check_command(words: list[str]) -> None:
    """A command line that is read to its end, but not carried out."""
    name, *rest = words
    group = build_group()
    command = group.get_command(group.make_context("jiedui", [name]), name)
    assert command is not None, name
    command.make_context(name, rest)


def settings(pairs: dict[str, str]) -> None:
    """What stands in the environment is read as settings."""
    assert pairs and all(name.startswith("JIEDUI_SERVE_") for name in pairs)
    read_settings({}, environ=pairs)


def test_the_units_command_and_settings() -> None:
    found = service()
    program, *words = shlex.split(found["ExecStart"][0])
    assert program.endswith("/bin/jiedui")
    check_command(words)
    settings(dict(pair.split("=", 1) for pair in found["Environment"]))


def test_the_units_folder_is_its_own() -> None:
    found = service()
    assert found["Environment"] == [f"JIEDUI_SERVE_DATA=/var/lib/{found['StateDirectory'][0]}"]
    assert found["StateDirectoryMode"] == ["0700"] and found["User"] == ["jiedui"]
    assert int(found["TimeoutStopSec"][0]) > 20  # ten seconds for requests, then works


def test_the_containers_commands_and_settings() -> None:
    found = container()
    assert json.loads(found["ENTRYPOINT"]) == ["jiedui"]
    check_command(json.loads(found["CMD"]))
    settings(dict(pair.split("=", 1) for pair in shlex.split(found["ENV"])))
    program, flag, code = json.loads(found["HEALTHCHECK"].removeprefix("CMD "))
    assert (program, flag) == ("python", "-c") and "/healthz" in code
    compile(code, "health check", "exec")


def test_a_command_that_is_none_is_found() -> None:
    with pytest.raises(click.NoSuchOption, match="confg"):
        check_command(["serve", "--confg", "x"])


@pytest.mark.system
def test_systemd_knows_every_directive(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd here")
    unit = tmp_path / "jiedui.service"
    unit.write_text(re.sub(r"/opt/jiedui/bin/jiedui", "/bin/true", block("ini")), encoding="utf-8")
    done = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert "jiedui.service" not in done.stderr, done.stderr


def test_the_unit_has_every_section() -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read_string(block("ini"))
    assert read.sections() == ["Unit", "Service", "Install"]
