"""Where the time and the memory of a national plan go: the planning process, and the engine on the largest component."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import national
from benchmarks.page import Page

PLANNING = (
    ("read the tables and check them", "planner.scenario:read_scenario"),
    ("cadres: tables to arrays", "planner.stages.cadres:Cadres.tasks"),
    ("cadres: flows to persons and tables", "planner.stages.cadres:Cadres.answer"),
    ("cadres: baseline", "planner.stages.cadres:Cadres.baseline"),
    ("cadres: key figures, of plan and baseline", "planner.stages.cadres:Cadres.measure"),
    ("funds: from tables to tables, solvers too", "planner.stages.funds.stage:Funds.solve"),
    ("exit: tables to arrays", "planner.stages.exit.stage:Exit.tasks"),
    ("exit: answers to tables", "planner.stages.exit.stage:Exit.answer"),
    ("keys of tasks, kept answers", "planner.reuse:Reusing._kept"),
    ("kept answers written", "planner.reuse:Answers.put"),
    ("arrays to the solver processes", "planner.solve.exchange:write_task"),
    ("verify all stages", "planner.run:_settle_rules"),
    ("seals and files of the plan", "planner.plan_writer:PlanWriter.seal"),
)
"""What it is; module and function: seconds by the clock, several calls added up."""
ENGINE = (
    ("the network: hubs, ways, wishes", "planner.solve.posting_network:read_network"),
    ("types of slots", "planner.solve.posting_network:slot_types"),
    ("the order of seats", "planner.solve.posting_start:_order"),
    ("flows (OR-Tools), those of the draw too", "planner.solve.posting_flow:cheapest_arcs"),
    ("worths: shortest distances", "planner.solve.posting_flow:settled"),
    ("pricing", "planner.solve.posting_pricing:price"),
    ("graphs of arcs", "planner.solve.posting_graph:graph"),
    ("the draw, with its flow and pricing", "planner.solve.posting_ties:drawn_flow"),
    ("pairs of class and post", "planner.solve.posting_sent:people_sent"),
    ("the old answer: its people, its worths, one look at all ways", "planner.solve.posting_again:resumed"),
    ("windows sent again until worths prove them", "planner.solve.posting_window:mended"),
)


def run() -> Page:
    """The page; the scenario is generated anew, and planned with one worker beside the planning process."""
    with tempfile.TemporaryDirectory() as folder:
        country = Path(folder) / "n"
        subprocess.run(
            [sys.executable, "-m", "jiedui", "generate", "national", "-o", country],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        plan = _child("planning", country, Path(folder) / "p")
        engine = _child("engine", country, Path(folder))
    rows = [("**planning process**", plan["seconds"], "", plan["own"])]
    rows += [(what, s, s / plan["seconds"], "") for what, s in plan["parts"]]
    rows += [("**solver processes**, all stages", plan["solvers"], "", "")]
    rows += [(f"**engine `posting`**, {engine['words']}", engine["seconds"], "", engine["own"])]
    rows += [(what, s, s / engine["seconds"], "") for what, s in engine["parts"]]
    again = engine["again"]
    rows += [
        (f"**the same, planned again** after edits in county {again['county']}", again["seconds"], "", "")
    ]
    rows += [(what, s, s / again["seconds"], "") for what, s in again["parts"]]
    note = (
        "`python -m benchmarks profile`: the generated country, two workers. Seconds by the clock; a step inside another counts in "
        "both, and stages overlap, since the planning process reads, builds, hands out and checks while solvers work beside it. "
        "Memory is the peak of a process; that of the engine holds the scenario too."
    )
    return Page(
        "profile", "Where time and memory go", note, ("step", "s", "share", "peak GB"),
        [(a, b, f"{c:.0%}" if isinstance(c, float) else c, d) for a, b, c, d in rows],
    )  # fmt: skip


def _child(what: str, country: Path, out: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.profile", what, country, out],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class _Clocked:
    """Functions that add up the seconds of their calls, wherever they were imported to."""

    def __init__(self, steps: Sequence[tuple[str, str]]) -> None:
        self.seconds = {words: 0.0 for words, _ in steps}
        for words, where in steps:
            module, name = where.split(":")
            owner: Any = importlib.import_module(module)
            *classes, last = name.split(".")
            for one in classes:
                owner = getattr(owner, one)
            real = getattr(owner, last)
            clocked = self._clocked(words, real)
            if classes:
                setattr(owner, last, clocked)
            for other in [m for k, m in sys.modules.items() if k.split(".")[0] == "planner"]:
                for key in [k for k, v in vars(other).items() if v is real]:
                    setattr(other, key, clocked)

    def _clocked(self, words: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return real(*given, **named)
            finally:
                self.seconds[words] += time.perf_counter() - began

        return call

    def parts(self) -> list[tuple[str, float]]:
        """Those that took any time."""
        return [(words, s) for words, s in self.seconds.items() if s >= 0.01]


def _peak() -> float:
    """GB of this process."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _planning(country: Path, out: Path) -> dict[str, Any]:
    import planner.run
    import planner.scenario

    clocked, began = _Clocked(PLANNING), time.perf_counter()
    plan = planner.run.make_plan(planner.scenario.read_scenario(country), out, workers=2)
    seconds = time.perf_counter() - began
    return {"parts": clocked.parts(), "seconds": seconds, "solvers": plan.run["seconds"]["solvers"], "own": _peak()}  # fmt: skip


