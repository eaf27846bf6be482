"""What stores refuse about networks and versions, in words: the same on every store."""

from __future__ import annotations

from collections.abc import Sequence

from graph.errors import UsageError
from graph.store.proposal import NoSuchProposal
from graph.store.version import NoSuchNetwork
from graph.tables.suggest import did_you_mean

NAME_CHARACTERS = 200


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
    meant = did_you_mean(network, there)
    return NoSuchNetwork(
        f"没有网络“{network}”；现有：{zh}{meant.zh}",
        f"there is no network {network!r}; there are: {en}{meant.en}",
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


def no_proposal(network: str, plan: str) -> NoSuchProposal:
    """The plan is not proposed."""
    return NoSuchProposal(
        f"“{network}”没有提出过方案 {plan}；请先提出它（命令行：jiedui graph propose）；已提出的在请求列表中（jiedui graph request list）",
        f"plan {plan} is not proposed for {network!r}: propose it first (at the command line: jiedui graph propose); those that are stand in the list of requests (jiedui graph request list)",
    )
