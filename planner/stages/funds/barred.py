"""Which rules keep a source from a need: those that, switched off, would let it pay; where none would, where it may pay at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from graph.language import Text
from planner.policy import OFF, Policy
from planner.stage import Context
from planner.stages.funds.eligible import INSTRUMENT_RULES, allowed_cells
from planner.stages.funds.facts import Facts, Marks
from planner.stages.funds.settings import SETTINGS
from planner.stages.words import rules_said

RULES = ("earmarks", "direction_tags", *INSTRUMENT_RULES.values(), "designated_money", "suitability")
"""Rules that say what a source may pay for."""
SWITCHES = ("earmarks", "designated_money", "suitability")


def rule_names(keys: Iterable[str]) -> Text:
    """Rules by title and key, each once."""
    return rules_said("funds", list(dict.fromkeys(keys)), SETTINGS)


class Barred:
    """Why sources may not pay for needs."""

    def __init__(self, context: Context, facts: Facts) -> None:
        self._context, self._facts = context, facts
        self._rows = context.network.frame("fund_sources").sort("id")
        self._marks = Marks(context.network, facts.counties, context)
        self._found: dict[tuple[int, frozenset[str]], np.ndarray] = {}

    def open_without(self, source: int, off: Iterable[str]) -> np.ndarray:
        """(C, P) bool: what a source (row number) could pay for with these rules switched off."""
        key = (source, frozenset(off))
        if key not in self._found:
            values = {k: False if k in SWITCHES else OFF for k in key[1]}
            free = replace(self._context, policy=Policy({**self._context.policy.values, **values}))
            one, facts = self._rows[source], self._facts
            self._found[key] = allowed_cells(free, one, facts.counties, facts.programmes, self._marks)[0]
        return self._found[key]

    def rules(self, source: int, cells: np.ndarray) -> tuple[str, ...]:
        """Rules that keep a source from ``cells`` ((C, P) bool): each that would by itself open one, else a smallest set that would.

        Empty where it may pay in none of these places whatever the rules.
        """
        alone = tuple(r for r in RULES if (self.open_without(source, [r]) & cells).any())
        if alone or not (self.open_without(source, RULES) & cells).any():
            return alone
        kept = list(RULES)
        for rule in RULES:
            fewer = [r for r in kept if r != rule]
            if (self.open_without(source, fewer) & cells).any():
                kept = fewer
        return tuple(kept)

    def why(self, source: int, county: int, programme: int) -> Text:
        """Why a source may not pay for a county's programme."""
        cell = np.zeros(self._facts.allowed.shape[1:], dtype=bool)
        cell[county, programme] = True
        keys = self.rules(source, cell)
        if keys:
            named = rule_names(keys)
            return Text(f"规则不许它付这一项：{named.zh}", f"rules keep it from paying for this: {named.en}")
        return self._elsewhere(source, self._context.network.label(self._facts.counties[county]))

    def places(self, source: int) -> Text:
        """Why a source may pay nowhere else, whatever the rules."""
        return self._elsewhere(source, None)

    def _elsewhere(self, source: int, county: str | None) -> Text:
        row = self._rows.row(source, named=True)
        owner = self._context.network.label(row["owner_region"] or "")
        if row["level"] == "east_west":
            if county is None:
                return Text(f"与 {owner} 结对的地方没有别的需求可付", f"the places paired with {owner} have no other need that it may pay for")  # fmt: skip
            return Text(f"{county} 没有与 {owner} 结对，它的钱只到结对的地方",
                        f"{county} is not paired with {owner}, whose money goes to its partners only")  # fmt: skip
        if county is None:
            return Text(f"{owner} 之内没有别的需求可付", f"there is no other need within {owner} that it may pay for")  # fmt: skip
        return Text(f"它的钱只在 {owner} 之内，{county} 不在", f"its money stays within {owner}, where {county} is not")  # fmt: skip
