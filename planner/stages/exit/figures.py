"""KPIs of an exit plan, and what falls short of the pledges."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.language import Text
from planner.stage import Context, Kpi
from planner.stages.exit.model import Parts
from planner.stages.exit.pledges import below, shortfall
from planner.stages.exit.settings import PUBLISHED
from planner.stages.exit.support import losses


def measure_exits(context: Context, parts: Parts, exits: pl.DataFrame) -> list[Kpi]:
    """Counties per year beside the published, persons, margins, pledges, the real years, cost."""
    year_of = dict(exits.select("region", "year").iter_rows())
    found = _per_year(parts, year_of, in_china(context))
    found += _people(parts, year_of)
    found += _margins(context, parts, year_of)
    found += _short(context, parts, year_of)
    if context.policy.on("keep_after_exit"):
        chosen = {c: year_of[c] for c in parts.places.listed if c in year_of}
        title = Text("摘帽后失去的帮扶（县 × 项）", "supports lost after exit (counties × kinds)")
        found.append(Kpi("support_lost", title, len(losses(context, chosen)), "", "less"))
    real = real_years(context, parts)
    if real:
        same = sum(year_of.get(c) == y for c, y in real.items()) / len(real)
        found.append(
            Kpi(
                "same_as_real",
                Text("与实际退出年份相同（仅供参考）", "same as the real year (information)"),
                round(same, 4),
                "share",
            )
        )
    villages = sum(v in year_of for v in parts.villages.codes)
    return [
        *found,
        Kpi("villages", Text("安排退出的村", "villages that exit"), villages, "villages", "more"),
        Kpi("cost", Text("总成本", "total cost"), round(float(exits["cost"].sum()), 6), "points", "less"),
    ]


def real_years(context: Context, parts: Parts) -> dict[str, int]:
    """Recorded year of exit of counties that were still to exit: to compare with afterwards, never to plan with."""
    facts = context.network.frame("region_facts").filter(pl.col("measure") == "exit_year").sort("year")
    listed = set(parts.places.listed)
    return {r: int(v) for r, v in facts.select("region", "value").iter_rows() if r in listed}


def in_china(context: Context) -> bool:
    """Whether the published numbers of China's counties say anything here: its codes, or its pace by name."""
    return context.network.settings.codes == "gb2260" or context.policy["pace"] == "published"


def _per_year(parts: Parts, year_of: Mapping[str, int], china: bool) -> list[Kpi]:
    """Counties per year of the result: history, then the plan; ``china``: beside the published numbers."""
    counties = [*parts.places.listed, *parts.places.exited]
    years = sorted({*parts.places.years, *parts.places.exited.values()})
    found, away = [], 0
    for year in years:
        count = sum(year_of.get(c) == year for c in counties)
        published = PUBLISHED.get(str(year)) if china else None
        away += abs(count - (published or 0))
        beside = "" if published is None else f"（公布 {published}）"
        beside_en = "" if published is None else f" (published: {published})"
        title = Text(f"{year} 年退出县{beside}", f"counties that exit in {year}{beside_en}")
        found.append(Kpi(f"exits_{year}", title, count, "counties"))
    left = sum(c not in year_of for c in counties)
    if china:
        title = Text("与公布数之差", "difference from the published numbers")
        found.append(Kpi("off_published", title, away, "counties"))
    return [
        *found,
        Kpi("not_exited", Text("期内未退出的县", "counties that do not exit"), left, "counties", "less"),
    ]


def _people(parts: Parts, year_of: Mapping[str, int]) -> list[Kpi]:
    """Persons expected off the register, and still on it when their county exits."""
    places, proxy = parts.places, parts.proxy
    lifted = proxy.lifted
    left = np.nan_to_num(proxy.poor)[:, None] - np.cumsum(lifted, axis=1)
    still: float = sum(
        max(0.0, left[i, year_of[c] - places.years[0]])
        for c, i in zip(places.listed, places.counties.tolist(), strict=True)
        if c in year_of
    )
    return [
        Kpi("persons_expected", Text("预计减贫（这些县）", "persons expected off the register (these counties)"),
            round(float(lifted[places.counties].sum())), "persons", "more"),
        Kpi("persons_left_at_exit", Text("退出时仍贫困的人", "persons still poor when their county exits"),
            round(still), "persons", "less"),
    ]  # fmt: skip


def _margins(context: Context, parts: Parts, year_of: Mapping[str, int]) -> list[Kpi]:
    """Counties that exit at or above the line, and those with a small margin."""
    places = parts.places
    rows = [(i, year_of[c] - places.years[0]) for i, c in enumerate(places.listed) if c in year_of]
    room = np.array([places.line[i] - parts.proxy.incidence[places.counties[i], t] for i, t in rows])
    margin = float(context.policy["risk_margin"])
    return [
        Kpi("over_the_line", Text("退出时不低于退出线的县", "counties that exit at or above the line"),
            int((room <= 0).sum()), "counties", "less"),
        Kpi("small_margin", Text(f"余量不足 {margin:.1%} 的县", f"counties with a margin below {margin:.1%}"),
            int(((room > 0) & (room < margin)).sum()), "counties", "less"),
    ]  # fmt: skip


def pledge_short(context: Context, parts: Parts, year_of: Mapping[str, int]) -> dict[str, int]:
    """Rule → how much its pledges fall short in all, counted once per region: its largest shortfall."""
    places, years = parts.places, len(parts.places.years)
    flows = {
        "pledge_persons": (below(context, places.codes), parts.proxy.lifted),
        "pledge_counties": (
            below(context, places.listed),
            _happens(places.listed, year_of, places.years[0], years),
        ),
    }
    homes = [places.codes[i] for i in parts.villages.place]
    happens = _happens(parts.villages.codes, year_of, places.years[0], years)
    flows["pledge_villages"] = (below(context, homes), happens)
    worst: dict[tuple[str, str], int] = {}
    for pledge in parts.pledges:
        members, flow = flows[pledge.rule]
        if pledge.rule == "pledge_persons" and pledge.region not in members:
            continue  # nothing in the data says how many poor people it has
        rows = members.get(pledge.region, np.zeros(0, dtype=np.int64))
        missing = shortfall(pledge, pledge.over(flow[rows].sum(axis=0)))
        key = (pledge.rule, pledge.region)
        worst[key] = max(worst.get(key, 0), missing)
    return {
        rule: sum(n for (r, _), n in worst.items() if r == rule)
        for rule in flows
        if any(r == rule for r, _ in worst)
    }


def _happens(codes: list[str], year_of: Mapping[str, int], first: int, years: int) -> np.ndarray:
    """(len(codes), years) float64: 1 in the year in which each exits."""
    found = np.zeros((len(codes), years))
    for i, code in enumerate(codes):
        t = year_of.get(code, first - 1) - first
        if 0 <= t < years:
            found[i, t] = 1.0
    return found


TITLES = {
    "pledge_persons": Text("责任书短缺：人", "pledges short: persons"),
    "pledge_villages": Text("责任书短缺：村", "pledges short: villages"),
    "pledge_counties": Text("责任书短缺：县", "pledges short: counties"),
}


def _short(context: Context, parts: Parts, year_of: Mapping[str, int]) -> list[Kpi]:
    missing = pledge_short(context, parts, year_of)
    return [
        Kpi(f"{rule}_short", TITLES[rule], n, rule.removeprefix("pledge_"), "less")
        for rule, n in missing.items()
    ]
