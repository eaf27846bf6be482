"""Between two answers to one posting problem: from the one with fewer changes towards the cheaper one, as far as a limit lets.

The difference of two flows falls into circles through classes, slots, capped units and everything outside. Each by itself leads from one flow to
another; it is walked where it pays, breaks no rule on teams and stays within the limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve.posting import value
from planner.solve.posting_again import pair_ways
from planner.solve.posting_network import Network, read_network
from planner.solve.posting_rules import Rules, read_rules
from planner.solve.posting_sent import Sent
from planner.solve.posting_teams import Teams
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]
ARCS = ("arc_class", "arc_slot", "arc_count", "arc_listed")


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """A plan with at most ``options["changes_max"]`` changes between two.

    Arrays in: those of the engine ``posting``, and its answers ``few_arc_*`` (within the limit) and ``many_arc_*``. Arrays out:
    ``arc_*`` as there. Facts: ``objective``, ``changes``; changes count against everybody at home, so that they may be below 0.
    """
    network = read_network(arrays, int(options.get("change_price", 0)))
    teams = Teams(arrays["village"], arrays["leads"], arrays["there"], arrays["led"], arrays["wanted"])
    walk = _Walk(network, read_rules(arrays, teams), int(options["changes_max"]))
    few, many = (_keyed(network, arrays, name) for name in ("few", "many"))
    sent = walk.towards(few, many)
    report({"changes": walk.changes(sent)})
    out = {
        "arc_class": sent.of_class,
        "arc_slot": sent.slot,
        "arc_count": sent.count,
        "arc_listed": sent.stays,
    }
    objective = value(network.seats, sent) + walk.leaving(sent)
    return Answer("FEASIBLE", out, {"objective": objective, "changes": walk.changes(sent)})


Key = tuple[int, int, bool]


def _keyed(network: Network, arrays: Arrays, name: str) -> dict[Key, int]:
    """Class, slot and whether by a listed arc → people."""
    columns = (arrays[f"{name}_{k}"].tolist() for k in ARCS)
    return {(c, s, bool(listed)): n for c, s, n, listed in zip(*columns, strict=True) if n}


class _Walk:
    def __init__(self, network: Network, rules: Rules, most: int) -> None:
        self.network, self.rules, self.most = network, rules, most
        stays = network.stays
        pairs = zip(stays.of_class.tolist(), stays.slot.tolist(), strict=True)
        self.listed = {pair: k for k, pair in enumerate(pairs)}

    def sent(self, flow: Mapping[Key, int]) -> Sent:
        """People as the rules see them, at what each costs."""
        keys = sorted(flow)
        c, s = (np.array([k[i] for k in keys], np.int64) for i in (0, 1))
        listed = np.array([k[2] for k in keys], np.bool_)
        count = np.array([flow[k] for k in keys], np.int64)
        offer, _, cost = pair_ways(self.network, c, s)
        at = np.array([self.listed.get((i, j), 0) for i, j, _ in keys], np.int64)
        new = np.append(self.network.offer_cost, 0)[offer] + cost
        there = self.network.stays.cost[at] if len(self.network.stays.cost) else new
        return Sent(c, s, count, np.where(listed, there, new), listed)

    def changes(self, sent: Sent) -> int:
        """Against everybody at home."""
        at = [self.listed[i, j] for i, j in zip(sent.of_class[sent.stays].tolist(), sent.slot[sent.stays].tolist(), strict=True)]  # fmt: skip
        listed = self.network.stays.moves[np.array(at, np.int64)]
        new = self.network.moves[sent.of_class[~sent.stays]]
        return int(listed @ sent.count[sent.stays] + new @ sent.count[~sent.stays])

    def leaving(self, sent: Sent) -> int:
        """What people in their term leave behind whom nobody leads, less what they cost."""
        unled = self.rules.unled(sent.at_slots(self.network.slots))
        return int((self.rules.lost_worth - self.rules.lost_cost)[unled].sum())

    def worth(self, sent: Sent) -> int:
        """What the plan costs, empty seats included."""
        return value(self.network.seats, sent) + self.leaving(sent)

    def right(self, sent: Sent) -> bool:
        """Whether all rules on teams and households hold, but that people may leave whom nobody leads."""
        rules, slots = self.rules, self.network.slots
        if rules.teams.broken(sent.at_slots(slots)).any():
            return False
        return not rules.further or len(rules.kept(sent, slots).count) == len(sent.count)

    def towards(self, few: Mapping[Key, int], many: Mapping[Key, int]) -> Sent:
        """From ``few`` along each circle that pays, the most for each change first."""
        flow, now = dict(few), self.sent(few)
        for circle, times in self._circles(few, many):
            for _ in range(times):
                tried = dict(flow)
                for key, sign in circle:
                    tried[key] = tried.get(key, 0) + sign
                after = self.sent({k: n for k, n in tried.items() if n})
                pays = (self.worth(after), self.changes(after)) < (self.worth(now), self.changes(now))
                if self.changes(after) > self.most or not pays or not self.right(after):
                    break
                flow, now = {k: n for k, n in tried.items() if n}, after
        return now

    def _circles(self, few: Mapping[Key, int], many: Mapping[Key, int]) -> list[tuple[list[tuple[Key, int]], int]]:  # fmt: skip
        """Circles of the difference: what changes on each arc, and how often it can be walked."""
        edges = _Edges(self.network, few, many)
        base = self.sent(few)
        found: list[tuple[bool, float, int, list[tuple[Key, int]], int]] = []
        for circle, times in edges.circles():
            tried = dict(few)
            for key, sign in circle:
                tried[key] = tried.get(key, 0) + sign
            after = self.sent({k: n for k, n in tried.items() if n})
            more = self.changes(after) - self.changes(base)
            found.append(
                (more > 0, (self.worth(after) - self.worth(base)) / max(more, 1), len(found), circle, times)
            )
        found.sort(key=lambda f: f[:3])
        return [(circle, times) for *_, circle, times in found]


class _Edges:
    """The difference of two flows as edges of a graph in which as much comes to each node as leaves it."""

    def __init__(self, network: Network, few: Mapping[Key, int], many: Mapping[Key, int]) -> None:
        self.ways: dict[Any, list[list[Any]]] = defaultdict(list)
        unit, balance = network.seats.unit.tolist(), defaultdict[Any, int](int)
        for key in sorted(few.keys() | many.keys()):
            difference = many.get(key, 0) - few.get(key, 0)
            if difference:
                c, s, _ = key
                self._edge(("class", c), ("slot", s), difference, key, balance)
        for node, over in sorted(balance.items()):
            if node[0] == "class":
                to = ("unit", unit[node[1]]) if unit[node[1]] >= 0 else ("world", 0)
                self._edge(node, to, over, None, balance)
        for node, over in sorted(balance.items()):
            if node[0] in ("slot", "unit"):
                self._edge(node, ("world", 0), over, None, balance)

    def _edge(self, tail: Any, head: Any, amount: int, key: Key | None, balance: dict[Any, int]) -> None:
        balance[tail] -= amount
        balance[head] += amount
        sign = 1 if amount > 0 else -1
        if amount:
            start, end = (tail, head) if amount > 0 else (head, tail)
            self.ways[start].append([end, abs(amount), key, sign])

    def circles(self) -> list[tuple[list[tuple[Key, int]], int]]:
        """All of it, circle by circle; one that changes no arc is left out."""
        found = []
        for first in sorted(self.ways):
            while self._open(first):
                path, seen, node = list[list[Any]](), {first: 0}, first
                while True:
                    edge = self._open(node)[-1]
                    path.append(edge)
                    node = edge[0]
                    if node in seen:
                        break
                    seen[node] = len(path)
                circle = path[seen[node] :]
                times = min(e[1] for e in circle)
                for edge in circle:
                    edge[1] -= times
                changes = [(e[2], e[3]) for e in circle if e[2] is not None]
                if changes:
                    found.append((changes, times))
        return found

    def _open(self, node: Any) -> list[list[Any]]:
        ways = self.ways[node]
        while ways and not ways[-1][1]:
            ways.pop()
        return ways
