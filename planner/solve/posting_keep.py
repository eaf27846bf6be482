"""Rules on teams and households after the flow: exact where the choice is small, else mended neighbourhood by neighbourhood.

The flow's value bounds every plan from below. Where it keeps the rules by itself, nothing is left to do. Else its teams are
repaired and whatever
breaks them is taken back, and an integer programme decides anew: over all pairs that could be part of a better plan, where
these are few (a pair whose reduced cost is more than what the plan lies above the bound is in no better one), which proves
the optimum; else around the villages that lost people, one place after the other, everything else held as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.solve.clock import Clock
from planner.solve.posting_exact import Exact, Problem, best, nearest_plan
from planner.solve.posting_fill import fill
from planner.solve.posting_graph import Ways, Worths
from planner.solve.posting_network import Network, Seats
from planner.solve.posting_pairs import Pairs, list_pairs, nearest
from planner.solve.posting_pricing import NONE, hub_worths
from planner.solve.posting_resend import resend
from planner.solve.posting_rules import APART, NOWHERE, Rules
from planner.solve.posting_sent import Sent
from planner.solve.posting_teams import repair
from planner.solve.posting_ties import Marks

MOST_PAIRS = 6_000  # that the whole is decided over exactly
AROUND_PAIRS = 3_000  # that one neighbourhood is
NEAR = 2_000_000  # classes times slots up to which one answer among equals is looked for
THIN = 3  # least pairs of each slot where the whole is decided over the nearest ones
LISTED = 2_000_000  # pairs that are looked through for these
LEADERS = 100_000  # pairs that are looked through for who could lead
FEW = 24  # least pairs of each slot there; and of people who speak its language
ROUNDS = 3  # of neighbourhoods, and of the flow over what they settled
WORK = 0.1  # of the usual count of work, for a neighbourhood
AROUND_CHECKS = 6_000  # checks of HiGHS, and neighbourhoods, for all of them


@dataclass(frozen=True)
class Start:
    """The flow's answer: what it sent, the worths that prove ``bound``, all in all; ``draw`` among equals.

    ``held``: where an earlier plan holds people, if one does: a plan to begin with, which only a better one replaces.
    """

    network: Network
    ways: Ways
    known: Worths
    sent: Sent
    bound: int
    draw: Marks
    held: Sent | None = None


@dataclass(frozen=True)
class Kept:
    """A plan that keeps the rules.

    Parameters
    ----------
    closed : ndarray
        (v,) bool: villages to which the flow sent people and this plan sends nobody new.
    sent : Sent
    objective, bound : int
    way : str
        ``flow``, ``exact over teams`` (decided over all pairs that matter), ``around teams`` (over neighbourhoods) or
        ``exact and around teams`` (the limit of work ended the first, the second went on); ``flow and repair of teams`` where
        nothing can be found.
    open : ndarray
        (m,) bool: slots whose seats have to be filled and are not.
    cut_short : bool
        By the time limit.
    impossible : bool
        No plan fills them: shown by an integer programme and a second solver.
    """

    closed: np.ndarray
    sent: Sent
    objective: int
    bound: int
    way: str
    open: np.ndarray
    cut_short: bool
    impossible: bool = False


def settled(rules: Rules, sent: Sent, objective: int, proof: int, slots: int) -> Kept:
    """The flow's own answer, where it keeps the rules."""
    bound = min(objective, proof + rules.leaving())
    nowhere = np.zeros(len(rules.asks), np.bool_)
    return Kept(nowhere, sent, objective, bound, "flow", np.zeros(slots, np.bool_), False)


