"""One cadre at another post: what it changes, in words, and by a second solve of the component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.language import Text
from planner.cost import SCALE
from planner.otherwise.choice import Asking, Move, Otherwise
from planner.solve.task import Answer
from planner.stages.cadres.forced import Held, Whole, force
from planner.stages.cadres.moved import people_moved
from planner.stages.cadres.settings import TEAM_RULES
from planner.stages.cadres.standing import Standing

NAME = "cadres"
TOGETHER = ("team_minimum", "team_led", *TEAM_RULES)


@dataclass(frozen=True)
class Place:
    """One post that a cadre may take, and what the plan's worths prove that it costs at least, in thousandths."""

    row: int
    slot: int
    least: int


def forced_posting(asking: Asking, standing: Standing, whole: Whole, place: Place) -> Otherwise | None:
    """The cadre at the place, by a second solve; ``None`` where all its seats are held by people in their minimum term."""
    held = force(standing.context, standing.model, whole, place.row, place.slot, asking.limits)
    if held is None:
        return None
    return priced_posting(asking, standing, with_text(asking, standing, place), held, run_held(asking, held))


def with_text(asking: Asking, standing: Standing, place: Place) -> Text:
    """The choice in words."""
    who, at = cadre_id(standing, place.row), slot_text(asking, standing, place.slot)
    return Text(f"若 {who} 派往 {at}", f"with {who} at {at}")


def priced_posting(asking: Asking, standing: Standing, what: Text, held: Held, answer: Answer) -> Otherwise:
    """The price of one held person: the component's objective now less that of the plan."""
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        rules = [r for r in TOGETHER if asking.context.policy.on(r)]
        return replace(asking.barred(what, rules), status=answer.status)
    told = standing.components[held.number]
    before, after = int(told["objective"]), int(answer.facts["objective"])
    best = before == int(told["bound"]) and answer.status == "OPTIMAL"
    moves = [
        Move(cadre_id(standing, row), slot_text(asking, standing, one), slot_text(asking, standing, other))
        for row, one, other in people_moved(standing.model, standing.before, held, answer)
    ]
    found = changed_posting(asking, what, answer.status, after - before, moves)
    if best:
        return found
    proved = standing.at_least(held.number, int(answer.facts["bound"]) - before)
    return found.at_least(proved / SCALE, standing.trivial(held.number) / SCALE)


def changed_posting(asking: Asking, what: Text, status: str, change: int, moves: Sequence[Move]) -> Otherwise:
    """Another posting that changes the objective by so many thousandths."""
    parts = _ranks(asking, change)
    return Otherwise(NAME, what, status, change / SCALE, parts, None, change > 0, moves)


def _ranks(asking: Asking, change: int) -> list[tuple[Text, float]]:
    """The change in open posts and in cost, in points; they add up to it."""
    step = int(asking.head["details"]["step"])
    seats = (change + step // 2) // step  # costs may go down while more stays open
    if not seats:
        return []
    titles = [Text(**p["title"]) for p in asking.head["composition"]["parts"]]
    return [(titles[0], seats * step / SCALE), (titles[1], (change - seats * step) / SCALE)]


def run_held(asking: Asking, held: Held) -> Answer:
    """The second solve of one held person's task."""
    asking.told("", {"state": "begun"})
    return asking.executor.run([held.task], asking.told)[0]


def cadre_id(standing: Standing, row: int) -> str:
    """The id of the cadre in a row."""
    return str(standing.model.people.table["id"][row])


def slot_text(asking: Asking, standing: Standing, slot: int) -> str:
    """A post in words; empty for none."""
    if slot < 0:
        return ""
    table = standing.model.posts.table
    return f"{asking.label(table['village'][slot])}/{table['post'][slot]}"
