"""How cadres fit posts, many pairs at once: the terms of the cost, and what rules ask of a new posting."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from planner.verify.cadres.book import Book
from planner.verify.codes import distinct

SCALE = 1000
HELPED_BY: dict[str, list[str]] = json.loads("""{
  "illness": ["health"], "disability": ["health"], "schooling": ["education"], "disaster": ["engineering", "finance"],
  "no_labour": ["general"], "no_funds": ["finance", "industry"], "no_skill": ["agriculture", "industry", "e_commerce"],
  "no_land": ["industry", "e_commerce"], "transport": ["engineering"], "motivation": ["party_building"],
  "food": ["agriculture"], "clothing": ["general"], "education": ["education"], "medical": ["health"],
  "housing": ["engineering"], "water": ["engineering"]}""")
"""Cause of poverty, or what is lacking → skills that help, as docs/stages/cadres.md declares them."""


class Fit:
    """Answers for pairs of cadre and post: each method takes (k,) numbers of both, and gives (k,) answers.

    Attributes
    ----------
    may, skill_missed, language_missed : ndarray
        bool by what the post asks (role, skill, languages of the area) and what the cadre has (roles, skill, languages).
    spoken : ndarray
        (places,) int64: which languages the area of a place has, as a row of ``language_missed``.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        posts, people = book.posts, book.people
        self.may = _table(posts.roles, people.role_sets, lambda role, roles: role in roles)
        self.skill_missed = _table(
            posts.skills, people.skills, lambda asked, has: asked not in ("general", has)
        )
        needed, self.spoken = self._languages()
        self.language_missed = _table(
            needed, people.language_sets, lambda asked, has: bool(asked) and not asked & has
        )
        self.profile = self._profiles()
        self._helped, self._groups = self._problems()
        self._served: dict[int, np.ndarray] = {}
        self.home_county = (
            self._home_counties() if book.value("avoid_home_county") else np.full(len(book.places), -1)
        )

    def role_fits(self, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Whether the cadre's roles name the post's."""
        return np.asarray(self.may[self.book.posts.role[post], self.book.people.roles[cadre]])

    def skill_lacks(self, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Whether the post asks for another skill."""
        return np.asarray(self.skill_missed[self.book.posts.skill[post], self.book.people.skill[cadre]])

    def language_lacks(self, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Whether the area has languages and the cadre speaks none of them."""
        asked = self.spoken[self.book.posts.village[post]]
        return np.asarray(self.language_missed[asked, self.book.people.languages[cadre]])

    def km(self, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Distance from home; NaN where it is unknown."""
        return self.book.places.km(self.book.people.home[cadre], self.book.posts.village[post])

    def at_home(self, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Whether the village lies in the home county; homes given above a county do not tell."""
        county = self.home_county[self.book.people.home[cadre]]
        return self.book.places.inside(self.book.posts.village[post], county)

    def terms(self, cadre: np.ndarray, post: np.ndarray, stays: np.ndarray) -> dict[str, np.ndarray]:
        """Terms of the cost in points."""
        book, weight = self.book, self.book.weight
        unit, village = book.people.unit[cadre], book.posts.village[post]
        lacks = {"skill": self.skill_lacks, "language": self.language_lacks}
        preferred = {
            rule: weight[f"{rule}_weight"] * (missed(cadre, post) & (book.value(rule) is not None))
            for rule, missed in lacks.items()
        }
        return {
            "distance": weight["distance_weight"] * np.nan_to_num(self.km(cadre, post)) / 10,
            **preferred,
            "own_county": weight["own_county_weight"] * self.foreign(unit, village),
            "profile": weight["profile_weight"] * self.unserved(unit, village),
            "keep": weight["keep_weight"] * ~stays,
        }

    def foreign(self, unit: np.ndarray, village: np.ndarray) -> np.ndarray:
        """Whether the unit has counties of its own and the village lies in none of them."""
        found = np.isin(unit, np.array(list(self.book.own), dtype=np.int64))
        found[found] = ~self.book.within_own.holds(unit[found], village[found])
        return found

    def unserved(self, unit: np.ndarray, village: np.ndarray) -> np.ndarray:
        """Share of the village's poor households that the unit's profile does not serve; 0 where none is stated."""
        found = np.zeros(len(unit))
        profile = self.profile[unit]
        for number in np.unique(profile[profile >= 0]).tolist():
            rows = np.flatnonzero(profile == number)
            found[rows] = 1 - self.served_by(number)[village[rows]]
        return found

    def served_by(self, profile: int) -> np.ndarray:
        """(places,) share of poor households that a profile serves; 1 where there are none."""
        if profile not in self._served:
            skills = set(self._profile_names[profile].split(";"))
            helps = np.array([bool(h & skills) for h in self._helped], dtype=bool)
            village, kind, households = self._groups
            size = len(self.book.places)
            whole = np.bincount(village, households, size)
            helped = np.bincount(village[helps[kind]], households[helps[kind]], size)
            self._served[profile] = np.divide(helped, whole, out=np.ones(size), where=whole != 0)
        return self._served[profile]

    def _profiles(self) -> np.ndarray:
        """(places,) int64 number of a unit's profile; −1 where it has none."""
        stated = self.book.network.frame("units").select("id", "profile")
        self._profile_names, profile = distinct(stated["profile"].fill_null(""))
        found = np.full(len(self.book.places), -1, dtype=np.int64)
        found[self.book.places.codes.of(stated["id"])] = np.where(stated["profile"].is_null(), -1, profile)
        return found

    def _problems(self) -> tuple[list[frozenset[str]], tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Skills that help each kind of problem; village, kind and households of each village's newest year."""
        rows = (
            self.book.network.frame("household_groups")
            .filter(pl.col("year") <= self.book.resolved.on.year)
            .filter(pl.col("year") == pl.col("year").max().over("village"))
        )
        kinds, kind = distinct(rows.select(pl.concat_str(
            pl.col("cause", "lacking").fill_null(""), separator=";")).to_series())  # fmt: skip
        helped = [frozenset(s for p in k.split(";") for s in HELPED_BY.get(p, ())) for k in kinds]
        village = self.book.places.codes.of(rows["village"])
        known = village >= 0
        return helped, (village[known], kind[known], rows["households"].to_numpy()[known])

    def _languages(self) -> tuple[list[frozenset[str]], np.ndarray]:
        """The different sets of languages of areas, and which one each place has: its own and those of all above it."""
        tree = self.book.places
        tags = self.book.tags.filter(pl.col("tag").str.starts_with("language:"))
        own: dict[int, set[str]] = {}
        for place, tag in zip(tree.codes.of(tags["region"]).tolist(), tags["tag"].to_list(), strict=True):
            if place >= 0:
                own.setdefault(place, set()).add(tag.removeprefix("language:"))
        sets = [frozenset[str]()]
        of = np.zeros(len(tree), dtype=np.int64)
        for place, languages in own.items():
            of[place] = len(sets)
            sets.append(frozenset(languages))
        found, spoken = [frozenset[str]()], np.zeros(len(tree), dtype=np.int64)
        for column in tree.paths.T:
            pairs, at = np.unique(spoken * len(sets) + of[column], return_inverse=True)
            merged = [found[p // len(sets)] | sets[p % len(sets)] for p in pairs.tolist()]
            found = list(dict.fromkeys(merged))
            spoken = np.array([found.index(m) for m in merged], dtype=np.int64)[at]
        return found, spoken

    def _home_counties(self) -> np.ndarray:
        tree, level = self.book.places, self.book.value("home_level")
        county = tree.climb(tree.paths[:, 0], level)
        return np.where(tree.rank[county] >= tree.levels[level], county, -1)


def _table(asked: list[Any], has: list[Any], answer: Callable[[Any, Any], bool]) -> np.ndarray:
    """(asked, has) bool, worked out for one pair after the other."""
    return np.array([[answer(a, h) for h in has] for a in asked], dtype=bool).reshape(len(asked), len(has))
