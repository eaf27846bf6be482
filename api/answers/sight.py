"""What of a network's answers somebody sees who is limited to regions: those, all below, and whom these are tied to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import polars as pl

from api.service.caller import Caller
from api.service.networks import Asked
from api.service.refusals import Refused
from api.service.scope import Scope
from api.service.seen import alike
from graph.network import Network

ENDS = ("supporter", "recipient")
READS = ("regions", "names", "region_successions", "units", "relations")
"""Tables by which words are understood, and what hangs together."""


@dataclass(frozen=True)
class Sight:
    """What a caller sees of a network at one version.

    A place is *within* where it lies in the caller's regions, a unit where its home does; *above* are the places in which those lie:
    what supports them reaches the caller's, too. A tie *touches* where one of its ends is within or above, *near* is who is within, above,
    an end of a tie that touches, or a unit whose row the caller sees.

    Parameters
    ----------
    scope : Scope
        The caller's.
    """

    scope: Scope

    @property
    def whole(self) -> bool:
        """Whether the caller sees all."""
        return self.scope.whole

    @cached_property
    def within(self) -> frozenset[str]:
        """Codes of regions, retired ones too, and ids of units."""
        codes = set(self.scope.codes)
        for old, new in self.scope.asked.frame("region_successions").select("old", "new").iter_rows():
            if old in codes or new in codes:
                codes |= {old, new}
        units = self.scope.asked.frame("units")
        return frozenset(codes.union(units.filter(pl.col("home_region").is_in(sorted(codes)))["id"]))

    @cached_property
    def above(self) -> frozenset[str]:
        """Codes of the places in which the caller's regions lie."""
        tree = self.scope.asked.regions
        return frozenset(code for region in self.scope.caller.regions for code in tree.ancestors(region))

    @cached_property
    def near(self) -> frozenset[str]:
        """Who may be asked about, and named in answers."""
        ends, asked = self.ties(self.scope.asked.frame("relations")), self.scope.asked
        units = self.scope.rows("units", asked.frame("units"))["id"]
        return self.within.union(self.above, ends["supporter"], ends["recipient"], units)

    @cached_property
    def network(self) -> Network:
        """All regions, which every gazetteer has; the units that are near, and the relations that touch.

        What is asked of it hangs on nothing else: neither does a count tell of what is outside, nor a name that is found there.
        """
        there = self.scope.asked.read(READS).only(READS)
        units = there.frame("units").filter(pl.col("id").is_in(sorted(self.near)))
        return there.with_frames({"units": units, "relations": self.ties(there.frame("relations"))})

    @cached_property
    def with_money(self) -> Network:
        """The same with the ledger of the relations that touch."""
        ids = self.network.frame("relations")["id"].implode()
        ledger = self.scope.asked.frame("ledger").filter(pl.col("relation").is_in(ids))
        return self.network.with_frames({"ledger": ledger})

    @cached_property
    def with_figures(self) -> Network:
        """The same with the regions within alone, and their figures."""
        asked = self.scope.asked
        tables = {
            name: self.scope.rows(name, asked.frame(name))
            for name in ("regions", "region_facts", "region_tags", "village_posts")
        }
        return self.with_money.with_frames(tables)

    def ties(self, relations: pl.DataFrame) -> pl.DataFrame:
        """Those of some relations that touch."""
        return relations if self.whole else relations.filter(self.touching(*ENDS))

    @cached_property
    def _ends(self) -> pl.Series:
        return pl.Series(sorted(self.within | self.above), dtype=pl.String).implode()

    @cached_property
    def _inside(self) -> pl.Series:
        return pl.Series(sorted(self.within), dtype=pl.String).implode()

    def touches(self, one: str, other: str) -> bool:
        """Whether a tie of these two ends is shown."""
        return not {one, other}.isdisjoint(self.within) or not {one, other}.isdisjoint(self.above)

    def touching(self, *columns: str) -> pl.Expr:
        """The same of rows, whose ends stand in some columns."""
        return pl.any_horizontal(pl.col(c).is_in(self._ends) for c in columns)

    def lying(self, *columns: str) -> pl.Expr:
        """Rows of which one of some columns names what lies within."""
        return pl.any_horizontal(pl.col(c).is_in(self._inside) for c in columns)

    def refuse(self, words: str) -> NoReturn:
        """Say that a region is none of the caller's business, in the words that they asked with.

        Raises
        ------
        Refused
            Always.
        """
        limits = self.scope.caller.regions
        raise Refused(
            f"您的权限限于 {'、'.join(limits)}，{words} 不在其中，也与其中没有帮扶关系",
            f"you are limited to {', '.join(limits)}; {words} is not in it and has no relation with what is",
        )


def sight_of(asked: Asked, caller: Caller) -> Sight:
    """What a caller sees; worked out once for all who see alike."""
    found: Sight = asked.beside.setdefault(("sight", *alike(caller)), Sight(Scope(caller, asked)))
    return found
