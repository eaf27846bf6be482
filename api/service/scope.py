"""What somebody who is limited to regions may see: those regions and all below them, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from api.service.caller import Caller
from api.service.networks import Asked
from api.service.refusals import Refused
from graph.schema.model import PROPOSED, SHAPES


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

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the caller's regions and of all below them; empty and not to be asked where they are not limited."""
        parents = self.asked.regions.parents
        inside = dict.fromkeys(self.caller.regions, True)

        def within(code: str | None) -> bool:
            path = []
            while code is not None and code not in inside:
                path.append(code)
                code = parents.get(code)
            found = code is not None and inside[code]
            inside.update(dict.fromkeys(path, found))
            return found

        return frozenset(code for code in parents if within(code))

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
        """The rows of a table that hang on a region in it, or on none at all."""
        if self.whole:
            return frame
        shape = SHAPES.get(table) or PROPOSED[table]
        links = [link for link in (shape.start, shape.end, *shape.links) if link is not None]
        columns = (
            ["code"] if table == "regions" else [link.column for link in links if "regions" in link.targets]
        )
        if not columns:
            return frame
        seen = pl.Series(sorted(self.codes), dtype=pl.String).implode()
        return frame.filter(pl.any_horizontal(pl.col(c).is_in(seen) for c in columns))
