"""Check certificates of a plan with NumPy alone: python docs/check_certificate.py FOLDER/*.npz (see certificates.md)."""

import sys

import numpy as np

NEVER, COUNT, SIZE = 2**29, 2**31, 2**61  # a pair with this cost is not allowed; larger numbers are refused


def need(truth, what):
    """Refuse the file and end with status 1 where ``truth`` does not hold everywhere."""
    if not np.all(truth):
        sys.exit(f"{name}: refused: {what}")


def total(values, times):
    """Exact sum of products, in whole numbers of any size."""
    return int(values.astype(object) @ times.astype(object)) if len(values) else 0


def added(at, values, length):
    """(length,) sums of the ``values`` by the numbers ``at``."""
    found = np.zeros(length, np.int64)
    np.add.at(found, at, values)
    return found


def pointers(c, name, listed, groups):
    """Refuse ``name`` where it does not cut ``listed`` into one part for each group, one after another."""
    at = c[name]
    need(len(at) == groups + 1, f"{name} has another length than one more than the groups")
    need(
        (at[0] == 0) & (at[-1] == len(listed)) & (np.diff(at) >= 0).all(),
        f"{name} does not cut its list into parts",
    )


def posting(c):
    """Cost of a task of `cadres` and what none can be below; thousandths of a point. First each row of the plan."""
    seats, gain = np.stack([c["must"], c["further"]]), np.stack([c["must_gain"], c["further_gain"]])
    supply, group, unit, cap, person, slot = (
        c[k] for k in ("supply", "group", "unit", "unit_cap", "worth_class", "worth_slot")
    )
    cls, to, x, stays = (c[k] for k in ("x_class", "x_slot", "x_count", "x_stays"))
    for v in (supply, seats, cap, x, c["listed_room"]):
        need((v >= 0) & (v <= COUNT), "a count is below nothing or too large")
    for v, most in ((cls, len(supply)), (to, len(slot)), (group + 1, len(c["slot_ptr"])), (unit + 1, len(cap) + 1),
                    (c["listed_class"], len(supply)), (c["listed_slot"], len(slot))):  # fmt: skip
        need((v >= 0) & (v < most), "a number of a class, post, group or unit is unknown")
    need(
        len(supply) == len(group) == len(unit) == len(person) and seats.shape[1] == len(slot),
        "lengths differ",
    )
    there, sent = added(to, x, len(slot)), added(cls, x, len(supply))
    groups = len(c["slot_ptr"]) - 1
    pointers(c, "slot_ptr", c["slot_list"], groups)
    need((c["slot_list"] >= 0) & (c["slot_list"] < len(slot)), "a post in slot_list is unknown")
    parts, free = np.diff(c["slot_ptr"]), group < 0
    for k in range(3):
        pointers(c, f"t{k}_ptr", c[f"t{k}"], groups)
        size, row = np.diff(c[f"t{k}_ptr"]), c[f"c{k}"]
        need(size % np.maximum(parts, 1) == 0, f"t{k} has rows of another length than the group's posts")
        rows = np.append(size // np.maximum(parts, 1), 0)  # of no group: none
        need(len(row) == len(supply), "lengths differ")
        need(
            free | np.append(parts == 0, True)[group] | ((row >= 0) & (row < rows[group])),
            f"c{k} names a row that t{k} lacks",
        )
    need(there <= seats.sum(0), "more people at a post than it has seats")
    need(sent <= supply, "a class sends more people than it has")
    need(added(unit[unit >= 0], sent[unit >= 0], len(cap)) <= cap, "a unit releases more people than its cap")
    need(person >= 0, "a price of people is below nothing")
    cost = np.full(len(x), NEVER, np.int64)
    for g in range(len(c["slot_ptr"]) - 1):
        slots = c["slot_list"][c["slot_ptr"][g] : c["slot_ptr"][g + 1]]
        mine, going = np.flatnonzero(group == g), np.flatnonzero((group[cls] == g) & (stays == 0))
        if not len(mine) or not len(slots):
            continue
        table = [
            c[f"t{k}"][c[f"t{k}_ptr"][g] : c[f"t{k}_ptr"][g + 1]].reshape(-1, len(slots)) for k in range(3)
        ]
        for t in table:
            need((t >= 0) & (t <= NEVER), "a cost is below nothing or too large")
        step = 1 + 2**20 // len(slots)
        for i in (
            mine[k : k + step] for k in range(0, len(mine), step)
        ):  # whole tables, some classes at a time
            row = table[0][c["c0"][i]] + table[1][c["c1"][i]] + table[2][c["c2"][i]]
            need(
                (row >= slot[slots] - person[i, None]) | (row >= NEVER), "a pair is worth more than it costs"
            )
        at = np.minimum(np.searchsorted(slots, to[going]), len(slots) - 1)
        found = sum(table[k][c[f"c{k}"][cls[going]], at].astype(np.int64) for k in range(3))
        cost[going] = np.where(slots[at] == to[going], found, NEVER)
    listed = zip(c["listed_class"].tolist(), c["listed_slot"].tolist(), strict=True)
    place, staying = {pair: k for k, pair in enumerate(listed)}, np.flatnonzero(stays)
    at = np.array([place.get((cls[k], to[k]), -1) for k in staying], np.int64)
    need(at >= 0, "somebody stays where they are not listed")
    need(added(at, x[staying], len(place)) <= c["listed_room"], "more people stay at a post than are there")
    need(cost[stays == 0] < NEVER, "somebody is posted where they are not allowed")
    cost[staying] = c["listed_cost"][at]
    must = np.minimum(there, c["must"])
    objective = total(cost, x) + sum(map(total, seats - np.stack([must, there - must]), gain))
    beyond = np.maximum(slot[c["listed_slot"]] - person[c["listed_class"]] - c["listed_cost"], 0)
    bound = sum(map(total, seats, np.minimum(gain, slot))) - total(beyond, c["listed_room"])
    bound -= total(person[unit < 0], supply[unit < 0])
    for u, room in enumerate(cap.tolist()):  # of a capped unit only the most worthy may go
        first = np.flatnonzero(unit == u)[np.argsort(-person[unit == u], kind="stable")]
        before = np.cumsum(supply[first]) - supply[first]
        bound -= total(person[first], np.clip(room - before, 0, supply[first]))
    return objective, bound


def flow(c):
    """The same of the network of `funds`; costs are minus the points."""
    f, potential, tail, head = (c[k] for k in ("flow", "potential", "tail", "head"))
    need(np.abs(c["supply"].astype(float)).sum() + 2 * np.abs(f.astype(float)).sum() < SIZE, "too much money")
    need((np.stack([tail, head]) >= 0) & (np.stack([tail, head]) < len(c["supply"])), "a node is unknown")
    need(len(potential) == len(c["supply"]), "lengths differ")
    need((c["lower"] <= f) & (f <= c["upper"]), "an arc carries too little or too much")
    net = c["supply"] - added(tail, f, len(potential)) + added(head, f, len(potential))
    need(net == 0, "money is lost or made at a node")
    reduced = c["cost"] + potential[tail] - potential[head]
    least = np.where(reduced >= 0, c["lower"], c["upper"])
    return total(c["cost"], f), total(reduced, least) - total(potential, c["supply"])


if not sys.argv[1:]:
    sys.exit(f"{__doc__}\nname the files to check; nothing was checked")
for name in sys.argv[1:]:
    try:
        with np.load(name) as file:
            c = {key: file[key] for key in file.files if not key.endswith("_mark")}
    except Exception:  # whatever NumPy says of a file that is none of its own
        sys.exit(f"{name}: refused: no certificate can be read from it")
    for key, v in c.items():
        need(v.dtype.kind == "i" and v.ndim == 1, f"{key} is no list of whole numbers")
        need((v >= -SIZE) & (v <= SIZE), f"{key} is too large")
    try:
        objective, bound = posting(c) if "worth_slot" in c else flow(c)
    except KeyError as error:
        sys.exit(f"{name}: refused: it has no array {error}")
    except (ValueError, IndexError):
        sys.exit(f"{name}: refused: its arrays do not fit each other")
    need(objective >= bound, f"a bound of {bound:,} above the objective {objective:,}")
    told = "optimal" if objective == bound else f"gap {objective - bound:,}"
    print(f"{name}: objective {objective:,}, bound {bound:,}, {told}")
