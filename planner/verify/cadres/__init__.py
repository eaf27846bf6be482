"""Check `cadres` whole columns at a time, and prove its bound from the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from graph.language import Text
from planner.verify.cadres.book import NAME, WEIGHTS, Book, Posts
from planner.verify.cadres.bound import Worths, prove, step, worths
from planner.verify.cadres.fit import SCALE, Fit
from planner.verify.cadres.forbids import forbidding
from planner.verify.cadres.groups import Groups
from planner.verify.cadres.published import Published, price
from planner.verify.cadres.reach import Reach
from planner.verify.cadres.rows import TABLE, Rows, read_rows
from planner.verify.cadres.rules import Findings, check_people, people_at
from planner.verify.cadres.scored import check_scored
from planner.verify.cadres.teams import Teams
from planner.verify.cadres.together import check_together
from planner.verify.outcome import Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.published import RULES as OF_PUBLISHED

RULES = ("tiers", "must_fill_tier", "team_minimum", "team_led", "team_one_unit", "team_language", "spouses_together", "role_allowed", "posting_area", "own_county_area", "availability",
         "minimum_term_years", "unit_release_share", "avoid_home_county", "distance_max_km", "skill", "language",
         *WEIGHTS, *OF_PUBLISHED)  # fmt: skip

__all__ = ["check"]


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule, the objective from the resolved scenario alone, and what the prices of posts prove."""
    if resolved.value(NAME, "objective") == "scores":
        return check_scored(resolved, tables, certificates, RULES)
    book = Book(resolved, tables)
    worth, published = worths(book), Published(book)  # in this order: a freeze changes no cost
    fit, reach = Fit(book), Reach(book)
    published.hold(fit, reach)
    rows, broken, costs = read_rows(book, fit, tables[TABLE])
    groups, found = Groups(book, fit, reach), Findings(broken)
    check_people(book, fit, reach, rows, found, forbidding(book, groups))
    Teams(book, rows, found, published.listed).check()
    check_together(book, fit, replace(rows, stays=rows.stays | published.stays(rows)), found)
    published.check(rows, found)
    states = [found.states.get(rule, _other(book, rule, costs)) for rule in RULES]
    prices = certificates.get("worth_post")
    bound = None
    if prices is not None and len(prices) == len(book.posts):
        limit = certificates.get("change_price", np.zeros(1, np.int64))
        limited = published.given and book.value("published_changes_max") is not None
        each = max(int(limit[0]), 0) if limited else 0
        bound = prove(book, fit, groups, worth, np.asarray(prices, dtype=np.int64), published, each)
    objective = _objective(book, published.listed, rows, worth) + price(book) * published.changed(rows)
    return StageCheck(found.broken, states, objective, bound)


def _objective(book: Book, posts: Posts, rows: Rows, worth: Worths) -> int:
    """Thousandths: what the postings cost as told, and what the empty seats of ``posts``, as they are listed, are worth."""
    there = people_at(book, rows)
    must = np.maximum(posts.minimum - there, 0)
    further = np.maximum(posts.target - there, 0) - must
    empty = step(book) * int((worth[0] * must + worth[1] * further).sum())
    return empty + sum(map(int, rows.cost.tolist()))


def _other(book: Book, rule: str, costs: Mapping[str, int]) -> RuleState:
    """State of weights and of rules that are off."""
    follows = rule.removesuffix("_weight") if rule in ("skill_weight", "language_weight") else rule
    if rule in OF_PUBLISHED or not book.value(rule) or not book.value(follows):
        return RuleState(rule, "off")
    if rule not in WEIGHTS:
        return RuleState(rule, "slack", Text("没有派驻范围可言", "there is no area to be narrowed"))
    cost = costs[rule.removesuffix("_weight")] / SCALE
    return RuleState(
        rule, "binding" if cost else "slack", Text(f"合计 {cost:,.1f} 分", f"{cost:,.1f} points in all")
    )
