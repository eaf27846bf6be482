"""Money: `funds-laminar` (40 sources × 832 counties × 10 programmes × 5 years) against a bare flow, LP codes and PDLP.

``python -m benchmarks funds``. The instance takes the 832 real counties; sources, budgets and needs are drawn with a fixed seed.
"Ours" is everything from tables to a certified table: reading, network, flow, prices, rows. "Engine" is flow and prices alone.
"Bare flow" is one minimum-cost flow over one arc per (source, county, programme, year), with no certificate. The peers get
the same direct model as a linear programme.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import polars as pl
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp
from scipy.sparse import coo_matrix

from benchmarks.page import Page, median_seconds
from graph.network import Network
from graph.schema import TABLES
from planner.policy import resolve
from planner.scenario import read_scenario
from planner.solve import engines
from planner.solve.bounded_flow import cheapest_flow
from planner.solve.flow_model import FlowModel
from planner.solve.flow_rows import _programme
from planner.solve.potentials import exact_dot
from planner.solve.task import Arrays
from planner.stage import Context, Limits
from planner.stages.funds import STAGE
from planner.stages.funds.built import Built, origin_node
from planner.verify.funds import check
from planner.verify.outcome import Resolved

PROGRAMMES = (
    "dibao",
    "e_commerce",
    "ecology",
    "education",
    "health",
    "housing",
    "industry",
    "infrastructure",
    "labour",
    "tourism",
)
YEARS = (2017, 2018, 2019, 2020, 2021)
WIDE = 18  # country-wide sources; 22 more belong to provinces
PEER_LIMIT = 120.0


def instance(seed: int = 5) -> Context:
    """`funds-laminar`: 40 sources, 832 counties, 10 programmes, 5 years, some 174,000 eligible combinations."""
    rng = np.random.Generator(np.random.PCG64(seed))
    real = read_scenario(
        "china-2016", only=["regions", "region_tags", "region_facts", "assessments"], domain=False
    )
    counties = sorted(real.network.tagged("poor_county_832"))
    provinces = sorted({c[:2] + "0000" for c in counties})
    keys = [(c, y, p) for c in counties for y in YEARS for p in PROGRAMMES]
    amount = (rng.lognormal(15.5, 1.0, len(keys))).astype(np.int64) + 10_000
    needs = pl.DataFrame(keys, schema=["region", "year", "programme"], orient="row").with_columns(
        amount=pl.Series(amount)
    )
    sources: list[dict[str, Any]] = [
        {"id": f"wide{i:02}", "name": f"wide {i}", "level": "central", "instrument": "grant", "poolable": False,
         "programmes": ";".join(sorted(rng.choice(PROGRAMMES, 2 if i < 14 else 1, replace=False)))}
        for i in range(WIDE)
    ]  # fmt: skip
    sources += [{"id": f"own{g}", "name": g, "level": "provincial", "instrument": "grant", "owner_region": g, "poolable": False}
                for g in provinces]  # fmt: skip
    total = int(amount.sum()) / len(YEARS) * 0.7
    budgets = [{"source": s["id"], "year": y, "amount": int(total / len(sources) * rng.uniform(0.5, 1.5)), "carry_over_max": 0.1}
               for s in sources for y in YEARS]  # fmt: skip
    frames = {n: real.network.frame(n) for n in ("regions", "region_tags", "region_facts", "assessments")}
    frames |= {"needs": _frame("needs", needs.to_dicts()), "fund_sources": _frame("fund_sources", sources),
               "fund_budgets": _frame("fund_budgets", budgets)}  # fmt: skip
    frames["region_tags"] = frames["region_tags"].filter(~pl.col("tag").str.starts_with("suits:"))
    network = Network(frames, real.network.settings, real.network.enums, "funds-laminar")
    return Context(network, resolve(STAGE.settings, {}, {}), real.on)


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = TABLES[table].columns
    filled = [{c.name: row.get(c.name, c.default) for c in columns} for row in rows]
    return pl.DataFrame(filled, schema=TABLES[table].dtypes)


def direct(built: Built) -> Arrays:
    """The same model with one arc per (source, county, programme, year): no hubs."""
    facts, known, old = built.facts, built.known, built.model
    ours = old.arrays()
    model = FlowModel()
    model.nodes(old.n_nodes)
    cell = np.full(known.cell.shape, -1, dtype=np.int64)
    used = known.cell > 0
    cell[used] = model.nodes(int(used.sum()))
    model.supply(np.arange(old.n_nodes), ours["supply"])
    for family in ("unspent", "carry", "share", "county", "class"):
        if family in old.families:
            place = old.families[family]
            model.arcs(family, *(ours[k][place] for k in ("tail", "head", "lower", "upper", "cost")))
    s, c, p, t = np.nonzero(facts.allowed[:, :, :, None] & used[None])
    tail = origin_node(built, s, c, t)
    keep = tail >= 0
    s, c, p, t, tail = s[keep], c[keep], p[keep], t[keep], tail[keep]
    model.arcs("x", tail, cell[c, p, t], 0, known.cell[c, p, t] + 1)
    k, c, p, t = built.index["step"].T
    model.arcs(
        "step", cell[c, p, t], built.county_node[c, t], 0, known.steps[k, c, p, t], -known.value[k, c, p, t]
    )
    return {**model.arrays(), "variables": np.array([len(s)])}


def by_highs(arrays: Arrays, solver: str) -> float:
    """Optimum by HiGHS; NaN where the limit came first."""
    h: Any = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("solver", solver),
        ("threads", 1),
        ("time_limit", PEER_LIMIT),
    ):
        h.setOptionValue(name, value)
    h.passModel(_programme(arrays, 0))
    h.run()
    done = h.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(h.getInfo().objective_function_value) * 1e6 if done else float("nan")


def by_pdlp(arrays: Arrays) -> float:
    """Optimum by PDLP at a relative gap of 1e-6; NaN where the limit came first."""
    m, n = len(arrays["cost"]), len(arrays["supply"])
    arc = np.arange(m)
    rows, columns = np.concatenate([arrays["tail"], arrays["head"]]), np.concatenate([arc, arc])
    matrix = coo_matrix((np.concatenate([np.ones(m), -np.ones(m)]), (rows, columns)), shape=(n, m))
    qp = pdlp.QuadraticProgram()
    qp.resize_and_initialize(m, n)
    qp.objective_vector = arrays["cost"].astype(np.float64)
    qp.constraint_matrix = matrix.tocsc()
    qp.constraint_lower_bounds = qp.constraint_upper_bounds = arrays["supply"] / 1e6
    qp.variable_lower_bounds, qp.variable_upper_bounds = arrays["lower"] / 1e6, arrays["upper"] / 1e6
    wanted = solvers_pb2.PrimalDualHybridGradientParams()
    wanted.num_threads = 1
    wanted.termination_criteria.time_sec_limit = PEER_LIMIT
    wanted.termination_criteria.simple_optimality_criteria.eps_optimal_relative = 1e-6
    found = pdlp.primal_dual_hybrid_gradient(qp, wanted)
    done = found.solve_log.termination_reason == solve_log_pb2.TERMINATION_REASON_OPTIMAL
    return float(arrays["cost"] @ found.primal_solution) * 1e6 if done else float("nan")


def run() -> Page:
    """Measure all of it."""
    context = instance()

    def whole() -> Any:
        tasks, built = STAGE.tasks(context, Limits())
        answer = engines.run(tasks[0].engine, tasks[0].arrays, tasks[0].options, lambda m: None)
        return built, answer, STAGE.answer(context, built, [answer])

    built, _, outcome = whole()
    arrays, bare = built.model.arrays(), direct(built)
    flow = cheapest_flow(bare)
    assert flow is not None
    optimum = exact_dot(bare["cost"], flow)
    check_began = time.perf_counter()
    verdict = check(
        Resolved(context.network, {"funds": context.policy.values}, context.on),
        outcome.tables,
        outcome.certificates,
    )
    check_seconds = time.perf_counter() - check_began
    assert not verdict.broken and verdict.bound == outcome.objective == -optimum
    bare_seconds = median_seconds(lambda: cheapest_flow(bare), 3)
    same = median_seconds(lambda: cheapest_flow(arrays), 3)
    engine = median_seconds(lambda: engines.run("bounded_flow", arrays, {}, lambda m: None), 3)
    total = median_seconds(whole, 3)
    page = Page(
        "funds",
        "Money: funds-laminar",
        __doc__.split("\n\n", 1)[1].strip() if __doc__ else "",
        (
            "method",
            "arcs or columns",
            "seconds",
            "× bare flow",
            "gap to the optimum",
            "whole yuan, with proof",
        ),
    )
    page.rows.append(
        ("bare flow, one arc per combination", len(bare["cost"]), bare_seconds, 1.0, 0.0, "no proof")
    )
    page.rows.append(
        ("bare flow, over our arcs", len(arrays["cost"]), same, same / bare_seconds, 0.0, "no proof")
    )
    page.rows.append(
        ("ours: engine (flow, prices, bound)", len(arrays["cost"]), engine, engine / bare_seconds, 0.0, "yes")
    )
    page.rows.append(
        ("ours: tables → certified table", len(arrays["cost"]), total, total / bare_seconds, 0.0, "yes")
    )
    page.rows.append(
        (
            "verify (independent)",
            int(bare["variables"][0]),
            check_seconds,
            check_seconds / bare_seconds,
            0.0,
            "—",
        )
    )
    peers: list[tuple[str, Callable[[], float]]] = [
        ("HiGHS barrier", lambda: by_highs(bare, "ipm")),
        ("HiGHS simplex", lambda: by_highs(bare, "simplex")),
        ("PDLP (1e-6)", lambda: by_pdlp(bare)),
    ]
    for name, work in peers:
        began = time.perf_counter()
        value = work()
        seconds = time.perf_counter() - began
        gap: object = "not within the limit" if np.isnan(value) else abs(value - optimum) / abs(optimum)
        page.rows.append((name, len(bare["cost"]), seconds, seconds / bare_seconds, gap, "no"))
    return page


if __name__ == "__main__":
    print(run().write())
