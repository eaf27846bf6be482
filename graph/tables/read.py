"""Read a network from files, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from graph.errors import TableErrors
from graph.findings import Finding
from graph.language import Text
from graph.network import Network, RegionSettings
from graph.tables.cast import Values, cast_tables
from graph.tables.checks import Checked, finish_tables
from graph.tables.raw import find_tables
from graph.tables.report import SKIPPED
from graph.tables.rows import ROW

WHOLE_FILE = ("broken-quotes",)  # these name a row, but what follows it could not be read either


@dataclass(frozen=True)
class Read:
    """A network that was read, and what was remarkable in its tables (warnings and notices)."""

    network: Network
    findings: list[Finding]


def read_network(
    path: Path | str,
    *,
    settings: RegionSettings | None = None,
    enums: Values | None = None,
    only: Collection[str] | None = None,
    needed: Mapping[str, Collection[str]] | None = None,
    skip_bad_rows: bool = False,
    name: str = "",
    domain: bool = True,
    trust: bool = False,
) -> Read:
    """Read, cast and check the tables of a folder, a workbook or one file.

    Parameters
    ----------
    path : Path or str
        A folder of CSV, Parquet or Excel files, or one such file.
    settings : RegionSettings, optional
        Code scheme (decided here where it is ``""``) and levels.
    enums : mapping of str to tuple of str, optional
        Values that the scenario adds to an enumeration.
    only : collection of str, optional
        Tables to read.
    needed : mapping of str to collection of str, optional
        Columns that active rules read, by table.
    skip_bad_rows : bool
        Leave out exactly the rows that have an error, and those that thereby lose what they refer to; each is
        among the findings.
    name : str
        What to call the network in messages; by default the path's name.
    domain : bool
        Whether to look for findings of the domain (overlapping terms and the like) too.
    trust : bool
        The tables were checked before (a shipped scenario): cast them only. A cell that cannot be read is
        still an error.

    Raises
    ------
    TableErrors
        When any row, header or file is wrong: with every finding of the read. Nothing is half-imported.
    InputError
        When there is nothing to read.
    """
    place = Path(path)
    wanted, added = settings or RegionSettings(), enums or {}
    found = find_tables(place, only=only)
    files = {t: raw.file for t, raw in found.tables.items()}
    frames, cast = cast_tables(found.tables, enums=added, settings=wanted, needed=needed)
    cast = [*found.findings, *cast]
    finish = partial(finish_tables, settings=wanted, enums=added, files=files, domain=domain, trust=trust)
    checked = finish(frames, before=cast)
    if checked.errors and skip_bad_rows:
        notes = [f for f in cast if f.severity != "error"]
        checked = without_bad_rows(frames, checked, notes, finish)
    if checked.errors:
        raise TableErrors(in_order(checked.findings))
    network = Network(checked.frames, checked.settings, added, name or place.stem)
    return Read(network, in_order(checked.findings))


def in_order(findings: list[Finding]) -> list[Finding]:
    """Errors first, then warnings, then notices; each as found."""
    return sorted(findings, key=lambda f: ("error", "warning", "notice").index(f.severity))


def without_bad_rows(
    frames: dict[str, pl.DataFrame], checked: Checked, notes: list[Finding], finish: Callable[..., Checked]
) -> Checked:
    """Drop the rows with errors until none is left; an error that is not about one row stays one."""
    skipped: list[Finding] = []
    while errors := checked.errors:
        bad: dict[str, set[int]] = {}
        for finding in errors:
            if finding.row is None or finding.table not in frames or finding.code in WHOLE_FILE:
                return replace(checked, findings=[*skipped, *checked.findings])
            bad.setdefault(finding.table, set()).add(finding.row)
        skipped += [_skipped(f) for f in errors]
        for table, rows in bad.items():
            frames = {**frames, table: frames[table].filter(~pl.col(ROW).is_in(list(rows)))}
        checked = finish(frames, before=notes)
    return replace(checked, findings=[*skipped, *checked.findings])


def _skipped(finding: Finding) -> Finding:
    what = Text(f"{SKIPPED.zh}：{finding.what.zh}", f"{SKIPPED.en}: {finding.what.en}")
    return replace(finding, severity="warning", what=what)
