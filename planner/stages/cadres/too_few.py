"""Posts that must be filled against the people who may take them, counted for `check`: no solver, no search.

For any set of posts P whose people are free to go nowhere else at best, ``Σ_{p∈P} seats[p] ≤ Σ_u min(cap[u], people of u who may take
a post of P)`` must hold (P. Hall, 1935). It is counted for all posts up to a tier, for the posts of each area, and there for each
skill, language and role that is asked for. Where all of these hold people may still be too few: a cut of the flow tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.stage import Context
from planner.stages.cadres.able import Alike, Sets, alike_people, people_of, units_anywhere
from planner.stages.cadres.build import Model, left_seats, read_model
from planner.stages.words import clash

MOST = 3
"""Places of one kind that are told; of more the number."""


@dataclass(frozen=True)
class Kind:
    """A kind of sets: its words for what posts ask for, and the rules that could give."""

    words: Callable[[str], Text]
    rules: tuple[str, ...]


KINDS = {
    "tier": Kind(
        lambda t: Text(f"第 {t} 级及以前必须配齐的岗位", f"that must be filled up to tier {t}"), ()
    ),
    "area": Kind(lambda _: Text("必须配齐的岗位", "that must be filled"), ("posting_area",)),
    "skill": Kind(
        lambda s: Text(f"要求专长 {s} 的必配岗位", f"that must be filled and ask for the skill {s}"),
        ("skill", "posting_area"),
    ),
    "language": Kind(
        lambda x: Text(f"要求会 {x} 的必配岗位", f"that must be filled and ask for the language {x}"),
        ("language", "posting_area"),
    ),
    "role_allowed": Kind(
        lambda r: Text(f"职务为 {r} 的必配岗位", f"that must be filled by a {r}"), ("role_allowed", "posting_area")
    ),
}  # fmt: skip


def too_few(context: Context, *, units_open: bool = False) -> list[Text]:
    """Sets of posts that ask for more people than may take any of them, with names and numbers; by computed costs alone.

    Own scores are counted in :mod:`planner.stages.cadres.too_few_listed`. ``units_open``: which counties are whose is still to be decided, so that people of a unit that takes part may go anywhere.
    """
    if not context.policy.on("must_fill_tier") or context.policy["objective"] == "scores":
        return []
    model = read_model(context)
    seats = left_seats(model.posts, model.people)[0]
    hard = np.flatnonzero(model.posts.hard & (seats > 0))
    if units_open:
        model = units_anywhere(context, model)
    if not hard.size:
        return []
    alike = alike_people(model, hard)
    return [text for kind, sets in _sets(context, model, hard) for text in _told(context, model, alike, seats, kind, sets)]  # fmt: skip


def _sets(context: Context, model: Model, hard: np.ndarray) -> Iterator[tuple[str, Sets]]:
    """The sets of each kind that a rule in force asks about."""
    policy, table = context.policy, model.posts.table[hard]
    tiers = table["tier"].to_numpy()
    levels = np.unique(tiers)
    of = [np.full(int((tiers <= t).sum()), k) for k, t in enumerate(levels.tolist())]
    slot = [hard[tiers <= t] for t in levels.tolist()]
    if len(levels):
        yield "tier", Sets(np.concatenate(of), np.concatenate(slot), np.full(len(levels), -1), levels.astype(str).astype(object))  # fmt: skip
    yield "area", _by_area(model, hard, np.array([""] * len(hard), dtype=object), whole=False)
    if policy["skill"] == "require":
        asked = table["skill"].fill_null("general").to_numpy()
        yield "skill", _by_area(model, hard[asked != "general"], asked[asked != "general"])
    if policy["language"] == "require":
        villages = model.posts.villages[model.posts.village[hard]]
        tags = model.places.tags("language:")
        there = [hard[model.places.tagged(villages, t)] for t in tags]
        names = [np.full(len(s), t.removeprefix("language:"), dtype=object) for s, t in zip(there, tags, strict=True)]  # fmt: skip
        if tags:
            yield "language", _by_area(model, np.concatenate(there), np.concatenate(names))
    if policy.on("role_allowed"):
        yield "role_allowed", _by_area(model, hard, table["role"].to_numpy())


def _by_area(model: Model, slots: np.ndarray, asks: np.ndarray, *, whole: bool = True) -> Sets:
    """One set for each place above a village, and for the ``whole`` country, and each thing that is asked for there."""
    paths = model.places.paths(model.posts.villages[model.posts.village[slots]])[1:]
    everywhere = np.full((int(whole), len(slots)), -1)
    rows = np.concatenate([np.where(paths < 0, -2, paths), everywhere])
    frame = pl.DataFrame(
        {"place": rows.ravel(), "asks": np.tile(asks, len(rows)), "slot": np.tile(slots, len(rows))},
        schema={"place": pl.Int64, "asks": pl.String, "slot": pl.Int64},
    ).filter(pl.col("place") > -2)  # fmt: skip
    keys = frame.select("place", "asks").unique().sort("place", "asks").with_row_index("of")
    found = frame.join(keys, on=["place", "asks"], maintain_order="left")
    return Sets(
        found["of"].cast(pl.Int64).to_numpy(),
        found["slot"].to_numpy(),
        keys["place"].to_numpy(),
        keys["asks"].to_numpy().astype(object),
    )


def _told(
    context: Context, model: Model, alike: Alike, seats: np.ndarray, kind: str, sets: Sets
) -> Iterator[Text]:
    """The sets that are short, the largest shortage first: nested ones once; those short by release caps apart."""
    asked = np.bincount(sets.of, seats[sets.slot], len(sets.place)).astype(np.int64)
    people, released = people_of(model, alike, sets)
    for short, by_cap in ((asked - people, False), (np.where(asked <= people, asked - released, 0), True)):
        chosen = _unlike(model, sets, short)
        if not chosen:
            continue
        zh, en = [], []
        for s in chosen[:MOST]:
            told = _words(context, model, sets, KINDS[kind], s, (int(asked[s]), int(people[s]), int(released[s])), by_cap)  # fmt: skip
            zh.append(told.zh)
            en.append(told.en)
        more = f" …(+{len(chosen) - MOST})" if len(chosen) > MOST else ""
        rules = ["must_fill_tier", *KINDS[kind].rules, *(["unit_release_share"] if by_cap else [])]
        yield clash(Text("；".join(zh) + more, "; ".join(en) + more), *(r for r in rules if context.policy.on(r)))  # fmt: skip


def _words(
    context: Context,
    model: Model,
    sets: Sets,
    kind: Kind,
    s: int,
    numbers: tuple[int, int, int],
    by_cap: bool,
) -> Text:
    asked, people, released = numbers
    code = "" if sets.place[s] < 0 else str(model.places.codes[int(sets.place[s])])
    zh = f"{context.network.label(code)} " if code else "全国"
    en = f" in {context.network.label(code)}" if code else ""
    what = kind.words(str(sets.asks[s]))
    posts, able = several(asked, "seat"), several(people, "cadre")
    if by_cap:
        return Text(
            f"{zh}{what.zh} {asked:,} 个席位，可任的 {people:,} 人，各单位至多派出 {released:,} 人，缺 {asked - released:,} 人",
            f"{posts}{en} {what.en}: {able} may take one, of whom the units release {released:,} at most, {asked - released:,} too few",
        )
    if not people:
        return Text(
            f"{zh}{what.zh} {asked:,} 个席位，没有干部可任", f"{posts}{en} {what.en}: nobody may take one"
        )
    return Text(
        f"{zh}{what.zh} {asked:,} 个席位，只有 {people:,} 名干部可任，缺 {asked - people:,} 人",
        f"{posts}{en} {what.en}: only {able} may take one, {asked - people} too few",
    )


def _unlike(model: Model, sets: Sets, short: np.ndarray) -> list[int]:
    """Sets that are short, the largest shortage first; of nested ones about the same the one that lacks most, the smallest of these."""
    size, level = np.bincount(sets.of, minlength=len(short)), model.places.rank[sets.place]
    order = sorted(
        np.flatnonzero(short > 0).tolist(), key=lambda s: (-int(short[s]), int(size[s]), -int(level[s]), s)
    )
    kept: list[int] = []
    for s in order:
        if not any(sets.asks[s] == sets.asks[k] and _nested(model, int(sets.place[s]), int(sets.place[k])) for k in kept):  # fmt: skip
            kept.append(s)
    return kept


def _nested(model: Model, one: int, other: int) -> bool:
    if one < 0 or other < 0:
        return True
    below = model.places.below
    return bool(below(np.array([one]), np.array(other))[0] or below(np.array([other]), np.array(one))[0])
