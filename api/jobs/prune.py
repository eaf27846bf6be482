"""How long ended works are kept, and what is left of works that nobody knows any more."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.jobs.means import TEMPORARY
from graph.store.workspace.database import Database

OLD = """
SELECT id FROM works WHERE ended IS NOT NULL AND max(ended, (SELECT max(submitted) FROM jobs WHERE work = works.id)) < ?
"""
"""A work that was ordered again since it ended is as old as that order."""


def prune(records: Database, folder: Path, days: int) -> int:
    """Forget works that ended so many days ago, with their jobs, events and files; how many. Nothing else is ever removed.

    Parameters
    ----------
    records : Database
    folder : Path
        Of the works' folders.
    days : int
        0: keep all.
    """
    if not days:
        return 0
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    with records.writing() as connection:
        old = [id for (id,) in connection.execute(OLD, (before,))]
        for table, column in (("events", "work"), ("jobs", "work"), ("works", "id")):
            connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(id,) for id in old])
    for id in old:
        shutil.rmtree(folder / str(id), ignore_errors=True)
    return len(old)


def tidy(records: Database, folder: Path) -> None:
    """Remove folders of works that the records do not know, and what killed processes left in the others."""
    if not folder.is_dir():
        return
    with records.reading() as connection:
        known = {str(id) for (id,) in connection.execute("SELECT id FROM works")}
    for place in folder.iterdir():
        shutil.rmtree(place / TEMPORARY if place.name in known else place, ignore_errors=True)
