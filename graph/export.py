"""The support network on one day as a file: GraphML, GeoJSON, CSV, Parquet or Excel."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from graph.dates import holding
from graph.errors import OutsideError, UsageError, reason_of
from graph.language import Text
from graph.network import Network
from graph.questions.links import support_graph
from graph.questions.moment import moment
from graph.search import spoken
from graph.tables.write import guarded

READS = ("regions", "names", "units", "relations")

FORMATS = {
    ".graphml": "graphml",
    ".geojson": "geojson",
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
"""File ending → format."""
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Of a workbook: every text stays a text."""


def export_network(network: Network, to: Path | str, *, form: str = "", at: date | None = None) -> Path:
    """Write the relations in force, with the names and seats of both ends, and their marks.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    to : Path or str
        The file. It appears whole or not at all: it is written beside itself and then renamed.
    form : str, optional
        One of the values of :data:`FORMATS`; by default the file's ending tells.
    at : date, optional
        The day asked for.

    Raises
    ------
    UsageError
        When the format is not known.
    OutsideError
        When the file cannot be written.
    """
    file = Path(to)
    chosen = form or FORMATS.get(file.suffix.lower(), "")
    if chosen not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise UsageError(
            f"不认识导出格式“{chosen or file.suffix}”；可用：{known}",
            f"no format “{chosen or file.suffix}”; known: {known}",
        )
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _WRITERS[chosen](network, moment(network, at), part)
        part.replace(file)
    except OSError as problem:
        with suppress(OSError):  # the folder itself may be what is wrong
            part.unlink(missing_ok=True)
        why = reason_of(problem)
        raise OutsideError(f"无法写入 {file}：{why.zh}", f"cannot write {file}: {why.en}") from problem
    return file


def network_table(network: Network, day: date) -> pl.DataFrame:
    """Relations in force as one flat table: ids, names, pinyin, levels and points (WGS84) of both ends."""
    rows = network.frame("relations").filter(holding(day)).sort("id")
    ids = sorted({*rows["supporter"].to_list(), *rows["recipient"].to_list()})
    ends = _ends(network, ids)
    for side in ("supporter", "recipient"):
        sided = ends.select(
            pl.col("id").alias(side), *(pl.col(c).alias(f"{side}_{c}") for c in ends.columns[1:])
        )
        rows = rows.join(sided, on=side, how="left", maintain_order="left")
    facts = ("id", "kind", "supporter", "recipient", "since", "until", "source", "mark")
    return rows.select(*facts, pl.exclude(facts))


def _ends(network: Network, ids: list[str]) -> pl.DataFrame:
    """``id, name, pinyin, level, lon, lat`` of places and units; a unit stands at its home."""
    units = network.frame("units").select("id", pl.col("home_region").alias("code"))
    points = network.frame("regions").select("code", "lon", "lat")
    sounds = spoken(network, ids)
    known = pl.DataFrame(
        {
            "id": ids,
            "name": [network.label(i) for i in ids],
            "pinyin": [sounds.get(i, "") for i in ids],
            "level": [network.level_of.get(i, "unit") for i in ids],
        },
        schema=dict.fromkeys(("id", "name", "pinyin", "level"), pl.String),
    )
    placed = known.join(units, on="id", how="left", maintain_order="left")
    seated = placed.with_columns(pl.coalesce("code", "id").alias("code"))
    return seated.join(points, on="code", how="left", maintain_order="left").drop("code")


def _graphml(network: Network, day: date, file: Path) -> None:
    import networkx as nx

    nx.write_graphml(support_graph(network, day), file)


def _geojson(network: Network, day: date, file: Path) -> None:
    """Points for places and units, lines for relations; what has no point is listed in ``without_point``."""
    rows = network_table(network, day).with_columns(pl.col("since", "until").cast(pl.String))
    ends = _ends(network, sorted({*rows["supporter"].to_list(), *rows["recipient"].to_list()}))
    placed = ends.drop_nulls(["lon", "lat"])
    features = [
        _feature(r, {"type": "Point", "coordinates": [r["lon"], r["lat"]]}) for r in placed.to_dicts()
    ]
    drawn = rows.drop_nulls(["supporter_lon", "supporter_lat", "recipient_lon", "recipient_lat"])
    for row in drawn.to_dicts():
        line = [[row[f"{side}_lon"], row[f"{side}_lat"]] for side in ("supporter", "recipient")]
        features.append(_feature(row, {"type": "LineString", "coordinates": line}))
    lost = ends.filter(pl.col("lon").is_null() | pl.col("lat").is_null())["id"].to_list()
    note = Text("示意，非边界用途", "schematic, not for boundary use")
    whole = {
        "type": "FeatureCollection",
        "at": day.isoformat(),
        "network": network.name,
        "note": note.as_dict(),
        "without_point": lost,
        "features": features,
    }
    file.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")


def _feature(row: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    told = {k: v for k, v in row.items() if k not in {"lon", "lat"} and not k.endswith(("_lon", "_lat"))}
    return {"type": "Feature", "id": row["id"], "properties": told, "geometry": geometry}


def _csv(network: Network, day: date, file: Path) -> None:
    text = guarded(network_table(network, day)).write_csv()
    file.write_text(text, encoding="utf-8-sig")  # so that Excel reads the Chinese


def _parquet(network: Network, day: date, file: Path) -> None:
    whole = io.BytesIO()
    network_table(network, day).write_parquet(whole)
    file.write_bytes(whole.getvalue())


def _xlsx(network: Network, day: date, file: Path) -> None:
    """Sheets ``relations`` and ``places``; codes stay text, as does what looks like a formula."""
    import xlsxwriter

    rows = network_table(network, day)
    ends = _ends(network, sorted({*rows["supporter"].to_list(), *rows["recipient"].to_list()}))
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, PLAIN) as book:
        for name, frame in (("relations", rows), ("places", ends)):
            frame.write_excel(book, worksheet=name, autofit=True, table_style="Table Style Light 1")
    file.write_bytes(whole.getvalue())


_WRITERS: dict[str, Callable[[Network, date, Path], None]] = {
    "graphml": _graphml,
    "geojson": _geojson,
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
}
