"""People: a cadre at another place, or anywhere but at the plan's; only the component that is touched is solved again."""

from __future__ import annotations

import numpy as np

from graph.language import Text
from planner.cost import SCALE
from planner.otherwise.choice import MOST, Asking, Otherwise, first_of
from planner.otherwise.posting_chains import chained_away
from planner.otherwise.posting_prices import (
    NAME,
    Place,
    cadre_id,
    forced_posting,
    priced_posting,
    run_held,
    slot_text,
)
from planner.otherwise.posting_ranks import best_of, takers_of
from planner.published import CHANGES_MAX
from planner.stages.cadres.forced import keep_from, whole_task
from planner.stages.cadres.rivals import left_behind
from planner.stages.cadres.shut_out import shut_out
from planner.stages.cadres.standing import Standing, read_standing
from planner.subject import Subject

UNPLACED = Text("未派出", "posted nowhere")


def postings_otherwise(asking: Asking, subject: Subject) -> list[Otherwise]:
    """A cadre with or without a place; a village without each of its people, and with somebody at its open posts.

    Under own scores, and where changes against a published plan are limited (a limit that all postings share), nothing is priced.
    """
    policy = asking.context.policy
    limited = asking.context.published is not None and policy.on(CHANGES_MAX)
    if subject.special or limited or policy["objective"] == "scores":
        return []
    standing = standing_of(asking)
    rows = {k: standing.row_of(k) for k in subject.keys}
    people = [row for row in rows.values() if row is not None]
    places = [k for k in subject.keys if rows[k] is None]
    villages = [standing.villages_in(p) for p in places]
    if len(people) > 1 or any(not v.size for v in villages):
        return []
    where = villages[0] if villages else None
    if people:
        return [_cadre(asking, standing, people[0], where)]
    if where is None or len(where) != 1:
        return []
    people, slots = _people_of(standing, where), _open_posts(standing, where)
    told = [_without(asking, standing, row, where) for row in people[:MOST]]
    for slot, takers in slots[: MOST - len(told)]:
        told.append(_best(asking, standing, takers, np.full(len(takers), slot)))
    return first_of(told, len(people) + len(slots))


def standing_of(asking: Asking) -> Standing:
    """The plan's postings against the model."""
    return read_standing(
        asking.context,
        asking.plan.table("postings"),
        asking.plan.certificates(NAME),
        asking.head["details"]["components"],
    )


def _cadre(asking: Asking, standing: Standing, row: int, where: np.ndarray | None) -> Otherwise:
    there = int(standing.before[row])
    inside = there >= 0 and (where is None or standing.model.posts.village[there] in where)
    if inside:
        villages = standing.model.posts.village[[there]] if where is None else where
        return _without(asking, standing, row, villages)
    return _with(asking, standing, row, where)


def _without(asking: Asking, standing: Standing, row: int, villages: np.ndarray) -> Otherwise:
    """The cadre anywhere but in these villages."""
    place = slot_text(asking, standing, int(standing.before[row]))
    who = cadre_id(standing, row)
    what = Text(f"若 {who} 不派往 {place}", f"without {who} at {place}")
    if standing.model.people.fixed[row]:
        return asking.barred(what, [standing.kept_by(row)])
    seats = standing.open_seats(row)
    seats = seats[~np.isin(standing.model.posts.village[seats], villages)]
    told = chained_away(asking, standing, what, row, seats)
    if told is not None:
        return told
    whole = whole_task(standing.model, row)
    assert whole is not None  # whoever is at a post is tied to it
    held = keep_from(standing.context, standing.model, standing.begun(whole), row, villages, asking.limits)
    return priced_posting(asking, standing, what, held, run_held(asking, held))


def _with(asking: Asking, standing: Standing, row: int, where: np.ndarray | None) -> Otherwise:
    """The cadre at the best place among these villages; anywhere, where none are named."""
    who, posts = cadre_id(standing, row), standing.model.posts
    seats = standing.open_seats(row) if standing.model.people.free[row] else np.zeros(0, np.int64)
    if where is not None:
        seats = seats[np.isin(posts.village[seats], where)]
    if not seats.size:
        every = np.arange(len(posts.village))
        slots = every if where is None else every[np.isin(posts.village, where)]
        kept = shut_out(standing, np.full(len(slots), row), slots)
        rules = list(dict.fromkeys(r for one in kept for r in one.rules))
        place = "" if where is None else _where_text(asking, standing, where)
        what = Text(f"若 {who} 派往 {place or '任何岗位'}", f"with {who} at {place or 'any post'}")
        return asking.barred(what, rules)
    return _best(asking, standing, np.full(len(seats), row), seats)


def places_of(standing: Standing, row: int) -> list[Place]:
    """Posts that a free cadre may take, those that may cost least first."""
    slots = standing.open_seats(row)
    least = standing.least(row, slots, standing.task_of(row)) + left_behind(standing, np.array([row])) * (
        slots != standing.before[row]
    )
    order = np.lexsort((slots, least))
    return [Place(row, int(slots[i]), int(least[i])) for i in order.tolist()]


def _best(asking: Asking, standing: Standing, rows: np.ndarray, slots: np.ndarray) -> Otherwise:
    """The best of cadres (k,), sorted, at posts (k,): by chains where they tell it, else by second solves; where none is possible, why."""
    ranked = best_of(asking, standing, rows, slots, 1)
    if ranked.found:
        told, least = ranked.found[0], ranked.least  # others may be better where work ended before
        sure = least is None or told.change is None or least >= told.change
        if sure or told.least is not None or told.unproved:
            return told
        assert least is not None  # else it is sure
        return told.at_least(least, standing.trivial(standing.task_of(int(rows[0]))) / SCALE)
    place = Place(int(rows[0]), int(slots[0]), 0)
    whole = whole_task(standing.model, place.row)
    assert whole is not None  # who may take a post is tied to it
    barred = forced_posting(asking, standing, standing.begun(whole), place)
    assert barred is not None  # the seat is open
    return barred


def _people_of(standing: Standing, where: np.ndarray) -> list[int]:
    """Rows of free cadres who are posted there, those who cost most first."""
    posts = standing.model.posts
    here = np.flatnonzero((standing.before >= 0) & np.isin(posts.village[standing.before], where))
    free = here[standing.model.people.free[here]]
    cost = standing.price_of(free, standing.before[free])
    return [int(row) for row in free[np.argsort(-cost, kind="stable")]]


def _open_posts(standing: Standing, where: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Posts with an empty seat, and for each the cadres, sorted, who may take it and are not in the village."""
    posts, found = standing.model.posts, list[tuple[int, np.ndarray]]()
    there = np.bincount(standing.before[standing.before >= 0], minlength=len(posts.village))
    for slot in np.flatnonzero(np.isin(posts.village, where) & (there < posts.target)).tolist():
        rows = np.sort(takers_of(standing, slot))
        if rows.size:
            found.append((slot, rows))
    return found


def _where_text(asking: Asking, standing: Standing, where: np.ndarray) -> str:
    names = standing.model.posts.table["village"].unique().sort()
    more = f" …(+{len(where) - 1})" if len(where) > 1 else ""
    return asking.label(names[int(where[0])]) + more
