"""The check of `funds`: all rules, the objective, the bound."""

from __future__ import annotations

import polars as pl

from graph.language import Text
from planner.verify.funds import fair, numbers, places, prices, published, rules
from planner.verify.funds.bound import proved_bound, valued_cells
from planner.verify.funds.gauge import Gauge
from planner.verify.funds.names import Names
from planner.verify.funds.scene import Scene, read_scene
from planner.verify.outcome import Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.published import PRICE, RULES

ORDER = (
    "return_steps", "need_weight", "later_discount", "budgets", "carry_over", "earmarks", "direction_tags", "designated_money",
    "bond_programmes", "microcredit_programmes", "microcredit_loan_max", "microcredit_returns", "microcredit_subsidy",
    "microcredit_risk_fund", "relending_programmes", "relending_share", "pooling", "county_floor", "county_ceiling",
    "per_head", "province_shares", "deep_poverty_share", "outside_share", "slot_caps", "suitability",
    "smallest_project", "reward", "stability", *RULES,
)  # fmt: skip
"""Every rule of the stage, in the order in which people read them."""

WEIGHTS = ("need_weight", "later_discount", "microcredit_subsidy", "microcredit_risk_fund")
"""Those that do nothing at 0."""


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule of `funds`, its objective and its bound, from the resolved scenario alone; its prices where it has some."""
    scene = read_scene(resolved, tables)
    gauge = Gauge(rules.reach_rests_on(scene))
    rows = rules.numbered(tables["allocations"])
    cell = numbers.cells(scene)
    rules.check_rows(scene, rows, cell, gauge)
    rules.eligible_states(scene, rows, cell, gauge)
    rules.check_quantity(rows, cell, gauge)
    rules.check_cells(rows, cell, scene, gauge)
    rules.check_budgets(scene, rows, gauge)
    places.check_counties(scene, rows, cell, gauge)
    places.check_classes(scene, rows, cell, gauge)
    provinces = numbers.province_numbers(scene, cell)
    places.check_provinces(scene, rows, provinces, gauge)
    rules.check_loans(scene, rows, gauge)
    counties, objective, segments = (
        numbers.county_numbers(scene, cell),
        _objective(scene, rows, cell, gauge),
        None,
    )
    objective += published.check_published(scene, rows, cell, gauge)
    if scene.value("fairness") == "proportional":
        segments = fair.fair_parts(counties)
        objective += fair.fair_points(counties, rows)
    elif scene.value("fairness") == "leximin":
        counties = fair.check_levels(scene, cell, provinces, counties, rows, certificates, gauge)
    bound, note = proved_bound(scene, cell, provinces, certificates, counties, segments)
    if prices.TABLE in tables:
        gauge.broken += prices.check_prices(
            scene, cell, provinces, certificates, counties, tables[prices.TABLE], objective
        )
    names = Names(resolved.network)
    states = [names.state(_state(scene, gauge, key)) for key in ORDER]
    return StageCheck([names.broken(b) for b in gauge.broken], states, objective, bound, (note,))


def _state(scene: Scene, gauge: Gauge, key: str) -> RuleState:
    value = scene.value(key)
    if key in (*WEIGHTS, PRICE):
        return gauge.state(key, bool(value))
    return gauge.state(key, value is not None and value is not False)  # a limit of 0 is in force


def _objective(scene: Scene, rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> int:
    """Value of what is met, each step filled before the next, less what microcredit costs; thousandths of points."""
    key = ["region", "programme", "year"]
    sums = rows.group_by(key).agg(amount=pl.col("amount").sum())
    total = 0
    valued = valued_cells(scene, cell).join(sums, on=key)
    valued = valued.with_columns(taken=(pl.col("amount") - pl.col("below")).clip(0, pl.col("width")))
    total = int(valued.select((pl.col("taken").cast(pl.Int128) * pl.col("value")).sum()).item() or 0)
    lenders = scene.sources.filter(pl.col("instrument") == "microcredit")
    lent = int(rows.join(lenders, on="source", how="semi")["amount"].sum())
    rate = float(scene.value("microcredit_subsidy") or 0) * int(scene.value("microcredit_years"))
    rate += float(scene.value("microcredit_risk_fund") or 0)
    for rule in ("microcredit_subsidy", "microcredit_risk_fund"):
        if scene.value(rule) and lent:
            told = Text(f"贷出 {lent:,} 元", f"{lent:,} yuan lent")
            gauge.note(rule, 0, told, lenders["source"].to_list())
    later = valued.filter((pl.col("step") > 0) & (pl.col("taken") > 0))["region"].unique().sort()
    if later.len():
        told = Text(
            f"{later.len()} 个县有需求满足到后面的段",
            f"{later.len()} counties have needs met into later steps",
        )
        gauge.note("return_steps", 0, told, later.to_list())
    if scene.value("need_weight"):
        gauge.note("need_weight", 0, Text("计入每元收益", "counts in every yuan"))
    if scene.value("later_discount") and len(scene.years) > 1:
        gauge.note("later_discount", 0, Text("计入每元收益", "counts in every yuan"))
    return total - round(1000 * rate) * lent
