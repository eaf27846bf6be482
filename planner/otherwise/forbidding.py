"""What forbids a choice: a smallest set of rules, and whether giving up one of them is enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.language import Text
from planner.clash.edits import edited
from planner.clash.members import Member
from planner.clash.smallest import Clashing, smallest_clash
from planner.clash.told import PERHAPS_FEWER, tight_rows, told_of
from planner.clash.trial import Remembering, Trials
from planner.otherwise.choice import Asking
from planner.stage import Context
from planner.stages import STAGES

MOST_GIVEN_UP = 4
"""Rules that are given up together, at most, to see what else forbids a choice."""
ALONE = Text("只是这一条不许：去掉它就可以这样", "this one alone forbids it: without it, it is possible")
EACH = Text("去掉其中任何一条，就可以这样", "without any one of these it is possible")
STILL = Text("去掉“{gone}”后仍不许，因为：{rules}", "without {gone} it is forbidden still, by: {rules}")
BOTH = Text("去掉“{gone}”，就可以这样", "without {gone} it is possible")
NOT_SEEN = Text("去掉“{gone}”是否就可以，没有确定", "whether it is possible without {gone} was not settled")


def forbidding(asking: Asking, seen: Context, rows: Sequence[Text]) -> list[Text]:
    """The smallest set of rules that forbid the choice that is held, and what giving up one of them comes to.

    Parameters
    ----------
    asking : Asking
    seen : Context
        What the stage sees, with the choice held.
    rows : sequence of Text
        What the rows of the model show of it: where each rule is tight.
    """
    stage, executor = STAGES[asking.stage], Remembering(asking.executor)
    found = smallest_clash(stage, seen, executor, asking.limits, rows)
    if not found.members:
        return list(rows)
    trials = Trials(stage, seen, executor, asking.limits)
    enough = {id(m): trials.holds([m.drop]) for m in found.members}
    said = _told(asking, seen, executor, found, enough)
    if not tight_rows(rows, found):  # what was counted, which names no rows
        return [*rows, *(m.text for m in found.members), *said]
    return told_of(rows, found, said)


def _told(
    asking: Asking, seen: Context, executor: Remembering, found: Clashing, enough: dict[int, bool | None]
) -> list[Text]:
    """What giving up each member comes to: in one line where each is enough."""
    if all(enough[id(m)] for m in found.members):
        return [ALONE if len(found.members) == 1 else EACH]
    told = [] if found.irreducible else [PERHAPS_FEWER]
    for member in found.members:
        if enough[id(member)]:
            told.append(BOTH.fill(gone=member.title))
        else:
            told += _still(asking, seen, executor, member)
    return told


def _still(asking: Asking, seen: Context, executor: Remembering, member: Member) -> Iterator[Text]:
    """What else forbids the choice without a member: one rule of each further clash is given up, until it is possible."""
    stage, gone, more = STAGES[asking.stage], [member], list[Text]()
    while len(gone) < MOST_GIVEN_UP:
        left = edited(seen, [m.drop for m in gone])
        if Trials(stage, left, executor, asking.limits).holds([]) is not False:
            break
        further = smallest_clash(stage, left, executor, asking.limits).members
        if not further:
            break
        zh, en = "；".join(m.text.zh for m in further), "; ".join(m.text.en for m in further)
        more.append(STILL.fill(gone=_titles(gone), rules=Text(zh, en)))
        gone.append(further[0])
    yield from more
    holds = Trials(stage, edited(seen, [m.drop for m in gone]), executor, asking.limits).holds([])
    yield (BOTH if holds else NOT_SEEN).fill(gone=_titles(gone))


def _titles(members: Sequence[Member]) -> Text:
    *first, last = [m.title.en for m in members]
    en = f"{', '.join(first)} and {last}" if first else last
    return Text("、".join(m.title.zh for m in members), en)
