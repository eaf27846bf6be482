"""A limit on changes: a price on each, found by lines through the two best plans known, then a plan between them.

All tasks share the limit, so that they share the price. What a plan costs at that price at least, less the price of all changes that are allowed, is
a bound for every plan within the limit (weak duality).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from graph.language import Text, several
from planner.published import CHANGES_MAX
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context
from planner.stages.cadres.build import Built
from planner.stages.cadres.settings import change_price
from planner.stages.words import clash

ARCS = ("arc_class", "arc_slot", "arc_count", "arc_listed")


@dataclass(frozen=True)
class Priced:
    """Answers at a price on each change over the policy's own.

    Parameters
    ----------
    price : int
        Thousandths.
    answers : list of Answer
        One per task, with facts at the policy's own price, but for ``bound``, which is that at this one.
    costs, changes : list of int
        Of each task: its objective without this price, and changes against everybody at home.
    """

    price: int
    answers: list[Answer]
    costs: list[int]
    changes: list[int]

    @property
    def cost(self) -> int:
        """Of all tasks."""
        return sum(self.costs)

    @property
    def all_changes(self) -> int:
        """Of all tasks."""
        return sum(self.changes)


@dataclass(frozen=True)
class Within:
    """Answers that keep the limit.

    Parameters
    ----------
    answers : list of Answer
        One per task, with the worths and the bounds at ``price`` less the price of its own changes.
    price : int
        Thousandths for each change: what proves the bound.
    unused : int
        That price of all changes that would be allowed besides; so much lower is the bound of all together.
    clash : Text, optional
        Why there are none.
    shown : bool
        It is shown that there are none.
    """

    answers: list[Answer]
    price: int = 0
    unused: int = 0
    clash: Text | None = None
    shown: bool = False


def within_limit(
    context: Context, tasks: list[Task], built: Built, executor: Executor, on_progress: OnProgress | None
) -> Within:
    """Answers to the tasks with no more changes than the policy allows."""
    kept = built.model.kept
    if kept is None:
        return Within(executor.run(tasks, on_progress))
    most = int(context.policy[CHANGES_MAX]) - int(
        np.count_nonzero(kept.slot >= 0)
    )  # against everybody at home
    solver = _Solver(tasks, change_price(context.policy), executor, on_progress)
    low = solver.at(0)
    if any(a.status not in ("OPTIMAL", "FEASIBLE") for a in low.answers):
        return Within(low.answers)
    if low.all_changes <= most:
        return Within(low.answers)
    worth = int(built.model.posts.worth.max(initial=0))
    high = solver.at(2 * worth + int(built.model.posts.worth[1].max(initial=0)))
    if high.all_changes > most:
        least = int(context.policy[CHANGES_MAX]) + high.all_changes - most
        flow = all(a.facts.get("way", "flow") == "flow" for a in high.answers)
        return Within(high.answers, clash=_clash_words(least, flow), shown=flow)
    found = _between(solver, low, high, most)
    low, high = found
    proof = max(found, key=lambda p: (_bound(p, most), p.price))
    answers = _combined(solver, low, high, most)
    changes = [changes_of(t, a) for t, a in zip(tasks, answers, strict=True)]
    proved = [_proved(a, p, proof.price * n) for a, p, n in zip(answers, proof.answers, changes, strict=True)]
    return Within(proved, proof.price, proof.price * (most - sum(changes)))


def _proved(answer: Answer, proof: Answer, paid: int) -> Answer:
    """The answer with the worths of another at a price, and its bounds less what the answer's changes are ``paid`` for."""
    arrays = {**answer.arrays, **{k: proof.arrays[k] for k in ("worth_class", "worth_slot")}}
    bound = int(proof.facts["bound"])
    facts = {**answer.facts, "bound": bound - paid}
    if "proved" in answer.facts or "proved" in proof.facts:
        facts["proved"] = int(proof.facts.get("proved", bound)) - paid
    return replace(answer, arrays=arrays, facts=facts)


def _clash_words(least: int, shown: bool) -> Text:
    if shown:
        return clash(Text(f"其他规则要求至少变动 {least} 人", f"the other rules need {several(least, 'change')} at least"), CHANGES_MAX)  # fmt: skip
    return clash(Text(f"找到的方案至少变动 {least} 人", f"the plan with the fewest changes that was found makes {least}"), CHANGES_MAX)  # fmt: skip


