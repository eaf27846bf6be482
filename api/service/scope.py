"""What somebody who is limited to regions may see: those regions and all below them, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from api.service.caller import Caller
from api.service.inside import Inside
from api.service.networks import Asked
from api.service.refusals import Refused

MASKED = "***"
"""Instead of a person's name."""


@dataclass(frozen=True)
class Scope:
    """The part of a network that a caller may see.

    Parameters
    ----------
    caller : Caller
    asked : Asked
        The network.
    """

    caller: Caller
    asked: Asked

    @property
    def whole(self) -> bool:
        """Whether the caller is not limited."""
        return not self.caller.regions

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the caller's regions and of all below them; empty and not to be asked where they are not limited."""
        return self._inside.codes

    def holds(self, code: str) -> bool:
        """Whether a region lies in it."""
        return self.whole or code in self.codes

    def demand(self, codes: Iterable[str]) -> None:
        """Let pass where one of some regions lies in it.

        Raises
        ------
        Refused
            When none does.
        """
        named = list(codes)
        if not any(self.holds(code) for code in named):
            limits = self.caller.regions
            raise Refused(
                f"您的权限限于 {'、'.join(limits)}，{'、'.join(named)} 不在其中",
                f"you are limited to {', '.join(limits)}; {', '.join(named)} is not in it",
            )

    def rows(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table that the caller may see (:mod:`api.service.inside`), names of persons masked where they may not see them.

        Parameters
        ----------
        table : str
            A table of the schema, or of a plan.
        frame : DataFrame
            Rows of it, with the columns that lead to others.
        """
        if not self.whole:
            frame = frame.filter(self._inside.row(table))
        if table == "cadre_names" and not self.caller.sees_names:
            frame = frame.with_columns(pl.lit(MASKED).alias("name"))
        return frame

    @property
    def _inside(self) -> Inside:
        return self.asked.inside(self.caller.regions)
