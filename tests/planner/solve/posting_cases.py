"""Random lands for the tests of the engine `posting`: its arrays beside the dense table of costs, and what a plan proves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from planner.solve import posting, posting_network, posting_start, posting_teams
from planner.solve.engines import run
from planner.solve.posting_flow import send, worths
from planner.solve.posting_graph import NO_WAYS, Ways, Worths, graph
from planner.solve.posting_network import NEVER, Network, read_network
from planner.solve.posting_pricing import NONE, hub_worths, price
from planner.solve.task import Answer

STEP = 100_000
NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Land:
    """``arrays`` of the engine, and ``table`` (n, m) int64: the cost of every pair, ``NEVER`` where nobody may go."""

    arrays: dict[str, np.ndarray]
    table: np.ndarray

    def network(self) -> Network:
        return read_network(self.arrays)


def answer(arrays: dict[str, np.ndarray]) -> Answer:
    return run("posting", arrays, {}, lambda found: None)


def dense(cost: np.ndarray, supply: list[int], must: list[int], further: list[int], **more: Any) -> Land:
    """One group with one row of costs for each class; every slot is a village of its own unless given."""
    n, m = cost.shape
    found: dict[str, Any] = {
        "supply": supply, "group": [0] * n, "c0": range(n), "c1": [0] * n, "c2": [0] * n, "unit": [-1] * n, "unit_cap": [],
        "slot_ptr": [0, m], "slot_list": range(m), "must": must, "further": further, "must_gain": [3 * STEP] * m,
        "further_gain": [STEP] * m, "village": range(m), "there": [0] * m, "wanted": [0] * m,
        "listed_class": [], "listed_slot": [], "listed_room": [], "listed_cost": [],
        "t0_ptr": [0, n * m], "t1_ptr": [0, m], "t2_ptr": [0, m], "leads": [0] * m, "hard": [0] * m, **more,
    }  # fmt: skip
    found.setdefault("led", [0] * len(found["there"]))
    made = {k: np.array(v, np.bool_ if k in ("led", "leads", "hard") else np.int64) for k, v in found.items()}
    made |= {"t0": cost.astype(np.int32).ravel(), "t1": np.zeros(m, np.int32), "t2": np.zeros(m, np.int32)}
    return Land(made, np.asarray(cost, np.int64))


def land(
    seed: int,
    *,
    classes: int = 14,
    slots: int = 10,
    gains: tuple[int, ...] = (3 * STEP, 4 * STEP, 5 * STEP),
    further: int = STEP,
    units: bool = False,
    stays: bool = False,
    hard: bool = False,
    teams: bool = False,
) -> Land:
    """Up to three overlapping groups, two wishes in each, fences in all three tables; some slots without seats."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, classes)), int(rng.integers(2, slots))
    groups = int(rng.integers(1, 4))
    group = rng.integers(-1, groups, n)
    lists = [np.flatnonzero(rng.random(m) < 0.8) for _ in range(groups)]
    codes, table = np.zeros((3, n), np.int64), np.full((n, m), NEVER, np.int64)
    flat: list[list[np.ndarray]] = [[], [], []]
    for g, chosen in enumerate(lists):
        members = np.flatnonzero(group == g)
        parts = _tables(rng, len(chosen))
        codes[:, members] = [rng.integers(0, len(t), members.size) for t in parts]
        for k in range(3):
            flat[k].append(parts[k].astype(np.int32))
        sums = sum(t[code] for t, code in zip(parts, codes[:, members], strict=True))
        table[np.ix_(members, chosen)] = np.minimum(sums, NEVER)
    seats = rng.integers(0, 3, (2, m))
    must_hard = rng.random(m) < 0.4 if hard else np.zeros(m, np.bool_)
    village = rng.integers(0, max(1, m // 2), m) if teams else np.arange(m)
    v = int(village.max()) + 1
    arrays = {
        "supply": rng.integers(0, 4, n),
        "group": group,
        "unit": rng.integers(-1, 2, n) if units else np.full(n, -1),
        "unit_cap": rng.integers(0, 4, 2) if units else NOTHING,
        "slot_ptr": np.cumsum([0, *map(len, lists)]),
        "slot_list": np.concatenate(lists),
        "must": seats[0],
        "further": seats[1],
        "must_gain": np.where(must_hard, 2 * max(gains), rng.choice(gains, m)),
        "further_gain": np.full(m, further),
        "hard": must_hard,
        "village": village,
        "leads": rng.random(m) < 0.4,
        "there": rng.integers(0, 2, v) * teams,
        "led": rng.random(v) < 0.2,
        "wanted": rng.integers(0, 4, v) * teams,
        "zone": rng.integers(0, 2, (1, m)),
    }
    pair = np.unique(rng.integers(0, n * m, int(rng.integers(0, 6)) * stays))
    arrays |= {"listed_class": pair // m, "listed_slot": pair % m}
    arrays |= {"listed_room": rng.integers(0, 3, len(pair)), "listed_cost": rng.integers(-5, 30, len(pair))}
    for k in range(3):
        arrays[f"t{k}"], arrays[f"c{k}"] = np.concatenate([f.ravel() for f in flat[k]]), codes[k]
        arrays[f"t{k}_ptr"] = np.cumsum([0, *(f.size for f in flat[k])])
    return Land(arrays, table)


def _tables(rng: np.random.Generator, slots: int) -> list[np.ndarray]:
    """Rows of three tables over so many slots; the columns of the second are the two wishes."""
    home, unit = (rng.integers(0, 60, (int(rng.integers(1, 4)), slots)) for _ in range(2))
    home[rng.random(home.shape) < 0.15] = NEVER
    unit[rng.random(unit.shape) < 0.1] = NEVER
    wish = rng.integers(0, 60, (int(rng.integers(1, 4)), 2))
    wish[rng.random(wish.shape) < 0.25] = NEVER
    wish[wish[:, 0] == wish[:, 1], 1] = 60
    return [home, wish[:, np.arange(slots) % 2], unit]


@contextmanager
def hubs(wanted: bool) -> Iterator[None]:
    """Hubs wherever there are two wishes, or a row of costs for each class."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_network, "OFFER", -(10**6) if wanted else 10**6)
        yield


def check(case: Land, found: Answer) -> int:
    """The plan keeps all rules but those of teams and costs what it says; its worths prove the flow's bound. That bound."""
    objective, bound = int(found.facts["objective"]), int(found.facts["bound"])
    assert cost_of(case, found) == objective
    person, slot = found.arrays["worth_class"], found.arrays["worth_slot"]
    reduced = case.table + person[:, None] - slot[None, :]
    assert (reduced[case.table < NEVER] >= 0).all() and (person >= 0).all()
    flow = int(found.facts.get("proved", bound))
    assert proved(case, slot) == flow <= bound
    assert bound <= objective and (found.status == "OPTIMAL") == (bound == objective)
    return flow


def cost_of(case: Land, found: Answer) -> int:
    """Cost of the people sent and of the seats left empty, from the table; nobody goes where there is no room."""
    a, (n, m) = case.arrays, case.table.shape
    of_class, slot, count, stays = (found.arrays[f"arc_{k}"] for k in ("class", "slot", "count", "listed"))
    assert (count > 0).all() and len(np.unique(np.stack([of_class, slot, stays]), axis=1).T) == len(count)
    new = ~stays
    paid = case.table[of_class[new], slot[new]]
    assert (paid < NEVER).all()
    total = int(paid @ count[new])
    listed = {(c, s): k for k, (c, s) in enumerate(zip(a["listed_class"], a["listed_slot"], strict=True))}
    for c, s, people in zip(of_class[stays], slot[stays], count[stays], strict=True):
        assert people <= a["listed_room"][listed[c, s]]
        total += int(people * a["listed_cost"][listed[c, s]])
    sent = np.bincount(of_class, count, n).astype(np.int64)
    assert (sent <= a["supply"]).all()
    capped = a["unit"] >= 0
    assert (np.bincount(a["unit"][capped], sent[capped], len(a["unit_cap"])) <= a["unit_cap"]).all()
    there = np.bincount(slot, count, m).astype(np.int64)
    assert (there <= a["must"] + a["further"]).all()
    late = np.maximum(there - a["must"], 0)
    empty = (a["must"] - (there - late)) @ a["must_gain"] + (a["further"] - late) @ a["further_gain"]
    return total + int(empty)


def proved(case: Land, worth: np.ndarray) -> int:
    """What worths of slots (m,) alone prove about every plan: each seat at most its worth, each person the best of theirs."""
    a = case.arrays
    seats = (
        np.minimum(a["must_gain"], worth) * a["must"] + np.minimum(a["further_gain"], worth) * a["further"]
    )
    best = np.where(case.table < NEVER, worth[None, :] - case.table, 0).max(axis=1, initial=0)
    gains: dict[int, list[tuple[int, int]]] = {}
    for i, (people, unit) in enumerate(zip(a["supply"].tolist(), a["unit"].tolist(), strict=True)):
        mine = np.flatnonzero(a["listed_class"] == i)
        offers = [
            (
                max(int(best[i]), int(worth[a["listed_slot"][k]] - a["listed_cost"][k])),
                int(a["listed_room"][k]),
            )
            for k in mine
        ]
        gains.setdefault(unit if unit >= 0 else -1 - i, []).extend(
            _most([*offers, (int(best[i]), people)], people)
        )
    total = 0
    for unit, found in gains.items():
        most = sum(people for _, people in found) if unit < 0 else int(a["unit_cap"][unit])
        total += sum(gain * people for gain, people in _most(found, most))
    return int(seats.sum()) - total


def _most(gains: list[tuple[int, int]], people: int) -> list[tuple[int, int]]:
    """The largest gains of so many people."""
    found = []
    for gain, room in sorted(gains, reverse=True):
        taken = min(room, people)
        people -= taken
        found.append((gain, taken))
    return found


def table_of(network: Network) -> np.ndarray:
    """(n, m) int64 cost of every pair through the hubs, ``NEVER`` where nobody may go; each by one hub alone."""
    n, m = len(network.seats.supply), network.slots
    found, seen = np.full((n, m), NEVER, np.int64), np.zeros((n, m), np.int64)
    for block in network.blocks:
        cost = block.costs(0, block.rows)
        for of_class, hub, offer in zip(
            network.offer_class, network.offer_hub, network.offer_cost, strict=True
        ):
            row, wish = divmod(int(hub) - block.first, block.wishes)
            if not 0 <= row < block.rows:
                continue
            chosen = (block.wish == wish) & (cost[row] < NEVER)
            found[of_class, block.slots[chosen]] = offer + cost[row, chosen]
            seen[of_class, block.slots[chosen]] += 1
    assert seen.max(initial=0) <= 1
    return found


def every_way(network: Network) -> Ways:
    """All allowed ways, once each."""
    free = np.zeros(network.hubs, np.int64), np.zeros(network.slots, np.int64)
    return NO_WAYS.plus(price(network, *free, max(network.slots, 1), 0, NONE).ways)


@contextmanager
def narrow() -> Iterator[None]:
    """One first way of each row and slot, one that joins, reduced costs cut off as low as may be, blocks of few pairs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_network, "BLOCK", 7)
        for module, names in ((posting_start, ("MANY", "FEW")), (posting, ("JOINING", "JOINING_SLOT"))):
            for name in names:
                patch.setattr(module, name, 1)
        for module in (posting_start, posting, posting_teams):
            patch.setattr(module, "MATTERS", 1)
        yield


def optimum_of(network: Network) -> tuple[Worths, Ways]:
    """Optimal worths over all ways of a network, hubs worth the most that they can be; and all ways."""
    ways = every_way(network)
    of = graph(network, ways)
    known, _ = worths(of, send(of))
    return replace(known, hub=hub_worths(network, known.person)), ways


def sent_pairs(found: Answer) -> list[tuple[int, int, int]]:
    """Class, slot and people, by class and slot; who stays and who comes together."""
    of_class, slot, count = (found.arrays[f"arc_{k}"].tolist() for k in ("class", "slot", "count"))
    sums: dict[tuple[int, int], int] = {}
    for c, s, k in zip(of_class, slot, count, strict=True):
        sums[c, s] = sums.get((c, s), 0) + k
    return sorted((c, s, k) for (c, s), k in sums.items())
