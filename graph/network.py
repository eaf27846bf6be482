"""A support network in memory: its tables as frames, and the tree of its regions.

Ids are strings at the outside; frames keep them, arrays inside stages use row numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl

from graph.dates import holding
from graph.held import HeldTables
from graph.schema import TABLES
from graph.wording import Titles, Wording

if TYPE_CHECKING:
    from graph.questions.rules import Rule

LEVELS = ("province", "prefecture", "county", "township", "village")

NAMES = {
    "regions": ("name",), "units": ("name",), "names": ("name",), "fund_sources": ("name", "id"),
    "inspection_teams": ("id",), "cadres": ("id",),
}  # fmt: skip
"""Where names stand that people gave."""


@dataclass(frozen=True)
class RegionSettings:
    """How a scenario names its places.

    Parameters
    ----------
    codes : {"gb2260", "free", ""}
        Code scheme; ``""`` lets the reader decide (``gb2260`` where every province, prefecture and county
        code is a known one, else ``free``).
    levels : tuple of str
        Level names, the widest first. Nothing in the engine knows a level by its Chinese name.
    """

    codes: str = ""
    levels: tuple[str, ...] = LEVELS


@dataclass(frozen=True)
class Network:
    """Tables of a support network.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Table name → frame that has every declared column with its declared type. Tables that were not
        given are absent.
    settings : RegionSettings
        Code scheme (resolved, never ``""``) and levels.
    enums : mapping of str to tuple of str
        Values that the scenario adds to an enumeration.
    name : str
        What to call it in messages: a scenario's name or a folder.
    on : date or None
        The scenario's date, on which questions read it unless asked for another; ``None``: today.
    titles : Titles
        The scenario's own words (:mod:`graph.wording`).
    rules : tuple of Rule
        Its own rules of coverage (:mod:`graph.questions.rules`), in the order in which they are asked.
    """

    frames: Mapping[str, pl.DataFrame]
    settings: RegionSettings = RegionSettings(codes="free")
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""
    on: date | None = None
    titles: Titles = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[Rule, ...] = ()

    def has(self, table: str) -> bool:
        """Whether the table was given (it may still be empty)."""
        return table in self.frames

    def frame(self, table: str) -> pl.DataFrame:
        """The table's frame; an empty one with all columns where it was not given."""
        found = self.frames.get(table)
        return TABLES[table].empty() if found is None else found

    def lists(self, table: str, *columns: str) -> tuple[Sequence[Any], ...]:
        """Columns of a table as plain values; empty ones where it was not given."""
        if isinstance(self.frames, HeldTables) and table in self.frames:
            held = self.frames.columns(table)
            return tuple(held[column] for column in columns)
        frame = self.frame(table)
        return tuple(frame[column].to_list() for column in columns)

    def where(self, table: str, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
        """Rows of a table whose ``column`` is one of ``values``, in table order, as plain values by column."""
        if isinstance(self.frames, HeldTables) and table in self.frames:
            return self.frames.where(table, column, set(values))
        frame = self.frame(table)
        return frame.filter(pl.col(column).is_in(list(values))).to_dicts() if frame.height else []

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Region code → code of its parent, ``None`` at the top."""
        return dict(zip(*self.lists("regions", "code", "parent"), strict=True))

    @cached_property
    def names(self) -> dict[str, str]:
        """Region code or unit id → name."""
        found = dict(zip(*self.lists("regions", "code", "name"), strict=True))
        found.update(zip(*self.lists("units", "id", "name"), strict=True))
        return found

    @cached_property
    def named(self) -> dict[str, str]:
        """Name → id of the region or unit that bears it; of several the last."""
        return {name: id for id, name in self.names.items()}

    @cached_property
    def level_of(self) -> dict[str, str]:
        """Region code → level."""
        return dict(zip(*self.lists("regions", "code", "level"), strict=True))

    @cached_property
    def pseudo(self) -> frozenset[str]:
        """Codes of regions that are levels of the code scheme only, not places (``市辖区``)."""
        both = zip(*self.lists("regions", "code", "pseudo"), strict=True)
        return frozenset(code for code, pseudo in both if pseudo)

    @cached_property
    def homes(self) -> dict[str, str | None]:
        """Unit id → code of its home region."""
        return dict(zip(*self.lists("units", "id", "home_region"), strict=True))

    @cached_property
    def sounds(self) -> dict[str, str]:
        """Region code or unit id → English name, else the pinyin listed first; only of those that have one."""
        english: dict[str, str] = {}
        pinyin: dict[str, str] = {}
        for id, name, kind in zip(*self.lists("names", "id", "name", "kind"), strict=True):
            if kind in ("english", "pinyin"):
                (english if kind == "english" else pinyin).setdefault(id, name)
        return pinyin | english

    @cached_property
    def aliases(self) -> dict[str, set[str]]:
        """Region code → itself and the codes that it succeeded or that succeeded it; only of those that changed."""
        found: dict[str, set[str]] = {}
        for old, new in zip(*self.lists("region_successions", "old", "new"), strict=True):
            found.setdefault(old, {old}).add(new)
            found.setdefault(new, {new}).add(old)
        return found

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Region code → codes right below it, in table order."""
        below: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            if parent is not None:
                below.setdefault(parent, []).append(code)
        return below

    def ancestors(self, code: str) -> list[str]:
        """Codes above ``code``, the nearest first. A unit or an unknown code has none."""
        found: list[str] = []
        above = self.parents.get(code)
        while above is not None and above not in found:
            found.append(above)
            above = self.parents.get(above)
        return found

    def at_level(self, code: str, level: str) -> str | None:
        """``code`` or its ancestor that stands at ``level``; ``None`` where there is none."""
        for place in (code, *self.ancestors(code)):
            if self.level_of.get(place) == level:
                return place
        return None

    def descendants(self, code: str) -> list[str]:
        """All codes below ``code``, parents before children."""
        found: dict[str, None] = {}
        waiting = list(reversed(self.children.get(code, [])))
        while waiting:
            place = waiting.pop()
            if place not in found:  # else parents go in a circle, which check names
                found[place] = None
                waiting.extend(reversed(self.children.get(place, [])))
        return list(found)

    def within(self, code: str) -> set[str]:
        """``code`` and all codes below it; the tree is not laid out for what has nothing below it."""
        above = (self.frame("regions")["parent"] == code).any()
        return {code, *self.descendants(code)} if above else {code}

    def tagged(self, tag: str, on: date | None = None) -> list[str]:
        """Codes of regions that bear ``tag`` (at any time, or ``on`` a date), in table order."""
        tags = self.frame("region_tags")
        if on is not None:
            tags = tags.filter(holding(on))
        return tags.filter(pl.col("tag") == tag)["region"].unique(maintain_order=True).to_list()

    def label(self, code: str) -> str:
        """Name of a region or unit for people; the code itself where it has none."""
        return self.names.get(code) or code

    def with_frames(self, frames: Mapping[str, pl.DataFrame]) -> Network:
        """The same network with some tables replaced or added."""
        return replace(self, frames={**self.frames, **frames})

    def only(self, tables: Iterable[str]) -> Network:
        """The same network without the other tables."""
        kept = set(tables)
        return replace(self, frames={n: self.frames[n] for n in self.frames if n in kept})

    @property
    def wording(self) -> Wording:
        """Its own words, which leave the names in its tables as they are."""
        return Wording(self.titles, self.every_name)

    def every_name(self) -> list[str]:
        """Names in the tables that are there: of places and units in every form, fund sources, inspection teams and people's ids."""
        found: dict[str, None] = {}
        for table, columns in NAMES.items():
            for column in columns if table in self.frames else ():
                given = self.frames[table][column].drop_nulls()
                found |= dict.fromkeys(given.unique(maintain_order=True).to_list())
        return list(found)
