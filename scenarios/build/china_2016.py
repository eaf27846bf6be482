"""All tables of the scenario china-2016 in one go."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from scenarios.build.coverage import coverage
from scenarios.build.names import names
from scenarios.build.places import region_successions, regions
from scenarios.build.policies import documents, policies
from scenarios.build.poverty import region_facts
from scenarios.build.relations import relations
from scenarios.build.tables import conform, stack, write_csv, write_parquet
from scenarios.build.tags import region_tags
from scenarios.build.units import units
from scenarios.generate.china import SEED, above_villages, of_villages

SCALE = 1 / 20
PARQUET = frozenset(
    [
        "regions",
        "names",
        "region_tags",
        "region_facts",
        "relations",
        "household_groups",
        "village_posts",
        "cadres",
        "postings",
        "needs",
        "register_changes",
        "pledges",
        "ledger",
    ]
)


def facts() -> dict[str, pl.DataFrame]:
    """The tables that the sources give, before anything is generated."""
    places, supporters = regions(), units()
    return {
        "regions": places,
        "names": names(places, supporters),
        "region_successions": region_successions(),
        "region_tags": region_tags(),
        "region_facts": region_facts(),
        "units": supporters,
        "relations": relations(),
        "coverage": coverage(),
        "policies": policies(),
        "documents": documents(),
    }


def tables(scale: float = SCALE, seed: int = SEED) -> dict[str, pl.DataFrame]:
    """Every table of the scenario: what the sources give first, what is generated below it."""
    given = facts()
    made, places, whole = above_villages(given, seed)
    parts = {name: [frame] for name, frame in given.items()}
    for name, frame in (*made.items(), *of_villages(given, places, whole, seed, scale)):
        parts.setdefault(name, []).append(frame)
    return {
        name: stack(name, *frames) if len(frames) > 1 else conform(name, frames[0])
        for name, frames in parts.items()
    }


def build(target: Path) -> list[Path]:
    """Write every table to ``target``: reviewable ones as CSV, large generated ones as Parquet.

    Returns
    -------
    list of Path
        The files written.
    """
    target.mkdir(parents=True, exist_ok=True)
    return [
        (write_parquet if name in PARQUET else write_csv)(name, frame, target)
        for name, frame in tables().items()
    ]
