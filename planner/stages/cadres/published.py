"""Postings that are published: who is held to one, whom a freeze keeps there, and what cannot be kept, with the reason.

A change is a free cadre who is not at the published post, or is posted though the published plan posts nobody of that name:
each counts once. Whoever may not be at the published post (any more) is nobody's decision: the name and the reason are told, and the
cadre counts like one who was not posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.frozen import EVERYWHERE, freezes
from planner.solve.mix import mixed
from planner.stage import Context
from planner.stages.cadres.costs import Costs
from planner.stages.cadres.people import People, in_place
from planner.stages.cadres.places import Places
from planner.stages.cadres.posts import Posts
from planner.stages.cadres.reach import Reach
from planner.stages.cadres.settings import NAME

UNPOSTED, STAYING, NEW, MOVED = range(4)
NAMED = 10
"""Names that a line of what could not be kept shows."""

REASONS: dict[str, Text] = {
    "no_cadre": Text("名册中已无此人", "no longer among the cadres"),
    "no_post": Text("村里已无此岗位", "the post is no longer there"),
    "minimum_term_years": Text("在别处任期未满", "in a minimum term elsewhere"),
    "ended_because": Text("已写明结束原因", "a reason to end is given"),
    "availability": Text("不可派", "not available"),
    "posting_area": Text("不在派驻范围内", "outside the area in which the cadre serves"),
    "role_allowed": Text("不可任此职", "may not take this role"),
    "skill": Text("专长不符", "lacks the skill that is required"),
    "language": Text("不会当地语言", "does not speak the language that is required"),
    "distance_max_km": Text("超过距离上限", "farther than the most that is allowed"),
    "avoid_home_county": Text("在家乡县", "in the home county"),
    "team_led": Text("冻结的村没有第一书记可留", "no first secretary can be kept in the frozen village"),
    "no_seat": Text("岗位已由任期未满的人占满，或不再需要人", "its seats are held by people in their term, or are no longer wanted"),
}  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Rows of the published postings: (k,) row of ``cadres`` and slot, −1 where there is no such; names of both."""

    cadre: np.ndarray
    slot: np.ndarray
    table: pl.DataFrame


@dataclass(frozen=True)
class Freeze:
    """(v,) bool, which villages are frozen; (n cadres,) bool, who is kept there."""

    villages: np.ndarray
    people: np.ndarray


@dataclass(frozen=True)
class Kept:
    """What of the published postings can be kept.

    Parameters
    ----------
    slot : ndarray
        (n cadres,) slot to which each free cadre is held; −1 for all others.
    lost : list of (dict, str)
        Postings (``cadre``, ``village``, ``post``) that cannot be kept, and the reason (a key of :data:`REASONS`).
    frozen : ndarray
        (n cadres,) bool: whom a freeze keeps where they are published.
    shut : ndarray
        (v,) bool: villages to which, for a freeze, nobody else comes.
    """

    slot: np.ndarray
    lost: list[tuple[dict[str, str], str]]
    frozen: np.ndarray
    shut: np.ndarray

    def kinds(self, people: People, rows: np.ndarray, slots: int) -> np.ndarray:
        """(f,) what tells free cadres ``rows`` of a class apart: not posted, staying where in place, new, or each move by itself."""
        to, here = self.slot[rows], people.post[rows]
        kind = np.where(to < 0, UNPOSTED, np.where(here == to, STAYING, np.where(here < 0, NEW, MOVED)))
        return np.where(kind == MOVED, MOVED + here * slots + to, kind)


def read_published(context: Context, people: People, posts: Posts) -> Rows | None:
    """The published postings in the order of cadre, village and post; ``None`` where nothing is published."""
    if context.published is None or "postings" not in context.published.of("cadres"):
        return None
    table = (
        context.published.of("cadres")["postings"]
        .select("cadre", "village", "post")
        .sort("cadre", "village", "post")
    )
    who = people.table.select(pl.col("id").alias("cadre")).with_row_index("row")
    at = posts.table.select("village", "post").with_row_index("slot")
    found = table.join(who, on="cadre", how="left", maintain_order="left").join(
        at, on=["village", "post"], how="left", maintain_order="left"
    )
    row, slot = (found[c].cast(pl.Int64).fill_null(-1).to_numpy() for c in ("row", "slot"))
    return Rows(row, slot, table)


