"""In which years a county may not exit, rule by rule."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from planner.stage import Context
from planner.stages.exit.places import Places
from planner.stages.exit.proxy import Proxy
from planner.stages.exit.settings import CENTRE
from planner.stages.exit.support import blocked as support_blocked

CLOSED = "closed"
RESULTS = {"wrongly_exited_max": "wrongly_exited", "missed_max": "missed", "approval_min": "approval"}
"""Rule → measure that it reads."""


def blocked_years(context: Context, places: Places, proxy: Proxy) -> dict[str, np.ndarray]:
    """Rule → (n, years) bool: in which years it forbids each county's exit. Rules that are off are absent."""
    policy = context.policy
    incidence = proxy.incidence[places.counties]
    found: dict[str, np.ndarray] = {}
    over = incidence >= places.line[:, None]
    if policy.on("line"):
        found["line"] = over & ~places.west[:, None]
    if policy.on("line_west"):
        found["line_west"] = over & places.west[:, None]
    for rule in RESULTS:
        if policy.on(rule):
            found[rule] = failed_results(context, places, rule)
    if policy.on("severe_findings"):
        found["severe_findings"] = open_findings(context, places)
    if policy.on("announce_by"):
        late = np.array([announced_year(context, y) > int(policy["announce_by"]) for y in places.years])
        found["announce_by"] = np.broadcast_to(late, incidence.shape)
    if policy.on("keep_after_exit"):
        found["keep_after_exit"] = support_blocked(context, places)
    return found


def newest_results(context: Context, places: Places, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """Newest recorded value of a rule's measure and its year, (n,) float64 each; NaN where none is recorded."""
    facts = context.network.frame("region_facts")
    known = facts.filter((pl.col("measure") == RESULTS[rule]) & (pl.col("year") <= context.on.year)).sort(
        "year"
    )
    newest = {
        region: (value, year) for region, value, year in known.select("region", "value", "year").iter_rows()
    }
    pairs = [newest.get(c, (np.nan, np.nan)) for c in places.listed]
    both = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def failed_results(context: Context, places: Places, rule: str) -> np.ndarray:
    """(n, years) bool: a recorded result misses the rule's limit, and is not yet ``gate_years`` old."""
    value, year = newest_results(context, places, rule)
    limit = float(context.policy[rule])
    with np.errstate(invalid="ignore"):
        failed = value < limit if rule == "approval_min" else value >= limit
    fresh = np.array(places.years)[None, :] <= year[:, None] + int(context.policy["gate_years"])
    return np.asarray(failed[:, None] & fresh)


def open_findings(context: Context, places: Places) -> np.ndarray:
    """(n, years) bool: a severe finding in the county or below it is expected to be open in that year.

    It is open up to its due date; one that is overdue (or has none) up to ``finding_days`` after the day of
    planning.
    """
    findings = context.network.frame("findings")
    severe = findings.filter((pl.col("severity") == "severe") & (pl.col("status") != CLOSED))
    row = {c: i for i, c in enumerate(places.listed)}
    found = np.zeros((len(row), len(places.years)), dtype=bool)
    later = context.on + timedelta(days=int(context.policy["finding_days"]))
    for region, due in severe.select("region", "due").iter_rows():
        mended = due if due is not None and due > context.on else later
        home = next((c for c in (region, *context.network.ancestors(region)) if c in row), None)
        if home is not None:
            found[row[home]] |= np.array(places.years) <= mended.year
    return found


def announced_year(context: Context, year: int) -> int:
    """Year of the announcement of a year's results: after the days of all steps, from the year's end."""
    days = sum((context.policy["steps"] or {}).values())
    return (date(year, 12, 31) + timedelta(days=int(days))).year


def departures(context: Context) -> list[tuple[str, float | None, float]]:
    """Where the values depart from the centre's standard: (key, value, the centre's); none at the central level."""
    policy = context.policy
    if not policy.on("standard") or policy["planning_level"] == "central":
        return []
    centre = {k: float(v) for k, v in policy["standard"].items() if k in CENTRE}
    given = {k: None if policy[k] is None else float(policy[k]) for k in centre}
    return [(k, given[k], centre[k]) for k in CENTRE if k in centre and given[k] != centre[k]]
