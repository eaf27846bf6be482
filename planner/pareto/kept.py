"""What is kept of a front: a folder from which each of its plans can be made.

::

    <id>/front.json            aims, proof of each point, how the search ended
    <id>/front.parquet         a row for each point: its number and its aims
    <id>/pairs.parquet         pairs of each point
    <id>/points/<number>/      a scenario that plans the point: ``jiedui plan`` it
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import tomlkit

from graph.language import Text
from planner.pareto.study import Study
from planner.policy import OFF
from planner.repair.overlay import base_of, item_of
from planner.scenario import Scenario
from planner.shipped import FILE
from planner.whole import as_bytes, write_whole


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
    for name, frame in (("front", study.rows()), ("pairs", pl.concat(numbered))):
        body = io.BytesIO()
        frame.write_parquet(body, compression="zstd", compression_level=3)
        write_whole(folder / f"{name}.parquet", body.getvalue())
    if study.scenario.origin is None:
        for n in range(len(study.front.points)):
            place = folder / "points" / str(n + 1)
            write_whole(place / FILE, point_text(study, n, base_of(where, place), settings).encode())
    write_whole(folder / "front.json", as_bytes(study.as_dict()))
    return folder


def point_text(study: Study, n: int, base: str, settings: Sequence[str] = ()) -> str:
    """A scenario in which the pairs of a point are pinned, so that planning it gives the point."""
    told = ", ".join(f"{a.key} {v:,}" for a, v in zip(study.aims, study.told(n), strict=True))
    number = Text(f"前沿第 {n + 1} 点", f"point {n + 1} of a front")
    return pinned_text(
        study.scenario, study.stage, study.tables[n], base, number, f"front {study.id}: {told}", settings
    )


def pinned_text(
    scenario: Scenario,
    stage: str,
    pairs: pl.DataFrame,
    base: str,
    what: Text,
    why: str,
    settings: Sequence[str] = (),
) -> str:
    """``scenario.toml`` of an overlay that pins pairs and plans their stage alone.

    Parameters
    ----------
    scenario : Scenario
        What it stands on, with the values of the command line in it.
    stage : str
        Whose pairs they are.
    pairs : DataFrame
        Columns ``supporter``, ``recipient``.
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
    named = [f"{s}>{r}" for s, r in pairs.select("supporter", "recipient").iter_rows()]
    table["pins"] = tomlkit.array(json.dumps(named, ensure_ascii=False)).multiline(True) if named else OFF
    document[stage] = table
    return tomlkit.dumps(document)


def _given(scenario: Scenario, stage: str, settings: Sequence[str]) -> Mapping[str, Any]:
    """Values of the stage that were given beside the file."""
    names = [s.partition("=")[0].strip().partition(".") for s in settings]
    values = scenario.policies[stage].values
    return {key: values[key] for name, _, key in names if name == stage and key != "pins"}
