"""What a scenario of the service may stand on: scenarios that came with jiedui, others of the service, and the network it serves.

Over HTTP nobody gets at other files or servers through a scenario: ``base`` is a name, ``network`` the word ``served``, and what
else names a place is refused.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.service.scenarios.nameless import demand_nameless_folder
from api.service.scenarios.names import demand_name
from graph.errors import ScenarioError, UsageError
from graph.language import Text
from graph.store.opening import SERVED, SERVED_AT
from planner.scenario_file import located
from planner.shipped import FILE, find_scenario, shipped

LONGEST = 16
"""Files of a chain."""
PLACES = {
    "data": Text(
        "表用 PUT …/tables/{table} 放入，不能另指位置",
        "tables are put by PUT …/tables/{table}; no other place is named",
    ),
    "published": Text(
        "已发布的方案在任务里用 published 给出",
        "a published plan is named by published when a job is ordered",
    ),
}


def demand_inside(place: Path, folder: Path) -> list[Path]:
    """Folders of a scenario's own chain, where nothing in it leads outside.

    Parameters
    ----------
    place : Path
        The scenario's folder.
    folder : Path
        In which other scenarios of the service are.

    Raises
    ------
    ScenarioError
        When a file names a place, a server or a scenario that is not there, or a folder holds a link; with file, line and key. When
        a folder holds names of cadres.
    """
    chain: list[Path] = []
    found: Path | None = place
    while found is not None and found not in chain:
        if len(chain) == LONGEST:
            raise ScenarioError(
                f"base 一环扣一环超过 {LONGEST} 层", f"more than {LONGEST} scenarios overlay each other"
            )
        chain.append(found)
        demand_no_links(found)
        demand_nameless_folder(found, head_of(found))
        found = base_of(found, folder)
    return chain


def base_of(place: Path, folder: Path) -> Path | None:
    """Folder of the scenario of the service that a scenario overlays; ``None`` where it overlays none, or one that came with jiedui.

    Raises
    ------
    ScenarioError
        When its file leads outside.
    """
    head = head_of(place)
    wrong = list(_problems(place, head, folder))
    if wrong:
        raise ScenarioError("\n".join(w.zh for w in wrong), "\n".join(w.en for w in wrong))
    base = head.get("base")
    own = folder / str(base)
    return own if base and (own / FILE).is_file() else None


def head_of(place: Path) -> Mapping[str, Any]:
    """What stands in a scenario's file.

    Raises
    ------
    ScenarioError
        When it is no TOML.
    """
    try:
        return tomllib.loads((place / FILE).read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"{place / FILE}：不是有效的 TOML：{error}", f"{place / FILE}: not valid TOML: {error}"
        ) from error


def _problems(place: Path, head: Mapping[str, Any], folder: Path) -> Iterator[Text]:
    for key, what in PLACES.items():
        if key in head:
            yield located(place / FILE, "", key, what)
    if head.get("network", SERVED) != SERVED:
        yield located(place / FILE, "", "network", Text(
            f'只能是 "{SERVED}"（本服务的网络），不能是别的地址', f'can only be "{SERVED}", the network of this service, and no other address'
        ))  # fmt: skip
    elif "network" in head and not os.environ.get(SERVED_AT):
        yield located(
            place / FILE,
            "",
            "network",
            Text("本服务的网络是文件中的场景；请用 base", "this service serves a scenario's files; use base"),
        )
    base = head.get("base")
    wrong = None if base is None else _base_problem(base, folder)
    if wrong is not None:
        yield located(place / FILE, "", "base", wrong)


def _base_problem(base: Any, folder: Path) -> Text | None:
    """What is wrong with a base's name."""
    own = (
        []
        if not isinstance(base, str) or base.startswith(".")
        else [e for e in folder.iterdir() if e.name == base]
    )
    if own and (own[0] / FILE).is_file():
        return None
    if base in shipped():
        same = find_scenario(base).resolve() == shipped()[base].resolve()
        return (
            None
            if same
            else Text(
                f"{base} 在服务的工作目录里另有所指",
                f"{base} is another folder where the service was started",
            )
        )
    try:
        demand_name(str(base))
    except UsageError:
        return Text(
            "应为场景的名称，不是路径或地址", "must be the name of a scenario, no path and no address"
        )
    return Text(f"没有场景 {base}", f"there is no scenario {base}")


def demand_no_links(place: Path) -> None:
    """Let a folder pass whose files are its own.

    Raises
    ------
    ScenarioError
        When one is a link to elsewhere.
    """
    for entry in place.rglob("*"):
        if entry.is_symlink():
            raise ScenarioError(
                f"{place.name}/{entry.name} 是链接；请放入文件本身",
                f"{place.name}/{entry.name} is a link; put the file itself there",
            )
