"""What of a network's answers somebody sees who is limited to regions: those, all below, and whom these are tied to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import polars as pl

from api.service.caller import Caller
from api.service.networks import Asked
from api.service.refusals import Refused
from api.service.scope import Scope
from api.service.seen import alike


@dataclass(frozen=True)
class Sight:
    """What a caller sees of a network at one version.

    A place is *within* where it lies in the caller's regions, a unit where its home does; *above* are the places in which those lie:
    what supports them reaches the caller's, too. A tie *touches* where one of its ends is within or above, *near* is who is within, above
    or an end of a tie that touches.

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
        ties = self.scope.asked.frame("relations")
        ends = ties.filter(self.touching("supporter", "recipient")).select("supporter", "recipient")
        return self.within.union(self.above, ends["supporter"], ends["recipient"])

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

    def demand(self, ids: Iterable[str]) -> None:
        """Let pass where one of some is near.

        Raises
        ------
        Refused
            When none is.
        """
        named = list(ids)
        if not self.whole and self.near.isdisjoint(named):
            self.refuse(named)

    def refuse(self, ids: Iterable[str]) -> NoReturn:
        """Say that these are none of the caller's business.

        Raises
        ------
        Refused
            Always.
        """
        limits, named = self.scope.caller.regions, list(ids)
        raise Refused(
            f"您的权限限于 {'、'.join(limits)}，{'、'.join(named)} 不在其中，也与其中没有帮扶关系",
            f"you are limited to {', '.join(limits)}; {', '.join(named)} is not in it and has no relation with what is",
        )


def sight_of(asked: Asked, caller: Caller) -> Sight:
    """What a caller sees; worked out once for all who see alike."""
    found: Sight = asked.beside.setdefault(("sight", *alike(caller)), Sight(Scope(caller, asked)))
    return found