def _engine(country: Path, folder: Path) -> dict[str, Any]:
    """The largest component solved from the beginning, and again after a day's edits in one county, from the first answer."""
    from planner.solve import posting
    from planner.solve.posting_again import BEFORE

    task, edited = _largest(country), national.edited(folder / "edited", country, national.EDITED[0])
    clocked, began = _Clocked(ENGINE), time.perf_counter()
    answer = posting.solve(task.arrays, task.options, lambda told: None)
    found = {"parts": clocked.parts(), "seconds": time.perf_counter() - began}
    other = _largest(edited.folder)
    clocked.seconds = dict.fromkeys(clocked.seconds, 0.0)
    arrays = {**other.arrays, **{f"before_{k}": answer.arrays[k] for k in BEFORE}}
    began = time.perf_counter()
    posting.solve(arrays, other.options, lambda told: None)
    seconds = time.perf_counter() - began
    again = {"parts": clocked.parts(), "seconds": seconds, "county": edited.county}
    words = (
        f"the largest component ({len(task.arrays['supply']):,} classes, {len(task.arrays['must']):,} posts)"
    )
    return {**found, "words": words, "own": _peak(), "again": again}


def _largest(folder: Path) -> Any:
    """The largest task of the stage ``cadres``."""
    from planner.deciding import decide
    from planner.decisions import seen_by
    from planner.inputs import seen_network
    from planner.scenario import read_scenario
    from planner.solve.executor import LocalProcesses
    from planner.stage import Context
    from planner.stages import STAGES

    scenario = read_scenario(folder, stages=("designation", "cadres"))
    network, policies = seen_network(scenario), scenario.policies
    context = Context(network, policies["designation"], scenario.on, scenario.seed, {}, policies)
    with LocalProcesses() as executor:
        decided = decide(STAGES["designation"], context, scenario, executor, lambda *told: None).tables
    seen = seen_by("cadres", scenario.stages, {"designation": decided})
    context = Context(network, policies["cadres"], scenario.on, scenario.seed, seen, policies)
    stage: Any = STAGES["cadres"]
    tasks, _ = stage.tasks(context, scenario.limits)
    return max(tasks, key=lambda t: len(t.arrays["must"]))


if __name__ == "__main__":
    which = {"planning": _planning, "engine": _engine}[sys.argv[1]]
    print(json.dumps(which(Path(sys.argv[2]), Path(sys.argv[3]))))
