"""The tables of a scenario and its bases as one network: what is stored, files over it, single changes, all of it checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from graph.errors import ScenarioError, TableErrors, UsageError
from graph.findings import Finding
from graph.network import LEVELS, Network, RegionSettings
from graph.tables.cast import cast_tables
from graph.tables.checks import finish_tables
from graph.tables.raw import find_tables, no_table
from graph.tables.read import in_order, without_bad_rows
from graph.wording import Titles
from planner.changes import apply_changes
from planner.memory import demand_reading
from planner.own_rules import own_rules
from planner.scenario_file import ScenarioFile, located
from planner.shipped import FILE
from planner.titles import as_file, settled_titles, unknown_values

if TYPE_CHECKING:
    from planner.stored import Stored

IN_YUAN = "money-magnitude"
"""Findings about sums that look as if they were given in 万元, which means nothing in another currency."""


def network_of(
    files: list[ScenarioFile],
    head: dict[str, Any],
    only: Collection[str] | None,
    *,
    skip: bool,
    domain: bool,
    trust: bool,
) -> tuple[Network, list[Finding], Stored | None]:
    """The network, what was remarkable in its tables, and the stored network that it stands on.

    Parameters
    ----------
    files : list of ScenarioFile
        The scenario's file and its bases', its own first.
    head : dict
        Their keys besides the stages', overlaid; a stored network's day is put in where none is said.
    only : collection of str, optional
        Tables to read.
    skip, domain, trust : bool
        As for :func:`planner.scenario.read_scenario`.

    Raises
    ------
    ScenarioError
        When a change or a title is wrong, or there is no table.
    TableErrors
        When tables have bad rows: all of them are named.
    InputError
        When its own rules of coverage are wrong.
    UsageError, OutsideError
        When a stored network cannot be read.
    """
    regions = head.get("regions", {})
    wanted = RegionSettings(str(regions.get("codes", "")), tuple(regions.get("levels", LEVELS)))
    enums = {k: tuple(v) for k, v in head.get("enums", {}).items()}
    titles = settled = head["titles"]
    frames: dict[str, pl.DataFrame] = {}
    origin: dict[str, str] = {}
    findings: list[Finding] = []
    stored: Stored | None = None
    rules = own_rules(files)
    if "network" in head:
        stored, kept = _read_stored(files, head, only)
        frames.update(kept.frames)
        origin.update(dict.fromkeys(kept.frames, stored.shown))
        if not regions:
            wanted = kept.settings
        enums = {**kept.enums, **enums}
        settled = settled_titles([as_file(kept.titles), as_file(titles)])
        head.setdefault("date", kept.on)
        rules = kept.rules if rules is None else rules
    _demand_known(files, titles, enums, wanted.levels)
    for file in _with_tables(files):
        read = _read_tables(file, only, enums, wanted, base=file is not files[0])
        frames.update(read[0])
        origin.update(read[1])
        findings += read[2]
        changes, told = file.head.get("change", []), f"{file.path.parent.name}/{FILE}"
        if file is files[0]:  # what it changes of a base's tables is its own
            changed = {c.get("table") for c in changes if isinstance(c, Mapping)}
            origin = {t: f.rpartition("/")[2] if t in changed else f for t, f in origin.items()}
        try:
            frames = apply_changes(frames, changes, told, lines=file.change_lines, only=only)
        except ScenarioError:
            if not any(f.severity == "error" for f in findings):
                raise  # else it may only be that the rows to change could not be read: those come first
    if not frames and not any(f.severity == "error" for f in findings):
        places = [place for file in files if (place := _tables_of(file)) is not None and only is None]
        named = files[0].path
        raise no_table(named.parent if named.name == FILE else named, places, findings)
    finish = partial(finish_tables, settings=wanted, enums=enums, files=origin, domain=domain, trust=trust)
    checked = finish(frames, before=findings)
    if checked.errors and skip:
        checked = without_bad_rows(frames, checked, [f for f in findings if f.severity != "error"], finish)
    if checked.errors:
        raise TableErrors(in_order(checked.findings))
    name = files[0].path.parent.name
    remarks = [f for f in checked.findings if f.code != IN_YUAN or "currency" not in settled]
    network = Network(checked.frames, checked.settings, enums, name, titles=settled, rules=rules or ())
    return network, in_order(remarks), stored


def _demand_known(
    files: Sequence[ScenarioFile], titles: Titles, enums: Mapping[str, Sequence[str]], levels: Sequence[str]
) -> None:
    """No value has a title that neither jiedui nor the scenario has."""
    wrong = unknown_values(titles, enums, levels)
    told = []
    for section, key, what in wrong:
        file = next(f for f in files if key in f.head.get("titles", {}).get(section.partition(".")[2], {}))
        told.append(located(file.path, section, key, what))
    if told:
        raise ScenarioError("\n".join(t.zh for t in told), "\n".join(t.en for t in told))


def _tables_of(file: ScenarioFile) -> Path | None:
    """Where a scenario's own tables are; ``None`` where it has none."""
    folder = file.path.parent
    if file.path.name != FILE:
        return file.path
    named = str(file.head.get("data") or "")
    if named:
        if not (folder / named).exists():
            raise ScenarioError(
                f"{file.path}：data 指的 {named} 不存在",
                f"{file.path}: data names {named}, which is not there",
            )
        return folder / named
    for place in (folder / "data", folder / "data.xlsx"):
        if place.is_dir() and "base" in file.head and not any(place.iterdir()):
            continue  # nothing to replace yet
        if place.exists():
            return place
    return (
        folder
        if any(folder.glob("*.csv")) or any(folder.glob("*.parquet")) or any(folder.glob("*.xlsx"))
        else None
    )


