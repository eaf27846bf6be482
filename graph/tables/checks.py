"""Check typed tables: errors that refuse a file, and findings of the domain that stand beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from graph.findings import Finding
from graph.network import RegionSettings
from graph.schema import TABLES
from graph.tables.cast import Values
from graph.tables.check_cells import check_cells
from graph.tables.check_dates import check_dates
from graph.tables.check_keys import check_foreign, check_keys
from graph.tables.check_scores import check_scores
from graph.tables.check_seats import check_seats
from graph.tables.check_trees import check_trees
from graph.tables.codes import check_codes, settle_codes
from graph.tables.domain import find_remarkable
from graph.tables.headers import broken_columns
from graph.tables.magnitude import check_magnitudes
from graph.tables.privacy import check_privacy
from graph.tables.rows import with_rows, without_rows

UNREAD = (
    "broken-quotes",
    "wrong-encoding",
    "unreadable-file",
    "empty-file",
)  # rows of the file are not there


@dataclass(frozen=True)
class Checked:
    """Tables after all checks: ``frames`` without hidden columns, resolved ``settings``, ``findings``."""

    frames: dict[str, pl.DataFrame]
    settings: RegionSettings
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """The findings that refuse the tables."""
        return [f for f in self.findings if f.severity == "error"]


def check_tables(
    frames: Mapping[str, pl.DataFrame],
    settings: RegionSettings,
    enums: Values | None = None,
    *,
    files: Mapping[str, str] | None = None,
    domain: bool = True,
    before: Collection[Finding] = (),
) -> list[Finding]:
    """Every error in typed tables, then (``domain``) every finding of the domain.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        As :func:`cast_tables` gives them; rows without the hidden ``_row`` are counted from 2.
    settings : RegionSettings
        With a resolved code scheme (see :func:`settle_codes`).
    enums : mapping of str to tuple of str
        Values that the scenario adds to an enumeration.
    files : mapping of str to str
        File of each table, for the findings.
    domain : bool
        Whether to look for findings of the domain too.
    before : collection of Finding
        What was wrong with headers and files. Where a key has no column or rows could not be read, the other
        cells of that table are checked all the same, but nothing that needs its keys.
    """
    broken = broken_columns(before)
    lost = {t for t, wrong in broken.items() if wrong & {*TABLES[t].key}}
    lost |= {f.table for f in before if f.code in UNREAD}
    numbered = {name: with_rows(frame) for name, frame in frames.items()}
    known, places = enums or {}, files or {}
    sound = {name: frame for name, frame in numbered.items() if name not in lost}
    found = check_cells(numbered, known, settings, places, broken)
    found += check_keys(sound, places) + check_foreign(numbered, places, unread=lost)
    found += check_scores(sound, places) + check_seats(sound, places)
    found += check_trees(sound, settings, places) + check_dates(numbered, places)
    found += check_codes(sound, settings, places) + check_privacy(numbered, places)
    if domain and not broken and not lost:
        found += check_magnitudes(numbered, places) + find_remarkable(numbered, settings, places)
    return found


def finish_tables(
    frames: Mapping[str, pl.DataFrame],
    *,
    settings: RegionSettings,
    enums: Values | None = None,
    files: Mapping[str, str] | None = None,
    before: Collection[Finding] = (),
    domain: bool = True,
    trust: bool = False,
) -> Checked:
    """Settle the code scheme, map codes of a later vintage, check everything, take the hidden columns off.

    ``before`` are findings of the cast; a place that one of them names is not reported a second time. With
    ``trust`` the tables were checked before, and nothing is checked again.
    """
    settled, resolved, notes = settle_codes(frames, settings, files or {})
    found = [] if trust else check_tables(settled, resolved, enums, files=files, domain=domain, before=before)
    named = {(f.table, f.row, f.column) for f in before if f.row is not None}
    fresh = [f for f in found if (f.table, f.row, f.column) not in named]
    return Checked(without_rows(settled), resolved, [*before, *notes, *fresh])