def keep(start: Start, hard: np.ndarray, zone: np.ndarray, rules: Rules, options: Mapping[str, Any], clock: Clock) -> Kept:  # fmt: skip
    """Keep rules that the flow breaks, at least cost; ``hard`` (m,) bool, ``zone`` (k, m) as in the engine ``posting``.

    With ``options["whether"]`` the first plan that fills what is hard will do.
    """
    network, slots = start.network, start.network.slots
    start = replace(start, known=replace(start.known, hub=hub_worths(network, start.known.person)))
    whole = Problem(network.seats, hard, rules, _nothing(start), np.ones(len(rules.asks), np.bool_))
    bound = start.bound + _leaving(start, rules)
    repaired = repair(network, start.ways, start.known, start.draw, start.sent, rules.teams)[1]
    plans = [rules.kept(s, slots) for s in (start.held, repaired, start.sent) if s is not None]
    plan = min(plans, key=lambda s: (int(_open(whole, s).sum()), whole.value(s)))
    if _open(whole, plan).any():
        filled = fill(network, start.known, whole, plan, _open(whole, plan), options, clock)
        if filled.impossible is not None:
            told = _told(start, whole, plan, bound, "flow and repair of teams", False)
            return replace(told, open=filled.impossible, impossible=True)
        plan = plan if filled.sent is None else filled.sent
    if options.get("whether") and not _open(whole, plan).any():
        return _told(start, whole, plan, bound, "flow and repair of teams", False)
    way, short = "around teams", False
    if (found := _whole(start, whole, plan, bound, options, clock)) is not None:
        plan, proved = found.sent or plan, bound if found.bound is None else max(bound, found.bound)
        if found.cut_short or (not _open(whole, plan).any() and whole.value(plan) <= proved):
            return _told(start, whole, plan, proved, "exact over teams", found.cut_short)
        bound, way = proved, "exact and around teams"
    elif (found := _thinly(start, whole, plan, bound, options, clock)) is not None:
        plan = found.sent or plan
    left = AROUND_CHECKS * float(options.get("work") or 1.0)
    for _ in range(ROUNDS):
        before = whole.value(plan)
        plan, short, left = _around(start, whole, plan, zone, options, clock, left)
        if short or (anew := resend(network, start.ways, start.known, start.draw, rules, plan, FEW)) is None:
            break
        if not (_open(whole, anew) & ~_open(whole, plan)).any() and whole.value(anew) < whole.value(plan):
            plan = anew
        if whole.value(plan) >= before:
            break
    return _told(start, whole, plan, bound, way, short)


def near(
    start: Start, kept: Kept, before: Sent | None, hard: np.ndarray, rules: Rules, options: Mapping[str, Any], clock: Clock
) -> Kept:  # fmt: skip
    """The answer, or one as good with more people where they were ``before``, where the pairs of such are few enough to choose among.

    Without ``before``: or one with fewer changes.
    """
    network = start.network
    if np.any(kept.open) or len(network.seats.supply) * network.slots > NEAR:
        return kept
    known = replace(start.known, hub=hub_worths(network, start.known.person))
    start = replace(start, known=known)
    everywhere = np.ones(network.slots, np.bool_)
    pairs = list_pairs(network, known, everywhere, kept.objective - start.bound, MOST_PAIRS)
    if pairs is None:
        return kept
    whole = Problem(network.seats, hard, rules, _nothing(start), np.ones(len(rules.asks), np.bool_))
    aim = _changes(network, pairs) if before is None else before
    return replace(kept, sent=nearest_plan(replace(whole, pairs=pairs), kept.sent, aim, options, clock))


def _changes(network: Network, pairs: Pairs) -> np.ndarray:
    """(pairs,) changes that one person on each is, against the same person at home."""
    stays = network.stays
    known = dict(
        zip((stays.of_class * network.slots + stays.slot).tolist(), stays.moves.tolist(), strict=True)
    )
    key = (pairs.of_class * network.slots + pairs.slot).tolist()
    staying = np.array([known.get(k, 0) for k in key], np.int64)
    return np.where(pairs.stays, staying, network.moves[pairs.of_class])


