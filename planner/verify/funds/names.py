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
        self.network = network
        sources = network.frame("fund_sources")
        self.sources = dict(sources.select("id", "name").iter_rows()) if "name" in sources.columns else {}

    def of(self, word: str) -> Text:
        """What people call it; the word itself where it is none of these."""
        if word in ENUMS["programme"]:
            return ENUMS["programme"][word]
        name = self.sources.get(word) or self.network.names.get(word) or word
        return Text(name, name)

    def text(self, text: Text) -> Text:
        """Both wordings with names for codes."""
        return Text(
            WORD.sub(lambda m: self.of(m[0]).zh, text.zh), WORD.sub(lambda m: self.of(m[0]).en, text.en)
        )

    def state(self, state: RuleState) -> RuleState:
        """A rule's state told with names."""
        return replace(state, tightest=self.text(state.tightest))

    def broken(self, broken: Broken) -> Broken:
        """A broken place told with names."""
        return replace(broken, what=self.text(broken.what))
