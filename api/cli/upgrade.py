"""``jiedui upgrade``: bring a scenario's folder to the format that this version writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import cloup

from api.cli.screen import print_json, print_line
from graph.errors import InputError, ScenarioError, reason_of
from graph.language import Text
from graph.schema import DATA_VERSION


@cloup.command("upgrade", help=str(Text(
    "把旧格式的场景转换为当前格式", "convert a scenario of an older format to the current one"
)))  # fmt: skip
@cloup.argument("scenario")
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, scenario: str, as_json: bool) -> None:
    """Upgrade where there is something to convert; format 1 is the first and the current one."""
    found = format_of(scenario)
    if as_json:
        print_json({"scenario": scenario, "format": found, "current": DATA_VERSION, "changed": False})
        return
    print_line(Text(
        f"✓ {scenario} 已是当前格式 {found}，无需转换", f"✓ {scenario} has the current format {found}; nothing to convert"
    ))  # fmt: skip


def format_of(scenario: str) -> int:
    """Format number of a scenario; bare tables have the current one.

    Raises
    ------
    ScenarioError
        When the file is no TOML, or its format is newer than this version or no format at all.
    UsageError
        When there is no such scenario.
    """
    from planner.shipped import FILE, find_scenario

    file = find_scenario(scenario) / FILE
    if not file.is_file():
        return DATA_VERSION
    found = read_format(file)
    if isinstance(found, int) and found > DATA_VERSION:
        raise ScenarioError(
            f"{file}：格式 {found} 比本版本（{DATA_VERSION}）新；请升级 jiedui",
            f"{file}: format {found} is newer than this version's ({DATA_VERSION}); install a newer jiedui",
        )
    if found is True or found is False or not isinstance(found, int) or found < 1:
        raise ScenarioError(
            f"{file}：format 应为 1 到 {DATA_VERSION} 的整数，不是 {found}",
            f"{file}: format must be a whole number from 1 to {DATA_VERSION}, not {found}",
        )
    return found


def read_format(file: Path) -> object:
    """What stands at ``format``; a file without one has the first format."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig")).get("format", 1)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"{file}：不是有效的 TOML：{error}", f"{file}: not valid TOML: {error}"
        ) from error
    except OSError as error:
        why = reason_of(error)
        raise InputError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from error
