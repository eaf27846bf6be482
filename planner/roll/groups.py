"""Villages whose poor households are known by group: their part of what moves in their county, and the groups at the end of the year.

Of n persons that a county's register gains or loses, each of these villages has a part in proportion to its persons, the rest of the
county one in proportion to the county's other persons: whole, adding up to n, largest remainders first. Within a village its groups
keep their proportions; why somebody is poor who comes onto the register is thus as it was for those who are on it (assumed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from graph.network import Network
from planner.roll.recorded import shared_out
from planner.roll.register_year import INTO, Register

TABLE = "household_groups"


@dataclass(frozen=True)
class Moved:
    """What moved in a village: persons at the start, kind → persons added, persons who left."""

    before: int
    into: Mapping[str, int]
    exited: int

    @property
    def after(self) -> int:
        """Persons at the end: start + in − out."""
        return self.before + sum(self.into.values()) - self.exited


def newest_groups(network: Network, year: int) -> pl.DataFrame:
    """Rows of each village's newest year up to ``year``, in order of their key."""
    groups = network.frame(TABLE).filter(pl.col("year") <= year)
    return groups.filter(pl.col("year") == pl.col("year").max().over("village")).sort(
        "village", "cause", "lacking"
    )


def moved_villages(register: Register, network: Network, groups: pl.DataFrame) -> dict[str, Moved]:
    """Village → its part of what moved in its county; villages outside the counties of the register do not move."""
    persons = dict(groups.group_by("village", maintain_order=True).agg(pl.col("persons").sum()).iter_rows())
    rows = {code: i for i, code in enumerate(register.codes)}
    below: dict[int, list[str]] = {}
    for village in persons:
        home = next((rows[a] for a in (village, *network.ancestors(village)) if a in rows), None)
        if home is not None:
            below.setdefault(home, []).append(village)
    found: dict[str, Moved] = {}
    for i, villages in sorted(below.items()):
        found |= _parts(register, i, villages, [persons[v] for v in villages])
    return found


def _parts(
    register: Register, county: int, villages: Sequence[str], persons: Sequence[int]
) -> dict[str, Moved]:
    """A county's changes by village; nobody leaves a village who is not there, as a part is never more than its weight."""
    others = max(int(register.before[county]) - sum(persons), 0)
    weights = np.array([*persons, others], dtype=np.int64)
    into = {kind: shared_out(int(register.into[kind][county]), weights) for kind in INTO}
    there = weights + sum(into.values())
    exited = shared_out(int(register.exited[county]), there)
    return {
        v: Moved(n, {kind: int(part[k]) for kind, part in into.items()}, int(exited[k]))
        for k, (v, n) in enumerate(zip(villages, persons, strict=True))
    }


def groups_after(
    groups: pl.DataFrame, moved: Mapping[str, Moved], year: int, household: float
) -> list[dict[str, Any]]:
    """Rows of :data:`TABLE` of the year that ends: each group with its part of the village's persons, empty ones too."""
    found: list[dict[str, Any]] = []
    for (village,), rows in groups.group_by("village", maintain_order=True):
        if village not in moved:
            continue
        told = shared_out(moved[str(village)].after, rows["persons"].to_numpy())
        for row, persons in zip(rows.iter_rows(named=True), told.tolist(), strict=True):
            homes = _households(int(row["households"]), int(row["persons"]), persons, household)
            found.append({**{c: row[c] for c in ("village", "cause", "lacking")}, "year": year, "persons": persons, "households": homes})  # fmt: skip
    return found


def _households(homes: int, before: int, after: int, household: float) -> int:
    """Households in step with persons: none without anybody, else at least one and no more than persons."""
    wanted = round(homes * after / before) if before else round(after / household)
    return min(max(wanted, 1), after)
