"""Tables → arrays for the engine `posting`: one task per component, small ones in one batch."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from graph.errors import ScenarioError
from planner.cost import SCALE, points
from planner.marks import marks, told_apart
from planner.solve.mix import mixed
from planner.solve.posting_network import NEVER
from planner.solve.task import Task
from planner.stage import Context, Limits
from planner.stages.cadres.costs import Costs, own_rows
from planner.stages.cadres.people import People, classes, read_people
from planner.stages.cadres.places import Places
from planner.stages.cadres.posts import Posts, read_posts, with_leaders_first
from planner.stages.cadres.published import UNPOSTED, Kept, freeze, kind_marks, read_kept, read_published
from planner.stages.cadres.reach import Reach, components, read_reach
from planner.stages.cadres.settings import change_price, most_cost
from planner.stages.cadres.team_rules import Lost, TeamRules, read_lost, read_team_rules

BATCH = 2_000  # classes and slots; components of less than half of it share a task
LARGEST_WORTH = 2**61
Part = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Crowd:
    """Free cadres as classes.

    Parameters
    ----------
    rows : ndarray
        (f,) rows of ``cadres`` that are free.
    number : ndarray
        (f,) class of each.
    supply : ndarray
        (n,) people of each class.
    unit, unit_cap : ndarray
        (n,) capped unit of each class or −1; (u,) people it may still release.
    stays : tuple of ndarray
        Class, slot, people in place or published there, cost of being there: (k,) each.
    in_place : ndarray
        (k,) bool of these: whether they are in place there.
    moves, stay_moves : ndarray
        (n,), (k,) changes that a new posting of each class, and being at these slots, is against staying at home; zero where
        nothing is published.
    published : ndarray
        (f,) slot to which the published postings hold each of ``rows``; −1 where to none.
    mark : ndarray
        (n,) uint64 of each class.
    """

    rows: np.ndarray
    number: np.ndarray
    supply: np.ndarray
    unit: np.ndarray
    unit_cap: np.ndarray
    stays: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    in_place: np.ndarray
    moves: np.ndarray
    stay_moves: np.ndarray
    published: np.ndarray
    mark: np.ndarray


@dataclass(frozen=True)
class Model:
    """All that tasks and answers need."""

    posts: Posts
    people: People
    places: Places
    costs: Costs
    crowd: Crowd
    reach: Reach
    fixed_cost: np.ndarray
    of_class: np.ndarray
    of_slot: np.ndarray
    lost: Lost
    rules: TeamRules | None = None
    kept: Kept | None = None

    @cached_property
    def slot_mark(self) -> np.ndarray:
        """(m,) uint64 of each slot; made when a task asks."""
        return _slot_marks(self.places, self.posts)


@dataclass(frozen=True)
class Built:
    """The model and, per task, which classes, slots and villages it has."""

    model: Model
    parts: list[Part]


def read_model(context: Context) -> Model:
    """People, posts, costs and reach of a scenario; read once for a context."""
    return context.once("cadres.model", lambda: _read_model(context))


def _read_model(context: Context) -> Model:
    frames = context.network.frame
    places = Places(context, (frames("village_posts")["village"], frames("cadres")["home_region"]))
    posts = read_posts(context, places)
    people = read_people(context, posts.table)
    if context.policy.on("team_led"):
        posts = with_leaders_first(posts, people.post[people.fixed])
    published = read_published(context, people, posts)
    frozen = None
    if published is not None:  # last: a freeze changes no worth
        people, posts, frozen = freeze(context, published, people, posts, places)
    own = own_rows(context, places)
    able = np.flatnonzero(people.free | people.fixed)
    number, table = classes(context, people, able)
    costs = Costs(context, places, posts, table, own)
    reach = read_reach(context, places, posts, table, own)
    unit, unit_cap, unit_mark = _release(context, people, table)
    fixed_cost = _fixed_costs(costs, people, able, number)
    of_cadre = np.full(people.table.height, -1)
    of_cadre[able] = number
    rules = read_team_rules(context, posts, people, costs, of_cadre, table)
    lost = read_lost(posts, people, fixed_cost, context.policy.on("team_led"))
    free = people.free[able]
    rows, number = able[free], number[free]
    # classes that differ in no trait are one: a county's name as sender tells nothing once the reach is known
    key = np.stack([reach.group, costs.traits.home, costs.traits.ability, costs.traits.unit, unit])
    if rules is not None:
        key = np.concatenate([key, rules.key()])
    kept = None
    if published is not None and frozen is not None:
        kept = read_kept(context, published, people, posts, frozen, (of_cadre, costs, reach))
    present, number, kind = _told_apart(kept, people, rows, number, posts.table.height)
    key = np.concatenate([key[:, present], kind])
    first, merged = np.unique(key, axis=1, return_index=True, return_inverse=True)[1:]
    kind, number, first = kind[:, first], merged.ravel()[number], present[first]
    costs, unit, reach = costs.only(first), unit[first], replace(reach, group=reach.group[first])
    supply = np.bincount(number, minlength=len(first)).astype(np.int64)
    held = np.full(len(rows), -1) if kept is None else kept.slot[rows]
    stays, in_place = _stays(costs, people, rows, number, held, posts.table.height)
    reaches, holders = np.append(reach.mark, np.uint64(0)), np.append(unit_mark, np.uint64(0))
    kinds = [kind_marks(k, _slot_marks(places, posts)) for k in kind]
    mark = told_apart(mixed(reaches[reach.group], holders[unit], costs.marks(), *kinds))
    moves = (kind == UNPOSTED).any(axis=0).astype(np.int64)
    stay_moves = np.where(_published(number, held, stays, posts.table.height), -1, moves[stays[0]])
    crowd = Crowd(rows, number, supply, unit, unit_cap, stays, in_place, moves, stay_moves, held, mark)
    ties = [(stays[0], stays[1]), (np.flatnonzero(unit >= 0), -1 - unit[unit >= 0])]
    if rules is not None:
        rules = rules.only(first)
        ties.append(rules.ties(len(unit_cap)))
    of_class, of_slot = components(reach, posts, ties, len(first))
    return Model(
        posts,
        people,
        places,
        costs,
        crowd,
        reach,
        fixed_cost,
        of_class,
        of_slot,
        lost,
        rules,
        kept,
    )


def _slot_marks(places: Places, posts: Posts) -> np.ndarray:
    """(m,) uint64 of each slot, by its village and its name there."""
    village = places.marks_of(posts.villages)[posts.village]
    return told_apart(mixed(village, marks(posts.table["post"])))


def _told_apart(
    kept: Kept | None, people: People, rows: np.ndarray, number: np.ndarray, slots: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes that are there, told apart by what is published of their people: (c,) number of each, (f,) which one, (k, c) what."""
    if kept is None:
        present, at = np.unique(number, return_inverse=True)
        return present, at, np.zeros((0, len(present)), np.int64)
    both, at = np.unique(np.stack([number, kept.kinds(people, rows, slots)]), axis=1, return_inverse=True)
    return both[0], at.ravel(), both[1:]


