"""Cadres: our time against the bare flow over the final arcs, in the same run.

``python -m benchmarks people``: two cases on the shipped scenario's cadres and villages (1/20 of the country), nobody in
place, and 80 % in place whose minimum term is over (they may stay or move). ``python -m benchmarks growth``: the generated
country at 1/16, 1/4 and whole. "Ours" is everything between arrays and a certified answer: first ways, flows, worths, pricing
of all pairs, teams. "Bare" is one flow over the arcs of the last round.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.page import Page
from graph.network import Network
from planner.policy import resolve
from planner.scenario import Scenario, read_scenario
from planner.solve import posting, posting_network
from planner.solve.posting_flow import send
from planner.solve.posting_graph import Ways, graph
from planner.solve.posting_ties import read_marks
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages.cadres import STAGE
from planner.verify.cadres import check
from planner.verify.outcome import Resolved
from scenarios.generate.national import generate_national

REPEATS = 3
CASES = (
    ("1/16", 1 / 16, None), ("1/4", 1 / 4, None), ("whole", 1.0, None),
    ("whole, nobody in place", 1.0, 0.0), ("whole, 80 % in place", 1.0, 0.8),
)  # fmt: skip
"""Name, scale of the country, share of the cadres in place; none: as it is generated."""
WITHOUT_TEAMS = {"team_led": "off", "team_minimum": "off"}
KEPT = 10  # a step of so many dearest postings keeps the order of seats in practice


def in_place(network: Network, share: float, seed: int = 1) -> pl.DataFrame:
    """Postings for ``share`` of the cadres, since 2014: the nearest free posts of what the plan itself would choose."""
    if share == 0:
        return network.frame("postings").clear()
    context = Context(
        network.with_frames({"postings": network.frame("postings").clear()}), _policy(), date(2016, 12, 31)
    )
    chosen = STAGE.baseline(context)["postings"]
    draw = np.random.Generator(np.random.PCG64(seed)).permutation(chosen.height)
    wanted = round(share * network.frame("cadres").height)
    kept = chosen[np.sort(draw[:wanted])]
    rows = kept.select("cadre", "village", "post", "role", since=pl.lit(date(2014, 1, 1)))
    empty = network.frame("postings").clear()
    return pl.concat(
        [empty, rows.cast({k: v for k, v in empty.schema.items() if k in rows.columns})], how="diagonal"
    )


def _policy(**given: Any) -> Any:
    """The usual values without rules on teams: no flow knows them, so a flow beside ours would solve another problem."""
    return resolve(STAGE.settings, {**WITHOUT_TEAMS, **given}, {})


def measure(tasks: list[Task]) -> tuple[dict[str, float], list[Answer]]:
    """CPU seconds of ours and of the bare flow, summed over the components, and the answers of ours."""
    ours = flow = 0.0
    arcs = hubs = pairs = rounds = 0
    answers = []
    for task in tasks:
        began = time.process_time()
        told: list[Mapping[str, Any]] = []
        answers.append(posting.solve(task.arrays, task.options, told.append))
        ours += time.process_time() - began
        network = posting_network.read_network(task.arrays)
        found = posting.optimum(network, task.arrays["zone"], read_marks(task.arrays), _silent)
        flow += bare(network, found.final)
        arcs += len(found.final.cost) + len(network.offer_cost) + len(network.stays.cost)
        hubs += network.hubs
        pairs += int(answers[-1].facts["priced"])
        rounds = max(rounds, len(told))
    sizes = {"arcs": arcs, "hubs": hubs, "pairs": pairs, "rounds": rounds}
    return {"ours": ours, "bare": flow, "ratio": ours / flow, **sizes}, answers


def bare(network: posting_network.Network, ways: Ways) -> float:
    """CPU seconds of one flow over these ways, from nothing and without proof.

    The solver refuses costs that are too large for its 64 bits: then what the gains have in common is divided down as far as
    needed, which its time gains by.

    Raises
    ------
    ArithmeticError
        When the gains would no longer keep the order of seats.
    """
    gain = network.seats.gain
    step = max(int(np.gcd.reduce(gain, axis=None)), 1)
    steps = gain // step
    while True:
        of = graph(replace(network, seats=replace(network.seats, gain=steps * step)), ways)
        began = time.process_time()
        try:
            send(of)
        except ArithmeticError:
            step //= 10
            if step < KEPT * network.most_cost():
                raise
        else:
            return time.process_time() - began


def _silent(facts: Mapping[str, Any]) -> None:
    return None


def whole(network: Network, scenario: Scenario, repeats: int) -> dict[str, Any]:
    """Build, solve, answer and verify once, the solving ``repeats`` times (medians)."""
    context = Context(network, _policy(), scenario.on, scenario.seed)
    began = time.perf_counter()
    tasks, built = STAGE.tasks(context, Limits())
    building = time.perf_counter() - began
    runs = [measure(tasks) for _ in range(repeats)]
    row = {k: float(np.median([r[k] for r, _ in runs])) for k in runs[0][0]}
    began = time.perf_counter()
    outcome = STAGE.answer(context, built, runs[-1][1])
    answering = time.perf_counter() - began
    began = time.perf_counter()
    resolved = Resolved(network, {"cadres": context.policy.values}, scenario.on)
    verdict = check(resolved, outcome.tables, outcome.certificates)
    verifying = time.perf_counter() - began
    return {"status": outcome.status, "gap": outcome.gap, "build": building, **row, "answer": answering,
            "verify": verifying, "bound_proved": verdict.bound == outcome.bound, **outcome.sizes}  # fmt: skip


def run() -> Page:
    """The page of both cases at 1/20 of the country."""
    note = (
        "`python -m benchmarks people`: the stage `cadres` on china-2016 (38,750 cadres, 9,750 villages, 1/20 of the "
        "country), nobody in place and 80 % in place. *Ours* is the engine with its certificate, in one process; *bare* is "
        "one OR-Tools flow over only the final arcs; build, answer and verify are the steps around it. Medians of "
        f"{REPEATS} runs. {BARE}"
    )
    scenario, rows = read_scenario("china-2016", domain=False), []
    for name, share in (("fresh", 0.0), ("80 % in place", 0.8)):
        network = scenario.network.with_frames({"postings": in_place(scenario.network, share)})
        rows.append(_cells({"case": name, **whole(network, scenario, REPEATS)}, COLUMNS))
    return Page("people", "People: posting cadres at 1/20 of the country", note, list(COLUMNS.values()), rows)


BARE = (
    "Rules on teams are off on both sides: no flow knows them (their search is told of in docs/stages/cadres.md). "
    "Where the strict order's gains are beyond the solver's 64 bits, *bare* gets them divided down by powers of ten, as far as "
    f"needed and never below {KEPT} times the dearest posting a step; ours keeps them whole. "
    "Both are CPU seconds of one process with one thread: seconds by the clock on a machine that does nothing else. The other "
    "steps are by the clock."
)
COLUMNS = {
    "case": "case", "status": "status", "gap": "gap", "ours": "ours s", "bare": "bare s", "ratio": "ours / bare",
    "rounds": "rounds", "arcs": "arcs", "hubs": "hubs", "pairs": "pairs priced", "classes": "classes", "build": "build s",
    "answer": "answer s", "verify": "verify s", "bound_proved": "verify proves the bound",
}  # fmt: skip
GROWTH = {"case": "country", "cadres": "cadres", "each": "ours, ms per 1,000 cadres", "bare_each": "bare, ms per 1,000 cadres",
          **{k: v for k, v in COLUMNS.items() if k != "case"}, "memory": "peak GB"}  # fmt: skip


def growth() -> Page:
    """The page of the generated country at three sizes, and the whole with fewer and more in place; takes minutes."""
    note = (
        "`python -m benchmarks growth`: the stage `cadres` on `jiedui generate national --scale …`, as it is generated (half of "
        "the cadres in place, in their minimum term) and, for the whole, with nobody in place and with 80 % in place who may stay or "
        "move; one run each. *Ours* is the engine with its certificate, in one process; *bare* is one OR-Tools flow over only the "
        f"final arcs. {BARE} Peak memory is that of the whole benchmark so far, with reading and "
        "verifying."
    )
    rows = []
    for name, scale, share in CASES:
        with tempfile.TemporaryDirectory() as folder:
            scenario = read_scenario(
                str(generate_national(Path(folder) / "country", scale=scale)), domain=False
            )
            network = scenario.network
            if share is not None:
                network = network.with_frames({"postings": in_place(network, share)})
            found = whole(network, scenario, 1)
        cadres = network.frame("cadres").height
        each = {k: 1e6 * found[v] / cadres for k, v in (("each", "ours"), ("bare_each", "bare"))}
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        row = {"case": name, "cadres": cadres, "memory": memory, **each, **found}
        rows.append(_cells(row, GROWTH))
        print(f"{name}: {rows[-1]}", flush=True)
    return Page(
        "growth", "People: growth from 1/16 of the country to the whole", note, list(GROWTH.values()), rows
    )


def _cells(row: dict[str, Any], columns: dict[str, str]) -> tuple[Any, ...]:
    return tuple(_whole(row[k]) for k in columns)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value >= 1000 else value
