"""What is kept of a front: a folder from which each of its plans can be made.

::

    <id>/front.json            aims, proof of each point, how the search ended
    <id>/front.parquet         a row for each point: its number and its aims
    <id>/<table>.parquet       what each point decides: pairs, postings, allocations, exits or inspections
    <id>/points/<number>/      a scenario that pins a point's pairs, or years of counties: ``jiedui plan`` it
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import tomlkit

from graph.language import Text
from planner.pareto.find import context_of
from planner.pareto.study import Study
from planner.policy import OFF
from planner.repair.overlay import base_of, item_of
from planner.result_folder import write_frame
from planner.scenario import Scenario
from planner.shipped import FILE
from planner.stages.exit.places import find_places
from planner.whole import as_bytes, write_whole

PINNED = ("pairing", "designation", "exit")
"""Stages whose points can be pinned in a scenario."""


def write_study(study: Study, out: Path | str, where: str, settings: Sequence[str] = ()) -> Path:
    """Write the folder ``out/<id>``, ``front.json`` last.

    Parameters
    ----------
    study : Study
    out : Path or str
        Folder that holds fronts.
    where : str
        The scenario as the user named it: what the points' scenarios stand on. Where it is a stored network there are none.
    settings : sequence of str
        ``stage.key=value`` that the user gave besides the file.

    Raises
    ------
    OutsideError
        When it cannot be written.
    """
    folder = Path(out) / study.id
    numbered = [t.select(pl.lit(n).alias("point"), pl.all()) for n, t in enumerate(study.tables, 1)]
    for name, frame in (("front", study.rows()), (study.table, pl.concat(numbered))):
        write_frame(folder / f"{name}.parquet", frame)
    if study.scenario.origin is None and study.stage in PINNED:
        for n in range(len(study.front.points)):
            place = folder / "points" / str(n + 1)
            write_whole(place / FILE, point_text(study, n, base_of(where, place), settings).encode())
    write_whole(folder / "front.json", as_bytes(study.as_dict()))
    return folder


def point_text(study: Study, n: int, base: str, settings: Sequence[str] = ()) -> str:
    """A scenario in which a point's pairs (of ``exit`` the years of its counties) are pinned, so that planning it gives these."""
    told = ", ".join(f"{a.key} {v:,}" for a, v in zip(study.aims, study.told(n), strict=True))
    number = Text(f"前沿第 {n + 1} 点", f"point {n + 1} of a front")
    decided, why = study.tables[n], f"front {study.id}: {told}"
    if study.stage == "exit":  # its villages follow when the point is planned
        counties = find_places(context_of(study.scenario, study.stage)).listed
        decided = decided.filter(pl.col("region").is_in(counties))
    return pinned_text(study.scenario, study.stage, decided, base, number, why, settings)


def pinned_text(
    scenario: Scenario,
    stage: str,
    decided: pl.DataFrame,
    base: str,
    what: Text,
    why: str,
    settings: Sequence[str] = (),
) -> str:
    """``scenario.toml`` of an overlay that pins what was decided and plans its stage alone.

    Parameters
    ----------
    scenario : Scenario
        What it stands on, with the values of the command line in it.
    stage : str
        One of :data:`PINNED`.
    decided : DataFrame
        Its table: columns ``supporter``, ``recipient``, or ``region``, ``year``.
    base : str
        As the overlay calls what it stands on.
    what, why : Text, str
        For its title, and for a comment above the pins.
    settings : sequence of str
        ``stage.key=value`` that the user gave besides the file; those of the stage go into the overlay, too.
    """
    document = tomlkit.document()
    document["format"] = 1
    document["base"] = base
    document["title"] = f"{scenario.title.zh}（{what.zh}）"
    document["title_en"] = f"{scenario.title.en} ({what.en})"
    document["stages"] = [stage]
    table = tomlkit.table()
    table.add(tomlkit.comment(why))
    for key, value in _given(scenario, stage, settings).items():
        table[key] = item_of(value)
    table["pins"] = _pins(stage, decided)
    document[stage] = table
    return tomlkit.dumps(document)


def _pins(stage: str, decided: pl.DataFrame) -> Any:
    """The policy value: pairs; of ``exit`` the year of each county."""
    if stage == "exit":
        years = tomlkit.inline_table()
        years.update(dict(decided.select("region", "year").sort("region").iter_rows()))
        return years if years else OFF
    named = [f"{s}>{r}" for s, r in decided.select("supporter", "recipient").iter_rows()]
    return tomlkit.array(json.dumps(named, ensure_ascii=False)).multiline(True) if named else OFF


def _given(scenario: Scenario, stage: str, settings: Sequence[str]) -> Mapping[str, Any]:
    """Values of the stage that were given beside the file."""
    names = [s.partition("=")[0].strip().partition(".") for s in settings]
    values = scenario.policies[stage].values
    return {key: values[key] for name, _, key in names if name == stage and key != "pins"}