def _leaving(start: Start, rules: Rules) -> int:
    """What people who leave change at least: all of it in villages that nobody can come to lead, elsewhere where it is a gain."""
    slots = start.network.slots
    unled = rules.unled(start.sent.at_slots(slots))
    leads = rules.teams.leads & unled[rules.teams.village]
    pairs = list_pairs(start.network, start.known, leads, NONE, LEADERS)
    if pairs is None:
        return rules.leaving()
    could = np.bincount(rules.teams.village[pairs.slot], minlength=len(unled)) > 0
    lost = rules.lost_worth - rules.lost_cost
    return int(np.where(unled & ~could, lost, np.minimum(lost, 0)).sum())


def _whole(
    start: Start, whole: Problem, plan: Sent, bound: int, options: Mapping[str, Any], clock: Clock
) -> Exact | None:
    """The best over all pairs that a better plan could have; ``None`` where there are too many, ``sent`` only where better."""
    fine = not _open(whole, plan).any()
    limit = whole.value(plan) - bound if fine else NONE
    everywhere = np.ones(start.network.slots, np.bool_)
    pairs = list_pairs(start.network, start.known, everywhere, limit, MOST_PAIRS)
    return None if pairs is None else _better(start, replace(whole, pairs=pairs), plan, fine, options, clock)


def _thinly(
    start: Start, whole: Problem, plan: Sent, bound: int, options: Mapping[str, Any], clock: Clock
) -> Exact | None:
    """The best over the few nearest pairs of each slot, the whole at once: chains that no neighbourhood sees. It proves nothing.

    ``None`` where the slots are too many for that. Where units send, the programme is hard: no more pairs than are needed.
    """
    network, rules = start.network, whole.rules
    wanted = network.seats.count.sum(axis=0) > 0
    few = MOST_PAIRS // max(1, int(wanted.sum()))
    if few < THIN:
        return None
    if len(np.unique(rules.sender)) > 1:
        few = min(few, THIN + 1)
    fine = not _open(whole, plan).any()
    limit = whole.value(plan) - bound if fine else NONE
    pairs = list_pairs(network, start.known, wanted, limit, LISTED)
    if pairs is None:
        return None
    speaks = rules.understood(pairs.of_class, rules.teams.village[pairs.slot])
    pairs = nearest(pairs, few, speaks, pairs.counts(plan, network.slots) > 0)
    chosen = {**options, "work": WORK * float(options.get("work") or 1.0)}
    return _better(start, replace(whole, pairs=pairs), plan, fine, chosen, clock)


def _better(
    start: Start, problem: Problem, plan: Sent, fine: bool, options: Mapping[str, Any], clock: Clock
) -> Exact:
    """What the programme finds; ``sent`` only where it is no worse than ``plan``, better where that holds to an earlier one, if it is ``fine``."""
    strict = int(start.held is not None)
    found = best(problem, plan if fine else None, options, clock)
    if found.sent is not None and fine and problem.value(found.sent) + strict > problem.value(plan):
        return replace(found, sent=None)
    return found


def _told(start: Start, whole: Problem, plan: Sent, bound: int, way: str, cut_short: bool) -> Kept:
    slots = start.network.slots
    village = whole.rules.teams.village
    before, after = (np.bincount(village, s.at_slots(slots), len(whole.villages)) for s in (start.sent, plan))
    objective = whole.value(plan)
    closed = np.asarray((before > 0) & (after == 0))
    return Kept(closed, plan, objective, min(bound, objective), way, _open(whole, plan), cut_short)


def _open(whole: Problem, plan: Sent) -> np.ndarray:
    """(m,) bool: hard slots that are not filled, or whose people leave."""
    there = plan.at_slots(len(whole.hard))
    lost = whole.rules.unled(there) & whole.rules.lost_hard
    unfilled = whole.hard & (there < whole.seats.count[0])
    return np.asarray(unfilled | lost[whole.rules.teams.village])


def _nothing(start: Start) -> Any:
    nobody = np.zeros(start.network.slots, np.bool_)
    return list_pairs(start.network, start.known, nobody, NONE, 1)


