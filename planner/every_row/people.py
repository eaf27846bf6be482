"""Every posting of `cadres` beside the next-best post of its cadre; who is posted nowhere, and seats that stay empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.cost import SCALE
from planner.every_row.found import EveryRow, joined, names_of, open_frame, reasons, shown_points, with_rules
from planner.every_row.scored import every_scored
from planner.otherwise.choice import Asking
from planner.otherwise.postings import standing_of
from planner.reason import Left
from planner.stages.cadres.left import ended_at, why_closed, why_empty, why_nowhere
from planner.stages.cadres.rivals import FAR, Rivals, find_rivals, replaced
from planner.stages.cadres.standing import Standing
from planner.stages.cadres.terms import term_parts
from planner.stages.row_numbers import row_numbers

TITLES = {
    "next_open": Text(
        "改选后至少多出的空缺（加权）", "more posts open at least with the runner-up, weighted"
    ),
    "lose_open": Text("没有这一项至少多出的空缺（加权）", "more posts open at least without this, weighted"),
    "next_post": Text("次优的岗位", "post of the runner-up"),
}
SEAT, PERSON = (
    Text("空着的岗位", "seat that stays empty"),
    Text("没有派出的干部", "cadre who is posted nowhere"),
)
IN_TERM = Text(
    "，最短任期未满，留任（cadres.minimum_term_years）",
    ", in the minimum term, so stays (cadres.minimum_term_years)",
)


def every_posting(asking: Asking) -> EveryRow:
    """The rows of `postings`; the bounds rest on the plan's certificate alone."""
    if asking.context.policy["objective"] == "scores":
        return every_scored(asking)
    standing = standing_of(asking)
    rivals = find_rivals(standing)
    rows = asking.plan.table("postings")
    row = row_numbers(rows["cadre"], standing.model.people.table["id"].to_list())
    told = rows.hstack(_next(standing, rivals, row)).hstack(_terms(asking, standing, row))
    told = with_rules(asking.plan, asking.stage, told, ["village", "cadre"])
    fixed = pl.Series(standing.model.people.fixed[row])
    words = _with_names(asking, told).with_columns(fixed=fixed)
    words = words.with_columns(_reason("zh"), _reason("en")).drop("next_name", "at_name", "fixed")
    left = [*_empty_seats(asking, standing, rivals), *_posted_nowhere(asking, standing, rivals)]
    return EveryRow(asking.stage, "postings", words, open_frame(left), TITLES)


def _next(standing: Standing, rivals: Rivals, row: np.ndarray) -> pl.DataFrame:
    """The next-best post of each cadre (``row``) and what is proved of it, and of losing the posting."""
    slot, least = next_slots(standing, rivals, row)
    table = standing.model.posts.table
    there, at = slot >= 0, np.maximum(slot, 0)
    free = standing.model.people.free[row]
    next_open, next_least = in_ranks(standing, least, there)
    nowhere = standing.worth_cadre[row] - _above(standing, row) + replaced(standing, rivals, row)
    lost = np.where(there, np.minimum(least, nowhere), nowhere)
    lose_open, lose_least = in_ranks(standing, lost, free)
    cost = _costs_there(standing, row, slot)
    return pl.DataFrame({
        "next": pl.Series([v if ok else None for v, ok in zip(table["village"].gather(at), there, strict=True)], dtype=pl.String),
        "next_post": pl.Series([p if ok else None for p, ok in zip(table["post"].gather(at), there, strict=True)], dtype=pl.String),
        "next_cost": pl.Series(np.where(there, cost / SCALE, np.nan)).fill_nan(None),
        "next_open": next_open, "next_least": next_least, "lose_open": lose_open, "lose_least": lose_least,
    })  # fmt: skip


