"""Names instead of codes in what people read of the check of money."""

from __future__ import annotations

import re
from dataclasses import replace

from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS
from planner.verify.outcome import Broken, RuleState

WORD = re.compile(r"[^\s，。：；（）,:;()]+")


class Names:
    """Words that are a region's code, a fund source's id or a programme, with what people call them."""

    def __init__(self, network: Network) -> None:
        self.known = {code: Text(name, name) for code, name in network.names.items() if name}
        sources = network.frame("fund_sources")
        if "name" in sources.columns:
            self.known |= {i: Text(n, n) for i, n in sources.select("id", "name").iter_rows() if n}
        self.known |= ENUMS["programme"]

    def text(self, text: Text) -> Text:
        """Both wordings with names for codes."""
        return Text(
            WORD.sub(lambda m: self.known[m[0]].zh if m[0] in self.known else m[0], text.zh),
            WORD.sub(lambda m: self.known[m[0]].en if m[0] in self.known else m[0], text.en),
        )

    def state(self, state: RuleState) -> RuleState:
        """A rule's state told with names."""
        return replace(state, tightest=self.text(state.tightest))

    def broken(self, broken: Broken) -> Broken:
        """A broken place told with names."""
        return replace(broken, what=self.text(broken.what))
