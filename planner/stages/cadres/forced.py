"""One person sent to one post, or kept from it, whatever it costs: the arrays of the people's model with a class for this person.

What is asked is exact: the person leaves the class, gets one of its own that reaches only what is asked, and a seat that has
to be filled is set apart for it. All rules hold as before, those on teams as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.solve.mix import mixed
from planner.solve.task import Arrays, Task
from planner.stage import Context, Limits
from planner.stages.cadres.build import Model, Part, arrays_of, batches, left_seats, options_of, read_model

PER_CLASS = ("unit", "moves", "rule_sender", "rule_tongue", "rule_household")
PER_ARC = ("listed_class", "listed_slot", "listed_room", "listed_cost", "listed_moves")
PER_SLOT = ("further_gain", "village", "leads", "wish")


@dataclass(frozen=True)
class Held:
    """A task with one person held.

    Parameters
    ----------
    task : Task
    part : tuple of ndarray
        Classes and slots of the task in the model's numbers; the last class is the person, a further slot the seat set apart.
    row : int
        Row of the person in ``cadres``.
    number : int
        Which of the stage's tasks it is.
    """

    task: Task
    part: Part
    row: int
    number: int


@dataclass(frozen=True)
class Whole:
    """The task that a person takes part in, as it was solved for the plan.

    Parameters
    ----------
    arrays, part
        Of the task.
    number : int
        Which of the stage's tasks it is.
    before : ndarray, optional
        (n cadres,) slot of each in the plan, −1 where at none; with it ``arrays`` have the plan's own answer.
    """

    arrays: Arrays
    part: Part
    number: int
    before: np.ndarray | None = None


def whole_task(model: Model, row: int) -> Whole | None:
    """The task of a free cadre's component; ``None`` where nothing ties the cadre to a post."""
    component = int(model.of_class[class_of(model, row)])
    for number, chosen in enumerate(batches(model)):
        if component in chosen:
            return Whole(*arrays_of(model, left_seats(model.posts, model.people), chosen), number)
    return None


def class_of(model: Model, row: int) -> int:
    """Class of a free cadre.

    Raises
    ------
    KeyError
        When the cadre is not free.
    """
    at = np.flatnonzero(model.crowd.rows == row)
    if not at.size:
        raise KeyError(row)
    return int(model.crowd.number[at[0]])


def open_to(model: Model, row: int) -> np.ndarray:
    """Slots that a free cadre may take, or stay at, sorted."""
    number = class_of(model, row)
    group = int(model.reach.group[number])
    slots = model.reach.slots[group] if group >= 0 else np.zeros(0, np.int64)
    costs, posts = model.costs, model.posts
    home, ability = costs.traits.home[number], costs.traits.ability[number]
    near = costs.distance(home, posts.villages[posts.village[slots]])[1]
    slots = slots[near & costs.ability(ability, slots)[1]]
    there = int(model.people.post[row])
    return np.unique(np.append(slots, there)) if there >= 0 else slots


def force(context: Context, model: Model, whole: Whole, row: int, slot: int, limits: Limits) -> Held | None:
    """The person at ``slot``; ``None`` where all its seats are held by people in their minimum term."""
    at = np.flatnonzero(whole.part[1] == slot)
    if not at.size:
        return None
    arrays, seat = _seat_apart(whole.arrays, model, int(at[0]))
    stays = int(model.people.post[row]) == slot
    arrays = _person_apart(arrays, whole.part, model, row, np.array([seat]), np.array([slot]), stays)
    return _held(context, whole, arrays, row, slot, limits)


def keep_from(
    context: Context, model: Model, whole: Whole, row: int, villages: np.ndarray, limits: Limits
) -> Held:
    """The person anywhere but in ``villages`` (k,) (their numbers), or nowhere."""
    slots = whole.part[1]
    may = open_to(model, row)
    may = may[~np.isin(model.posts.village[may], villages)]
    local = np.flatnonzero(np.isin(slots, may))
    there = int(model.people.post[row])
    stays = there >= 0 and not np.isin(model.posts.village[there], villages)
    arrays = _person_apart(whole.arrays, whole.part, model, row, local, slots[local], stays)
    return _held(context, whole, arrays, row, -1, limits)


def _held(context: Context, whole: Whole, arrays: Arrays, row: int, slot: int, limits: Limits) -> Held:
    arrays = {**arrays, **_near(context, whole, row)}
    task = Task("posting", arrays, options_of(context, limits), "cadres")
    classes, slots, villages = whole.part
    further = np.append(slots, slot) if slot >= 0 else slots
    return Held(task, (np.append(classes, -1), further, villages), row, whole.number)


def _near(context: Context, whole: Whole, row: int) -> dict[str, np.ndarray]:
    """The plan's own answer without the person: what the task's is to be near to, among equally good ones."""
    if whole.before is None:
        return {}
    of_class, slot, count = (whole.arrays[f"before_arc_{k}"] for k in ("class", "slot", "count"))
    k = int(np.flatnonzero(whole.part[0] == class_of(read_model(context), row))[0])
    mine = (of_class == k) & (whole.part[1][slot] == whole.before[row])
    stays = whole.arrays["before_arc_listed"]
    return {"near_class": of_class, "near_slot": slot, "near_count": count - mine, "near_stays": stays,
            "near_cost": np.zeros(len(count), np.int64)}  # fmt: skip


