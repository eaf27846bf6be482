"""Ways out of an infeasible scenario: the stage that cannot be solved, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from graph.errors import InfeasibleError, LimitReached
from graph.language import Text
from graph.wording import Wording
from planner.clash.edits import Cell, Edit, changed_network, changed_values
from planner.clash.members import Member
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Remembering
from planner.deciding import OnProgress, decide
from planner.decisions import looked_at, seen_by
from planner.inputs import demand_tables, seen_network
from planner.policy import Policy
from planner.repair.search import MOST, Repair, Search
from planner.repair.solving import solved
from planner.scenario import Scenario
from planner.solve.pool import Executor, Pool
from planner.stage import Context, Outcome, Stage
from planner.stages import STAGES
from planner.titles import in_own_words
from planner.workplace import FAILURES, in_words, workplace


@dataclass(frozen=True)
class WaysOut:
    """What came of the search.

    Parameters
    ----------
    stage : str
        The first stage that cannot be solved; empty where all can.
    told : Text
        What ``plan`` says of it.
    members : sequence of Member
        A smallest set of rules that cannot hold together.
    irreducible : bool
        Whether each member is known to be needed.
    repairs : sequence of Repair
        The cheapest ways out, cheapest first.
    later : mapping of int to str
        Number of a repair (from 0) → the stage after it that cannot be solved then, where that was asked for.
    beside : Text
        What ``told`` says besides the members, for who lists them.
    tight : mapping of str to Text
        Rule of members → where it is tight, as far as rows show that.
    wording : Wording, optional
        The scenario's own words, in which :meth:`as_dict` tells.
    """

    stage: str
    told: Text = Text("", "")
    members: Sequence[Member] = ()
    irreducible: bool = True
    repairs: Sequence[Repair] = ()
    later: Mapping[int, str] = field(default_factory=dict)
    beside: Text = Text("", "")
    tight: Mapping[str, Text] = field(default_factory=dict)
    wording: Wording | None = field(default=None, repr=False, compare=False)

    @in_own_words
    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "feasible": not self.stage, "stage": self.stage, "told": self.told.as_dict(),
            "members": [m.as_dict() for m in self.members], "irreducible": self.irreducible,
            "repairs": [r.as_dict() | {"later": self.later.get(i, "")} for i, r in enumerate(self.repairs)],
        }  # fmt: skip


@in_own_words
def find_ways_out(
    scenario: Scenario,
    *,
    workers: int | None = None,
    executor: Pool | None = None,
    whole: bool = False,
    most: int = MOST,
    on_progress: OnProgress | None = None,
) -> WaysOut:
    """Decide stage after stage; of the first that has no answer say why, and what would mend it.

    Parameters
    ----------
    scenario : Scenario
        What was found to be infeasible.
    workers : int, optional
        Child processes.
    executor : Pool, optional
        A pool of the caller's.
    whole : bool
        Decide the stages after the mended one, too, for each way out.
    most : int
        Ways out that are looked for.
    on_progress : callable, optional
        Called with stage, what is worked on, and facts.

    Raises
    ------
    InputError
        When a stage lacks a table that it needs.
    LimitReached
        When a stage before has no answer within the limit.
    OutsideError
        When the memory or a solver process fails.
    """
    demand_tables(scenario)
    scenario = replace(scenario, network=seen_network(scenario))
    tell = on_progress or (lambda *_: None)
    with workplace(workers, None, executor) as place:
        pool = Remembering(place)
        try:
            decided = _decided(scenario, pool, {}, tell)
        except _NoAnswer as none:
            return _ways_out(scenario, none, pool, tell, whole=whole, most=most)
    assert set(decided) == set(scenario.stages)
    return WaysOut("")


Decided = dict[str, Mapping[str, pl.DataFrame]]


class _NoAnswer(Exception):
    """A stage has no answer: which, after what decisions, and what was told."""

    def __init__(self, stage: str, decided: Decided, error: InfeasibleError) -> None:
        super().__init__(stage)
        self.stage, self.decided, self.error = stage, decided, error


def _decided(scenario: Scenario, pool: Executor, before: Decided, tell: OnProgress) -> Decided:
    """Result tables of all stages, those of ``before`` as they are.

    Raises
    ------
    _NoAnswer
        For the first stage that is infeasible.
    """
    decided = dict(before)
    left = [s for s in scenario.stages if s not in decided]
    alone = [s for s in left if not looked_at(s, scenario.stages)]
    counted = [s for s in alone if STAGES[s].count(_context(scenario, s, {}))]  # known without any solver
    for name in [*counted, *(s for s in left if s not in counted)]:
        tell(name, "", {"state": "begun"})
        try:
            outcome = _outcome(STAGES[name], _context(scenario, name, decided), scenario, pool, tell)
        except InfeasibleError as error:
            raise _NoAnswer(name, decided, error) from error
        decided[name] = outcome.tables
        tell(name, "", {"state": "done", "status": outcome.status, "seconds": 0.0, "reused": 0, "solved": 0, "resumed": 0})  # fmt: skip
    return decided


def _outcome(stage: Stage, context: Context, scenario: Scenario, pool: Executor, tell: OnProgress) -> Outcome:
    """What is decided, without what a plan only tells beside it; where there is no answer, in the words of ``plan``."""
    try:
        if not stage.count(context):
            outcome = solved(stage, context, pool, scenario.limits)
            if outcome.status in ("OPTIMAL", "FEASIBLE"):
                return outcome
    except FAILURES as failure:
        raise in_words(stage.title, failure) from failure
    return decide(stage, context, scenario, pool, tell)


def _context(scenario: Scenario, name: str, decided: Decided) -> Context:
    seen = seen_by(name, scenario.stages, decided)
    policies = scenario.policies
    return Context(
        scenario.network,
        policies[name],
        scenario.on,
        scenario.seed,
        seen,
        policies,
        published=scenario.published,
    )


def _ways_out(
    scenario: Scenario, none: _NoAnswer, pool: Executor, tell: OnProgress, *, whole: bool, most: int
) -> WaysOut:
    stage, error = STAGES[none.stage], none.error
    context = _context(scenario, none.stage, none.decided)
    posts = {(v, p) for v, p in error.certificate["posts"]} if error.certificate else None
    members, irreducible, told = error.members, error.irreducible, [error.text]
    try:
        if not members:
            found = smallest_clash(stage, context, pool, scenario.limits, told, posts)
            members, irreducible = found.members, found.irreducible
        search = Search(stage, context, pool, scenario.limits, members, told, posts)
        repairs = search.repairs(most)
    except FAILURES as failure:
        raise in_words(stage.title, failure) from failure
    later = {}
    for i, repair in enumerate(repairs if whole else ()):
        try:
            _decided(mended(scenario, none.stage, repair.edits), pool, none.decided, tell)
        except _NoAnswer as again:
            later[i] = again.stage
        except LimitReached:
            later[i] = "?"
    beside = error.text if error.beside is None else error.beside
    return WaysOut(
        none.stage, error.text, members, irreducible, repairs, later, beside, error.tight, scenario.wording
    )


def mended(scenario: Scenario, stage: str, edits: Sequence[Edit]) -> Scenario:
    """The scenario with these changes."""
    policy = scenario.policies[stage]
    changed = Policy(changed_values(policy.values, edits), policy.origins)
    network = changed_network(scenario.network, [e for e in edits if isinstance(e, Cell)])
    return replace(scenario, policies={**scenario.policies, stage: changed}, network=network)