def _read_tables(
    file: ScenarioFile,
    only: Collection[str] | None,
    enums: Mapping[str, tuple[str, ...]],
    settings: RegionSettings,
    *,
    base: bool,
) -> tuple[dict[str, pl.DataFrame], dict[str, str], list[Finding]]:
    """The tables beside a file, the file of each, and what is odd or wrong in them; ``base``: files are told with their folder."""
    place = _tables_of(file)
    if place is None:
        return {}, {}, []
    demand_reading(place, only)
    found = find_tables(place, only=only)
    cast, bad = cast_tables(found.tables, enums=enums, settings=settings)
    findings = [*found.findings, *bad]
    origin = {name: raw.file for name, raw in found.tables.items()}
    if base:
        origin = {name: f"{file.path.parent.name}/{told}" for name, told in origin.items()}
        findings = [replace(f, file=origin.get(f.table, f.file)) for f in findings]
    return dict(cast), origin, findings


def _read_stored(
    files: Sequence[ScenarioFile], head: Mapping[str, Any], only: Collection[str] | None
) -> tuple[Stored, Network]:
    """The tables of ``network``, from the folder of the file that names it; where it is none, file or option are named."""
    from planner.stored import read_stored

    file, day = next(f for f in files if "network" in f.head), head.get("known_on")
    try:
        return read_stored(head["network"], day, only, None if file.typed else file.path.parent)
    except (UsageError, ScenarioError) as error:
        told, asked = error.text, day is not None and not any("known_on" in f.head for f in files)
        said = file.typed or f"{file.path}: network = {head['network']}"
        said += f" --known-on {day}" if asked else ""
        kind = UsageError if file.typed else ScenarioError
        raise kind(f"{said}：{told.zh}", f"{said}: {told.en}") from error


def _with_tables(files: list[ScenarioFile]) -> list[ScenarioFile]:
    """The files whose tables and changes count, bases first; a stored network takes the place of what bases have."""
    stored = next((i for i, file in enumerate(files) if "network" in file.head), len(files))
    return files[: stored + 1][::-1]
