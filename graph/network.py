"""A support network in memory: its tables as frames, and the tree of its regions.

Ids are strings at the outside; frames keep them, arrays inside stages use row numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

import polars as pl

from graph.dates import holding
from graph.schema import TABLES

LEVELS = ("province", "prefecture", "county", "township", "village")


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
    """

    frames: Mapping[str, pl.DataFrame]
    settings: RegionSettings = RegionSettings(codes="free")
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""
    on: date | None = None

    def has(self, table: str) -> bool:
        """Whether the table was given (it may still be empty)."""
        return table in self.frames

    def frame(self, table: str) -> pl.DataFrame:
        """The table's frame; an empty one with all columns where it was not given."""
        found = self.frames.get(table)
        return TABLES[table].empty() if found is None else found

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Region code → code of its parent, ``None`` at the top."""
        regions = self.frame("regions")
        return dict(zip(regions["code"].to_list(), regions["parent"].to_list(), strict=True))

    @cached_property
    def names(self) -> dict[str, str]:
        """Region code or unit id → name."""
        regions, units = self.frame("regions"), self.frame("units")
        found = dict(zip(regions["code"].to_list(), regions["name"].to_list(), strict=True))
        found.update(zip(units["id"].to_list(), units["name"].to_list(), strict=True))
        return found

    @cached_property
    def level_of(self) -> dict[str, str]:
        """Region code → level."""
        regions = self.frame("regions")
        return dict(zip(regions["code"].to_list(), regions["level"].to_list(), strict=True))

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
        found: list[str] = []
        waiting = list(reversed(self.children.get(code, [])))
        while waiting:
            place = waiting.pop()
            found.append(place)
            waiting.extend(reversed(self.children.get(place, [])))
        return found

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
        return Network({**self.frames, **frames}, self.settings, self.enums, self.name, self.on)

    def only(self, tables: Iterable[str]) -> Network:
        """The same network without the other tables."""
        kept = set(tables)
        return Network(
            {n: f for n, f in self.frames.items() if n in kept}, self.settings, self.enums, self.name, self.on
        )
