"""Loads that a hand-made plan leaves open: divided so that no rule breaks, where any division does that."""

from __future__ import annotations

from functools import partial

import numpy as np

from graph.errors import OutsideError
from graph.language import Text
from planner.solve.executor import LocalProcesses
from planner.solve.pool import SolverDefect, SolverKilled, SolverMemory
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages.pairing.loads import divide, divide_loads, least_parts
from planner.stages.pairing.members import Members, fair_caps
from planner.stages.pairs import Pairs

SOLVED = Text(
    "pairing：未填的负载若只按财力分会违反规则，已改为各条规则都成立的分法",
    "pairing: loads that were left open were divided so that every rule holds; by strength alone one would not",
)
UNSOLVED = Text(
    "pairing：未填的负载无论怎样分都会违反规则，现按财力分",
    "pairing: however the loads that were left open are divided, a rule breaks; they were divided by strength",
)


def run_apart(stage: str, tasks: list[Task]) -> list[Answer]:
    """Answers of tasks in a child process.

    Raises
    ------
    OutsideError
        When the process ended or its memory did not suffice.
    """
    try:
        with LocalProcesses(1) as executor:
            return executor.run(tasks)
    except (SolverKilled, SolverMemory) as error:
        raise OutsideError(
            f"{stage}：求解进程中断（{error}）", f"{stage}: the solver process ended ({error})"
        ) from error
    except SolverDefect as error:
        raise RuntimeError(f"{stage}: {error}") from error


def region_loads(
    context: Context, members: Members, pairs: Pairs, chosen: np.ndarray, given: np.ndarray
) -> tuple[np.ndarray, list[Text]]:
    """Loads of chosen region pairs, (k,) int64, and what should be known about them.

    ``given`` (k,) float64: what the file says, NaN where it is left open. By strength, where that breaks no rule; else
    as a small model divides them; by strength again where it cannot.
    """
    plain = share_rest(pairs, chosen, given, members.strength[pairs.supporter[chosen]])
    if not np.isnan(given).any() or not breaks(context, members, pairs, chosen, plain):
        return plain, []
    run = partial(run_apart, "pairing")
    found = divide_loads(context, run, Limits(), members, pairs, chosen, given)
    if found is None or breaks(context, members, pairs, chosen, found):
        return plain, [UNSOLVED]
    return found, [SOLVED]


def share_rest(pairs: Pairs, chosen: np.ndarray, given: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """What the given loads (k,) leave of each recipient's, divided in proportion to ``weight`` (k,); int64."""
    found = np.where(np.isnan(given), 0, given).astype(np.int64)
    recipient, is_open = pairs.recipient[chosen], np.isnan(given)
    told = np.zeros(len(pairs.recipients), dtype=np.int64)
    np.add.at(told, recipient, found)
    rest = np.maximum(pairs.load[chosen] - told[recipient], 0)
    found[is_open] = divide(rest[is_open], recipient[is_open], weight[is_open])
    return found


def breaks(context: Context, members: Members, pairs: Pairs, chosen: np.ndarray, loads: np.ndarray) -> bool:
    """Whether loads (k,) break a rule: whole recipients, least parts, at most the fair share with its tolerance."""
    recipient, supporter = pairs.recipient[chosen], pairs.supporter[chosen]
    taken = np.bincount(recipient, loads, len(members.recipients))
    if (taken[recipient] != pairs.load[chosen]).any():
        return True
    if (loads < least_parts(context, pairs.load[chosen])).any():
        return True
    if context.policy["fair_load_tolerance"] is None:
        return False
    carried = np.bincount(supporter, loads, len(members.supporters))
    return bool((carried > fair_caps(context, members)).any())