def _fixed_costs(costs: Costs, people: People, rows: np.ndarray, number: np.ndarray) -> np.ndarray:
    """(n cadres,) cost of each cadre who stays for the minimum term or a freeze, 0 for all others.

    A freeze forces a posting and changes no price: who is not in place where it was published pays for a new posting, so that
    plans with and without the freeze cost the same where they decide the same.
    """
    found = np.zeros(people.table.height, np.int64)
    fixed = people.fixed[rows]
    staying = rows[fixed]
    post = people.post[staying]
    found[staying] = costs.single(number[fixed], post, people.here[staying] == post)
    return found


def _stays(
    costs: Costs, people: People, rows: np.ndarray, number: np.ndarray, held: np.ndarray, slots: int
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Where people of each class are in place, or held by the published postings; and (k,) bool, which of these are the former."""
    post = people.post[rows]
    here, new = np.flatnonzero(post >= 0), np.flatnonzero((held >= 0) & (held != post))
    pairs = number[here] * slots + post[here], number[new] * slots + held[new]
    pair, count = np.unique(np.concatenate(pairs), return_counts=True)
    of_class, slot = pair // max(slots, 1), pair % max(slots, 1)
    in_place = np.isin(pair, pairs[0])
    return (of_class, slot, count.astype(np.int64), costs.single(of_class, slot, in_place)), in_place


def _published(number: np.ndarray, held: np.ndarray, stays: tuple[np.ndarray, ...], slots: int) -> np.ndarray:
    """(k,) bool: whether the people of each of ``stays`` are held there by the published postings."""
    some = held >= 0
    return np.isin(stays[0] * slots + stays[1], number[some] * slots + held[some])


def _release(
    context: Context, people: People, table: pl.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number of the capped unit of each class, −1 where no cap can bind; what each may still release; its mark."""
    share = context.policy["unit_release_share"]
    if share is None or share >= 1 or not table.height:
        return np.full(table.height, -1), np.zeros(0, np.int64), np.zeros(0, np.uint64)
    listed = people.table.with_columns(fixed=pl.Series(people.fixed), free=pl.Series(people.free))
    counts = (
        listed.group_by("unit")
        .agg(pl.len(), pl.col("fixed").sum(), pl.col("free").sum())
        .sort("unit", nulls_last=True)
    )
    counts = counts.filter(pl.col("unit").is_not_null())
    cap = release_cap(counts["len"].to_numpy(), float(share)) - counts["fixed"].to_numpy().astype(np.int64)
    tight = cap < counts["free"].to_numpy()
    units = counts["unit"].to_list()
    numbers = {u: k for k, u in enumerate(u for u, t in zip(units, tight.tolist(), strict=True) if t)}
    of = table["unit"].replace_strict(numbers, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()
    return of, np.maximum(cap[tight], 0), marks(counts["unit"].filter(pl.Series(tight)))


def release_cap(listed: np.ndarray, share: float) -> np.ndarray:
    """(u,) most people that units with ``listed`` cadres release: rounded up, a billionth forgiven."""
    return np.ceil(listed * share - 1e-9).astype(np.int64)


def build(context: Context, limits: Limits) -> tuple[list[Task], Built]:
    """Tasks by component, in the order of their first slot.

    Raises
    ------
    ScenarioError
        When weights are so large that sums would not be exact in 64 bits.
    """
    model = read_model(context)
    _check_size(model)
    seats = left_seats(model.posts, model.people)
    tasks: list[Task] = []
    parts: list[Part] = []
    options = options_of(context, limits)
    for chosen in batches(model):
        arrays, part = arrays_of(model, seats, chosen)
        label = f"cadres {len(tasks) + 1}"
        like = _like(arrays) if len(arrays["must"]) >= BATCH else ""
        tasks.append(Task("posting", arrays, options, label, like))
        parts.append(part)
    return tasks, Built(model, parts)


def options_of(context: Context, limits: Limits) -> dict[str, Any]:
    """Options of the engine `posting`."""
    found = {**limits.options(), "seed": context.seed}
    if read_model(context).kept is not None:
        found["change_price"] = change_price(context.policy)
    return found


def _like(arrays: Mapping[str, np.ndarray]) -> str:
    """The least mark of a slot: nearly always the same after an edit, and hardly ever in two tasks."""
    return f"cadres-{int(arrays['slot_mark'].min(initial=2**64 - 1)):016x}"


def left_seats(posts: Posts, people: People) -> np.ndarray:
    """(2, m) must-seats and further seats that those in their minimum term leave."""
    there = np.bincount(people.post[people.fixed], minlength=posts.table.height).astype(np.int64)
    must = np.maximum(posts.minimum - there, 0)
    return np.stack([must, np.maximum(posts.target - there, 0) - must])


def batches(model: Model) -> list[np.ndarray]:
    """Numbers of the components of each task; the grouping depends on the data alone.

    A component of half a batch or more stands alone. Smaller ones in a row share a task, which ends when it is full, and after
    components that their first village's id picks out: so an edit to one component moves the borders of the next few tasks at
    most, and the answers of all others can be used again.
    """
    count = int(model.of_slot.max(initial=-1)) + 1
    size = np.bincount(model.of_slot, minlength=count)
    size += np.bincount(model.of_class[model.of_class >= 0], minlength=count)
    first = np.unique(model.of_slot, return_index=True)[1]
    ends = [
        _draw(v) * BATCH < k for v, k in zip(model.posts.table["village"][first], size.tolist(), strict=True)
    ]
    found: list[np.ndarray] = []
    begun, sum_so_far = 0, 0
    for c in range(count):
        if 2 * size[c] >= BATCH and begun < c:
            found.append(np.arange(begun, c))
            begun, sum_so_far = c, 0
        sum_so_far += int(size[c])
        if 2 * size[c] >= BATCH or sum_so_far >= BATCH or ends[c] or c == count - 1:
            found.append(np.arange(begun, c + 1))
            begun, sum_so_far = c + 1, 0
    return found


def _draw(key: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=6).digest(), "big") / 2**48


def _check_size(model: Model) -> None:
    """Costs fit the tables of 32 bits; worths, and worths of people against each other, fit 64 bits."""
    most, worth = most_cost(model.costs.policy), int(model.posts.worth.max(initial=0))
    beyond = max(most / (NEVER - 1), 4 * worth / LARGEST_WORTH)
    if beyond <= 1:
        return
    by = 10 ** math.ceil(math.log10(beyond))
    raise ScenarioError(
        f"[cadres] 权重过大：一次派驻最多可计 {most / SCALE:,.0f} 分，严格先后所需的整数超出 64 位；请把各项权重（*_weight）同除以 {by:,}",
        f"[cadres] weights are too large: one posting may cost {most / SCALE:,.0f} points, and the integers that keep the strict "
        f"order do not fit 64 bits; divide all weights (*_weight) by {by:,}",
    )


def arrays_of(model: Model, seats: np.ndarray, chosen: np.ndarray) -> tuple[dict[str, Any], Part]:
    """Arrays of one task; row numbers inside count from 0."""
    crowd, posts = model.crowd, model.posts
    classes_in = np.flatnonzero(np.isin(model.of_class, chosen))
    mine = np.isin(model.of_slot, chosen)
    villages_in = np.unique(posts.village[mine])
    slots_in = np.flatnonzero(
        mine & (seats.sum(axis=0) > 0)
    )  # who is in place for the term leaves no room in others
    slot_at = np.full(len(posts.village), -1)
    slot_at[slots_in] = np.arange(len(slots_in))
    class_at = np.full(len(crowd.supply), -1)
    class_at[classes_in] = np.arange(len(classes_in))
    held = np.isin(crowd.stays[0], classes_in) & (slot_at[crowd.stays[1]] >= 0)
    units, unit = np.unique(crowd.unit[classes_in], return_inverse=True)
    start = int(len(units) > 0 and units[0] < 0)
    fixed = model.people.post[model.people.fixed]
    villages = len(posts.villages)
    led = np.bincount(posts.village[fixed], posts.leads[fixed], villages) > 0
    led |= not model.costs.policy.on("team_led")  # then nobody asks for a leader
    arrays: dict[str, Any] = {
        "supply": crowd.supply[classes_in],
        "unit": unit.astype(np.int64) - start,
        "unit_cap": crowd.unit_cap[units[start:]],
        "must": seats[0][slots_in],
        "further": seats[1][slots_in],
        "must_gain": posts.worth[0][slots_in],
        "further_gain": posts.worth[1][slots_in],
        "hard": posts.firm[slots_in],
        "village": np.searchsorted(villages_in, posts.village[slots_in]),
        "leads": posts.leads[slots_in],
        "zone": _zones(model, slots_in),
        "wish": np.unique(model.costs.wish[slots_in], return_inverse=True)[1].ravel(),
        "class_mark": crowd.mark[classes_in],
        "slot_mark": model.slot_mark[slots_in],
        "listed_class": class_at[crowd.stays[0][held]],
        "listed_slot": slot_at[crowd.stays[1][held]],
        "listed_room": crowd.stays[2][held],
        "listed_cost": crowd.stays[3][held],
        "there": np.bincount(posts.village[fixed], minlength=villages)[villages_in].astype(np.int64),
        "led": led[villages_in],
        "wanted": posts.wanted[villages_in],
        **_tables(model, classes_in, slot_at),
    }
    if model.kept is not None:
        arrays |= {"moves": crowd.moves[classes_in], "listed_moves": crowd.stay_moves[held]}
    arrays |= model.lost.arrays(villages_in)
    if model.rules is not None:
        arrays |= model.rules.arrays(classes_in, villages_in)
    return arrays, (classes_in, slots_in, villages_in)


def _zones(model: Model, slots: np.ndarray) -> np.ndarray:
    """(3, k) the places above each slot's village, closest first; numbered anew, since rows of the tree change with every place."""
    above = model.places.paths(model.posts.villages[model.posts.village[slots]])[1:4]
    return np.stack([np.unique(row, return_inverse=True)[1].ravel() for row in above]).astype(np.int64)


def _tables(model: Model, classes_in: np.ndarray, slot_at: np.ndarray) -> dict[str, np.ndarray]:
    """Groups of the classes with their slots and the three cost tables."""
    costs, traits, reach, posts = model.costs, model.costs.traits, model.reach, model.posts
    keep = points(np.array(costs.policy.weight("keep_weight")))
    group = reach.group[classes_in]
    used, local = np.unique(group, return_inverse=True)
    start = int(len(used) > 0 and used[0] < 0)
    lists: list[np.ndarray] = []
    flat: list[list[np.ndarray]] = [[], [], []]
    codes = np.zeros((3, len(classes_in)), np.int64)
    for g in range(start, len(used)):
        members = np.flatnonzero(local == g)
        rows, slots = classes_in[members], reach.slots[used[g]]
        slots = slots[slot_at[slots] >= 0]
        lists.append(slot_at[slots])
        village, at = np.unique(posts.village[slots], return_inverse=True)
        home, codes[0, members] = np.unique(traits.home[rows], return_inverse=True)
        cost, allowed = costs.distance(home[:, None], posts.villages[village][None, :])
        flat[0].append(_fenced(cost + keep, allowed)[:, at])
        ability, codes[1, members] = np.unique(traits.ability[rows], return_inverse=True)
        flat[1].append(_fenced(*costs.ability(ability[:, None], slots[None, :])))
        unit, codes[2, members] = np.unique(traits.unit[rows], return_inverse=True)
        flat[2].append(costs.unit(unit[:, None], village[None, :]).astype(np.int32)[:, at])
    arrays = {
        "group": np.asarray(local, np.int64) - start,
        "slot_ptr": _pointers(lists),
        "slot_list": _flat(lists, np.int64),
    }
    for k in range(3):
        arrays[f"t{k}"], arrays[f"t{k}_ptr"], arrays[f"c{k}"] = (
            _flat(flat[k], np.int32),
            _pointers(flat[k]),
            codes[k],
        )
    return arrays


def _fenced(cost: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    return np.where(allowed, cost, NEVER).astype(np.int32)


def _pointers(parts: list[np.ndarray]) -> np.ndarray:
    return np.cumsum([0, *(p.size for p in parts)]).astype(np.int64)


def _flat(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return (
        np.concatenate([p.ravel() for p in parts]).astype(dtype, copy=False) if parts else np.zeros(0, dtype)
    )
