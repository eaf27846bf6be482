"""Why a cadre goes where it goes, and why a village gets whom it gets: terms beside the next-best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.cost import SCALE
from planner.published import FROZEN
from planner.reason import Explanation, Left, Option
from planner.stage import Context
from planner.stages.cadres.build import Model, left_seats, read_model
from planner.stages.cadres.left import ended_at, ended_words, why_closed, why_empty, why_nowhere
from planner.stages.cadres.near import near
from planner.stages.cadres.scored import read_scores
from planner.stages.cadres.settings import SETTINGS
from planner.stages.cadres.standing import Standing
from planner.stages.cadres.terms import terms_of

NAME = "cadres"
ALTERNATIVES = 3
STAYS = {
    "minimum_term_years": Text("最短任期未满，留任", "in the minimum term: stays"),
    FROZEN: Text("所在地区冻结，照公布方案留任", "the region is frozen: stays as published"),
}


def explain(context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]) -> list[Explanation]:
    """Explanations of the cadres and villages among ``keys``; with several keys only where they meet.

    An alternative is priced by its own cost alone; what it would cost the whole plan takes a re-solve.
    """
    if context.policy["objective"] == "scores":
        return _scored(context, tables["postings"], keys)
    cadres, posts = context.network.frame("cadres")["id"], context.network.frame("village_posts")["village"]
    people = [k for k in keys if (cadres == k).any()]
    villages = [k for k in keys if (posts == k).any()]
    if people and not villages and len(keys) > len(people):
        villages = _villages_below(context, posts, [k for k in keys if k not in people])
        if not villages:
            return []
    if not people and not villages:
        return []
    part = near(context, tables["postings"], people, villages)
    model = read_model(part)
    if people:
        return [_cadre(context, part, model, tables["postings"], k, villages) for k in people]
    return [_village(part, model, tables["postings"], k) for k in villages]


def _villages_below(context: Context, posts: pl.Series, places: list[str]) -> list[str]:
    """Villages with posts that lie in every one of the places."""
    below = [context.network.descendants(place) for place in places]
    return sorted(set(posts.unique().to_list()).intersection(*below))


def _cadre(
    whole: Context, context: Context, model: Model, postings: pl.DataFrame, cadre: str, only: list[str]
) -> Explanation:
    """One cadre: its post, and the cheapest others it may take (in ``only``, where villages are named).

    ``context`` is the part around the cadre, of which ``model`` tells; ``whole`` the country.
    """
    row = int(np.flatnonzero((model.people.table["id"] == cadre).to_numpy())[0])
    mine = postings.filter(pl.col("cadre") == cadre)
    slots, number = _reachable(model, row)
    barred: list[Option] = []
    if only:
        wanted = model.posts.table["village"].is_in(only).to_numpy()
        slots = slots[wanted[slots]]
        barred = _barred(context, model, row, np.setdiff1d(np.flatnonzero(wanted), slots))
    taken = _slot(model, mine)
    slots = np.unique(np.append(slots, taken)) if taken >= 0 and number >= 0 else slots
    options = _options(context, model, number, slots, taken, row) if number >= 0 else []
    options += [o for o in barred if taken < 0 or o.about != (str(model.posts.table["village"][taken]),)]
    if taken >= 0 and number < 0:
        place, village = _place(context, model, taken), str(mine["village"][0])
        kept = _kept_by(context, model, row)
        (terms,) = terms_of(context, model, [row], [taken])
        options = [Option(place, float(mine["cost"][0]), terms, True, STAYS[kept], (village,), (kept,))]
    if mine.is_empty():
        left = _why_not(whole, context, model, row)
        what = Text(f"{cadre} 没有派出", f"{cadre} is posted nowhere")
        others = len(slots) if number >= 0 else 0
        return Explanation(NAME, what, options, by=left.rules, why=left.why, others=others)
    place = _place(context, model, taken)
    what, others = (
        Text(f"{cadre} 派往 {place.zh}", f"{cadre} goes to {place.en}"),
        int((slots != taken).sum()),
    )
    return Explanation(NAME, what, options, others=others if number >= 0 else 0)


def _barred(context: Context, model: Model, row: int, slots: np.ndarray) -> list[Option]:
    """Posts that a cadre is asked about and may not take, with the rules that each by itself keep it away; the first few."""
    standing = _standing(context, model)
    titles = {s.key: s.title for s in SETTINGS}
    found = []
    for slot in slots.tolist()[:ALTERNATIVES]:
        rules = tuple(standing.barred(row, slot))
        named = [titles[r] for r in rules if r in titles]
        zh, en = "、".join(t.zh for t in named), ", ".join(t.en for t in named)
        note = Text(f"不可派：{zh}", f"may not go: {en}") if named else Text("", "")
        about = (str(model.posts.table["village"][slot]),)
        found.append(Option(_place(context, model, slot), 0.0, {}, False, note, about, rules))
    return found


def _why_not(whole: Context, context: Context, model: Model, row: int) -> Left:
    """Why somebody is posted nowhere."""
    standing = _standing(context, model)
    reachable = bool(model.people.free[row]) and bool(standing.open_seats(row).size)
    found = why_nowhere(standing, row, reachable)
    if found is not None:
        return found
    all_posts = _standing(whole, read_model(whole))
    number = all_posts.row_of(str(model.people.table["id"][row]))
    assert number is not None  # the whole has everybody whom a part has
    return why_closed(all_posts, number)


def _village(context: Context, model: Model, postings: pl.DataFrame, village: str) -> Explanation:
    """One village: who is posted, and for each post the cheapest cadres who are not."""
    here = postings.filter(pl.col("village") == village)
    label = context.network.label(village)
    ids = model.people.table["id"].to_list()
    rows = [ids.index(c) for c in here["cadre"]]
    slots = [_slot(model, here.slice(k, 1)) for k in range(here.height)]
    terms = terms_of(context, model, rows, slots) if rows else []
    options = [
        _holds(r, t, _kept_by(context, model, n) if model.people.fixed[n] else None)
        for n, r, t in zip(rows, here.iter_rows(named=True), terms, strict=True)
    ]
    chosen = set(here["cadre"].to_list())
    options += _ended(context, model, village, chosen)
    known = postings.join(model.people.table.select(cadre="id"), on="cadre", how="semi")
    where = dict(known.select("cadre", "village").iter_rows())
    slots_here = np.flatnonzero((model.posts.table["village"] == village).to_numpy()).tolist()
    for slot in slots_here:
        options += _others(context, model, slot, chosen, where)
    seats = int(model.posts.listed[(model.posts.table["village"] == village).to_numpy()].sum())
    what = Text(
        f"{label}：{here.height} 人，目标 {seats} 人",
        f"{label}: {several(here.height, 'person', 'people')} of a target of {seats}",
    )
    empty = _empty(context, model, slots_here, known)
    rules = tuple(dict.fromkeys(r for left in empty.values() for r in left.rules))
    return Explanation(NAME, what, options, why=_empty_words(model, empty), by=rules)


def _empty(context: Context, model: Model, slots: list[int], postings: pl.DataFrame) -> dict[int, Left]:
    """Why each of some posts that has fewer people than its target has."""
    standing = _standing(context, model)
    table = model.posts.table
    holding = postings.group_by("village", "post").len()
    count = {(v, p): n for v, p, n in holding.iter_rows()}
    ended = ended_at(model, model.people.table["id"].is_in(postings["cadre"].to_list()).to_numpy())
    found = {}
    for slot in slots:
        if count.get((table["village"][slot], table["post"][slot]), 0) < model.posts.listed[slot]:
            found[slot] = why_empty(standing, slot, bool(_able(model, slot).size), bool(ended[slot]))
    return found


def _empty_words(model: Model, empty: Mapping[int, Left]) -> Text:
    """Why posts have fewer people than their target, each reason once with the posts that it holds for."""
    of: dict[Text, list[str]] = {}
    for slot, left in empty.items():
        of.setdefault(left.why, []).append(str(model.posts.table["post"][slot]))
    return Text(
        "；".join(f"空位{'、'.join(f'（{p}）' for p in posts)}：{why.zh}" for why, posts in of.items()),
        "; ".join(f"empty seats {', '.join(f'({p})' for p in posts)}: {why.en}" for why, posts in of.items()),
    )


def _kept_by(context: Context, model: Model, row: int) -> str:
    """The rule by which somebody stays."""
    return _standing(context, model).kept_by(row)


def _standing(context: Context, model: Model) -> Standing:
    """What the rules say, of no plan."""
    nothing = np.zeros(0, np.int64)
    return Standing(context, model, nothing, nothing, nothing, [])


def _holds(row: Mapping[str, Any], terms: Mapping[str, float], kept: str | None) -> Option:
    """Who holds a post, and that a rule keeps them there."""
    what = Text(f"{row['cadre']}（{row['post']}）", f"{row['cadre']} ({row['post']})")
    note, rules = (STAYS[kept], (kept,)) if kept else (Text("", ""), ())
    return Option(what, float(row["cost"]), terms, True, note, rules=rules)


def _ended(context: Context, model: Model, village: str, chosen: set[str]) -> list[Option]:
    """Who was in the village in a minimum term and does not stay; priced as staying would be."""
    people, found = model.people, []
    mine = (model.posts.table["village"] == village).to_numpy()
    for row in np.flatnonzero(people.fixed & mine[people.post]).tolist():
        cadre, post = str(people.table["id"][row]), model.posts.table["post"][int(people.post[row])]
        if cadre not in chosen:
            what = Text(f"{cadre}（{post}）", f"{cadre} ({post})")
            cost, rules = int(model.fixed_cost[row]) / SCALE, ("minimum_term_years", "team_led")
            found.append(Option(what, cost, {}, False, ended_words(context), rules=rules))
    return found


def _others(
    context: Context, model: Model, slot: int, chosen: set[str], where: Mapping[str, str]
) -> list[Option]:
    """The cheapest cadres who might take a post and are not in the village."""
    numbers = _able(model, slot)
    cost = model.costs.single(numbers, np.full(len(numbers), slot), np.zeros(len(numbers), np.bool_))
    found: list[Option] = []
    post = str(model.posts.table["post"][slot])
    for number in numbers[np.argsort(cost, kind="stable")].tolist():
        for row in model.crowd.rows[model.crowd.number == number].tolist():
            cadre = str(model.people.table["id"][row])
            if cadre in chosen:
                continue
            total = int(model.costs.single(np.array([number]), np.array([slot]), np.array([False]))[0])
            terms = _terms(model, number, slot, stays=False)
            place = where.get(cadre)
            note = Text("未派出", "posted nowhere")
            if place is not None:
                label = context.network.label(place)
                note = Text(f"派往 {label}", f"goes to {label}")
            found.append(
                Option(Text(f"{cadre}（{post}）", f"{cadre} ({post})"), total / SCALE, terms, False, note)
            )
            if len(found) == ALTERNATIVES:
                return found
    return found


def _able(model: Model, slot: int) -> np.ndarray:
    """Classes that may newly take a post; none where all its seats are those of people who stay."""
    if not left_seats(model.posts, model.people)[:, slot].sum():
        return np.zeros(0, np.int64)
    groups = [g for g, slots in enumerate(model.reach.slots) if slot in slots]
    numbers = np.flatnonzero(np.isin(model.reach.group, groups))
    return np.asarray(numbers[_allowed(model, numbers, np.full(len(numbers), slot))])


def _reachable(model: Model, row: int) -> tuple[np.ndarray, int]:
    """Slots that a free cadre may newly take, and its class; −1 where it is not free."""
    at = np.flatnonzero(model.crowd.rows == row)
    if not at.size:
        return np.zeros(0, np.int64), -1
    number = int(model.crowd.number[at[0]])
    group = int(model.reach.group[number])
    slots = model.reach.slots[group] if group >= 0 else np.zeros(0, np.int64)
    return slots[_allowed(model, np.full(len(slots), number), slots)], number


def _allowed(model: Model, number: np.ndarray, slot: np.ndarray) -> np.ndarray:
    traits, posts = model.costs.traits, model.posts
    near = model.costs.distance(traits.home[number], posts.villages[posts.village[slot]])[1]
    return np.asarray(near & model.costs.ability(traits.ability[number], slot)[1])


def _options(
    context: Context, model: Model, number: int, slots: np.ndarray, taken: int, row: int
) -> list[Option]:
    numbers = np.full(len(slots), number)
    stays = slots == model.people.post[row]
    cost = model.costs.single(numbers, slots, stays)
    found: list[Option] = []
    left = ALTERNATIVES
    for i in np.argsort(cost, kind="stable").tolist():
        slot = int(slots[i])
        if slot != taken and not left:
            continue
        left -= slot != taken
        terms = _terms(model, number, slot, bool(stays[i]))
        place, about = _place(context, model, slot), (str(model.posts.table["village"][slot]),)
        found.append(Option(place, int(cost[i]) / SCALE, terms, slot == taken, about=about))
    return found


def _terms(model: Model, number: int, slot: int, stays: bool) -> dict[str, float]:
    """Parts of one cost in points; they add up to it exactly."""
    traits, posts = model.costs.traits, model.posts
    n, s = np.array([number]), np.array([slot])
    village = posts.village[s]
    parts = {
        "distance": int(model.costs.distance(traits.home[n], posts.villages[village])[0][0]),
        "skill_language": int(model.costs.ability(traits.ability[n], s)[0][0]),
        "unit": int(model.costs.unit(traits.unit[n], village)[0]),
    }
    parts["new"] = int(model.costs.single(n, s, np.array([stays]))[0]) - sum(parts.values())
    return {k: v / SCALE for k, v in parts.items() if v}


def _slot(model: Model, mine: pl.DataFrame) -> int:
    if mine.is_empty():
        return -1
    table = model.posts.table
    same = (table["village"] == mine["village"][0]) & (table["post"] == mine["post"][0])
    return int(np.flatnonzero(same.to_numpy())[0])


def _place(context: Context, model: Model, slot: int) -> Text:
    village, post = model.posts.table["village"][slot], model.posts.table["post"][slot]
    named = f"{context.network.label(village)}/{post}"
    return Text(named, named)


def _scored(context: Context, postings: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    """Own scores: the chosen pairs of a cadre or village beside its best others."""
    read_scores(context)  # says where the table is wrong
    scores = context.network.frame("pair_scores").filter(pl.col("stage") == NAME)
    place = pl.col("recipient").str.splitn("/", 2).struct.field("field_0")
    mine = scores.filter(
        [(pl.col("supporter") == k) | (place == k) | (pl.col("recipient") == k) for k in keys]
    )
    if mine.is_empty():
        return []
    taken = {(c, f"{v}/{p}") for c, v, p in postings.select("cadre", "village", "post").iter_rows()}
    ordered = mine.sort("cost", descending=context.policy["sense"] == "max", maintain_order=True)
    options: list[Option] = []
    left = ALTERNATIVES
    for supporter, recipient, cost in ordered.select("supporter", "recipient", "cost").iter_rows():
        chosen = (supporter, recipient) in taken
        if not chosen and not left:
            continue
        left -= not chosen
        named = f"{supporter} → {recipient}"
        options.append(Option(Text(named, named), float(cost), {}, chosen))
    n = sum(o.chosen for o in options)
    zh, en = "、".join(keys), ", ".join(keys)
    return [Explanation(NAME, Text(f"{zh}：选中 {n} 对", f"{en}: {several(n, 'pair')} chosen"), options)]
