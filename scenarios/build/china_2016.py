"""All tables of the scenario china-2016 in one go."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from scenarios.build.coverage import coverage
from scenarios.build.names import names
from scenarios.build.places import region_successions, regions
from scenarios.build.poverty import region_facts
from scenarios.build.relations import relations
from scenarios.build.tables import write_csv
from scenarios.build.tags import region_tags
from scenarios.build.units import units


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
    }


def build(target: Path) -> list[Path]:
    """Write every table to ``target``.

    Returns
    -------
    list of Path
        The files written.
    """
    target.mkdir(parents=True, exist_ok=True)
    return [write_csv(name, frame, target) for name, frame in facts().items()]