def _around(
    start: Start,
    whole: Problem,
    plan: Sent,
    zone: np.ndarray,
    options: Mapping[str, Any],
    clock: Clock,
    left: float,
) -> tuple[Sent, bool, float]:
    """Decide anew around the villages that have fewer people than the flow sent, place by place; whether time ended it.

    ``left`` is the work that may still be done, in checks and neighbourhoods; it is given back less what was done.
    """
    slots, v = start.network.slots, len(whole.villages)
    village = whole.rules.teams.village
    lacking = np.maximum(start.sent.at_slots(slots) - plan.at_slots(slots), 0)
    hurt = np.bincount(village, lacking, v) > 0
    of_village = np.arange(v)
    if len(np.atleast_2d(zone)) and np.size(zone):
        of_village[village] = np.atleast_2d(zone)[0]
    chosen = {**options, "work": WORK * float(options.get("work") or 1.0)}
    for place in np.unique(of_village[hurt]).tolist():
        inside = np.flatnonzero(of_village == place)
        inside = inside[np.argsort(~hurt[inside], kind="stable")]
        for part in np.array_split(inside, max(1, -(-len(inside) // _at_once(start, inside, village)))):
            if clock.up():
                return plan, True, left
            if left <= 0:
                return plan, False, left
            plan, checks = _anew(start, whole, plan, np.isin(np.arange(v), part), chosen, clock)
            left -= checks + 1
    return plan, False, left


def _at_once(start: Start, inside: np.ndarray, village: np.ndarray) -> int:
    """Villages that are decided anew at once."""
    slots = np.isin(village, inside) & (start.network.seats.count.sum(axis=0) > 0)
    each = max(1.0, float(slots.sum()) / max(1, len(inside)))
    return max(1, int(AROUND_PAIRS // (2 * FEW * each)))


def _anew(
    start: Start, whole: Problem, plan: Sent, villages: np.ndarray, options: Mapping[str, Any], clock: Clock
) -> tuple[Sent, int]:
    """The plan with the people of some ``villages`` (v,) bool, and those posted nowhere, decided anew; never worse. And the work."""
    network, rules = start.network, whole.rules
    inside = villages[rules.teams.village[plan.slot]]
    here, away = plan.only(inside), plan.only(~inside)
    seats, left = _left(network.seats, away), _bound(rules, away)
    slots = villages[rules.teams.village]
    pairs = list_pairs(replace(network, seats=seats), start.known, slots, NONE, 20 * AROUND_PAIRS)
    if pairs is None:
        return plan, 0
    speaks = rules.understood(pairs.of_class, rules.teams.village[pairs.slot])
    pairs = nearest(pairs, FEW, speaks, pairs.counts(here, network.slots) > 0)
    problem = Problem(seats, whole.hard & slots, left, pairs, villages)
    fine = not (_open(whole, plan) & slots).any()
    found = best(problem, here if fine else None, options, clock)
    if found.sent is None or (fine and problem.value(found.sent) >= problem.value(here)):
        return plan, found.checks
    names = ("of_class", "slot", "count", "cost", "stays")
    return Sent(*(np.concatenate([getattr(away, k), getattr(found.sent, k)]) for k in names)), found.checks


def _left(seats: Seats, away: Sent) -> Seats:
    """People and releases that others leave."""
    people = np.bincount(away.of_class, away.count, len(seats.supply)).astype(np.int64)
    capped = seats.unit >= 0
    used = np.bincount(seats.unit[capped], people[capped], len(seats.unit_cap)).astype(np.int64)
    return replace(seats, supply=seats.supply - people, unit_cap=seats.unit_cap - used)


def _bound(rules: Rules, away: Sent) -> Rules:
    """The rules where those who are ``away`` stay where they are, and bind their households."""
    home = rules.household[away.of_class]
    rows = np.flatnonzero(home >= 0)
    bound, moved = rules.bound_to.copy(), rules.moved.copy()
    for h, p in zip(
        home[rows].tolist(), rules.place[rules.teams.village[away.slot[rows]]].tolist(), strict=True
    ):
        bound[h] = p if bound[h] in (NOWHERE, p) else APART
    moved[home[rows[~away.stays[rows]]]] = True
    return replace(rules, bound_to=bound, moved=moved)
