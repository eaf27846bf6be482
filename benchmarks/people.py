"""Cadres at 1/20 of the country: our time against the bare flow over the final arcs, in the same run.

``python -m benchmarks.people``. Two cases on the shipped scenario's cadres and villages: nobody in place, and 80 % in place
whose minimum term is over (they may stay or move). "Ours" is everything between arrays and a certified answer:
candidates, flows, potentials, pricing of all pairs, teams. "Bare" is one flow over the arcs of the last round.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from benchmarks.page import Page
from graph.network import Network
from planner.policy import resolve
from planner.scenario import read_scenario
from planner.solve import posting
from planner.solve.posting_flow import send
from planner.solve.posting_groups import read_groups
from planner.solve.task import Task
from planner.stage import Context, Limits
from planner.stages.cadres import STAGE
from planner.verify.cadres import check
from planner.verify.outcome import Resolved

REPEATS = 3


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
    return resolve(STAGE.settings, given, {})


def measure(tasks: list[Task]) -> dict[str, float]:
    """Seconds of ours and of the bare flow, summed over the components; each the best of its kind in this run."""
    ours = bare = 0.0
    arcs = pairs = rounds = 0
    for task in tasks:
        began = time.perf_counter()
        answer = posting.solve(task.arrays, task.options, _silent)
        ours += time.perf_counter() - began
        seats, groups = posting.read_seats(task.arrays), read_groups(task.arrays)
        final = posting.optimum(task.arrays, seats, groups, _silent)[0]
        began = time.perf_counter()
        send(seats, final)
        bare += time.perf_counter() - began
        arcs += len(final.cost)
        pairs += int(answer.facts["priced"])
        rounds = max(rounds, int(answer.facts["rounds"]))
    return {"ours": ours, "bare": bare, "ratio": ours / bare, "arcs": arcs, "pairs": pairs, "rounds": rounds}


def _silent(facts: Mapping[str, Any]) -> None:
    return None


def cases() -> list[dict[str, Any]]:
    """Both cases, medians over :data:`REPEATS` runs."""
    scenario = read_scenario("china-2016", domain=False)
    found = []
    for name, share in (("fresh", 0.0), ("80 % in place", 0.8)):
        network = scenario.network.with_frames({"postings": in_place(scenario.network, share)})
        context = Context(network, _policy(), scenario.on, scenario.seed)
        began = time.perf_counter()
        tasks, built = STAGE.tasks(context, Limits())
        building = time.perf_counter() - began
        runs = [measure(tasks) for _ in range(REPEATS)]
        row = {k: float(np.median([r[k] for r in runs])) for k in runs[0]}
        answers = [posting.solve(t.arrays, t.options, _silent) for t in tasks]
        began = time.perf_counter()
        outcome = STAGE.answer(context, built, answers)
        answering = time.perf_counter() - began
        began = time.perf_counter()
        verdict = check(
            Resolved(network, {"cadres": context.policy.values}, scenario.on),
            outcome.tables,
            outcome.certificates,
        )
        verifying = time.perf_counter() - began
        found.append({"case": name, "status": outcome.status, "gap": outcome.gap, "build": building, **row,
                      "answer": answering, "verify": verifying, "broken": len(verdict.broken),
                      "bound_proved": verdict.bound == outcome.bound, **outcome.sizes})  # fmt: skip
    return found


def run() -> Page:
    """The page of both cases."""
    note = (
        "`python -m benchmarks people`: the stage `cadres` on china-2016 (38,750 cadres, 9,750 villages, 1/20 of the "
        "country), nobody in place and 80 % in place. *Ours* is the engine with its certificate, in one process; *bare* is "
        "one OR-Tools flow over only the final arcs; build, answer and verify are the steps around it. Medians of "
        f"{REPEATS} runs."
    )
    keys = ("case", "status", "gap", "ours", "bare", "ratio", "rounds", "arcs", "pairs", "classes", "build", "answer",
            "verify", "bound_proved")  # fmt: skip
    columns = ("case", "status", "gap", "ours s", "bare s", "ours / bare", "rounds", "arcs", "pairs priced", "classes",
               "build s", "answer s", "verify s", "verify proves the bound")  # fmt: skip
    rows = [tuple(_whole(row[k]) for k in keys) for row in cases()]
    return Page("people", "People: posting cadres at 1/20 of the country", note, columns, rows)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value >= 1000 else value
