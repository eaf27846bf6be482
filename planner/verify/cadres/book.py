"""What the checks of `cadres` know: cadres, posts and places as columns of numbers.

A cadre's number is its row in `cadres`, a post's its row in `village_posts`; places, units and homes are numbered by
:class:`~planner.verify.tree.Tree`. −1 stands for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from graph.dates import holding, years_after
from planner.verify.codes import Codes, distinct
from planner.verify.outcome import Resolved, Tables
from planner.verify.tree import Tree, Within

NAME = "cadres"
OWN_KINDS = ("designated", "provincial_designated", "village_unit")
WEIGHTS = (
    "distance_weight",
    "skill_weight",
    "language_weight",
    "own_county_weight",
    "profile_weight",
    "keep_weight",
)


@dataclass(frozen=True)
class Posts:
    """Rows of ``village_posts``: (m,) arrays; ``role`` and ``skill`` count within ``roles`` and ``skills``."""

    village: np.ndarray
    role: np.ndarray
    skill: np.ndarray
    minimum: np.ndarray
    target: np.ndarray
    tier: np.ndarray
    roles: list[str]
    skills: list[str]

    def __len__(self) -> int:
        return len(self.village)

    def of_role(self, role: str) -> np.ndarray:
        """(m,) bool: posts of a role."""
        return np.asarray(np.array([r == role for r in self.roles], dtype=bool)[self.role])


@dataclass(frozen=True)
class People:
    """Rows of ``cadres``: (n,) arrays.

    ``skill``, ``roles`` and ``languages`` count within ``skills``, ``role_sets`` and ``language_sets``; ``able``: may
    serve at all; ``lasting``: may be newly posted; ``post``: where they are in place and may stay; ``in_term``: must. A freeze moves
    ``post`` to what is published, and leaves ``here``, where a posting is no new one.
    """

    name: pl.Series
    unit: np.ndarray
    home: np.ndarray
    skill: np.ndarray
    roles: np.ndarray
    languages: np.ndarray
    able: np.ndarray
    lasting: np.ndarray
    post: np.ndarray
    here: np.ndarray
    in_term: np.ndarray
    skills: list[str | None]
    role_sets: list[frozenset[str]]
    language_sets: list[frozenset[str]]

    def __len__(self) -> int:
        return len(self.unit)

    def may_be(self, role: str) -> np.ndarray:
        """(n,) bool: whose roles name this one."""
        return np.asarray(np.array([role in s for s in self.role_sets], dtype=bool)[self.roles])


class Book:
    """The resolved scenario in columns.

    Attributes
    ----------
    places : Tree
    posts : Posts
    people : People
    own : dict of int to frozenset of int
        Unit → its own counties or villages.
    within_own : Within
        The same, to be asked for many places at once.
    tags : DataFrame
        ``region`` and ``tag``, on the day of planning.
    """

    def __init__(self, resolved: Resolved, tables: Tables) -> None:
        self.resolved, self.network = resolved, resolved.network
        self.weight = {w: float(resolved.value(NAME, w) or 0) for w in WEIGHTS}
        seats, cadres = self.network.frame("village_posts"), self.network.frame("cadres")
        self.places = Tree(self.network, (seats["village"], cadres["home_region"], cadres["unit"]))
        self.posts = _posts(seats, self.places)
        self._post_names = Codes(seats["post"].unique())
        self._stride = 1 + len(seats)
        self._post_at = Codes(self._post_keys(seats))
        self.row_of = Codes(cadres["id"])
        self.people = self._people(cadres)
        self.own = self._own(tables)
        owners = [unit for unit, places in self.own.items() for _ in places]
        held = [place for places in self.own.values() for place in places]
        self.within_own = Within(self.places, np.array(owners, np.int64), np.array(held, np.int64))
        tags = self.network.frame("region_tags").filter(holding(resolved.on))
        self.tags = tags.select("region", "tag")

    def value(self, key: str) -> Any:
        """A policy value; ``None`` where the rule is off."""
        return self.resolved.value(NAME, key)

    @property
    def leader_role(self) -> str:
        """Role that leads a team; plans from before it could be set have first secretaries."""
        return str(self.value("leader_role") or "first_secretary")

    @property
    def member_role(self) -> str:
        """Role of a team's members; likewise."""
        return str(self.value("member_role") or "member")

    def label(self, place: int) -> str:
        """A place's or unit's name for people."""
        return self.network.label(self.places.names[place])

    def names(self, places: Iterable[int]) -> list[str]:
        """Codes of places or units, sorted."""
        return sorted(self.places.names[p] for p in places)

    def tagged(self, tag: str) -> np.ndarray:
        """(places,) bool: which bear a tag themselves."""
        found = np.zeros(len(self.places), dtype=bool)
        there = self.places.codes.of(self.tags.filter(pl.col("tag") == tag)["region"])
        found[there[there >= 0]] = True
        return found

    def post_of(self, rows: pl.DataFrame) -> np.ndarray:
        """(k,) number of the post that ``village`` and ``post`` name; −1 where there is none."""
        return self._post_at.of(self._post_keys(rows))

    def _post_keys(self, rows: pl.DataFrame) -> pl.Series:
        village, post = self.places.codes.of(rows["village"]), self._post_names.of(rows["post"])
        keys = pl.DataFrame({"village": village, "post": post}).select(
            pl.when(pl.min_horizontal("village", "post") >= 0).then(
                pl.col("village") * self._stride + pl.col("post")
            )
        )
        return keys.to_series()

    def _people(self, cadres: pl.DataFrame) -> People:
        on, watch = self.resolved.on, bool(self.value("availability"))
        post, stays, in_term, gone = self._in_place()
        able, lasting = ~gone, ~gone
        if watch:
            until = pl.col("available_until")
            end = years_after(on, float(self.value("minimum_term_years") or 0))
            here = cadres.select(
                now=holding(on, "available_from", "available_until"), later=until.is_null() | (until >= end)
            )
            able = able & here["now"].to_numpy()
            lasting = able & here["later"].to_numpy()
        at = np.where(able & stays, post, -1)
        skills, skill = distinct(cadres["skill"])
        roles, of_roles = distinct(cadres["roles"])
        languages, of_languages = distinct(cadres["languages"])
        codes = self.places.codes
        return People(cadres["id"], codes.of(cadres["unit"]), codes.of(cadres["home_region"]), skill, of_roles,
                      of_languages, able, lasting, at, at, (at >= 0) & in_term, skills, [_members(c) for c in roles],
                      [_members(c) for c in languages])  # fmt: skip

    def _in_place(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Per cadre: post of the newest posting in force, may stay, in the minimum term, gone for a reason."""
        on, term = self.resolved.on, self.value("minimum_term_years")
        rows = self.network.frame("postings").filter(holding(on)).with_row_index("row")
        twice = rows.filter(pl.col("cadre").is_duplicated())
        newest = twice.sort("since", "village", "post", "row", nulls_last=False).unique("cadre", keep="last")
        rows = pl.concat([rows.filter(pl.col("cadre").is_unique()), newest])
        days, day = distinct(rows["since"])
        young = [term is not None and d is not None and years_after(d, float(term)) > on for d in days]
        why = pl.col("ended_because")
        ended = rows.select(stays=why.is_null(), gone=why.is_not_null() & (why != "term_over"))
        at = Codes(rows["cadre"]).of(self.network.frame("cadres")["id"])
        told = (
            self.post_of(rows),
            ended["stays"].to_numpy(),
            np.array(young, dtype=bool)[day],
            ended["gone"].to_numpy(),
        )
        found = [np.append(values, np.int64(-1) if k == 0 else False)[at] for k, values in enumerate(told)]
        return found[0], found[1], found[2], found[3]

    def _own(self, tables: Tables) -> dict[int, frozenset[int]]:
        pairs = tables.get("pairs")
        chosen = None if pairs is None else pairs.filter(pl.col("stage") == "designation")
        decided = chosen is not None and chosen.height > 0 and "designation" in self.resolved.values
        kinds = [k for k in OWN_KINDS if not (decided and k == "designated")]
        relations = self.network.frame("relations").filter(holding(self.resolved.on))
        held = [relations.filter(pl.col("kind").is_in(kinds)).select("supporter", "recipient")]
        if decided and chosen is not None:
            held.append(chosen.select("supporter", "recipient"))
        rows = pl.concat(held)
        codes, found = self.places.codes, dict[int, set[int]]()
        known = self._known()
        units, places = codes.of(rows["supporter"]).tolist(), codes.of(rows["recipient"]).tolist()
        for unit, place in zip(units, places, strict=True):
            if unit >= 0 and place >= 0 and known[place]:
                found.setdefault(unit, set()).add(place)
        return {unit: frozenset(held) for unit, held in found.items()}

    def _known(self) -> np.ndarray:
        """(places,) bool: regions, villages with posts and homes; nothing lies in what else has a number."""
        known = np.arange(len(self.places)) < self.places.regions
        known[self.posts.village] = True
        known[self.people.home[self.people.home >= 0]] = True
        return known


def _posts(seats: pl.DataFrame, places: Tree) -> Posts:
    filled = seats.select(
        pl.col("village", "role", "tier"),
        pl.when(pl.col("skill") == "")
        .then(None)
        .otherwise(pl.col("skill"))
        .fill_null("general")
        .alias("skill"),
        pl.col("minimum", "target").fill_null(0),
    )
    roles, role = distinct(filled["role"])
    skills, skill = distinct(filled["skill"])
    least, most, tier = (filled[c].to_numpy() for c in ("minimum", "target", "tier"))
    return Posts(
        places.codes.of(filled["village"]), role, skill, least, np.maximum(most, least), tier, roles, skills
    )


def _members(cell: str | None) -> frozenset[str]:
    return frozenset((cell or "").split(";")) - {""}
