"""Scenarios of the service hold no names of people.

No plan reads them, and every state of a scenario is kept: a name in one would lie there in clear, in backups too, where nobody could
forget it. Names come into the network that is served instead, whose store seals them (:mod:`graph.store.keyring`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from graph.errors import ScenarioError
from graph.language import Text
from graph.network import Network
from graph.store.keyring import SEALED, TABLE
from graph.tables.raw import SUFFIXES, table_named

INTO_THE_NETWORK = Text(
    f"干部姓名（{TABLE}）不放进场景：规划从不读它，场景的每一版都会保存。姓名请放进本服务的网络，那里会封存："
    "上传后以 into: network 提交，或 POST /requests，或 jiedui graph load",
    f"names of cadres ({TABLE}) do not go into a scenario: no plan reads them, and every state of a scenario is kept. Bring them into "
    "the network that is served, which seals them: commit the upload with into: network, or POST /requests, or jiedui graph load",
)


def demand_nameless(tables: Collection[str]) -> None:
    """Let tables that are to be put into a scenario pass.

    Raises
    ------
    ScenarioError
        When names of cadres are among them.
    """
    if TABLE in tables:
        raise ScenarioError(*INTO_THE_NETWORK)


def demand_nameless_folder(place: Path, head: Mapping[str, Any]) -> None:
    """Let a scenario's folder pass whose own files and changes hold no table of names; ``head``: what stands in its file.

    Raises
    ------
    ScenarioError
        When one does; of a folder that was put there by hand.
    """
    for file in sorted(f for f in place.rglob("*") if f.is_file()):
        if is_of_names(file):
            raise ScenarioError(
                f"{place.name}/{file.name}：{INTO_THE_NETWORK.zh}；请把这个文件从文件夹里拿走",
                f"{place.name}/{file.name}: {INTO_THE_NETWORK.en}; take the file out of the folder",
            )
    changes = head.get("change", ())
    demand_nameless([str(c.get("table")) for c in changes if isinstance(c, Mapping)])


def demand_nameless_network(network: Network) -> None:
    """Let a scenario's network pass whose names are all sealed, as those of a store are: no workbook brings others.

    Raises
    ------
    ScenarioError
        When one stands there in clear.
    """
    names = network.frame(TABLE)["name"].drop_nulls()
    if names.filter(~names.str.starts_with(SEALED)).len():
        raise ScenarioError(*INTO_THE_NETWORK)


def is_of_names(file: Path) -> bool:
    """Whether a file is a table of names, by what it is called."""
    return file.suffix.lower() in SUFFIXES and table_named(file.stem) == TABLE
