"""A front read again without the solver: every point keeps every rule, its aims are recomputed, none dominates another."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from planner.cost import SCALE
from planner.pareto.aims import Aim
from planner.pareto.front import Front, dominated
from planner.pareto.hull import Hull, weighed
from planner.policy import OFF
from planner.stage import Context
from planner.stages.cadres.build import read_model
from planner.stages.cadres.terms import term_parts
from planner.stages.funds.facts import Facts
from planner.stages.funds.measure import lent
from planner.stages.funds.stage import seen
from planner.stages.inspection.model import find_work
from planner.stages.pairing.results import one_table, shown_counterpart
from planner.stages.row_numbers import row_numbers
from planner.verify.checks import CHECKS
from planner.verify.exit import beside_rows, read_rules
from planner.verify.funds.fair import WEIGHT
from planner.verify.outcome import Resolved, StageCheck

TABLE = {"pairing": "pairs", "designation": "pairs", "cadres": "postings", "funds": "allocations", "exit": "exits",
         "inspection": "inspections"}  # fmt: skip
"""The table that a stage decides."""


def pair_check(context: Context, stage: str, table: pl.DataFrame) -> StageCheck:
    """The independent check of a stage's pairs; of ``pairing`` that of its region pairs, without county pairs."""
    values = {**context.policy.values}
    if stage == "pairing" and values["objective"] != "scores":
        values["county_pairs"] = OFF
        table = one_table([table, shown_counterpart(context, [table])])
    resolved = Resolved(context.network, {stage: values}, context.on, context.seed)
    return CHECKS[stage](resolved, {"pairs": table}, {})


def check_of(context: Context, stage: str, table: pl.DataFrame, **values: str) -> StageCheck:
    """The independent check of a stage's table; ``values``: policy values that are otherwise for it."""
    if TABLE[stage] == "pairs":
        return pair_check(context, stage, table)
    return CHECKS[stage](_resolved(context, stage, values), {TABLE[stage]: table}, {})


def _resolved(context: Context, stage: str, values: Mapping[str, str]) -> Resolved:
    others = {s: p.values for s, p in context.policies.items()}
    return Resolved(
        context.network, {**others, stage: {**context.policy.values, **values}}, context.on, context.seed
    )


def broken_rules(context: Context, stage: str, table: pl.DataFrame) -> list[str]:
    """What the independent check of the stage finds wrong, in words; empty where all is right."""
    return [b.text.en for b in check_of(context, stage, table).broken]


def recomputed(context: Context, aims: Sequence[Aim], table: pl.DataFrame) -> tuple[int, ...]:
    """What a stage's table comes to in each aim, in the aims' own units, without the model."""
    terms = terms_of(context, aims[0].stage, table)
    return tuple(int(terms.get(aim.key, 0)) for aim in aims)


def terms_of(context: Context, stage: str, table: pl.DataFrame) -> Mapping[str, int]:
    """Everything that may be an aim, of a table."""
    found: Counter[str] = Counter()
    if "terms" in table.columns:
        for told in table["terms"].to_list():
            found.update({k: int(v) for k, v in json.loads(told).items()})
    if "cost" in table.columns:
        found["cost"] = sum(round(c * SCALE) for c in table["cost"].to_list())
    if TABLE[stage] == "pairs":
        found["pairs"] = table.height
    elif stage == "inspection":
        found["days"], found["visits"] = int(table["days"].sum()), _visits(context, table)
    elif stage == "exit":
        rules = read_rules(_resolved(context, stage, {}), {TABLE[stage]: table})
        found.update(beside_rows(rules))
        found["cost"] = check_of(context, stage, table).objective or 0
    elif stage == "cadres":
        found.update(_people(context, table))
    else:
        found.update(_money(context, table))
    return found


def _visits(context: Context, table: pl.DataFrame) -> int:
    """Visits of teams: a team goes to a region once for a kind, and its days on the way stand in the row of its first county."""
    work = find_work(context)
    of = {(work.visits[s.visit].kind, s.county): s.visit for s in work.stops}
    return len({(t, of[k, c]) for t, k, c in table.select("team", "kind", "region").iter_rows()})


