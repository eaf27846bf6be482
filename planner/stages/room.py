"""Loads against what each supporter can carry: what cannot hold, and how full it would be, with names and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph.language import Text, several

NAMED = 5


@dataclass(frozen=True)
class Noun:
    """A word for one and for several; the Chinese one with its measure word."""

    zh: str
    one: str
    many: str

    def count(self, n: int) -> str:
        """``1 unit``, ``2 units``."""
        return several(n, self.one, self.many)


@dataclass(frozen=True)
class Room:
    """Who might carry what.

    Parameters
    ----------
    carriers : sequence of str
        Names of those who carry.
    things : sequence of str or Text
        Names of what is to be carried.
    carrier, thing, load : ndarray
        (n,) row numbers of each eligible pair, and its load.
    capacity : ndarray
        (len(carriers),) what each can carry; infinite where nothing limits it.
    each : int
        How many carriers each thing needs.
    most : float
        How many things one carrier may have.
    by, of, unit, can : Noun, Noun, Text, Text
        Words for a carrier and for a thing, the unit of loads (may be empty), and the verb.
    """

    carriers: Sequence[str]
    things: Sequence[str | Text]
    carrier: np.ndarray
    thing: np.ndarray
    load: np.ndarray
    capacity: np.ndarray
    each: int
    by: Noun
    of: Noun
    most: float = np.inf
    unit: Text = Text("", "")
    can: Text = Text("承担", "carry")

    def clashes(self) -> Iterator[Text]:
        """Things too heavy for everyone; only where there are none, all loads against all capacity, then by number."""
        if not self.each or not len(self.load):
            return
        heavy = self.too_heavy()
        if heavy:
            yield self._heavy_words(heavy)
            return
        total = self._total()
        if total:
            yield total
            return
        able = self.able()
        if able.sum() < self.each * len(self.things):
            yield self._number_words(able)

    def too_heavy(self) -> list[int]:
        """Things that as many as they need may carry, but not with their capacity."""
        fits = self.load <= self.capacity[self.carrier]
        may = np.bincount(self.thing, minlength=len(self.things)) >= self.each
        can = np.bincount(self.thing[fits], minlength=len(self.things)) >= self.each
        return [int(i) for i in np.flatnonzero(may & ~can)]

    def able(self) -> np.ndarray:
        """(len(carriers),) float64: how many things each can carry at most, the lightest first."""
        order = np.lexsort((self.load, self.carrier))
        carrier, load = self.carrier[order], self.load[order].astype(np.float64)
        start = np.searchsorted(carrier, np.arange(len(self.carriers)))
        upto = np.cumsum(load)
        before = np.concatenate([[0.0], upto])[start]
        fits = upto - before[carrier] <= self.capacity[carrier]
        return np.minimum(np.bincount(carrier[fits], minlength=len(self.carriers)), self.most)

    def told(self, chosen: Sequence[int] = ()) -> Text:
        """Carriers with what they can carry and how many things that makes at most: ``chosen``, else the weakest."""
        able = self.able()
        limited = np.flatnonzero(np.isfinite(self.capacity))
        order = [int(i) for i in (chosen or limited[np.argsort(able[limited], kind="stable")])]
        zh = [
            f"{self.carriers[i]} 能力 {self._amount(self.capacity[i]).zh}，至多 {able[i]:g} {self.of.zh}"
            for i in order[:NAMED]
        ]
        en = [
            f"{self.carriers[i]} can {self.can.en} {self._amount(self.capacity[i]).en}: at most {self.of.count(int(able[i]))}"
            for i in order[:NAMED]
        ]
        more = f" …(+{len(order) - NAMED})" if len(order) > NAMED else ""
        return Text("；".join(zh) + more, "; ".join(en) + more)

    def lightest(self) -> np.ndarray:
        """(len(things),) the lightest load that each can be; the largest integer where nobody may carry it."""
        found = np.full(len(self.things), np.iinfo(np.int64).max)
        np.minimum.at(found, self.thing, self.load.astype(np.int64))
        return found

    def weights(self, chosen: Sequence[int] = ()) -> Text:
        """Things with the lightest load that each can be: ``chosen``, else the heaviest."""
        light = self.lightest()
        reached = np.flatnonzero(light < np.iinfo(np.int64).max)
        order = [int(i) for i in (chosen or reached[np.argsort(-light[reached], kind="stable")])]
        zh, en = (
            sep.join(f"{self._thing(i)[k]} {self._amount(light[i])[k]}" for i in order[:NAMED])
            for k, sep in enumerate(("、", ", "))
        )
        more = f" …(+{len(order) - NAMED})" if len(order) > NAMED else ""
        return Text(zh + more, en + more)

    def _thing(self, i: int) -> Text:
        name = self.things[i]
        return name if isinstance(name, Text) else Text(name, name)

    def _amount(self, value: float) -> Text:
        return Text(
            f"{value:,g}{self.unit.zh and ' ' + self.unit.zh}",
            f"{value:,g}{self.unit.en and ' ' + self.unit.en}",
        )

    def _heavy_words(self, heavy: list[int]) -> Text:
        zh, en, light = [], [], self.lightest()
        for i in heavy[:NAMED]:
            able = self.carrier[self.thing == i]
            best = int(able[np.argmax(self.capacity[able])])
            load, most = self._amount(light[i]), self._amount(self.capacity[best])
            who = self.carriers[best]
            if self.each == 1:
                zh.append(
                    f"{self._thing(i).zh} 需要 {load.zh}，而可承担它的各方中能力最大的 {who} 只有 {most.zh}"
                )
                en.append(f"{self._thing(i).en} needs {load.en}, but the largest of the {self.by.many} that may take it, {who}, "
                          f"can {self.can.en} {most.en}")  # fmt: skip
            else:
                zh.append(
                    f"{self._thing(i).zh} 要 {self.each} {self.by.zh}各承担 {load.zh} 以上，够大的不足 {self.each} {self.by.zh}（最大 {who} {most.zh}）"
                )
                en.append(f"{self._thing(i).en} needs {self.each} {self.by.many} that can {self.can.en} {load.en} or more, and there are "
                          f"fewer (the largest is {who} with {most.en})")  # fmt: skip
        more = f" …(+{len(heavy) - NAMED})" if len(heavy) > NAMED else ""
        return Text("；".join(zh) + more, "; ".join(en) + more)

    def _total(self) -> Text | None:
        light = self.lightest()
        needed = self.each * int(light[light < np.iinfo(np.int64).max].sum())
        supply = self.capacity.sum()
        if supply >= needed:
            return None
        n, m = len(self.carriers), len(self.things)
        have, want = self._amount(supply), self._amount(needed)
        return Text(
            f"{n} {self.by.zh}的能力合计 {have.zh}，而 {m} {self.of.zh}至少需要 {want.zh}",
            f"the {self.by.count(n)} can {self.can.en} {have.en} in all, but the {self.of.count(m)} need at least {want.en}",
        )

    def _number_words(self, able: np.ndarray) -> Text:
        """Each can carry so many at most, and together that is too few."""
        room, loads, n = self.told(), self.weights(), int(able.sum())
        wanted = self.each * len(self.things)
        zh = f"按各自的能力，{len(self.carriers)} {self.by.zh}合起来至多承担 {n} {self.of.zh}，而至少需要 {wanted}"
        en = (f"with what each can {self.can.en}, the {self.by.count(len(self.carriers))} can take {self.of.count(n)} in all at most, "
              f"but at least {wanted} must be taken")  # fmt: skip
        return Text(f"{zh}：{room.zh}；负载：{loads.zh}", f"{en}: {room.en}; loads: {loads.en}")


def rows_hit(model_rules: Sequence[str], row_rule: np.ndarray, rule: str, rows: np.ndarray) -> list[int]:
    """Numbers, within a rule's own rows, of those that stand in ``rows``."""
    if rule not in model_rules:
        return []
    mine = np.flatnonzero(row_rule == model_rules.index(rule))
    return [int(i) for i in np.flatnonzero(np.isin(mine, rows))]