def freeze(context: Context, rows: Rows, people: People, posts: Posts, places: Places) -> tuple[People, Posts, Freeze]:  # fmt: skip
    """People and posts with the frozen villages as published; and which villages and people these are.

    Whoever is published there and may serve counts like one in the minimum term at that post; its village asks for nobody else.
    Where no first secretary can be kept, nobody is: no team is without one. Seats that stay empty for it are open as before.
    """
    frozen = _villages(context, posts, places)
    held = np.zeros(len(people.post), np.bool_)
    if not frozen.any():
        return people, posts, Freeze(frozen, held)
    may = (rows.cadre >= 0) & (rows.slot >= 0)
    may[may] = frozen[posts.village[rows.slot[may]]] & people.free[rows.cadre[may]]
    here, v = people.post[people.fixed], len(posts.villages)
    leads = np.concatenate([here[posts.leads[here]], rows.slot[may][posts.leads[rows.slot[may]]]])
    led = np.bincount(posts.village[leads], minlength=v) > 0
    led |= (posts.wanted == 0) | (not context.policy.on("team_led"))
    may[may] = led[posts.village[rows.slot[may]]]
    who, post = rows.cadre[may], people.post.copy()
    post[who] = rows.slot[may]
    held[who] = True
    people = replace(
        people, post=post, fixed=people.fixed | held, free=people.free & ~held, new=people.new & ~held
    )
    return people, _shut(posts, frozen[posts.village], post[people.fixed]), Freeze(frozen, held)


def _shut(posts: Posts, shut: np.ndarray, fixed: np.ndarray) -> Posts:
    """The posts where those that are ``shut`` (m,) ask for nobody but the people at the slots ``fixed`` (k,); what a seat is worth stays."""
    there = np.bincount(fixed, minlength=len(posts.village)).astype(np.int64)
    minimum = np.where(shut, np.minimum(posts.minimum, there), posts.minimum)
    target = np.where(shut, np.minimum(posts.target, there), posts.target)
    must = posts.minimum - minimum
    closed = np.stack([must, posts.target - target - must])
    return replace(posts, minimum=minimum, target=target, hard=posts.hard & (minimum > 0), closed=closed)


def _villages(context: Context, posts: Posts, places: Places) -> np.ndarray:
    """(villages,) bool: whose postings stay as they are published."""
    held = [f.code for f in freezes(context, NAME) if f.holds(context.on, context.on.year)]
    if EVERYWHERE in held:
        return np.ones(len(posts.villages), dtype=bool)
    above = places.row_of(pl.Series(held, dtype=pl.String))
    return np.asarray(np.isin(places.paths(posts.villages), above[above >= 0]).any(axis=0))


