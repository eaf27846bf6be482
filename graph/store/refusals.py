"""What stores refuse, in words: the same on every store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import InputError, UsageError
from graph.schema import TABLES
from graph.store.protocol import NoSuchNetwork

SHOWN = 20
NAME_CHARACTERS = 200


@dataclass(frozen=True)
class Lost:
    """A cell that names what is not there.

    Parameters
    ----------
    table, row, column, value : str
        Table, key of the row as text, column and cell.
    targets : tuple of str
        Tables that were searched.
    """

    table: str
    row: str
    column: str
    value: str
    targets: tuple[str, ...]


def check_name(network: str) -> None:
    """Refuse a name that no network may have.

    Raises
    ------
    UsageError
        When it is empty, longer than 200 characters, or has characters that cannot be printed.
    """
    if not network.strip() or len(network) > NAME_CHARACTERS or not network.isprintable():
        shown = network[:40]
        raise UsageError(
            f"网络名“{shown}”不可用：应为 1–{NAME_CHARACTERS} 个可显示的字符",
            f"{shown!r} cannot name a network: write 1 to {NAME_CHARACTERS} printable characters",
        )


def no_network(network: str, there: Sequence[str]) -> NoSuchNetwork:
    """There is no network of that name; those that there are."""
    zh, en = "、".join(there) or "无", ", ".join(there) or "none"
    return NoSuchNetwork(
        f"没有网络“{network}”；现有：{zh}", f"there is no network {network!r}; there are: {en}"
    )


def no_version(network: str, version: int, head: int) -> NoSuchNetwork:
    """The network has no such version."""
    return NoSuchNetwork(
        f"网络“{network}”没有版本 {version}；有 1 至 {head}",
        f"network {network!r} has no version {version}; it has 1 to {head}",
    )


def not_yet(network: str, day: str, first: str) -> NoSuchNetwork:
    """The network was not there on that day."""
    return NoSuchNetwork(
        f"网络“{network}”在 {day} 还不存在；最早的版本记于 {first}",
        f"network {network!r} was not there on {day}; its first version was recorded on {first}",
    )


def no_settings(network: str) -> UsageError:
    """A new network needs settings."""
    return UsageError(
        f"新的网络“{network}”需要给出代码体系和层级（about）",
        f"the new network {network!r} needs its code scheme and levels (about)",
    )


def names_nothing(network: str, lost: Sequence[Lost]) -> InputError:
    """Rows that are put name entities that are not there."""
    return _listed(
        f"{network}：有 {len(lost)} 处所指的对象不存在，未作任何更改；请改正，或把它们一并加上",
        f"{network}: {len(lost)} cells name what is not there, nothing was done; correct them, or add it in the same change",
        lost,
    )


def still_named(network: str, lost: Sequence[Lost]) -> InputError:
    """Rows that stay name entities that are removed."""
    return _listed(
        f"{network}：要删除的对象仍被 {len(lost)} 处引用，未作任何更改；请把引用它们的行一并改掉或删除",
        f"{network}: what is to be removed is still named in {len(lost)} cells, nothing was done; change or remove these rows too",
        lost,
    )


def _listed(zh: str, en: str, lost: Sequence[Lost]) -> InputError:
    more = len(lost) - SHOWN
    zhs = [
        f"  {one.table} {one.row}：{one.column} = {one.value}（{'、'.join(TABLES[t].zh for t in one.targets)}）"
        for one in lost[:SHOWN]
    ]
    ens = [
        f"  {one.table} {one.row}: {one.column} = {one.value} ({', '.join(one.targets)})"
        for one in lost[:SHOWN]
    ]
    if more > 0:
        zhs.append(f"  ……另有 {more} 处")
        ens.append(f"  … and {more} more")
    return InputError("\n".join([f"{zh}：", *zhs]), "\n".join([f"{en}:", *ens]))
