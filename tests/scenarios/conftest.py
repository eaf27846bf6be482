from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graph.schema import ENUMS, TABLES
from scenarios.build.china_2016 import build
from scenarios.build.tables import DATA, read_table
from scenarios.generate import generate_national


@pytest.fixture(scope="session")
def shipped() -> dict[str, pl.DataFrame]:
    """Every table of the committed scenario china-2016."""
    return {path.stem: read_table(path.stem) for path in sorted(DATA.iterdir()) if path.stem in TABLES}


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same scenario built again from the source copies."""
    folder = tmp_path_factory.mktemp("china-2016")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def small_country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario folder with one village in two hundred."""
    return generate_national(tmp_path_factory.mktemp("national"), scale=1 / 200)


@pytest.fixture(scope="session")
def broken() -> Callable[[dict[str, pl.DataFrame]], list[str]]:
    """What every table of every scenario must keep, checked without the reader of user files."""
    return broken_rules


def broken_rules(frames: dict[str, pl.DataFrame]) -> list[str]:
    """Duplicate keys, empty required cells, unknown enum values, foreign keys without a row.

    Figures out of bounds.
    """
    found: list[str] = []
    for name, frame in frames.items():
        table = TABLES[name]
        if dict(frame.schema) != table.dtypes:
            found.append(f"{name}: columns or types")
        if frame.select(table.key).is_duplicated().any():
            found.append(f"{name}: duplicate key")
        for column in table.columns:
            cells = frame[column.name]
            if column.required and cells.null_count():
                found.append(f"{name}.{column.name}: empty")
            cells = cells.drop_nulls()
            if column.enum:
                members = cells.str.split(";").explode() if column.kind == "list" and len(cells) else cells
                if not set(members.unique()) <= set(ENUMS[column.enum]):
                    found.append(f"{name}.{column.name}: unknown value")
            if column.foreign:
                known: set[str] = set()
                for reference in column.foreign.split("|"):
                    other, key = reference.split(".")
                    known |= set(frames[other][key]) if other in frames else set()
                if not set(cells.unique()) <= known:
                    found.append(f"{name}.{column.name}: foreign key")
            if len(cells) and column.minimum is not None and cells.min() < column.minimum:
                found.append(f"{name}.{column.name}: below its minimum")
            if len(cells) and column.maximum is not None and cells.max() > column.maximum:
                found.append(f"{name}.{column.name}: above its maximum")
    return found
