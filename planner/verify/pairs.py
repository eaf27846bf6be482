"""Checks that `pairing` and `designation` share: rows, terms, degrees, lists."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Mapping

import polars as pl

from graph.dates import holding
from graph.language import Text, several
from planner.verify.outcome import Broken, Resolved, RuleState, Tables
from planner.verify.pair_rows import PairRow

SCALE = 1000


def stage_rows(tables: Tables, stage: str) -> list[PairRow]:
    """Rows of ``pairs`` that belong to a stage."""
    columns = ("stage", "supporter", "recipient", "cost", "load", "terms", "kind")
    return [
        PairRow(number, supporter, recipient, round(cost * SCALE), cost, load, json.loads(terms), kind)
        for number, (name, supporter, recipient, cost, load, terms, kind) in enumerate(
            tables["pairs"].select(columns).iter_rows(), 1
        )
        if name == stage
    ]


def named_pairs(listed: Iterable[str] | None) -> set[tuple[str, str]]:
    """The pairs that a list names as ``supporter>recipient``; none where the rule is off."""
    parts = (item.partition(">") for item in listed or ())
    return {(supporter.strip(), recipient.strip()) for supporter, _, recipient in parts}


def held_pairs(resolved: Resolved, kinds: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of these relation kinds in force on the day of planning."""
    relations = resolved.network.frame("relations").filter(
        pl.col("kind").is_in(list(kinds)), holding(resolved.on)
    )
    return set(relations.select("supporter", "recipient").iter_rows())


class Terms(ABC):
    """Recomputes the terms of each row's cost."""

    @abstractmethod
    def of(self, supporter: str, recipient: str) -> dict[str, float] | None:
        """Terms of a pair in points; ``None`` where it may not be chosen at all."""

    def check(self, rows: list[PairRow]) -> list[Broken]:
        """Rows whose terms or cost are not what the resolved scenario gives, and pairs that stand twice."""
        broken: list[Broken] = []
        seen: set[tuple[str, str]] = set()
        for row in rows:
            if (row.supporter, row.recipient) in seen:
                broken.append(
                    Broken(
                        "key",
                        "pairs",
                        row.number,
                        "recipient",
                        Text("同一对出现两次", "the pair stands twice"),
                    )
                )
            seen.add((row.supporter, row.recipient))
            terms = self.of(row.supporter, row.recipient)
            if terms is None:
                what = Text(f"{row.supporter} 不参加", f"{row.supporter} takes no part")
                broken.append(Broken("supporters", "pairs", row.number, "supporter", what))
                continue
            broken += self._compare(row, terms)
        return broken

    def _compare(self, row: PairRow, terms: Mapping[str, float]) -> list[Broken]:
        found = []
        for name in sorted({*terms, *row.terms}):
            right, told = terms.get(name, 0.0) * SCALE, row.terms.get(name, 0)
            if (
                abs(told - right) > 0.5 + 1e-4
            ):  # half a thousandth of rounding, and the last digits of sine and root
                what = Text(f"{name} 应为 {right / SCALE:.3f}", f"{name} should be {right / SCALE:.3f}")
                found.append(Broken("terms", "pairs", row.number, "terms", what))
        if sum(row.terms.values()) != row.cost or row.given != row.cost / SCALE:
            what = Text("成本不等于各项之和", "the cost is not the sum of its terms")
            found.append(Broken("terms", "pairs", row.number, "cost", what))
        return found


