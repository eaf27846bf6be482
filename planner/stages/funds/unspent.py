"""Why some of a source's budgets is not spent: the rules that hold it back, by name."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.stage import Context
from planner.stages.funds.barred import Barred, rule_names
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import LOANS, Known
from planner.stages.funds.laid import rows_of

SPARE = Text("少一些也不改变什么：没有哪个可付的需求还值得用它",
             "some less would change nothing: no need that it may pay for is worth any more of it")  # fmt: skip
MET = Text("它可付的需求都已满足", "every need that it may pay for is met")
ALL_MET = Text("全部需求都已满足", "all needs are met")
SHUT = Text(
    "剩下的需求它不能付，因为 {rules}", "it may not pay for the needs that are left, because of {rules}"
)
FULL = Text(
    "它可付而未满足的需求都到了上限：{rules}", "the needs left that it may pay for are at a ceiling: {rules}"
)
HELD = Text("规则不许花得更多（{rules}）", "rules do not let more of it be spent ({rules})")
CROSSING = ("smallest_project", "published_changes_max", "published_frozen")


class Unspent:
    """Why budgets are left, from what was decided."""

    def __init__(self, context: Context, facts: Facts, known: Known, table: pl.DataFrame) -> None:
        self._context, self._facts, self._known = context, facts, known
        rows = rows_of(facts, table)
        s, c, p, t, amount = rows.T
        self._got = np.zeros(facts.need.shape, np.int64)
        np.add.at(self._got, (c, p, t), amount)
        self._spent = np.zeros(facts.budget.shape, np.int64)
        np.add.at(self._spent, (s, t), amount)
        self._given = np.zeros((*facts.budget.shape, len(facts.provinces)), np.int64)
        np.add.at(self._given, (s, t, facts.province[c]), amount)
        self._lent = {i: np.zeros((len(facts.counties), len(facts.years)), np.int64) for i in LOANS}
        kinds = np.array(facts.instrument, dtype=object)
        for instrument, found in self._lent.items():
            mine = kinds[s] == instrument
            np.add.at(found, (c[mine], t[mine]), amount[mine])
        self._barred = Barred(context, facts)

    def why(self, source: str) -> Text:
        """Why some of a source's budgets is left; its budgets are not all spent."""
        facts = self._facts
        s = facts.sources.index(source)
        left = facts.budget[s] > self._spent[s]
        room = (self._known.cell > self._got) & facts.allowed[s][:, :, None] & left
        if not room.any():
            return self._shut(s, left)
        full = {rule: held & room for rule, held in self._full(s).items()}
        free = room & ~np.any([np.zeros_like(room), *full.values()], axis=0)
        if not free.any():
            return FULL.fill(rules=rule_names(r for r, held in full.items() if held.any()))
        if (self._next_worth(s)[free] <= 0).all():
            return SPARE
        on = [r for r in CROSSING if self._context.policy.on(r)]
        return HELD.fill(rules=rule_names(on)) if on else SPARE

    def _shut(self, s: int, left: np.ndarray) -> Text:
        """No need that it may pay for has room: which rules keep it from those that have."""
        facts = self._facts
        wanted = ((facts.need > self._got) & ~facts.allowed[s][:, :, None] & left).any(axis=2)
        if not wanted.any():
            return ALL_MET if not (facts.need > self._got)[:, :, left].any() else MET
        keys = self._barred.rules(s, wanted)
        return SHUT.fill(rules=rule_names(keys)) if keys else self._barred.places(s)

    def _full(self, s: int) -> dict[str, np.ndarray]:
        """Rule → (C, P, T) bool: needs that it lets have no more of this source's money."""
        facts, known, policy = self._facts, self._known, self._context.policy
        shape = facts.need.shape
        at_top = self._got.sum(axis=1) >= known.county_high
        ceiling = int(policy["county_ceiling"]) if policy.on("county_ceiling") else -1
        general = at_top & (known.county_high == ceiling)
        province = known.share_high[s][facts.province] <= self._given[s][:, facts.province].T
        shares = next((r for r in ("province_shares", "stability") if policy.on(r)), "province_shares")
        by_county = {"county_ceiling": general, "per_head": at_top & ~general, shares: province}
        limits = {"microcredit": "microcredit_loan_max", "relending": "relending_share"}
        for instrument, rule in limits.items():
            if facts.instrument[s] == instrument:
                by_county[rule] = self._lent[instrument] >= known.loan_high[instrument]
        found = {rule: np.broadcast_to(held[:, None, :], shape) for rule, held in by_county.items()}
        if known.published is not None:
            found["published_frozen"] = np.broadcast_to(known.published.frozen[:, None, :], shape)
        return found

    def _next_worth(self, s: int) -> np.ndarray:
        """(C, P, T) thousandths of a point that a yuan more of this source would be worth to each need."""
        known, left = self._known, self._got.copy()
        worth, open_still = np.zeros(self._got.shape, np.int64), np.ones(self._got.shape, np.bool_)
        for steps, value in zip(known.steps, known.value, strict=True):
            here = open_still & (left < steps)
            worth[here] = value[here]
            open_still &= ~here
            left = np.maximum(left - steps, 0)
        return worth - int(known.loan_cost[s])
