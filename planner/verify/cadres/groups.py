"""Groups of cadres who are alike to every rule, and all posts that each may take, priced at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from planner.verify.cadres.book import Book, Cadre
from planner.verify.cadres.rules import at_home

SCALE = 1000
EARTH_RADIUS_KM = 6371.0088
NOTHING = -(2**61)


@dataclass(frozen=True)
class Group:
    """Free cadres who agree in everything: one of them, who of them is in place, how many are not."""

    first: Cadre
    staying: list[int]
    others: int


def group_people(book: Book) -> list[Group]:
    """All free cadres, grouped by what they are (not by any rule's setting)."""
    found: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, cadre in enumerate(book.cadres):
        if cadre.able and not cadre.in_term:
            key = (cadre.unit, cadre.home, cadre.skill, cadre.roles, cadre.languages, cadre.lasting)
            found[key].append(number)
    groups = []
    for numbers in found.values():
        staying = [n for n in numbers if book.cadres[n].post is not None]
        groups.append(Group(book.cadres[numbers[0]], staying, len(numbers) - len(staying)))
    return groups


class Grid:
    """Posts as arrays; :meth:`best` prices all posts that a group may take."""

    def __init__(self, book: Book, prices: np.ndarray) -> None:
        self.book, self.prices = book, prices
        names = sorted({p.village for p in book.posts})
        at = {v: i for i, v in enumerate(names)}
        self.names = names
        self.village = np.array([at[p.village] for p in book.posts], dtype=np.int64)
        self.role = np.array([p.role for p in book.posts])
        self.skill = np.array([p.skill for p in book.posts])
        points = [book.places.point(v) for v in names]
        self.point = np.array([(np.nan, np.nan) if p is None else p for p in points]).reshape(-1, 2)
        self.needed = [book.needed(v) for v in names]
        self.below: dict[str, list[int]] = defaultdict(list)
        for i, name in enumerate(names):
            for place in book.path(name):
                self.below[place].append(i)
        self.posts_of: dict[int, list[int]] = defaultdict(list)
        for number, i in enumerate(self.village.tolist()):
            self.posts_of[i].append(number)
        self._reach: dict[object, np.ndarray] = {}
        self._near: dict[object, tuple[np.ndarray, np.ndarray]] = {}
        self._unit: dict[object, np.ndarray] = {}
        self._speech: dict[frozenset[str], np.ndarray] = {}
        self._roles: dict[frozenset[str], np.ndarray] = {}
        self._skill_missed: dict[str | None, np.ndarray] = {}

    def best(self, group: Group) -> int:
        """Largest price less cost over all posts that the group may newly take; very low where there is none."""
        cadre = group.first
        if not cadre.lasting:
            return NOTHING
        key = self.book.area(cadre.home, cadre.unit)
        posts = self._posts(key)
        if not posts.size:
            return NOTHING
        near, allowed = self._distance(cadre.home, key, posts)
        gain = self.prices[posts] - near - self._by_unit(cadre.unit, key, posts)
        gain -= round(SCALE * self.book.weight["keep_weight"])
        allowed = allowed & self._fits(cadre, posts, gain)
        return int(gain[allowed].max()) if allowed.any() else NOTHING

    def posts_in_area(self, cadre: Cadre) -> np.ndarray:
        """(k,) numbers of the posts in villages that the cadre's posting area holds."""
        return self._posts(self.book.area(cadre.home, cadre.unit))

    def km(self, home: str | None, posts: np.ndarray) -> np.ndarray:
        """(k,) distance of posts from a home; NaN where it is unknown."""
        start = None if home is None else self.book.places.point(home)
        if start is None:
            return np.full(len(posts), np.nan)
        return _haversine(start, self.point[self.village[posts]])

    def _posts(self, key: tuple[str | None, frozenset[str]]) -> np.ndarray:
        if key not in self._reach:
            area, own = key
            inside: Iterable[int] = range(len(self.names))
            if area is not None:
                inside = sorted({i for place in (area, *own) for i in self.below.get(place, ())})
            self._reach[key] = np.array([n for i in inside for n in self.posts_of[i]], dtype=np.int64)
        return self._reach[key]

    def _distance(self, home: str | None, key: object, posts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if (home, key) not in self._near:
            book, km = self.book, self.km(home, posts)
            cost = np.rint(np.nan_to_num(book.weight["distance_weight"] * km / 10) * SCALE).astype(np.int64)
            allowed = np.ones(len(posts), dtype=bool)
            if book.value("distance_max_km") is not None:
                allowed = ~(km > book.value("distance_max_km"))
            if book.value("avoid_home_county"):
                lone = Cadre(None, home, None, frozenset(), frozenset(), True, True, None, False)
                allowed = allowed & ~np.array(
                    [at_home(book, lone, self.names[i]) for i in self.village[posts]], dtype=bool
                )
            self._near[home, key] = cost, allowed
        return self._near[home, key]

    def _by_unit(self, unit: str | None, key: object, posts: np.ndarray) -> np.ndarray | int:
        book = self.book
        own = book.own.get(unit or "", frozenset())
        profile = book.profile.get(unit or "")
        if not own and profile is None:
            return 0
        if (unit, key) not in self._unit:
            cost = np.zeros(len(self.names), dtype=np.int64)
            for i in set(self.village[posts].tolist()):
                village = self.names[i]
                foreign = bool(own) and not any(place in own for place in book.path(village))
                cost[i] = round(SCALE * book.weight["own_county_weight"]) * foreign
                cost[i] += int(
                    np.rint(book.weight["profile_weight"] * (1 - book.served(profile, village)) * SCALE)
                )
            self._unit[unit, key] = cost[self.village[posts]]
        return self._unit[unit, key]

    def _fits(self, cadre: Cadre, posts: np.ndarray, gain: np.ndarray) -> np.ndarray:
        """(k,) bool by role, skill and language; what is only preferred is taken off ``gain``."""
        book, fits = self.book, np.ones(len(posts), dtype=bool)
        if book.value("role_allowed"):
            if cadre.roles not in self._roles:
                self._roles[cadre.roles] = np.isin(self.role, sorted(cadre.roles))
            fits &= self._roles[cadre.roles][posts]
        if book.value("skill") is not None:
            if cadre.skill not in self._skill_missed:
                wanting = self.skill != "general"
                self._skill_missed[cadre.skill] = wanting & (self.skill != (cadre.skill or ""))
            missed = self._skill_missed[cadre.skill][posts]
            gain -= missed * round(SCALE * book.weight["skill_weight"])
            fits &= ~missed if book.value("skill") == "require" else True
        if book.value("language") is not None:
            if cadre.languages not in self._speech:
                mute = [bool(n) and not n & cadre.languages for n in self.needed]
                self._speech[cadre.languages] = np.array(mute, dtype=bool)
            missed = self._speech[cadre.languages][self.village[posts]]
            gain -= missed * round(SCALE * book.weight["language_weight"])
            fits &= ~missed if book.value("language") == "require" else True
        return fits


def _haversine(start: tuple[float, float], ends: np.ndarray) -> np.ndarray:
    lon_a, lat_a = np.radians(start[0]), np.radians(start[1])
    lon_b, lat_b = np.radians(ends[:, 0]), np.radians(ends[:, 1])
    half = np.sin((lat_a - lat_b) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_a - lon_b) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
