"""Check typed tables: errors that refuse a file, and findings of the domain that stand beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from graph.findings import Finding
from graph.network import RegionSettings
from graph.tables.cast import Values
from graph.tables.check_cells import check_cells
from graph.tables.check_dates import check_dates
from graph.tables.check_keys import check_foreign, check_keys
from graph.tables.check_scores import check_scores
from graph.tables.check_trees import check_trees
from graph.tables.codes import check_codes, settle_codes
from graph.tables.domain import find_remarkable
from graph.tables.magnitude import check_magnitudes
from graph.tables.privacy import check_privacy
from graph.tables.rows import with_rows, without_rows


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
    """
    numbered = {name: with_rows(frame) for name, frame in frames.items()}
    known, places = enums or {}, files or {}
    found = check_cells(numbered, known, settings, places)
    found += check_keys(numbered, places) + check_foreign(numbered, places)
    found += check_scores(numbered, places)
    found += check_trees(numbered, settings, places) + check_dates(numbered, places)
    found += check_codes(numbered, settings, places) + check_privacy(numbered, places)
    if domain:
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
    found = [] if trust else check_tables(settled, resolved, enums, files=files, domain=domain)
    named = {(f.table, f.row, f.column) for f in before if f.row is not None}
    fresh = [f for f in found if (f.table, f.row, f.column) not in named]
    return Checked(without_rows(settled), resolved, [*before, *notes, *fresh])
