"""What lies inside some regions, table by table: found by whole columns, once for a version of a network and a choice of regions.

A row is *inside* where one of its links leads to a region there, or to an entity that is *at home* there (a unit seated there, a
cadre from there or sent by such a unit, a fund source owned there): what a place's own units, cadres and money do elsewhere is
the place's business too. An entity is inside where it is at home, or where a row that is inside names it: the university that
supports a county is seen from the county, what else the university does is not. What is about no region is for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from graph.schema import TABLES
from graph.schema.model import PROPOSED, SHAPES, Link, Shape

if TYPE_CHECKING:
    from api.service.networks import Asked

FOR_ALL = ("policies",)
"""Tables that are about no region."""
CALLED = ("names", "cadre_names")
"""What entities are called: inside with the entity, whether it is at home or only named."""
POSSIBLE = {
    "pair_scores": (
        Link("supporter", "", ("regions", "units", "cadres")),
        Link("recipient", "", ("regions",)),
    )
}
"""Tables of what could be, with their links, which the graph has not; their rows name nobody."""


def shape_of(table: str) -> Shape:
    """How a table of the schema, or one of a plan, looks in the graph.

    Raises
    ------
    KeyError
        When there is no such table.
    """
    return SHAPES[table] if table in SHAPES else PROPOSED[table]


def links_of(table: str) -> tuple[Link, ...]:
    """Every link of a table's rows; where the graph cannot draw one, what the column refers to."""
    if table in POSSIBLE:
        return POSSIBLE[table]
    drawn = shape_of(table).drawn
    known = {link.column for link in drawn}
    columns = TABLES[table].columns if table in TABLES else ()
    return drawn + tuple(
        Link(column.name, "", tuple(target.partition(".")[0] for target in column.foreign.split("|")))
        for column in columns
        if column.foreign and column.name not in known
    )


def naming(entity: str) -> list[tuple[str, str]]:
    """Tables and columns whose rows name an entity of a table, rather than hang on it."""
    return [
        (table, link.column)
        for table in TABLES
        if table not in POSSIBLE and table != entity
        for link in links_of(table)
        if entity in link.targets and not link.inward
    ]


@dataclass(frozen=True)
class Inside:
    """What of a network lies inside some regions.

    Parameters
    ----------
    regions : tuple of str
        Their codes.
    asked : Asked
        The network.
    """

    regions: tuple[str, ...]
    asked: Asked

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the regions that are there and of all below them."""
        return frozenset(self._codes.to_list())

    def row(self, table: str) -> pl.Expr:
        """Whether a row of a table is inside: an expression over its columns."""
        if table in FOR_ALL:
            return pl.lit(True)
        if shape_of(table).kind == "entity":
            return pl.col(shape_of(table).key).is_in(self.entities(table).implode())
        return self._any(table)

    def entities(self, table: str) -> pl.Series:
        """Keys of the entities of a table that are inside."""
        return self._once("entities", table)

    def at_home(self, table: str) -> pl.Series:
        """Keys of the entities of a table that are at home inside."""
        return self._once("at_home", table)

    def _any(self, table: str) -> pl.Expr:
        """Whether one of a row's links leads inside."""
        whole = table in CALLED
        found = [self._leads(link.column, t, whole) for link in links_of(table) for t in link.targets]
        if table == "coverage":  # holds for the region and all below it
            found.append(pl.col("region").is_in(self._above.implode()))
        if table == "pair_scores":  # village/post
            found.append(pl.col("recipient").str.extract("^([^/]+)/").is_in(self._codes.implode()))
        return pl.any_horizontal(found).fill_null(value=False)

    def _leads(self, column: str, target: str, whole: bool) -> pl.Expr:
        if target == "regions":
            ids = self._codes
        elif SHAPES[target].kind != "entity":
            ids = self._once("rows", target)
        else:
            ids = self.entities(target) if whole else self.at_home(target)
        return pl.col(column).is_in(ids.implode())

    def _once(self, what: str, table: str) -> pl.Series:
        found = self._kept.get((what, table))
        if found is None:
            made = {"entities": self._entities, "at_home": self._at_home, "rows": self._rows}[what]
            found = self._kept[what, table] = self._codes if table == "regions" else made(table)
        return found

    def _at_home(self, table: str) -> pl.Series:
        return self.asked.frame(table).filter(self._any(table))[shape_of(table).key]

    def _entities(self, table: str) -> pl.Series:
        parts = [self.at_home(table)]
        for other, column in naming(table):
            parts.append(self.asked.frame(other).filter(self.row(other))[column])
        named = pl.concat([part.rename("id") for part in parts])
        keys = self.asked.frame(table)[shape_of(table).key]
        return keys.filter(keys.is_in(named.implode()))  # such a column may name regions, too

    def _rows(self, table: str) -> pl.Series:
        (key,) = TABLES[table].key
        return self.asked.frame(table).filter(self.row(table))[key]

    @cached_property
    def _kept(self) -> dict[tuple[str, str], pl.Series]:
        return {}

    @cached_property
    def _codes(self) -> pl.Series:
        rest = self.asked.regions.frame("regions").select("code", "parent")
        edge = rest.filter(pl.col("code").is_in(list(self.regions)))["code"]
        found = [edge]
        while edge.len():
            rest = rest.filter(~pl.col("code").is_in(edge.implode()))
            edge = rest.filter(pl.col("parent").is_in(edge.implode()))["code"]
            found.append(edge)
        return pl.concat(found)

    @cached_property
    def _above(self) -> pl.Series:
        tree = self.asked.regions
        above = {code for region in self.regions for code in tree.ancestors(region)}
        return pl.Series(sorted(above), dtype=pl.String)
