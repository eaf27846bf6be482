"""Small wordings that every stage uses."""

from __future__ import annotations

from collections.abc import Sequence

from graph.language import Text
from graph.network import Network


def name_list(network: Network, codes: Sequence[str], most: int = 5) -> str:
    """Names of the first few places or units, and how many more there are."""
    shown = "、".join(network.label(c) for c in codes[:most])
    return shown + (f" …(+{len(codes) - most})" if len(codes) > most else "")


def clash(what: Text, *rules: str) -> Text:
    """What cannot hold, and the rules whose values would have to give."""
    listed = ", ".join(rules)
    return Text(f"{what.zh}（规则：{listed}）", f"{what.en} (rules: {listed})")
