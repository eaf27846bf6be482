"""What the checks of `cadres` know: cadres, posts and places, looked up one at a time."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.dates import holds
from planner.verify.outcome import Resolved, Tables
from planner.verify.places import Places

NAME = "cadres"
FIRST, MEMBER = "first_secretary", "member"
OWN_KINDS = ("designated", "provincial_designated", "village_unit")
HALF_ROUND_KM = 20_016.0
WEIGHTS = (
    "distance_weight",
    "skill_weight",
    "language_weight",
    "own_county_weight",
    "profile_weight",
    "keep_weight",
)

HELPED_BY: dict[str, list[str]] = json.loads("""{
  "illness": ["health"], "disability": ["health"], "schooling": ["education"], "disaster": ["engineering", "finance"],
  "no_labour": ["general"], "no_funds": ["finance", "industry"], "no_skill": ["agriculture", "industry", "e_commerce"],
  "no_land": ["industry", "e_commerce"], "transport": ["engineering"], "motivation": ["party_building"],
  "food": ["agriculture"], "clothing": ["general"], "education": ["education"], "medical": ["health"],
  "housing": ["engineering"], "water": ["engineering"]}""")
"""Cause of poverty, or what is lacking → skills that help, as docs/stages/cadres.md declares them."""


@dataclass(frozen=True)
class Cadre:
    """One cadre; ``post`` is the row of ``village_posts`` where they may stay (None: nowhere)."""

    unit: str | None
    home: str | None
    skill: str | None
    roles: frozenset[str]
    languages: frozenset[str]
    able: bool
    lasting: bool
    post: int | None
    in_term: bool


@dataclass(frozen=True)
class Post:
    """One row of ``village_posts``."""

    village: str
    role: str
    skill: str
    minimum: int
    target: int
    tier: int


class Book:
    """The resolved scenario, for one cadre and one post at a time."""

    def __init__(self, resolved: Resolved, tables: Tables) -> None:
        self.resolved, self.network = resolved, resolved.network
        self.places = Places(resolved.network)
        self.rank = {level: i for i, level in enumerate(resolved.network.settings.levels)}
        self.above: dict[str, tuple[str, ...]] = {}
        self.weight = {w: float(resolved.value(NAME, w) or 0) for w in WEIGHTS}
        self.posts = self._posts()
        self.post_at = self._post_keys()
        self.cadres, self.row_of = self._cadres()
        self.tags = self._tags()
        self.own = self._own(tables)
        self.profile = dict(self.network.frame("units").select("id", "profile").iter_rows())
        self.unit_home = dict(self.network.frame("units").select("id", "home_region").iter_rows())
        self.problems = self._problems()
        self._needed: dict[str, frozenset[str]] = {}
        self._km: dict[tuple[str, str], float | None] = {}
        self._areas: dict[tuple[str | None, str | None], tuple[str | None, frozenset[str]]] = {}

    def value(self, key: str) -> Any:
        """A policy value; ``None`` where the rule is off."""
        return self.resolved.value(NAME, key)

    def path(self, code: str | None) -> tuple[str, ...]:
        """The place itself and all above it."""
        if code is None:
            return ()
        if code not in self.above:
            self.above[code] = (code, *self.network.ancestors(code))
        return self.above[code]

    def climb(self, code: str, level: str) -> str:
        """The place itself or its ancestor at a level; the place itself where it stands above."""
        wanted, path = self.rank[level], self.path(code)
        for place in path:
            if self.rank.get(self.network.level_of.get(place, ""), len(self.rank)) <= wanted:
                return place
        return path[-1]

    def area(self, home: str | None, unit: str | None) -> tuple[str | None, frozenset[str]]:
        """Region in which one may serve (None: everywhere) and further places that are open."""
        if (home, unit) not in self._areas:
            self._areas[home, unit] = self._area(home, unit)
        return self._areas[home, unit]

    def _area(self, home: str | None, unit: str | None) -> tuple[str | None, frozenset[str]]:
        level = self.value("posting_area")
        if level is None:
            return None, frozenset()
        regions = self.network.parents
        sender = self.unit_home.get(unit) or unit if unit is not None else None
        base = home if home is not None else sender if sender in regions else None
        area = None if base is None else self.climb(base, level)
        if unit in regions and area is not None and unit in self.path(area):
            area = unit
        own = self.own.get(unit or "", frozenset())
        near = self.value("own_county_area")
        if near is not None and (home or area) is not None:
            around = self.climb(home or area or "", near)
            own = frozenset(c for c in own if around in self.path(c)) or own
        return area, own

    def reaches(self, cadre: Cadre, village: str) -> bool:
        """Whether the rule ``posting_area`` lets a cadre serve there."""
        if self.value("posting_area") is None:
            return True
        area, own = self.area(cadre.home, cadre.unit)
        path = self.path(village)
        return area is None or area in path or any(place in own for place in path)

    def km(self, home: str | None, village: str) -> float | None:
        """Distance from home; ``None`` where it is unknown."""
        if home is None:
            return None
        if (home, village) not in self._km:
            self._km[home, village] = self.places.distance_km(home, village)
        return self._km[home, village]

    def needed(self, village: str) -> frozenset[str]:
        """Languages of the area."""
        if village not in self._needed:
            tags = {tag for place in self.path(village) for tag in self.tags.get(place, ())}
            asked = (t.removeprefix("language:") for t in tags if t.startswith("language:"))
            self._needed[village] = frozenset(asked)
        return self._needed[village]

    def skill_missed(self, cadre: Cadre, post: Post) -> bool:
        """Whether the post asks for another skill."""
        return post.skill not in ("general", cadre.skill)

    def language_missed(self, cadre: Cadre, village: str) -> bool:
        """Whether the area has languages and the cadre speaks none of them."""
        needed = self.needed(village)
        return bool(needed) and not needed & cadre.languages

    def terms(self, cadre: Cadre, post: Post, stays: bool) -> dict[str, float]:
        """Terms of the cost in points."""
        weight = self.weight
        own = self.own.get(cadre.unit or "", frozenset())
        foreign = bool(own) and not any(place in own for place in self.path(post.village))
        return {
            "distance": weight["distance_weight"] * (self.km(cadre.home, post.village) or 0.0) / 10,
            "skill": weight["skill_weight"]
            * (self.value("skill") is not None and self.skill_missed(cadre, post)),
            "language": weight["language_weight"]
            * (self.value("language") is not None and self.language_missed(cadre, post.village)),
            "own_county": weight["own_county_weight"] * foreign,
            "profile": weight["profile_weight"]
            * (1 - self.served(self.profile.get(cadre.unit or ""), post.village)),
            "keep": weight["keep_weight"] * (not stays),
        }

    def served(self, profile: str | None, village: str) -> float:
        """Share of the village's poor households that a profile serves; 1 where none is stated."""
        groups = self.problems.get(village)
        if profile is None or not groups:
            return 1.0
        skills = set(profile.split(";"))
        whole = sum(n for _, n in groups)
        return sum(n for helped, n in groups if helped & skills) / whole if whole else 1.0

    def _posts(self) -> list[Post]:
        columns = ("village", "role", "skill", "minimum", "target", "tier")
        return [
            Post(village, role, skill or "general", minimum or 0, max(target or 0, minimum or 0), tier)
            for village, role, skill, minimum, target, tier in self.network.frame("village_posts")
            .select(columns)
            .iter_rows()
        ]

    def _post_keys(self) -> dict[tuple[str, str], int]:
        keys = self.network.frame("village_posts").select("village", "post").iter_rows()
        return {(village, post): row for row, (village, post) in enumerate(keys)}

    def _cadres(self) -> tuple[list[Cadre], dict[str, int]]:
        place = self._in_place()
        columns = (
            "id",
            "unit",
            "home_region",
            "skill",
            "roles",
            "languages",
            "available_from",
            "available_until",
        )
        found: list[Cadre] = []
        rows: dict[str, int] = {}
        on, watch = self.resolved.on, bool(self.value("availability"))
        end = _after(on, float(self.value("minimum_term_years") or 0))
        for name, unit, home, skill, roles, languages, since, until in (
            self.network.frame("cadres").select(columns).iter_rows()
        ):
            post, stays, in_term, gone = place.get(name, (None, False, False, False))
            able = not gone and (not watch or holds(since, until, on))
            lasting = able and (not watch or until is None or until >= end)
            at = post if able and stays else None
            rows[name] = len(found)
            found.append(Cadre(unit, home, skill, _members(roles), _members(languages), able, lasting, at,
                               at is not None and in_term))  # fmt: skip
        return found, rows

    def _in_place(self) -> dict[str, tuple[int | None, bool, bool, bool]]:
        """Cadre → post row, may stay, in the minimum term, gone for a reason."""
        term = self.value("minimum_term_years")
        newest: dict[str, tuple[Any, ...]] = {}
        columns = ("cadre", "village", "post", "since", "until", "ended_because")
        for cadre, village, post, since, until, why in (
            self.network.frame("postings").select(columns).iter_rows()
        ):
            key = (since is not None, since or date.min, village, post)
            if holds(since, until, self.resolved.on) and (cadre not in newest or key >= newest[cadre][0]):
                newest[cadre] = (key, since, why)
        found = {}
        for cadre, (key, since, why) in newest.items():
            in_term = term is not None and since is not None and _after(since, float(term)) > self.resolved.on
            found[cadre] = (
                self.post_at.get((key[2], key[3])),
                why is None,
                in_term,
                why not in (None, "term_over"),
            )
        return found

    def _tags(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        columns = ("region", "tag", "since", "until")
        for region, tag, since, until in self.network.frame("region_tags").select(columns).iter_rows():
            if holds(since, until, self.resolved.on):
                found[region].add(tag)
        return found

    def _own(self, tables: Tables) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        pairs = tables.get("pairs")
        decided = (
            pairs is not None
            and bool((pairs["stage"] == "designation").any())
            and "designation" in self.resolved.values
        )
        columns = ("kind", "supporter", "recipient", "since", "until")
        for kind, supporter, recipient, since, until in (
            self.network.frame("relations").select(columns).iter_rows()
        ):
            wanted = kind in OWN_KINDS and not (decided and kind == "designated")
            if wanted and holds(since, until, self.resolved.on) and recipient in self.known:
                found[supporter].add(recipient)
        if decided and pairs is not None:
            chosen = pairs.filter(pl.col("stage") == "designation").select("supporter", "recipient")
            for supporter, recipient in chosen.iter_rows():
                if recipient in self.known:
                    found[supporter].add(recipient)
        return {unit: frozenset(places) for unit, places in found.items()}

    @property
    def known(self) -> set[str]:
        """Places that anything here could lie in."""
        if not hasattr(self, "_known"):
            self._known = {
                *self.network.parents,
                *(p.village for p in self.posts),
                *(c.home for c in self.cadres if c.home),
            }
        return self._known

    def _problems(self) -> dict[str, list[tuple[frozenset[str], int]]]:
        newest: Counter[str] = Counter()
        groups = self.network.frame("household_groups").select(
            "village", "year", "cause", "lacking", "households"
        )
        rows = [r for r in groups.iter_rows() if r[1] <= self.resolved.on.year]
        for village, year, *_ in rows:
            newest[village] = max(newest[village], year)
        found: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        for village, year, cause, lacking, households in rows:
            if year == newest[village]:
                parts = [cause or "", *(lacking or "").split(";")]
                found[village].append((frozenset(s for p in parts for s in HELPED_BY.get(p, ())), households))
        return found


def _members(cell: str | None) -> frozenset[str]:
    return frozenset((cell or "").split(";")) - {""}


def _after(day: date, years: float) -> date:
    """The day so many years later; parts of a year as days of 365."""
    whole = int(years)
    day = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return date.fromordinal(day.replace(year=day.year + whole).toordinal() + round((years - whole) * 365))
