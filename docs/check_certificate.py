"""Check certificates of a plan with NumPy alone: python docs/check_certificate.py FOLDER/*.npz (see certificates.md)."""

import sys

import numpy as np

NEVER = 2**29


def posting(c):
    """Primal, dual and gap of a task of `cadres`; thousandths of a point."""
    count, gain = np.stack([c["must"], c["further"]]), np.stack([c["must_gain"], c["further_gain"]])
    person, slot, cls, to, x, stays = (
        c[k] for k in ("worth_class", "worth_slot", "x_class", "x_slot", "x_count", "x_stays")
    )
    there = np.bincount(to, x, len(slot)).astype(np.int64)
    assert (there <= count.sum(0)).all() and (np.bincount(cls, x, len(person)) <= c["supply"]).all(), (
        "too many people"
    )
    cost = np.full(len(x), -1)
    for g in range(len(c["slot_ptr"]) - 1):
        slots = c["slot_list"][c["slot_ptr"][g] : c["slot_ptr"][g + 1]]
        table = [
            c[f"t{k}"][c[f"t{k}_ptr"][g] : c[f"t{k}_ptr"][g + 1]].reshape(-1, len(slots)) for k in range(3)
        ]
        for i in np.flatnonzero(c["group"] == g):
            row = sum(table[k][c[f"c{k}"][i]].astype(np.int64) for k in range(3))
            assert (row + person[i] >= slot[slots])[row < NEVER].all(), "a pair is worth more than it costs"
            mine = np.flatnonzero((cls == i) & (stays == 0))
            cost[mine] = row[np.searchsorted(slots, to[mine])]
    place = {
        p: k for k, p in enumerate(zip(c["listed_class"].tolist(), c["listed_slot"].tolist(), strict=True))
    }
    for k in np.flatnonzero(stays):
        cost[k] = c["listed_cost"][place[cls[k], to[k]]]
    beyond = (
        np.maximum(slot[c["listed_slot"]] - person[c["listed_class"]] - c["listed_cost"], 0)
        @ c["listed_room"]
    )
    must = np.minimum(there, c["must"])
    objective = int(cost @ x) + int(((count - np.stack([must, there - must])) * gain).sum())
    bound = (
        int((count * np.minimum(gain, slot)).sum())
        - int(beyond)
        - int((c["supply"] * person)[c["unit"] < 0].sum())
    )
    for u, cap in enumerate(c["unit_cap"]):  # of a capped unit only the most worthy may go
        bound -= int(
            np.sort(np.repeat(person[c["unit"] == u], c["supply"][c["unit"] == u]))[::-1][:cap].sum()
        )
    return objective, bound


def flow(c):
    """The same of the network of `funds`; costs are minus the points."""
    f, potential = c["flow"], c["potential"]
    assert ((c["lower"] <= f) & (f <= c["upper"])).all(), "an arc carries too little or too much"
    net = c["supply"].copy()
    np.subtract.at(net, c["tail"], f)
    np.add.at(net, c["head"], f)
    assert (net == 0).all(), "money is lost or made at a node"
    reduced = c["cost"] + potential[c["tail"]] - potential[c["head"]]
    least = np.where(reduced >= 0, c["lower"], c["upper"])
    return int(c["cost"].astype(object) @ f), int(reduced.astype(object) @ least) - int(
        potential.astype(object) @ c["supply"]
    )


for name in sys.argv[1:]:
    with np.load(name) as c:
        objective, bound = posting(c) if "worth_slot" in c else flow(c)
    print(
        f"{name}: objective {objective:,}, bound {bound:,}, {'optimal' if objective == bound else f'gap {objective - bound:,}'}"
    )