def read_kept(
    context: Context, rows: Rows, people: People, posts: Posts, frozen: Freeze, classes: tuple[np.ndarray, Costs, Reach]
) -> Kept:  # fmt: skip
    """What of the published postings can be kept.

    Parameters
    ----------
    context : Context
    rows : Rows
    people, posts, frozen
        As :func:`freeze` gives them.
    classes : tuple
        (n cadres,) class of each who may serve, −1 for others; costs and reach of the classes.
    """
    why = np.full(len(rows.cadre), "", dtype=object)
    _mark(why, rows.cadre < 0, "no_cadre")
    _mark(why, rows.slot < 0, "no_post")
    who, at = np.maximum(rows.cadre, 0), np.maximum(rows.slot, 0)
    if not len(people.post) or not len(posts.village):
        who, at = who[:0], at[:0]
        return _told(rows, why, np.full(len(people.post), -1), frozen)
    fixed, here = people.fixed[who], people.post[who] == at
    _mark(why, fixed & ~here, "minimum_term_years")
    gone = in_place(context, people.table, posts.table)["gone"].to_numpy()
    _mark(why, ~fixed & ~people.free[who] & gone[who], "ended_because")
    _mark(why, ~fixed & ~(people.new[who] | (people.free[who] & here)), "availability")
    shut = frozen.villages[posts.village[at]] & ~fixed
    _mark(why, shut, "team_led")
    new = np.flatnonzero((why == "") & ~fixed & ~here)
    number, costs, reach = classes
    of = number[who[new]]
    _mark_rows(why, new, ~_reached(reach, of, at[new]), "posting_area")
    kept = costs.fit_enough(costs.traits.ability[of], at[new])
    kept |= costs.near_enough(costs.traits.home[of], posts.villages[posts.village[at[new]]])
    for rule, holds in kept.items():
        _mark_rows(why, new, ~holds, rule)
    there = np.bincount(people.post[people.fixed], minlength=len(posts.village))
    _mark(why, ~fixed & (posts.target - there <= 0)[at], "no_seat")
    slot = np.full(len(people.post), -1)
    held = (why == "") & ~fixed
    slot[who[held]] = at[held]
    return _told(rows, why, slot, frozen)


def _told(rows: Rows, why: np.ndarray, slot: np.ndarray, frozen: Freeze) -> Kept:
    lost = np.flatnonzero(why != "")
    told = [(row, str(why[i])) for i, row in zip(lost, rows.table[lost].to_dicts(), strict=True)]
    return Kept(slot, told, frozen.people, frozen.villages)


def _mark(why: np.ndarray, wrong: np.ndarray, reason: str) -> None:
    why[wrong & (why == "")] = reason


def _mark_rows(why: np.ndarray, rows: np.ndarray, wrong: np.ndarray, reason: str) -> None:
    at = rows[wrong]
    why[at[why[at] == ""]] = reason


def _reached(reach: Reach, number: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """(k,) bool: whether each slot is in the reach of the class beside it."""
    group = reach.group[number]
    found = np.zeros(len(slot), np.bool_)
    for g in np.unique(group[group >= 0]).tolist():
        mine = group == g
        found[mine] = np.isin(slot[mine], reach.slots[g])
    return found


def kind_marks(kind: np.ndarray, slot_mark: np.ndarray) -> np.ndarray:
    """(n,) uint64 of the kinds that :meth:`Kept.kinds` gives; never 0."""
    pair = np.maximum(kind - MOVED, 0)
    m = max(1, len(slot_mark))
    moved = (
        mixed(slot_mark[pair // m], slot_mark[pair % m]) if len(slot_mark) else np.zeros(len(kind), np.uint64)
    )
    return np.where(kind >= MOVED, moved, mixed(kind.astype(np.uint64) + np.uint64(1)))  # fmt: skip


def told_words(plan: str, moved: int, lost: Sequence[tuple[dict[str, str], str]]) -> list[Text]:
    """How many changed against the published plan, and who could not be kept: one line per reason, with the names."""
    found = [Text(
        f"与已公布方案 {plan} 相比：变动 {moved} 人；无法保持 {len(lost)}",
        f"against the published plan {plan}: {several(moved, 'person')} changed; {len(lost)} could not be kept",
    )]  # fmt: skip
    for reason, told in REASONS.items():
        names = [row["cadre"] for row, why in lost if why == reason]
        if names:
            shown = ", ".join(names[:NAMED]) + (f" …(+{len(names) - NAMED})" if len(names) > NAMED else "")
            found.append(Text(f"已公布的派驻有 {len(names)} 人不能照旧（{told.zh}）：{shown}",
                              f"{several(len(names), 'published posting')} cannot be kept ({told.en}): {shown}"))  # fmt: skip
    return found


def changes(kept: Kept, people: People, slot: np.ndarray) -> int:
    """How many free cadres are not where the published postings hold them, ``slot`` (n cadres,) being where they are."""
    return int(np.count_nonzero(people.free & (slot != kept.slot)))