def degree_states(
    resolved: Resolved, stage: str, rule: str, degrees: Mapping[str, int], broken: list[Broken]
) -> RuleState:
    """A rule ``[at least, at most]`` on how many partners each member has."""
    limits = resolved.value(stage, rule)
    if limits is None:
        return RuleState(rule, "off")
    low, high = limits
    lowest, highest = list[str](), list[str]()
    for member, degree in sorted(degrees.items()):
        if not low <= degree <= high:
            label = resolved.network.label(member)
            what = Text(
                f"{label} 有 {degree} 个，应为 {low}–{high}",
                f"{label} has {degree}, must have {low} to {high}",
            )
            side = low if degree < low else high
            broken.append(Broken(rule, "pairs", None, None, what, about=member, required=side, got=degree))
            continue
        lowest += [member] if degree == low > 0 else []  # nobody can have fewer than none
        highest += [member] if degree == high else []
    if any(b.rule == rule for b in broken):
        return RuleState(rule, "broken")
    tight = sorted({*lowest, *highest})
    told = at_limits(len(lowest), len(highest), (low, high))
    if not tight and degrees:
        most = max(sorted(degrees), key=lambda m: degrees[m])
        label = resolved.network.label(most)
        told = Text(f"最多：{label} 有 {degrees[most]} 个", f"most: {label} has {degrees[most]}")
    return RuleState(rule, "binding" if tight else "slack", told, tuple(tight), tuple(lowest), tuple(highest))


def at_limits(least: int, most: int, limits: tuple[int, int]) -> Text:
    """How many are at either limit, with its number; a least of 0 is none."""
    low, high = limits
    if low == high:
        return Text(f"{most} 个恰为 {low}", f"{several(most, 'has', 'have')} just {low}")
    both = [(least, Text("下限", "minimum"), low), (most, Text("上限", "maximum"), high)]
    told = [(n, side, limit) for n, side, limit in both if n] or both[1:]
    return Text(
        "，".join(f"{n} 个在{side.zh} {limit}" for n, side, limit in told),
        ", ".join(f"{several(n, 'is', 'are')} at the {side.en} of {limit}" for n, side, limit in told),
    )


def listed_pairs(
    resolved: Resolved,
    stage: str,
    rule: str,
    chosen: set[tuple[str, str]],
    wanted: bool,
    broken: list[Broken],
    shut: Container[tuple[str, str]] = (),
) -> RuleState:
    """Pins (``wanted``) must be chosen, bans must not; a ban binds where no other rule has ``shut`` the pair."""
    listed = resolved.value(stage, rule)
    if not listed:
        return RuleState(rule, "off" if listed is None else "slack", Text("没有列出", "none are listed"))
    for item in listed:
        supporter, _, recipient = (p.strip() for p in item.partition(">"))
        if ((supporter, recipient) in chosen) != wanted:
            what = Text(
                f"{item} 应{'' if wanted else '不'}在方案中",
                f"{item} must {'' if wanted else 'not '}be in the plan",
            )
            pair, there = f"{supporter}>{recipient}", int(not wanted)
            broken.append(
                Broken(rule, "pairs", None, None, what, about=pair, required=int(wanted), got=there)
            )
    told = Text(f"列出 {len(listed)} 对", f"{several(len(listed), 'pair')} listed")
    if any(b.rule == rule for b in broken):
        return RuleState(rule, "broken", told)
    pairs = [tuple(p.strip() for p in item.split(">")) for item in listed]
    at = tuple(">".join(pair) for pair in pairs if wanted or pair not in shut)
    return RuleState(rule, "binding" if at else "slack", told, at)


def rule_state(
    rule: str,
    broken: Iterable[Broken],
    binding: bool,
    told: Text,
    at: Iterable[str] = (),
    least: bool = False,
) -> RuleState:
    """A rule that some of ``broken`` break, or that is binding or slack; where it binds, ``at`` which places, each for a least if so ``least``."""
    if any(b.rule == rule for b in broken):
        return RuleState(rule, "broken", told)
    places = tuple(at) if binding else ()
    return RuleState(rule, "binding" if binding else "slack", told, places, places if least else ())


def cost_state(rows: list[PairRow], rule: str, term: str, weight: float | None) -> RuleState:
    """A weight is binding where its term costs something in the plan, slack where it costs nothing."""
    if not weight:
        return RuleState(rule, "off")
    total = sum(r.terms.get(term, 0) for r in rows) / SCALE
    return RuleState(
        rule, "binding" if total else "slack", Text(f"合计 {total:,.3f}", f"{total:,.3f} in all")
    )
