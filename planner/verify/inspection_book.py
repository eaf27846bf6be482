"""What a resolved scenario says about inspection: visits due, the sample drawn again, who may not go where."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from planner.verify.outcome import Resolved, Tables
from planner.verify.places import Places, latest_facts, newest_rows, tags_on

NAME = "inspection"
KINDS = ("check", "tour", "cross_check", "third_party", "fund_review", "unannounced")
PAIRED = {"east_west", "county_pair", "counterpart", "intra_province"}
DESIGNATED = {"designated", "provincial_designated", "village_unit", "enterprise"}


@dataclass(frozen=True)
class Stop:
    """A county that a visit must see, as drawn again."""

    stratum: str
    villages: Mapping[str, int]
    households: int


@dataclass
class Team:
    """One team, its leading area and what it speaks."""

    id: str
    unit: str | None
    home: str | None
    size: int
    days_max: int
    languages: set[str]
    area: str | None = None


@dataclass
class Book:
    """Everything that the rules of inspection ask of a scenario and of the plan's earlier stages."""

    resolved: Resolved
    tables: Tables
    year: int = 0
    stops: dict[tuple[str, str], dict[str, Stop]] = field(
        default_factory=dict
    )  # (kind, region) → county → stop
    teams: dict[str, Team] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.network = self.resolved.network
        self.places = Places(self.network)
        self.level = str(self.value("county_level"))
        self.last = max(
            (y for y in self.network.frame("assessments")["year"].to_list() if y <= self.resolved.on.year),
            default=None,
        )
        given = self.value("year")
        self.year = (
            int(given)
            if given is not None
            else (self.resolved.on.year if self.last is None else self.last + 1)
        )
        self.poor = latest_facts(self.resolved, "poor_population")
        self.tags = tags_on(self.resolved, "language:", *(self.value("strata_tags") or []))
        self.listed = set(self.network.tagged(self.value("county_tag")))
        self.teams = self._teams()
        self.visited = self.network.frame("inspection_visits").select("team", "region", "year", "kind").rows()
        self.stops = self._draw(self._due())

    def value(self, key: str) -> Any:
        """A policy value of the stage; ``None`` where it is off."""
        return self.resolved.value(NAME, key)

    def area_of(self, code: str) -> str:
        """The region at the inspected level that holds a place."""
        return self.network.at_level(code, str(self.value("region_level"))) or code

    def _teams(self) -> dict[str, Team]:
        kinds = dict(self.network.frame("units").select("id", "kind").iter_rows())
        columns = ("id", "unit", "home_region", "size", "days_max", "languages")
        found = {}
        for code, unit, home, size, days, spoken in (
            self.network.frame("inspection_teams").select(columns).iter_rows()
        ):
            team = Team(
                code, unit, home, size, days, {w.strip() for w in (spoken or "").split(";") if w.strip()}
            )
            if unit is not None and unit in self.network.parents:
                team.area = self.area_of(unit)
            elif home is not None and (unit is None or kinds.get(unit) == "province_unit"):
                team.area = self.area_of(home)
            found[code] = team
        return found

    def _due(self) -> list[tuple[str, str]]:
        """(kind, region) of every visit, in the order in which they draw their counties."""
        rows = self.network.frame("assessments").select("region", "year", "category").iter_rows()
        category = {r: c for r, y, c in rows if y == self.last}
        regions = sorted(c for c in category if c in self.network.parents)
        if self.last is None:
            level = str(self.value("region_level"))
            above = {self.network.at_level(c, level) for c in self.listed}
            regions = sorted(c for c in above if c is not None)
        toured = set(self.value("tour_categories") or [])
        found = []
        for kind in KINDS:
            if kind in self.value("kinds") and self.value("counties_per_visit").get(kind, 0):
                for region in regions:
                    wants = "tour" if category.get(region) in toured else "check"
                    if kind not in ("check", "tour") or kind == wants:
                        found.append((kind, region))
        return found

    def rank(self, kind: str, code: str) -> str:
        """The draw's sort key."""
        return hashlib.sha256(f"{self.resolved.seed}:{kind}:{code}".encode()).hexdigest()

    def _draw(self, due: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Stop]]:
        most = self.value("visits_per_county")
        made = Counter(r for r, _ in {(r, k) for _, r, y, k in self.visited if y == self.year})
        homes = self._homes()
        found: dict[tuple[str, str], dict[str, Stop]] = {}
        inside = self._counties_inside()
        candidates = {region: self._candidates(inside.get(region, [])) for _, region in due}
        for kind, region in due:
            free = [c for c in candidates[region] if most is None or made[c] < most]
            drawn = [c for _, _, c in sorted((made[c], self.rank(kind, c), c) for c in free)]
            chosen = self._counties(drawn, int(self.value("counties_per_visit")[kind]))
            for county in chosen:
                made[county] += 1
            found[kind, region] = {c: self._stop(kind, c, self._villages(c), homes) for c in chosen}
        return found

    def _counties_inside(self) -> dict[str, list[str]]:
        """Region → itself and what lies below it, as far as they stand at the counties' level."""
        found: dict[str, list[str]] = {}
        for code, level in self.network.level_of.items():
            for place in (code, *self.network.ancestors(code)) if level == self.level else ():
                found.setdefault(place, []).append(code)
        return found

    def _candidates(self, inside: list[str]) -> list[str]:
        """Counties with poor people and listed ones; all where there are none."""
        return [c for c in inside if self.poor.get(c, 0) > 0 or c in self.listed] or inside

    def stratum(self, county: str) -> str:
        """The first of the strata tags that a county bears, else ``other``."""
        return next((t for t in self.value("strata_tags") or [] if t in self.tags.get(county, ())), "other")

    def _counties(self, drawn: list[str], wanted: int) -> list[str]:
        """Largest remainder over the strata by poor people; what one cannot fill goes to the heaviest others."""
        members: dict[str, list[str]] = defaultdict(list)
        for county in drawn:
            members[self.stratum(county)].append(county)
        size = {s: Fraction(sum(self.poor.get(c, 0.0) for c in found)) for s, found in members.items()}
        if sum(size.values()) <= 0:
            size = {s: Fraction(len(found)) for s, found in members.items()}
        order = sorted(members, key=lambda s: (-size[s], s))
        total = min(wanted, len(drawn))
        exact = {s: total * size[s] / sum(size.values()) for s in order}
        quota = {s: math.floor(exact[s] + Fraction(1, 10**9)) for s in order}
        rest = sorted(order, key=lambda s: (-round(float(exact[s] - quota[s]), 9), order.index(s)))
        for s in rest[: total - sum(quota.values())]:
            quota[s] += 1
        taken = {s: min(quota[s], len(members[s])) for s in order}
        for s in order:
            taken[s] += min(total - sum(taken.values()), len(members[s]) - taken[s])
        return [c for s in order for c in members[s][: taken[s]]]

    def _villages(self, county: str) -> list[str]:
        level = self.value("village_level")
        return [c for c in self.network.descendants(county) if self.network.level_of[c] == level]

    def _homes(self) -> dict[str, int]:
        newest = newest_rows(self.resolved, "household_groups", "village")
        return dict(newest.group_by("village").agg(pl.col("households").sum()).iter_rows())

    def _stop(self, kind: str, county: str, villages: list[str], homes: Mapping[str, int]) -> Stop:
        wanted = int(self.value("villages_per_county").get(kind, 0))
        each = int(self.value("households_per_village").get(kind, 0))
        lived = [v for v in villages if homes.get(v, 0) > 0] or villages
        drawn = sorted(lived, key=lambda v: self.rank(kind, v))[:wanted]
        quotas = {v: min(each, homes[v]) if homes.get(v, 0) > 0 else each for v in drawn}
        return Stop(self.stratum(county), quotas, sum(quotas.values()) if quotas else wanted * each)

    def stop_days(self, team: Team, kind: str, stop: Stop) -> int:
        """Days that a team spends in a county."""
        pace = max(1, team.size) * Fraction(str(self.value("households_per_person_day")))
        least = math.ceil(float(self.value("days_per_county").get(kind, 1)))
        return max(math.ceil(stop.households / pace), least)

    def travel_days(self, team: Team, region: str) -> int:
        """Days on the way to a region and back."""
        km = self.places.distance_km(team.home or team.unit or "", region) or 0.0
        return math.ceil(2 * km / float(self.value("travel_km_per_day")) - 1e-6)

    def terms(self, team: Team, county: str) -> dict[str, float]:
        """Terms of a county's cost, in points."""
        km = self.places.distance_km(team.home or team.unit or "", county) or 0.0
        wanted = {t.removeprefix("language:") for t in self.tags.get(county, ()) if t.startswith("language:")}
        lost = bool(wanted) and not wanted & team.languages
        return {
            "travel": float(self.value("travel_weight") or 0) * km / 100,
            "language": float(self.value("language_weight") or 0) * lost,
        }

    def may_lead(self, team: Team, kind: str) -> bool:
        """Whether the right side leads the team for this kind."""
        for item in self.value("led_by") or []:
            named, _, side = (p.strip() for p in item.partition(">"))
            if named == kind and side in ("region", "unit"):
                return bool((team.area is not None) == (side == "region"))
        return True

    def large_enough(self, team: Team, kind: str) -> bool:
        """Whether the team has as many members as the kind asks for."""
        return bool(team.size >= (self.value("team_size") or {}).get(kind, 0))

    def held(self, kinds: set[str]) -> list[tuple[str, str]]:
        """Relations of these kinds from the day of planning to the end of the year of inspection."""
        last = date(self.year, 12, 31)
        columns = ("kind", "supporter", "recipient", "since", "until")
        return [
            (s, r)
            for kind, s, r, since, until in self.network.frame("relations").select(columns).iter_rows()
            if kind in kinds
            and (since is None or since <= last)
            and (until is None or until > self.resolved.on)
        ]

    def planned(self, stage: str) -> list[tuple[str, str]]:
        """Pairs that an earlier stage of the same plan decided."""
        if "pairs" not in self.tables:
            return []
        rows = self.tables["pairs"].select("stage", "supporter", "recipient").iter_rows()
        return [(s, r) for name, s, r in rows if name == stage]
