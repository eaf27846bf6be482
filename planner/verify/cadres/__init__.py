"""Check `cadres` row by row, and prove its bound from the certificate."""

from __future__ import annotations

from collections import Counter

import numpy as np

from graph.language import Text
from planner.verify.cadres.book import NAME, WEIGHTS, Book
from planner.verify.cadres.bound import SCALE, prove, worths
from planner.verify.cadres.forbids import forbidding
from planner.verify.cadres.rules import TABLE, Row, Rules
from planner.verify.cadres.scored import check_scored
from planner.verify.outcome import Broken, Certificates, Resolved, RuleState, StageCheck, Tables

RULES = ("tiers", "must_fill_tier", "team_minimum", "team_led", "role_allowed", "posting_area", "own_county_area", "availability",
         "minimum_term_years", "unit_release_share", "avoid_home_county", "distance_max_km", "skill", "language",
         *WEIGHTS)  # fmt: skip

__all__ = ["check"]


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule, the objective from the resolved scenario alone, and what the prices of posts prove."""
    if resolved.value(NAME, "objective") == "scores":
        return check_scored(resolved, tables, certificates, RULES)
    book = Book(resolved, tables)
    rows, broken, costs = _read(book, tables)
    rules = Rules(book, rows, broken, forbidding(book))
    rules.check()
    states = [rules.states.get(rule, _other(book, rule, costs)) for rule in RULES]
    at_post = Counter(r.post for r in rows)
    empty = 0
    for number, (post, worth) in enumerate(zip(book.posts, worths(book), strict=True)):
        must = max(0, post.minimum - at_post[number])
        empty += worth[0] * must + worth[1] * (max(0, post.target - at_post[number]) - must)
    objective = empty + sum(r.cost for r in rows)
    prices = certificates.get("worth_post")
    bound = None
    if prices is not None and len(prices) == len(book.posts):
        bound = prove(book, np.asarray(prices, dtype=np.int64))
    return StageCheck(broken, states, objective, bound)


def _read(book: Book, tables: Tables) -> tuple[list[Row], list[Broken], Counter[str]]:
    """Rows of the table; unknown names, a cadre in two places, wrong roles and costs are broken."""
    rows: list[Row] = []
    broken: list[Broken] = []
    costs: Counter[str] = Counter()
    seen: set[str] = set()
    for number, (cadre, village, post, role, cost) in enumerate(
        tables[TABLE].select("cadre", "village", "post", "role", "cost").iter_rows(), 1
    ):
        at, who = book.post_at.get((village, post)), book.row_of.get(cadre)
        if at is None or who is None:
            what = Text("没有这名干部或这个岗位", "there is no such cadre or post")
            broken.append(Broken("known", TABLE, number, "cadre" if who is None else "post", what))
            continue
        if cadre in seen:
            what = Text(f"{cadre} 派到两处", f"{cadre} is posted twice")
            broken.append(Broken("one_post", TABLE, number, "cadre", what))
        seen.add(cadre)
        person, seat = book.cadres[who], book.posts[at]
        if role != seat.role:
            broken.append(
                Broken("role", TABLE, number, "role", Text(f"应为 {seat.role}", f"should be {seat.role}"))
            )
        stays = person.post == at
        terms = book.terms(person, seat, stays)
        right, told = sum(terms.values()) * SCALE, round(cost * SCALE)
        costs.update({k: round(v * SCALE) for k, v in terms.items() if v})
        if (
            abs(told - right) > 1.0 + 1e-3 or cost != told / SCALE
        ):  # distance and profile are each rounded once
            what = Text(f"成本应为 {right / SCALE:.3f}", f"the cost should be {right / SCALE:.3f}")
            own = book.weight["own_county_weight"] * SCALE * (-1 if terms["own_county"] else 1)
            other = person.unit is not None and abs(told - right - own) <= 1.0 + 1e-3 and cost == told / SCALE
            rests = ("designation",) if other else ()  # right, were the county its unit's, or not
            broken.append(Broken("cost", TABLE, number, "cost", what, rests))
        rows.append(Row(number, who, at, stays, told))
    return rows, broken, costs


def _other(book: Book, rule: str, costs: Counter[str]) -> RuleState:
    """State of weights and of rules that are off."""
    follows = rule.removesuffix("_weight") if rule in ("skill_weight", "language_weight") else rule
    if not book.value(rule) or not book.value(follows):
        return RuleState(rule, "off")
    if rule not in WEIGHTS:
        return RuleState(rule, "slack", Text("没有派驻范围可言", "there is no area to be narrowed"))
    cost = costs[rule.removesuffix("_weight")] / SCALE
    return RuleState(
        rule, "binding" if cost else "slack", Text(f"合计 {cost:,.1f} 分", f"{cost:,.1f} points in all")
    )
