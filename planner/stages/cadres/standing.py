"""Where the plan left everybody, what each worth says of another posting, and which rules bar one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from planner.published import FROZEN
from planner.stage import Context
from planner.stages.cadres.build import Model, batches, left_seats, read_model
from planner.stages.cadres.forced import Whole, open_to
from planner.stages.cadres.people import in_place
from planner.stages.cadres.settings import change_price


@dataclass(frozen=True)
class Standing:
    """A plan's postings against the model.

    Parameters
    ----------
    context : Context
    model : Model
    before : ndarray
        (n cadres,) slot of each in the plan, −1 where at none.
    worth_cadre, worth_post : ndarray
        The plan's certificate: (n cadres,) and (m,) int64 thousandths.
    components : sequence of mapping
        What the plan tells of each task: ``objective``, ``bound``, and ``proved`` where a search went beyond.
    """

    context: Context
    model: Model
    before: np.ndarray
    worth_cadre: np.ndarray
    worth_post: np.ndarray
    components: list[Mapping[str, Any]]

    def row_of(self, cadre: str) -> int | None:
        """Row of ``cadres``; ``None`` of an id that is no cadre's."""
        found = self.model.people.table["id"].index_of(cadre)
        return None if found is None else int(found)

    @cached_property
    def seats(self) -> np.ndarray:
        """(m,) seats of each slot that people in their minimum term leave."""
        return np.asarray(left_seats(self.model.posts, self.model.people).sum(axis=0))

    @cached_property
    def gone(self) -> np.ndarray:
        """(n cadres,) bool: the last posting names a reason for its end other than that the term is over."""
        place = in_place(self.context, self.model.people.table, self.model.posts.table)
        return place["gone"].to_numpy()

    @cached_property
    def class_of_row(self) -> np.ndarray:
        """(n cadres,) class of each free cadre, −1 for all others."""
        found = np.full(self.model.people.table.height, -1)
        found[self.model.crowd.rows] = self.model.crowd.number
        return found

    @cached_property
    def task_of_component(self) -> np.ndarray:
        """(components,) which of the stage's tasks each component was solved in."""
        chosen = batches(self.model)
        found = np.zeros(sum(len(c) for c in chosen), np.int64)
        for number, components in enumerate(chosen):
            found[components] = number
        return found

    def in_place(self, row: int) -> bool:
        """Whether the plan leaves a free cadre where they are in place, or published."""
        crowd = self.model.crowd
        published = crowd.published[np.searchsorted(crowd.rows, row)]
        return bool(self.before[row] >= 0 and self.before[row] in (self.model.people.post[row], published))

    def task_of(self, row: int) -> int:
        """Which of the stage's tasks a free cadre takes part in."""
        return int(self.task_of_component[self.model.of_class[self.class_of_row[row]]])

    def villages_in(self, place: str) -> np.ndarray:
        """Numbers of the villages that are a place or lie below it."""
        places = self.model.places
        above = places.row_of(pl.Series([place]))
        return np.flatnonzero(places.below(self.model.posts.villages, above))

    def open_seats(self, row: int) -> np.ndarray:
        """Slots that a free cadre may take and at which not all seats are held by people in their minimum term."""
        slots = open_to(self.model, row)
        return np.asarray(slots[self.seats[slots] > 0])

    def price_of(self, row: int | np.ndarray, slots: np.ndarray) -> np.ndarray:
        """(k,) thousandths of the cadre, or of each of (k,) cadres, at each slot by itself."""
        rows = np.broadcast_to(row, slots.shape)
        return self.model.costs.single(self.class_of_row[rows], slots, slots == self.model.people.post[rows])

    def alone(self, row: int | np.ndarray, slots: np.ndarray) -> np.ndarray:
        """As :meth:`price_of`, with the price of the change that it is against the published plan."""
        return np.asarray(self.price_of(row, slots) + self._change(row, slots))

    def is_flow(self, component: int) -> bool:
        """Whether a task's people are a cheapest flow that the worths prove; no rules are in force but those on leaders and sizes of teams."""
        told = self.components[component]
        proved = min(int(told.get("proved", told["bound"])), int(told["bound"]))
        return self.model.rules is None and told.get("way") == "flow" and int(told["objective"]) == proved

    def least(self, row: int | np.ndarray, slots: np.ndarray, component: int) -> np.ndarray:
        """(k,) thousandths that the plan's objective grows by at least with the cadre, or each of (k,) cadres, at each slot.

        The reduced cost by the worths, less what the plan may be above what they prove.
        """
        told = self.components[component]
        above = int(told["objective"]) - min(int(told.get("proved", told["bound"])), int(told["bound"]))
        worth = self.worth_post[slots] - self.worth_cadre[row]
        return np.asarray(self.alone(row, slots) - worth - above)

    def at_least(self, component: int, change: Any) -> Any:
        """Thousandths that the objective grows by at least, where a bound tells ``change``: never less than what the plan may be bettered by."""
        return np.maximum(change, self.trivial(component))

    def trivial(self, component: int) -> int:
        """What every posting changes a task's objective by at least, in thousandths: nothing beyond a proved plan, else what is below it unproved."""
        told = self.components[component]
        return int(told["bound"]) - int(told["objective"])

    def _change(self, row: int | np.ndarray, slots: np.ndarray) -> np.ndarray:
        """(k,) thousandths for the change that the cadre at each slot is, against the cadre at home."""
        kept = self.model.kept
        if kept is None:
            return np.zeros(len(slots), np.int64)
        held = kept.slot[np.broadcast_to(row, slots.shape)]
        moves = np.where(held < 0, 1, np.where(slots == held, -1, 0))
        return np.asarray(change_price(self.context.policy) * moves)

    def begun(self, whole: Whole) -> Whole:
        """The task with the plan's own answer as the engine's place to begin; it answers as it would without, only sooner."""
        model, (classes, slots, _) = self.model, whole.part
        class_at = np.full(len(model.crowd.supply), -1)
        class_at[classes] = np.arange(len(classes))
        slot_at = np.full(len(self.seats), -1)
        slot_at[slots] = np.arange(len(slots))
        rows, number = model.crowd.rows, model.crowd.number
        mine = np.flatnonzero((class_at[number] >= 0) & (self.before[rows] >= 0))
        at = self.before[rows[mine]]
        stays = (at == model.people.post[rows[mine]]) | (at == model.crowd.published[mine])
        arcs, count = np.unique(
            np.stack([class_at[number[mine]], slot_at[at], stays]), axis=1, return_counts=True
        )
        worth = np.zeros(len(class_at), np.int64)
        worth[number] = self.worth_cadre[rows]
        before = {
            "class_mark": whole.arrays["class_mark"], "slot_mark": whole.arrays["slot_mark"], "parts": np.zeros(0, np.uint64),
            "worth_class": worth[classes], "worth_slot": self.worth_post[slots],
            "arc_class": arcs[0], "arc_slot": arcs[1], "arc_count": count, "arc_listed": arcs[2].astype(np.bool_),
        }  # fmt: skip
        arrays = {**whole.arrays, **{f"before_{k}": v for k, v in before.items()}}
        return replace(whole, arrays=arrays, before=self.before)

    def barred(self, row: int, slot: int) -> list[str]:
        """Rules of which each by itself keeps a cadre from a slot; empty where it may be posted there."""
        model, people = self.model, self.model.people
        if people.post[row] == slot and (people.free[row] or people.fixed[row]):
            return []
        if people.fixed[row]:
            return [self.kept_by(row)]
        if not people.free[row]:
            return ["ended_because"] if self.gone[row] else ["availability"]
        if not people.new[row]:
            return ["availability"]
        number = int(self.class_of_row[row])
        group = int(model.reach.group[number])
        traits, village = model.costs.traits, model.posts.village[slot]
        found = [] if group >= 0 and slot in model.reach.slots[group] else ["posting_area"]
        kept = model.costs.fit_enough(traits.ability[[number]], np.array([slot]))
        kept |= model.costs.near_enough(traits.home[[number]], model.posts.villages[[village]])
        found += [rule for rule, holds in kept.items() if not holds.all()]
        shut = model.kept is not None and bool(model.kept.shut[village])
        return found or ([] if self.seats[slot] > 0 else [FROZEN if shut else "minimum_term_years"])

    def kept_by(self, row: int) -> str:
        """The rule that keeps a cadre where they are: a freeze, or the minimum term."""
        kept = self.model.kept
        return FROZEN if kept is not None and kept.frozen[row] else "minimum_term_years"


def read_standing(
    context: Context,
    postings: pl.DataFrame,
    certificates: Mapping[str, np.ndarray],
    components: list[Mapping[str, Any]],
) -> Standing:
    """The plan's postings against the model that it was made from; see :class:`Standing`."""
    model = read_model(context)
    slots = model.posts.table.select("village", "post").with_row_index("slot")
    at = postings.select("cadre", "village", "post").join(slots, on=["village", "post"], how="left")
    people = model.people.table.select(pl.col("id").alias("cadre"))
    placed = people.join(at.select("cadre", "slot"), on="cadre", how="left", maintain_order="left")
    before = placed["slot"].cast(pl.Int64).fill_null(-1).to_numpy()
    return Standing(
        context, model, before, certificates["worth_cadre"], certificates["worth_post"], components
    )