def _bound(priced: Priced, most: int) -> int:
    return sum(int(a.facts["bound"]) for a in priced.answers) - priced.price * most


def _between(solver: _Solver, low: Priced, high: Priced, most: int) -> tuple[Priced, Priced]:
    """Plans on either side of the limit; no line between two others passes below them but within one of whole prices."""
    tried = {low.price, high.price}
    while True:
        price = (high.cost - low.cost) // (low.all_changes - high.all_changes)
        price = next((p for p in (price, price + 1) if p not in tried and low.price < p < high.price), -1)
        if price < 0:
            return low, high
        tried.add(price)
        found = solver.at(price)
        if found.all_changes > most:
            low = found
        else:
            high = found


class _Solver:
    def __init__(
        self, tasks: list[Task], own: int, executor: Executor, on_progress: OnProgress | None
    ) -> None:
        self.tasks, self.own, self.executor, self.on_progress = tasks, own, executor, on_progress

    def at(self, price: int) -> Priced:
        """All tasks at a price over the policy's own."""
        tasks = self.tasks
        if price:
            tasks = [replace(t, options={**t.options, "change_price": self.own + price}) for t in tasks]
        answers = self.executor.run(tasks, self.on_progress)
        told, costs, changes = list[Answer](), list[int](), list[int]()
        for task, answer in zip(tasks, answers, strict=True):
            if answer.status not in ("OPTIMAL", "FEASIBLE"):
                return Priced(price, list(answers), [], [])
            changes.append(changes_of(task, answer))
            costs.append(int(answer.facts["objective"]) - price * changes[-1])
            told.append(replace(answer, facts={**answer.facts, "objective": costs[-1]}))
        return Priced(price, told, costs, changes)

    def between(self, number: int, few: Answer, many: Answer, most: int) -> tuple[Answer, int]:
        """The plan of a task between two, and its changes."""
        task = self.tasks[number]
        arrays = {**task.arrays}
        for name, answer in (("few", few), ("many", many)):
            arrays |= {f"{name}_{k}": answer.arrays[k] for k in ARCS}
        options = {**task.options, "changes_max": most}
        found = self.executor.run([Task("posting_between", arrays, options, task.label)], self.on_progress)[0]
        mixed = {**few.arrays, **{k: found.arrays[k] for k in ARCS}, "parts": few.arrays["parts"][:0]}
        facts = {**few.facts, "objective": int(found.facts["objective"])}
        return replace(few, arrays=mixed, facts=facts), int(found.facts["changes"])


def _combined(solver: _Solver, low: Priced, high: Priced, most: int) -> list[Answer]:
    """Task by task from the plan with fewer changes to the cheaper one, the most for each change first; in part where not all fits."""
    answers, left = list(high.answers), most - high.all_changes
    gains = [h - c for h, c in zip(high.costs, low.costs, strict=True)]
    more = [c - h for c, h in zip(low.changes, high.changes, strict=True)]
    order = sorted(range(len(answers)), key=lambda k: (more[k] > 0, -gains[k] / max(more[k], 1), k))
    for k in order:
        if gains[k] <= 0:
            continue
        if more[k] <= left:
            answers[k], left = low.answers[k], left - more[k]
        elif left > 0:
            answers[k], now = solver.between(k, high.answers[k], low.answers[k], high.changes[k] + left)
            left -= now - high.changes[k]
    return answers


def changes_of(task: Task, answer: Answer) -> int:
    """Changes of a task's answer against everybody at home."""
    found, arrays = answer.arrays, task.arrays
    listed = found["arc_listed"]
    m = len(arrays["must"])
    keys = arrays["listed_class"] * m + arrays["listed_slot"]
    order = np.argsort(keys, kind="stable")
    arcs = found["arc_class"][listed] * m + found["arc_slot"][listed]
    at = order[np.searchsorted(keys[order], arcs)] if len(order) else np.zeros(0, np.int64)
    moved = int(arrays["listed_moves"][at] @ found["arc_count"][listed])
    return moved + int(arrays["moves"][found["arc_class"][~listed]] @ found["arc_count"][~listed])
