"""Why seats that must be filled cannot be, in words: which, in which tiers, how many are short, who is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.cost import SCALE
from planner.shortage import Shortage
from planner.solve.task import Answer
from planner.stage import Context, Outcome
from planner.stages.cadres.build import Built, Model, left_seats
from planner.stages.cadres.held_back import held_back, held_words
from planner.stages.cadres.settings import TEAM_RULES
from planner.stages.words import clash, name_list

NEAREST = 3
"""Places that are named, of those from which people could come."""


def failed_outcome(context: Context, built: Built, answers: Sequence[Answer], engine: Text) -> Outcome | None:
    """The outcome where a task has no answer; ``None`` where all have."""
    failed = next((k for k, a in enumerate(answers) if a.status not in ("OPTIMAL", "FEASIBLE")), None)
    if failed is None:
        return None
    answer, slots = answers[failed], built.parts[failed][1]
    status: Any = answer.status
    clashes, told = [], None
    if "cut_slots" in answer.arrays:
        told = cut_shortage(
            built.model.posts.table, slots[np.flatnonzero(answer.arrays["cut_slots"])], answer
        )
        clashes.append(_cut_words(context, built, failed, answer))
    elif "hard_open" in answer.arrays:
        lacking = slots[np.flatnonzero(answer.arrays["hard_open"])]
        words = unled_words if answer.status == "INFEASIBLE" else open_words
        clashes.append(words(context, built.model, lacking))
    return Outcome(status, {}, None, None, SCALE, engine, Text("", ""), clashes=clashes, shortage=told)


def cut_shortage(posts: pl.DataFrame, rows: np.ndarray, answer: Answer) -> Shortage:
    """The claim of a cut: the posts at these ``rows`` of ``village_posts``, whom they ask for and who may come."""
    named = [(str(v), str(p)) for v, p in posts[rows].select("village", "post").iter_rows()]
    return Shortage(named, int(answer.facts["asked"]), int(answer.facts["reachable"]))


def unled_words(context: Context, model: Model, slots: np.ndarray) -> Text:
    """Posts that must be filled in villages for which led, whole teams are shown to be impossible."""
    where = _villages(context, model, slots)
    if model.rules is not None:
        return clash(
            Text(f"必须配齐的岗位所在的村凑不齐合乎队规的工作队（整数规划与第二个求解器都证明无解）：{where.zh}",
                 "no teams that keep the rules on teams fill the posts that must be filled (an integer programme and a second solver "
                 f"find that there are none) in: {where.en}"),
            "must_fill_tier", "team_led", "team_minimum", *(r for r in TEAM_RULES if context.policy.on(r)))  # fmt: skip
    return clash(
        Text(f"必须配齐的岗位所在的村凑不齐有第一书记、人数足够的工作队（整数规划与第二个求解器都证明无解）：{where.zh}",
             "no led and whole teams fill the posts that must be filled (an integer programme and a second solver find that there "
             f"are none) in: {where.en}"),
        "must_fill_tier", "team_led", "team_minimum")  # fmt: skip


def open_words(context: Context, model: Model, slots: np.ndarray) -> Text:
    """Posts that must be filled and that the search did not fill within its limit of work."""
    where = _villages(context, model, slots)
    return Text(f"必须配齐的岗位，在限定的工作量内没有找到配齐工作队的方案，也没有证明无解：{where.zh}",
                "within the limit of work no plan was found whose teams fill the posts that must be filled, nor is it shown that there is "
                f"none: {where.en}")  # fmt: skip


def _cut_words(context: Context, built: Built, failed: int, answer: Answer) -> Text:
    """So many posts, so few people who may take any of them; what is short by tier; the nearest who may not."""
    classes_in, slots_in, _ = built.parts[failed]
    slots = slots_in[np.flatnonzero(answer.arrays["cut_slots"])]
    reaching = classes_in[np.flatnonzero(answer.arrays["cut_classes"])]
    asked, people = int(answer.facts["asked"]), int(answer.facts["reachable"])
    where, tiers = _villages(context, built.model, slots), _tiers(built.model, slots)
    held = held_back(context, built.model, slots, people)
    told = held_words(held)
    near = _nearest(context, built.model, slots, reaching)
    if held.more and near is None:
        ends = told
    elif near is None:
        ends = Text("别处也没有合格的人", "nobody eligible is anywhere else")
    else:
        ends = Text(f"{near.zh}；{told.zh}", f"{near.en}; {told.en}") if held.more else near
    return clash(
        Text(f"这 {asked} 个必须配齐的岗位（{tiers.zh}）只有 {people} 名合格干部可到，缺 {asked - people} 人：{where.zh}；{ends.zh}",
             f"these {asked} posts that must be filled ({tiers.en}) can be reached by only {several(people, 'eligible cadre')}, "
             f"{asked - people} too few: {where.en}; {ends.en}"),
        "must_fill_tier", *held.rules)  # fmt: skip


def _villages(context: Context, model: Model, slots: np.ndarray) -> Text:
    villages = model.posts.table["village"][slots].unique(maintain_order=True)
    return name_list(context.network, villages.to_list())


def _tiers(model: Model, slots: np.ndarray) -> Text:
    tier = model.posts.table["tier"].to_numpy()[slots]
    asked = np.bincount(tier, left_seats(model.posts, model.people)[0][slots]).astype(np.int64)
    listed = [(t, int(asked[t])) for t in np.flatnonzero(asked)]
    return Text(
        "、".join(f"第 {t} 级 {n} 个" for t, n in listed), ", ".join(f"tier {t}: {n}" for t, n in listed)
    )


def _nearest(context: Context, model: Model, slots: np.ndarray, reaching: np.ndarray) -> Text | None:
    """Places of people who could take one of the posts but for where they may go, nearest first; ``None`` without any."""
    crowd, costs, places = model.crowd, model.costs, model.places
    may, wish = costs.may()
    able: np.ndarray = np.any(may[:, np.unique(wish[slots])], axis=1)[costs.traits.ability]
    able &= (model.reach.group >= 0) & (costs.traits.home >= 0) & (crowd.supply > 0)
    able[reaching] = False
    classes = np.flatnonzero(able)
    if not classes.size:
        return None
    lon, lat = _middle(model, slots)
    home = costs.traits.home[classes]
    homes, at = np.unique(home, return_inverse=True)
    km = places.km_to(homes, lon, lat)
    people = np.bincount(at.ravel(), crowd.supply[classes]).astype(np.int64)
    first = np.argsort(np.where(np.isnan(km), np.inf, km), kind="stable")[:NEAREST]
    label = context.network.label
    told = [(label(str(places.codes[int(homes[k])])), int(people[k]), float(km[k])) for k in first.tolist()]
    return Text(
        "最近的合格干部在：" + "、".join(f"{name} {n} 人（{_far(d)}）" for name, n, d in told),
        "the nearest eligible people are in "
        + ", ".join(f"{name}: {several(n, 'person', 'people')} ({_far(d)})" for name, n, d in told),
    )


def _far(km: float) -> str:
    return "? km" if np.isnan(km) else f"{km:.0f} km"


def _middle(model: Model, slots: np.ndarray) -> tuple[float, float]:
    rows = model.posts.villages[np.unique(model.posts.village[slots])]
    lon, lat = model.places.lon[rows], model.places.lat[rows]
    known = ~np.isnan(lon) & ~np.isnan(lat)
    return (float(lon[known].mean()), float(lat[known].mean())) if known.any() else (np.nan, np.nan)
