"""Codes of regions that somebody is to be limited to: those of a network, so that a slip does not shut them out of all."""

from __future__ import annotations

from collections.abc import Sequence

from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.tables.suggest import NearestCode

SHOWN = 10


def demand_regions(network: Network, codes: Sequence[str]) -> None:
    """Refuse codes of regions that a network has not.

    Parameters
    ----------
    network : Network
        With its regions.
    codes : sequence of str

    Raises
    ------
    UsageError
        With the first ten, and the code that each may mean.
    """
    known = network.parents
    unknown = [code for code in codes if code not in known][:SHOWN]
    if not unknown:
        return
    nearest = NearestCode(known)
    told = [_meant(code, nearest(code)) for code in unknown]
    zh, en = "、".join(text.zh for text in told), ", ".join(text.en for text in told)
    raise UsageError(
        f"没有这些地区：{zh}；代码可按名称查到（GET /api/v1/network/search?q=名称；命令行：jiedui ask 名称）",
        f"there are no regions {en}; a place's code is found by its name (GET /api/v1/network/search?q=NAME; at the command line: jiedui ask NAME)",
    )


def _meant(code: str, near: str | None) -> Text:
    return (
        Text(code, code)
        if near is None
        else Text(f"{code}（是不是 {near}？）", f"{code} (did you mean {near}?)")
    )