def _person_apart(
    arrays: Arrays, part: Part, model: Model, row: int, local: np.ndarray, slots: np.ndarray, stays: bool
) -> dict[str, Any]:
    """The arrays with a class of its own for the person, which reaches the slots ``local`` (``slots`` in the model)."""
    number = class_of(model, row)
    k = int(np.flatnonzero(part[0] == number)[0])
    found = dict(arrays)
    found["supply"] = np.append(arrays["supply"], 1)
    found["supply"][k] -= 1
    for name in PER_CLASS:
        if name in arrays:
            found[name] = np.append(arrays[name], arrays[name][k])
    found["class_mark"] = np.append(
        arrays["class_mark"], mixed(arrays["class_mark"][k], np.ones(1, np.uint64))
    )
    there = int(model.people.post[row])
    new = ~(slots == there) if there >= 0 else np.ones(len(slots), np.bool_)
    reach = local[new] if model.reach.group[number] >= 0 else local[:0]
    zero = np.zeros(len(reach), np.bool_)
    price = model.costs.single(np.full(len(reach), number), slots[new][: len(reach)], zero)
    _add_group(found, reach, price)
    held = -1 if model.kept is None else int(model.kept.slot[row])
    for post in dict.fromkeys(p for p in (there, held) if p >= 0):
        old = int(np.flatnonzero(part[1] == post)[0]) if post in part[1] else -1
        _move_stay(found, k, old, local[slots == post], stays or post != there)
    return found


def _add_group(found: dict[str, Any], reach: np.ndarray, price: np.ndarray) -> None:
    """A group of one class, the last; all its cost stands in the first table."""
    count = len(found["slot_ptr"]) - 1
    found["group"] = np.append(found["group"], count if len(reach) else -1)
    if len(reach):
        found["slot_list"] = np.concatenate([found["slot_list"], reach])
        found["slot_ptr"] = np.append(found["slot_ptr"], found["slot_ptr"][-1] + len(reach))
    for table in range(3):
        cost = price if table == 0 else np.zeros(len(reach))
        found[f"c{table}"] = np.append(found[f"c{table}"], 0)
        if len(reach):
            found[f"t{table}"] = np.concatenate([found[f"t{table}"], cost.astype(np.int32)])
            found[f"t{table}_ptr"] = np.append(
                found[f"t{table}_ptr"], found[f"t{table}_ptr"][-1] + len(reach)
            )


def _move_stay(found: dict[str, Any], k: int, old: int, at: np.ndarray, stays: bool) -> None:
    """Take the person's place out of the class's listed arcs; give it to the person's class at the slot ``at``, where it may be."""
    mine = np.flatnonzero((found["listed_class"] == k) & (found["listed_slot"] == old))
    if not mine.size:
        return
    names = [n for n in PER_ARC if n in found]
    last = {n: found[n][mine[0]] for n in names}
    room = found["listed_room"].copy()
    room[mine[0]] -= 1
    found["listed_room"] = room
    if stays and at.size:
        last |= {"listed_class": len(found["supply"]) - 1, "listed_slot": int(at[0]), "listed_room": 1}
        for name in names:
            found[name] = np.append(found[name], last[name])
    keep = found["listed_room"] > 0
    for name in names:
        found[name] = found[name][keep]


def _seat_apart(arrays: Arrays, model: Model, slot: int) -> tuple[dict[str, Any], int]:
    """The arrays with one seat of a slot as a slot of its own, which has to be filled; and the number of that."""
    found = dict(arrays)
    row = "must" if arrays["must"][slot] > 0 else "further"
    found[row] = arrays[row].copy()
    found[row][slot] -= 1
    gain = np.bincount(
        arrays["village"], arrays["must"] * arrays["must_gain"] + arrays["further"] * arrays["further_gain"]
    )
    most = int(np.max(gain)) * (6 + 2 * int(arrays["wanted"].max(initial=0)))
    # beyond all others, and in the same whole steps: the programme over teams counts seats in these
    step = max(1, int(np.gcd.reduce(np.concatenate([arrays["must_gain"], arrays["further_gain"]]))))
    for name, value in (("must", 1), ("further", 0), ("must_gain", most + step), ("hard", True)):
        found[name] = np.append(found[name], value)
    for name in PER_SLOT:
        found[name] = np.append(arrays[name], arrays[name][slot])
    found["zone"] = np.concatenate([arrays["zone"], arrays["zone"][:, [slot]]], axis=1)
    found["slot_mark"] = np.append(
        arrays["slot_mark"], mixed(arrays["slot_mark"][slot], np.ones(1, np.uint64))
    )
    return found, len(arrays["must"])


def without(model: Model, row: int) -> Model:
    """The model whose crowd lacks one person."""
    kept = model.crowd.rows != row
    crowd = replace(model.crowd, rows=model.crowd.rows[kept], number=model.crowd.number[kept])
    return replace(model, crowd=crowd)


def dearer(
    context: Context, model: Model, whole: Whole, row: int, slot: int, by: int, limits: Limits
) -> Held:
    """The person as free as before, where only the place at ``slot`` costs ``by`` thousandths more; less where ``by`` is negative.

    ``slot`` has to be one that the person may take, and what it costs may not become less than nothing.
    """
    slots, there = whole.part[1], int(model.people.post[row])
    local = np.flatnonzero(np.isin(slots, open_to(model, row)))
    arrays = _person_apart(whole.arrays, whole.part, model, row, local, slots[local], there >= 0)
    if slot == there:
        own = (arrays["listed_class"] == len(arrays["supply"]) - 1) & (slots[arrays["listed_slot"]] == slot)
        arrays["listed_cost"] = arrays["listed_cost"] + np.where(own, by, 0)
    else:
        begin = int(arrays["t0_ptr"][-2])
        reach = arrays["slot_list"][int(arrays["slot_ptr"][-2]) :]
        table = arrays["t0"].copy()
        table[begin + int(np.flatnonzero(slots[reach] == slot)[0])] += by
        arrays["t0"] = table
    return _held(context, whole, arrays, row, -1, limits)