def _costs_there(standing: Standing, row: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """(k,) thousandths of each cadre at a slot by itself; 0 where there is none."""
    model, found = standing.model, np.zeros(len(row), np.int64)
    number = standing.class_of_row[row]
    there = np.flatnonzero(slot >= 0)
    stays = slot[there] == model.people.here[row[there]]
    found[there] = model.costs.single(number[there], slot[there], stays)
    return found


def next_slots(standing: Standing, rivals: Rivals, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The post other than the plan's that adds least for each cadre (``row``), −1 where there is none, and what it adds at least."""
    model, now = standing.model, standing.before[row]
    of, there = standing.class_of_row[row], model.people.post[row]
    free = of >= 0
    first = rivals.slot[np.maximum(of, 0), 0]
    rank = (free & (first == now) & (now >= 0)).astype(np.int64)
    slot = np.where(free, rivals.slot[np.maximum(of, 0), rank], -1)
    least = np.where(slot >= 0, rivals.least[np.maximum(of, 0), rank], FAR)
    stays = np.flatnonzero(free & (there >= 0) & (there != now) & (standing.seats[np.maximum(there, 0)] > 0))
    for k in stays.tolist():
        value = int(standing.price_of(int(row[k]), there[[k]])[0] - standing.worth_post[there[k]])
        if value < least[k]:
            slot[k], least[k] = there[k], value
    moved = standing.worth_cadre[row] - _above(standing, row) + replaced(standing, rivals, row)
    added = np.where(slot >= 0, least + moved, FAR)
    return slot, added


def _above(standing: Standing, row: np.ndarray) -> np.ndarray:
    """(k,) thousandths that the plan may be above its bound in the component of each cadre."""
    model = standing.model
    above = np.array(
        [
            int(t["objective"]) - min(int(t.get("proved", t["bound"])), int(t["bound"]))
            for t in standing.components
        ]
    )
    task = standing.task_of_component
    of: np.ndarray = np.zeros(model.people.table.height, np.int64)
    component = model.of_class[model.crowd.number]
    of[model.crowd.rows] = np.where(
        component >= 0, above[task[np.maximum(component, 0)]] if above.size else 0, 0
    )
    return np.asarray(of[row])


def in_ranks(standing: Standing, added: np.ndarray, mask: np.ndarray) -> tuple[pl.Series, pl.Series]:
    """What is added at least as open posts and, beside them, points; empty where ``mask`` is not, nothing below nothing."""
    step = int(standing.model.posts.worth[1].min(initial=2**62))
    floor = np.where(mask, np.maximum(added, 0), 0)
    seats = (floor + step // 2) // step
    rest = (floor - seats * step) / SCALE
    hidden = pl.Series(~mask)
    return (
        pl.select(pl.when(~hidden).then(pl.Series(seats))).to_series(),
        pl.select(pl.when(~hidden).then(pl.Series(rest))).to_series(),
    )


def _terms(asking: Asking, standing: Standing, row: np.ndarray) -> pl.DataFrame:
    parts = term_parts(asking.context, standing.model, row, standing.before[row])
    return pl.DataFrame({f"term_{k}": v / SCALE for k, v in parts.items()})


def _with_names(asking: Asking, rows: pl.DataFrame) -> pl.DataFrame:
    place = joined(names_of(asking.plan.network, pl.col("next")), pl.lit("/"), pl.col("next_post"))
    named = names_of(asking.plan.network, pl.col("village"))
    return rows.with_columns(next_name=pl.when(pl.col("next").is_not_null()).then(place), at_name=named)


def _reason(language: str) -> pl.Expr:
    zh = language == "zh"
    said = joined(pl.col("cadre"), pl.lit(" 派往 " if zh else " goes to "), pl.col("at_name"), pl.lit("/"), pl.col("post"),
                  pl.lit("，成本 " if zh else " at a cost of "), shown_points(pl.col("cost")))  # fmt: skip
    rival = reasons(language, joined(said, _more_open("next_open", zh)))
    stays = joined(said, pl.lit(IN_TERM.zh if zh else IN_TERM.en))
    return pl.when(pl.col("fixed")).then(stays).otherwise(rival).alias(f"reason_{language}")


def _more_open(column: str, zh: bool) -> pl.Expr:
    """That the runner-up leaves more posts open, where that is proved."""
    before, after = (
        ("；改派至少多 ", " 个空缺（加权）")
        if zh
        else ("; elsewhere at least ", " more posts stay open (weighted)")
    )
    told = joined(pl.lit(before), pl.col(column).cast(pl.String), pl.lit(after))
    return pl.when(pl.col(column).fill_null(0) > 0).then(told).otherwise(pl.lit(""))


def _empty_seats(asking: Asking, standing: Standing, rivals: Rivals) -> Iterator[dict[str, Any]]:
    """Posts with fewer people than the target, with the cadre who would come at the least."""
    model = standing.model
    there = np.bincount(standing.before[standing.before >= 0], minlength=len(model.posts.village))
    ids, table, network = model.people.table["id"], model.posts.table, asking.plan.network
    first = np.zeros(len(model.crowd.supply), np.int64)
    first[model.crowd.number[::-1]] = model.crowd.rows[::-1]
    above, ended = _above(standing, first), ended_at(model, standing.before >= 0)
    for slot in np.flatnonzero(there < model.posts.listed).tolist():
        taker = int(rivals.taker[slot, 0])
        added = int(rivals.taker_least[slot, 0] - above[taker]) if taker >= 0 else 0
        open_, least = (s[0] for s in in_ranks(standing, np.array([added]), np.array([taker >= 0])))
        village, post = str(table["village"][slot]), str(table["post"][slot])
        yield {
            "kind_zh": SEAT.zh, "kind_en": SEAT.en, "code": village, "about": f"{network.label(village)}/{post}",
            "missing": int(model.posts.listed[slot] - there[slot]),
            "next": str(ids[int(first[taker])]) if taker >= 0 else None, "next_least": least if not open_ else None,
            **_both(why_empty(standing, slot, taker >= 0, bool(ended[slot])).why),
        }  # fmt: skip


def _posted_nowhere(asking: Asking, standing: Standing, rivals: Rivals) -> Iterator[dict[str, Any]]:
    """Cadres without a place, each with the first reason that holds."""
    people, table = standing.model.people, standing.model.posts.table
    rows = np.flatnonzero(standing.before < 0)
    slot, added = next_slots(standing, rivals, rows)
    more, least = in_ranks(standing, added, slot >= 0)
    closed = dict[int, Left]()
    for row, s, seats, points in zip(rows.tolist(), slot.tolist(), more, least, strict=True):
        village = str(table["village"][s]) if s >= 0 else ""
        yield {
            "kind_zh": PERSON.zh, "kind_en": PERSON.en, "code": str(people.table["id"][row]),
            "about": f"{asking.plan.network.label(village)}/{table['post'][s]}" if s >= 0 else None, "missing": 1,
            "next": village or None, "next_least": points if s >= 0 and not seats else None, **_both(_why_nowhere(standing, row, s >= 0, closed).why),
        }  # fmt: skip


def _why_nowhere(standing: Standing, row: int, reachable: bool, closed: dict[int, Left]) -> Left:
    """Why a cadre is posted nowhere; ``closed``: what was found of those who are alike."""
    found = why_nowhere(standing, row, reachable)
    if found is not None:
        return found
    alike = int(standing.class_of_row[row])
    return closed.setdefault(alike, why_closed(standing, row)) if alike not in closed else closed[alike]


def _both(text: Text) -> Mapping[str, str]:
    return {"reason_zh": text.zh, "reason_en": text.en}