def _people(context: Context, table: pl.DataFrame) -> dict[str, int]:
    """Open seats, counted from the table of posts, and the terms of everybody who is posted."""
    model = read_model(context)
    posts = model.posts
    slot_of = {key: i for i, key in enumerate(posts.table.select("village", "post").iter_rows())}
    slots = np.array([slot_of[key] for key in table.select("village", "post").iter_rows()], dtype=np.int64)
    rows = row_numbers(table["cadre"], model.people.table["id"].to_list())
    there = np.bincount(slots, minlength=posts.table.height)
    must = np.maximum(posts.minimum - there, 0)
    further = np.maximum(posts.target - there, 0) - must
    one = max(int(posts.worth[1].max(initial=0)), 1)
    weighed = must @ (posts.worth[0] // one) + further @ (posts.worth[1] // one)
    parts = term_parts(context, model, rows, slots) if table.height else {}
    return {"must": int(must.sum()), "further": int(further.sum()), "open": int(weighed)} | {
        k: int(v.sum()) for k, v in parts.items()
    }


def _money(context: Context, table: pl.DataFrame) -> dict[str, int]:
    """Of what is to be large with the other sign, as the aims are held."""
    facts: Facts = seen(context)[0]
    weighted = check_of(context, "funds", table, fairness="weighted").objective or 0
    both = check_of(context, "funds", table, fairness="proportional").objective or 0
    deep = [c for c, first in zip(facts.counties, facts.deep.tolist(), strict=True) if first]
    return {
        "worth": -weighted,
        "fair": -(both - weighted) // WEIGHT,
        "met": -int(table["amount"].sum()),
        "deep": -int(table.filter(pl.col("region").is_in(deep))["amount"].sum()),
        "microcredit": sum(lent(table, facts, "microcredit").values()),
    }


def wrong_points(
    context: Context, aims: Sequence[Aim], front: Front, tables: Sequence[pl.DataFrame]
) -> list[str]:
    """Everything that is wrong with a front, in words."""
    found = [
        f"point {n}: {told}"
        for n, table in enumerate(tables, 1)
        for told in broken_rules(context, aims[0].stage, table)
    ]
    for n, (point, table) in enumerate(zip(front.points, tables, strict=True), 1):
        values = recomputed(context, aims, table)
        if values != point.values:
            found.append(f"point {n} comes to {values}, not {point.values}")
        if not point.proof or not all(s.proved for s in point.proof):
            found.append(f"point {n} has no proof")
    found += [
        f"point {i + 1} dominates point {j + 1}" for i, j in dominated([p.values for p in front.points])
    ]
    return found + wrong_stretches(front)


def wrong_stretches(front: Front) -> list[str]:
    """What is wrong with what is told of all plans between the points, in words; where all corners are told, a stretch that nobody asked."""
    values = [p.values for p in front.points]
    found = []
    for stretch in front.between:
        told = f"between points {[n + 1 for n in stretch.points]}"
        if stretch.solve is None:
            if front.status == "corners":
                found.append(f"{told} nothing was asked, but all corners are told")
            continue
        if not stretch.solve.proved:
            found.append(f"{told} there is no proof")
        sums = [weighed(v, stretch.weights) for v in values]
        if min(sums) < stretch.solve.bound:
            found.append(f"{told} nothing is below {stretch.solve.bound}, but a point is")
        if stretch.exact and {sums[n] for n in stretch.points} != {stretch.solve.bound}:
            found.append(f"{told} not all points come to {stretch.solve.bound}")
    if front.status == "corners":
        hull = Hull(values)
        lines = Counter(tuple(values.index(p) for p in hull.on(f)) for f in hull.facets)
        lines.subtract(s.points for s in front.between)
        found += [
            f"not all is told of what lies between points {[n + 1 for n in line]}"
            for line, missing in sorted(lines.items())
            if len(line) > 1 and missing > 0
        ]
    return found
