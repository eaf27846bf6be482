"""Why a county or village exits when it does, and what clashing rows stand for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.language import Text
from graph.network import Network
from planner.cost import SCALE
from planner.reason import Explanation, Left, Option, told_of
from planner.stage import Context
from planner.stages.exit.model import Built, Parts, capacity_rows, parts_about
from planner.stages.exit.places import may_exit
from planner.stages.exit.pledges import below
from planner.stages.exit.settings import SETTINGS
from planner.stages.exit.stays import why_stays
from planner.stages.words import name_list

MOST = 20
_TITLES = {setting.key: setting.title for setting in SETTINGS}


def explain_exits(context: Context, exits: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    """Each county or village in ``keys`` (or below one): every planned year with its terms, the cheapest first; of who stays, why."""
    below = [context.network.within(key) for key in keys]
    wanted = sorted(set(exits["region"].to_list()).intersection(*below))
    every = [r for r in wanted if r in keys] or wanted
    chosen, year_of = every[:MOST], dict(exits.select("region", "year").iter_rows())
    if not chosen:
        return _who_stays(context, keys, year_of)
    parts = parts_about(context, chosen)
    return [
        *(_one(context, parts, year_of, region) for region in chosen),
        *told_of("exit", len(chosen), len(every)),
    ]


def _who_stays(context: Context, keys: tuple[str, ...], year_of: Mapping[str, int]) -> list[Explanation]:
    """One county or village that is planned for and does not exit."""
    if len(keys) != 1 or not may_exit(context, keys[0]):
        return []
    parts = parts_about(context, keys)
    here = keys[0] in parts.places.listed or keys[0] in parts.villages.codes
    return [_one(context, parts, year_of, keys[0])] if here else []


def _one(context: Context, parts: Parts, year_of: Mapping[str, int], region: str) -> Explanation:
    name, year = context.network.label(region), year_of.get(region)
    what, left = Text(f"{name} 于 {year} 年退出", f"{name} exits in {year}"), Left(Text("", ""))
    if year is None:
        left, what = (
            why_stays(parts, region),
            Text(f"{name} 在规划的年份内不退出", f"{name} does not exit within the years planned"),
        )
    if region in parts.places.exited:
        past = Text(
            "规划之日已退出，不再改动", "it had exited on the day of planning and is not decided again"
        )
        return Explanation("exit", what, [Option(past, 0.0, {}, chosen=True)])
    if region in parts.places.listed:
        row = parts.places.listed.index(region)
        terms, closed = {k: t[row] for k, t in parts.terms.items()}, _closed(context, parts, year_of, row)
    else:
        row = parts.villages.codes.index(region)
        cell = int(parts.villages.cell[row])
        terms = {k: t[cell] for k, t in parts.village_terms.items()}
        early = context.policy.on("village_line")
        closed = {t: ["village_line"] for t in range(int(parts.villages.ready[row])) if early}
    options = []
    for t, option_year in enumerate(parts.places.years):
        priced = {k: int(v[t]) / SCALE for k, v in terms.items() if v[t]}
        barred = tuple(closed.get(t, ())) if option_year != year else ()
        rules = [_TITLES[r] for r in barred]
        zh, en = "、".join(r.zh for r in rules), ", ".join(r.en for r in rules)
        note = Text(f"受限于：{zh}", f"kept by: {en}") if rules else Text("", "")
        shown = Text(f"{option_year} 年", f"in {option_year}")
        options.append(
            Option(
                shown,
                sum(int(v[t]) for v in terms.values()) / SCALE,
                priced,
                option_year == year,
                note,
                rules=barred,
            )
        )
    options.sort(key=lambda o: (not o.chosen, bool(o.note.en), o.total or 0.0))
    return Explanation("exit", what, options, why=left.why, by=left.rules)


def _closed(context: Context, parts: Parts, year_of: Mapping[str, int], row: int) -> dict[int, list[str]]:
    """Number of a year → rules that close it to the county: its own, and teams that are full."""
    found = {
        t: [r for r, mask in parts.blocked.items() if mask[row, t]] for t in range(len(parts.places.years))
    }
    if not context.policy.on("exits_per_team"):
        return found
    code = parts.places.listed[row]
    members = below(context, parts.places.listed)
    for region, t, most in capacity_rows(context, parts.places):
        if region in (code, *context.network.ancestors(code)):
            others = [parts.places.listed[i] for i in members[region] if i != row]
            if sum(year_of.get(c) == parts.places.years[t] for c in others) >= most:
                found[t].append("exits_per_team")
    return found


def name_rows(network: Network, built: Built, rule: str, rows: np.ndarray) -> Text:
    """What the clashing rows of a rule stand for: counties by name, or how many of which region in which years."""
    arrays = built.model.arrays()
    mine = [int(r) for r in rows if arrays["row_rule"][r] == built.model.rules.index(rule)]
    years = built.parts.places.years
    single: list[str] = []
    groups: list[str] = []
    for r in mine:
        columns = arrays["indices"][arrays["indptr"][r] : arrays["indptr"][r + 1]]
        homes, when = _columns_say(built, columns)
        if len(homes) == 1:
            single.append(homes[0])
        elif homes:
            low, high = arrays["row_lower"][r], arrays["row_upper"][r]
            limit = f"= {low:g}" if low == high else f"≤ {high:g}" if np.isfinite(high) else f"≥ {low:g}"
            span = f"{years[when[0]]}" if when[0] == when[1] else f"{years[when[0]]}–{years[when[1]]}"
            groups.append(f"{_common(network, homes)} {span} {limit}")
    more = f" …(+{len(groups) - 4})" if len(groups) > 4 else ""
    names = name_list(network, sorted(set(single)))
    zh = [p for p in ("、".join(groups[:4]) + more, names.zh) if p]
    return Text("；".join(zh), "; ".join(p for p in (", ".join(groups[:4]) + more, names.en) if p))


def _columns_say(built: Built, columns: np.ndarray) -> tuple[list[str], tuple[int, int]]:
    """Counties that a row's columns belong to, and the first and last number of their years."""
    places, villages, years = built.parts.places, built.parts.villages, len(built.parts.places.years)
    homes, when = [], []
    for column in columns.tolist():
        if column < built.x.size:
            homes.append(places.listed[column // years])
            when.append(column % years)
        elif column < built.x.size + built.v.size:
            cell = (column - built.x.size) // years
            homes.append(places.codes[villages.place[villages.first[cell]]])
            when.append((column - built.x.size) % years)
    return sorted(set(homes)), (min(when, default=0), max(when, default=0))


def _common(network: Network, codes: list[str]) -> str:
    """Name of the nearest region above all codes; a mark for everywhere where there is none."""
    shared = [a for a in network.ancestors(codes[0]) if all(a in network.ancestors(c) for c in codes[1:])]
    return network.label(shared[0]) if shared else f"*({len(codes)})"
