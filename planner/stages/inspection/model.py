"""The model: teams to visits.

For team t and visit v (a kind in a region, with its sampled counties): ``x[t,v] ∈ {0,1}``; minimise
``Σ cost[t,v]·x[t,v]``. ``w[A,B] ∈ {0,1}``: teams led by region A inspect region B.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.geography import coordinates, distances_km
from graph.language import Text
from graph.schema import ENUMS
from planner.cost import points
from planner.published import CHANGES_MAX, FROZEN
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.inspection.against import keep_visits
from planner.stages.inspection.conflicts import (
    Teams,
    area_of,
    find_teams,
    forbidden,
    large_enough,
    may_lead,
    rightly_led,
)
from planner.stages.inspection.sample import Stop, sampled
from planner.stages.inspection.visits import Visit
from planner.stages.keeping import Keep, hold_rows, places_of
from planner.stages.pairing.costs import tags_below
from planner.stages.room import Noun, Room, rows_hit
from planner.stages.words import name_list

TEAM, VISIT = Noun("个组", "team", "teams"), Noun("次督查", "visit", "visits")
DAYS, SPEND = Text("天", "days"), Text("用去", "spend")


@dataclass(frozen=True)
class Work:
    """What each team would do on each visit.

    Parameters
    ----------
    teams : Teams
        n teams.
    visits : list of Visit
        m visits.
    stops : list of Stop
        k counties of visits, in the order of the visits.
    travel_days : ndarray
        (n, m) int64 days on the way there and back.
    stop_days : ndarray
        (n, k) int64 days in each county.
    terms : dict
        Term → (n, k) int64 thousandths for each county.
    days, cost : ndarray
        (n, m) int64 of the whole visit.
    allowed : ndarray
        (n, m) bool: no rule forbids it.
    """

    teams: Teams
    visits: list[Visit]
    stops: list[Stop]
    travel_days: np.ndarray
    stop_days: np.ndarray
    terms: dict[str, np.ndarray]
    days: np.ndarray
    cost: np.ndarray
    allowed: np.ndarray


def find_work(context: Context) -> Work:
    """Visits, their sample, and what they cost each team in days and points; found once for a context."""
    return context.once("inspection.work", lambda: _find_work(context))


def _find_work(context: Context) -> Work:
    policy, network, teams = context.policy, context.network, find_teams(context)
    visits, stops = sampled(context)
    n, m = len(teams.ids), len(visits)
    at = np.array([s.visit for s in stops], dtype=np.int64)
    bases = coordinates(network, [h or u for h, u in zip(teams.homes, teams.units, strict=True)])
    regions = distances_km(bases, coordinates(network, [v.region for v in visits]))
    way = 2 * np.nan_to_num(regions) / float(policy["travel_km_per_day"])
    travel_days = np.ceil(way - 1e-6).astype(np.int64)
    stop_days = _stop_days(context, teams, visits, stops)
    km = distances_km(bases, coordinates(network, [s.county for s in stops]))
    terms = {
        "travel": points(policy.weight("travel_weight") * km / 100),
        "language": points(policy.weight("language_weight") * _language_miss(context, teams, stops)),
    }
    days, cost = travel_days.copy(), np.zeros((n, m), dtype=np.int64)
    for k, v in enumerate(at.tolist()):
        days[:, v] += stop_days[:, k]
        cost[:, v] += sum(t[:, k] for t in terms.values())
    return Work(
        teams, visits, stops, travel_days, stop_days, terms, days, cost, _open(context, teams, visits, at)
    )


def _stop_days(context: Context, teams: Teams, visits: list[Visit], stops: list[Stop]) -> np.ndarray:
    """(n, k) days: as many as the households need at the team's size, and at least the kind's."""
    policy = context.policy
    pace = np.maximum(1, teams.size) * float(policy["households_per_person_day"])
    homes = np.array([s.households for s in stops], dtype=np.float64)
    least = np.array(
        [policy["days_per_county"].get(visits[s.visit].kind, 1) for s in stops], dtype=np.float64
    )
    needed = np.ceil(homes[None, :] / pace[:, None] - 1e-9)
    return np.asarray(np.maximum(needed, np.ceil(least)[None, :]).astype(np.int64))


def _language_miss(context: Context, teams: Teams, stops: list[Stop]) -> np.ndarray:
    """(n, k) bool: the county needs a language and nobody in the team has it."""
    tags = tags_below(context, "language:")
    wanted = [{t.removeprefix("language:") for t in tags.get(s.county, ())} for s in stops]
    return np.array(
        [[bool(w) and not w & spoken for w in wanted] for spoken in teams.languages], dtype=bool
    ).reshape(len(teams.ids), len(stops))


def _open(context: Context, teams: Teams, visits: list[Visit], at: np.ndarray) -> np.ndarray:
    """(n, m) bool: what no rule forbids; where promises may be broken, what no rule forbids that never gives.

    ``at`` (k,): the visit of each stop. A visit without a county cannot be made, whatever is broken.
    """
    if not context.elastic:
        return _allowed(context, teams, visits)
    firm = _firm(context, teams, visits)
    firm[:, np.bincount(at, minlength=len(visits)) == 0] = False
    return firm


def _firm(context: Context, teams: Teams, visits: list[Visit]) -> np.ndarray:
    """(n, m) bool: what no rule of independence forbids."""
    regions = list(dict.fromkeys(v.region for v in visits))
    barred = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    for key, mask in forbidden(context, teams, regions).items():
        barred |= mask & (key != "no_repeat")
    column = np.array([regions.index(v.region) for v in visits], dtype=np.int64)
    return np.asarray(~barred[:, column])


def _allowed(context: Context, teams: Teams, visits: list[Visit]) -> np.ndarray:
    regions = list(dict.fromkeys(v.region for v in visits))
    barred = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    for mask in forbidden(context, teams, regions).values():
        barred |= mask
    column = np.array([regions.index(v.region) for v in visits], dtype=np.int64)
    able = {k: may_lead(context, teams, k) for k in dict.fromkeys(v.kind for v in visits)}
    found = ~barred[:, column] if visits else np.zeros((len(teams.ids), 0), dtype=bool)
    for j, visit in enumerate(visits):
        found[:, j] &= able[visit.kind]
    return found


@dataclass(frozen=True)
class InspectionModel:
    """Arrays of the model: ``team`` and ``visit`` (c,) int64 of each column x; ``keep``: what a published plan asks of these."""

    work: Work
    team: np.ndarray
    visit: np.ndarray
    model: ChoiceModel
    context: Context
    keep: Keep | None = None

    @property
    def most(self) -> int:
        """Visits of teams that can be made at most."""
        limits = self.context.policy["teams_per_visit"]
        return (
            len(self.team) if limits is None else min(len(self.team), int(limits[1]) * len(self.work.visits))
        )

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """The teams and visits of a rule that clash, with numbers; else those where a clash is likely to sit."""
        hit = rows_hit(self.model.rules, np.concatenate(self.model.row_rule), rule, rows)
        if self.keep is not None and rule in (CHANGES_MAX, FROZEN):
            return places_of(self.keep, self.context.network, rule)
        room = days_room(self.context, self.work)
        if rule == "team_days":
            return room.told(hit)
        if rule == "balance_tolerance":
            return replace(room, capacity=balance_caps(self.context, self.work)).told(hit)
        if rule == "teams_per_visit" and hit:
            return room.weights(hit)
        if rule != "teams_per_visit":
            return Text("", "")
        reach = self.work.allowed.sum(axis=0)
        fewest = [self.work.visits[j].region for j in np.argsort(reach, kind="stable")[:3]]
        names = name_list(self.context.network, fewest)
        return Text(f"可派组最少的地区：{names.zh}", f"regions that the fewest teams may inspect: {names.en}")


def visit_name(context: Context, visit: Visit) -> Text:
    """The place and the kind of a visit."""
    kind = ENUMS["inspection_kind"].get(visit.kind, Text(visit.kind, visit.kind))
    place = context.network.label(visit.region)
    return Text(f"{place}（{kind.zh}）", f"{place} ({kind.en})")


def listed_visits(context: Context, work: Work, visits: Sequence[int], most: int = 5) -> Text:
    """The first few visits by place and kind, and how many more there are."""
    named = [visit_name(context, work.visits[v]) for v in visits[:most]]
    more = f" …(+{len(visits) - most})" if len(visits) > most else ""
    return Text("、".join(n.zh for n in named) + more, ", ".join(n.en for n in named) + more)


def days_room(context: Context, work: Work) -> Room:
    """The days that each team has, and the days of the visits."""
    team, visit = np.nonzero(work.allowed)
    named = [visit_name(context, v) for v in work.visits]
    limits = context.policy["teams_per_visit"]
    return Room(
        work.teams.ids, named, team, visit, work.days[team, visit], work.teams.days_max.astype(np.float64),
        int(limits[0]) if limits is not None else 0, TEAM, VISIT, unit=DAYS, can=SPEND,
    )  # fmt: skip


def build_model(context: Context) -> InspectionModel:
    """Columns and rows, one rule after the other."""
    policy, work = context.policy, find_work(context)
    team, visit = np.nonzero(work.allowed)
    model = ChoiceModel(named=context.elastic)
    keep = keep_visits(context, work.teams, work.visits, team, visit)
    cost = work.cost[team, visit]
    x = model.columns(cost if keep is None else cost + np.where(keep.published, 0, keep.price))
    n, m = len(work.teams.ids), len(work.visits)
    if policy.on("teams_per_visit"):
        low, high = policy["teams_per_visit"]
        model.rows("teams_per_visit", visit, x, 1.0, float(low), float(high), m, _visit_ids(work))
    days = work.days[team, visit].astype(np.float64)
    if policy.on("team_days"):
        model.rows(
            "team_days", team, x, days, -INFINITY, work.teams.days_max.astype(np.float64), n, work.teams.ids
        )
    if policy["balance_tolerance"] is not None:
        model.rows(
            "balance_tolerance", team, x, days, -INFINITY, balance_caps(context, work), n, work.teams.ids
        )
    if policy.on("no_repeat"):
        _once(context, model, work, team, visit, x)
    if policy.on("no_reciprocal"):
        _not_both_ways(context, model, work, team, visit, x)
    if keep is not None:
        hold_rows(model, keep, x)
    if context.elastic:
        _unfit(context, model, work, team, visit, x)
    return InspectionModel(work, team, visit, model, context, keep)


def balance_caps(context: Context, work: Work) -> np.ndarray:
    """(n,) float64 days at most: the days of all visits, shared by ``days_max`` × (1 + tolerance).

    A visit counts the median of the days that the teams would need for it (the upper one where they are even), and
    no cap is below the longest visit of its team, so that the rule alone shuts nobody out. Both are taken over all
    teams and visits, whoever may go: a rule of independence that is switched off can never lower a cap.
    """
    n, m = work.days.shape
    if not n or not m:
        return np.zeros(n)
    total = int(np.sort(work.days, axis=0)[n // 2].sum())
    if context.policy.on("teams_per_visit"):
        total *= max(1, int(context.policy["teams_per_visit"][0]))
    share = total * work.teams.days_max / max(1, int(work.teams.days_max.sum()))
    caps = np.floor(share * (1 + float(context.policy["balance_tolerance"])) + 1e-9)
    return np.asarray(np.maximum(caps, work.days.max(axis=1)))


def _visit_ids(work: Work) -> list[str]:
    return [f"{v.region}>{v.kind}" for v in work.visits]


def _once(
    context: Context, model: ChoiceModel, work: Work, team: np.ndarray, visit: np.ndarray, x: np.ndarray
) -> None:
    """A team goes to a region at most once in the year; not at all where it was there the year before."""
    regions = list(dict.fromkeys(v.region for v in work.visits))
    place = np.array([regions.index(v.region) for v in work.visits], dtype=np.int64)
    used, row = np.unique(team * max(1, len(regions)) + place[visit], return_inverse=True)
    t, r = used // max(1, len(regions)), used % max(1, len(regions))
    about = [f"{work.teams.ids[i]}>{regions[j]}" for i, j in zip(t.tolist(), r.tolist(), strict=True)]
    been = forbidden(context, work.teams, regions)["no_repeat"][
        t, r
    ]  # left out of the columns unless rules may give
    model.rows("no_repeat", row, x, 1.0, -INFINITY, np.where(been, 0.0, 1.0), len(used), about)


def _unfit(
    context: Context, model: ChoiceModel, work: Work, team: np.ndarray, visit: np.ndarray, x: np.ndarray
) -> None:
    """A row for each visit of a team that is too small or wrongly led: it may be made where promises are broken."""
    for rule, fits in (("team_size", large_enough), ("led_by", rightly_led)):
        able = (
            np.stack([fits(context, work.teams, v.kind) for v in work.visits], axis=1)
            if work.visits
            else work.allowed
        )
        shut = np.flatnonzero(~able[team, visit])
        about = [
            f"{work.teams.ids[t]}>{work.visits[v].region}>{work.visits[v].kind}"
            for t, v in zip(team[shut], visit[shut], strict=True)
        ]
        model.rows(rule, np.arange(len(shut)), x[shut], 1.0, -INFINITY, 0.0, len(shut), about)


def _not_both_ways(
    context: Context, model: ChoiceModel, work: Work, team: np.ndarray, visit: np.ndarray, x: np.ndarray
) -> None:
    """``Σ_t x[t,v] ≤ high·w[A,B]`` over the teams t of A for each v in B, and ``w[A,B] + w[B,A] ≤ 1``."""
    areas = [area_of(context, v.region) for v in work.visits]
    ends = [(work.teams.area[t], areas[v]) for t, v in zip(team.tolist(), visit.tolist(), strict=True)]
    directed: dict[tuple[str, str], int] = {}
    for a, b in ends:
        if a is not None and a != b and (a, b) not in directed:
            directed[a, b] = len(directed)
    both = sorted((a, b) for a, b in directed if a < b and (b, a) in directed)
    if not both:
        return
    w = model.columns(np.zeros(len(directed), dtype=np.int64))
    ways = [directed.get((a or "", b), -1) for a, b in ends]
    mutual = {directed[p] for a, b in both for p in ((a, b), (b, a))}
    entry = np.array([i for i, k in enumerate(ways) if k in mutual], dtype=np.int64)
    way = np.array([k for k in ways if k in mutual], dtype=np.int64)
    # one row per (visit, leading area): no more than `high` teams make a visit, so the sum is at most high·w
    limits = context.policy["teams_per_visit"]
    bounded = limits is not None and not context.elastic
    high = float(limits[1]) if bounded else float(len(work.teams.ids))
    keys, row = np.unique(visit[entry] * max(1, len(directed)) + way, return_inverse=True)
    switch = w[keys % max(1, len(directed))]
    rows = np.concatenate([row, np.arange(len(keys))])
    values = np.concatenate([np.ones(len(entry)), np.full(len(keys), -high)])
    model.rows("no_reciprocal", rows, np.concatenate([x[entry], switch]), values, -INFINITY, 0.0, len(keys))
    first, second = _columns(w, directed, both), _columns(w, directed, [(b, a) for a, b in both])
    pair = np.tile(np.arange(len(both)), 2)
    model.rows("no_reciprocal", pair, np.concatenate([first, second]), 1.0, -INFINITY, 1.0, len(both))


def _columns(
    w: np.ndarray, directed: dict[tuple[str, str], int], ways: Sequence[tuple[str, str]]
) -> np.ndarray:
    return w[np.array([directed[way] for way in ways], dtype=np.int64)]
