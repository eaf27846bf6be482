"""Why a team inspects a region: its terms, the next cheapest teams, and nearer ones that may not go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from planner.cost import SCALE
from planner.reason import Explanation, Option, told_of
from planner.stage import Context
from planner.stages.inspection.figures import visits_of
from planner.stages.inspection.left import LeftOver, visit_words
from planner.stages.inspection.model import Work, find_work
from planner.stages.inspection.settings import NAME, SETTINGS
from planner.stages.inspection.shut import barred_by
from planner.stages.inspection.visits import Visit, inspected_regions

MOST_VISITS = 12
_TITLES = {setting.key: setting.title for setting in SETTINGS}


def explain_visits(
    context: Context, rows: pl.DataFrame, keys: tuple[str, ...], alternatives: int = 3
) -> list[Explanation]:
    """One explanation per visit that touches all of ``keys`` (teams, regions, counties), the first few.

    Where a team that is named makes none of them, the visits of the region are told with that team among the others; of a team
    without any visit, and of a visit without a team, why.
    """
    if not all(may_be_visited(context, key) for key in keys):
        return []
    work = find_work(context)
    made = {(kind, region, team) for kind, region, team in visits_of(context, rows)}
    asked = [t for t, i in enumerate(work.teams.ids) if i in keys]
    found: list[tuple[int, list[int]]] = []
    absent: list[tuple[int, list[int]]] = []
    for visit in visits_about(context, work, [k for k in keys if k not in work.teams.ids]):
        v = work.visits.index(visit)
        teams = [t for t, i in enumerate(work.teams.ids) if (visit.kind, visit.region, i) in made]
        if not teams and asked:
            continue
        (found if set(asked) <= set(teams) else absent).append((v, teams))
    if not found and len(asked) == len(keys) == 1:
        return [_idle(context, LeftOver(context, made), work, asked[0], alternatives)]
    every = found or (absent if len(asked) < len(keys) else [])
    told = every[:MOST_VISITS]
    left = LeftOver(context, made) if any(not teams for _, teams in told) else None
    explained = [
        _explanation(context, work, v, teams, alternatives, asked)
        if teams or left is None
        else _unmade(context, left, work, v, alternatives)
        for v, teams in told
    ]
    return [*explained, *told_of(NAME, len(told), len(every))]


def _idle(context: Context, left: LeftOver, work: Work, team: int, alternatives: int) -> Explanation:
    """A team without a visit, beside the visits that it may make at the least."""
    what = Text(f"{work.teams.ids[team]} 没有任务", f"{work.teams.ids[team]} makes no visit")
    order = np.argsort(work.cost[team], kind="stable").tolist()
    visits = [v for v in order if work.allowed[team, v]][:alternatives]
    options = [
        replace(_option(context, work, team, v, False), what=visit_words(context, work.visits[v]))
        for v in visits
    ]
    why = left.of_team(team)
    return Explanation(NAME, what, options, why=why.why, by=why.rules)


def _unmade(context: Context, left: LeftOver, work: Work, v: int, alternatives: int) -> Explanation:
    """A visit that nobody makes, beside the teams that may make it at the least."""
    visit = visit_words(context, work.visits[v])
    what = Text(f"{visit.zh}没有组承担", f"{visit.en} is made by nobody")
    order = np.argsort(work.cost[:, v], kind="stable").tolist()
    teams = [t for t in order if work.allowed[t, v]][:alternatives]
    why = left.of_visit(v)
    options = [_option(context, work, t, v, False) for t in teams]
    return Explanation(NAME, what, options, why=why.why, by=why.rules)


def may_be_visited(context: Context, key: str) -> bool:
    """Whether it is a team, an inspected region, or at the level of the counties that are visited: of all else no visit tells."""
    network = context.network
    if network.level_of.get(key) == context.policy["county_level"] or key in inspected_regions(context):
        return True
    return bool((network.frame("inspection_teams")["id"] == key).any())


def visits_about(context: Context, work: Work, keys: Sequence[str]) -> list[Visit]:
    """Visits that touch all of ``keys``: inspected regions, and counties that are visited or lie in one."""
    found = []
    for v, visit in enumerate(work.visits):
        about = {visit.region, *(s.county for s in work.stops if s.visit == v)}
        if all(k in about for k in keys):
            found.append(visit)
    return found


def _explanation(
    context: Context, work: Work, v: int, teams: list[int], alternatives: int, asked: Sequence[int] = ()
) -> Explanation:
    visit, label = work.visits[v], context.network.label
    order = np.argsort(work.cost[:, v], kind="stable").tolist()
    others = [t for t in order if work.allowed[t, v] and t not in teams][:alternatives]
    cheapest = min(int(work.cost[t, v]) for t in teams)
    barred = [t for t in order if not work.allowed[t, v] and int(work.cost[t, v]) < cheapest][:1]
    options = [
        _option(context, work, t, v, t in teams) for t in dict.fromkeys([*teams, *asked, *others, *barred])
    ]
    names, days = [work.teams.ids[t] for t in teams], [str(int(work.days[t, v])) for t in teams]
    unit = "day" if days == ["1"] else "days"
    kind = ENUMS["inspection_kind"].get(visit.kind, Text(visit.kind, visit.kind))
    what = Text(
        f"{label(visit.region)} 的{kind.zh}：由 {'、'.join(names)} 承担，{'、'.join(days)} 天",
        f"{kind.en} of {label(visit.region)}: by {', '.join(names)}, {', '.join(days)} {unit}",
    )
    may = sum(bool(work.allowed[t, v]) for t in order if t not in teams)
    return Explanation(NAME, what, options, others=may)


def _option(context: Context, work: Work, t: int, v: int, chosen: bool) -> Option:
    at = [k for k, s in enumerate(work.stops) if s.visit == v]
    terms = {
        name: int(values[t, at].sum()) / SCALE for name, values in work.terms.items() if values[t, at].any()
    }
    leader = context.network.label(work.teams.units[t] or work.teams.homes[t] or "")
    what = Text(f"{work.teams.ids[t]}（{leader}）", f"{work.teams.ids[t]} ({leader})")
    rules = () if work.allowed[t, v] else barred_by(context, work, t, v)
    zh, en = "、".join(_TITLES[k].zh for k in rules), ", ".join(_TITLES[k].en for k in rules)
    note = Text(f"不可派：{zh}", f"may not go: {en}") if rules else Text("", "")
    about = (work.teams.ids[t], work.visits[v].region)
    return Option(what, int(work.cost[t, v]) / SCALE, terms, chosen, note, about, rules)
