"""A network as CSV files for ``neo4j-admin database import full``: how an empty database is filled fastest.

The files hold exactly what :mod:`graph.store.neo4j.staging` would write for a first version, bookkeeping included; people who
fill a database of their own by hand use the same files.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.network import Network
from graph.schema import TABLES
from graph.schema.column import Kind
from graph.schema.model import LEVEL_LABELS, OPEN, POSITION, ROW, SHAPES, Link, Shape
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.neo4j.values import derive, derived
from graph.store.references import binding, named_twice, refuse_missing, refuse_named_twice
from graph.store.rows import keyed
from graph.store.version import chained

TYPES: dict[Kind, str] = {
    "text": "string", "code": "string", "enum": "string", "list": "string[]", "integer": "long", "money": "long",
    "number": "double", "share": "double", "date": "date", "boolean": "boolean",
}  # fmt: skip
STATE = {"network": "string", "recorded_at": "long", "superseded_by": "long"}
FIRST = 1


@dataclass
class Import:
    """Files and the words for ``neo4j-admin database import full``.

    Parameters
    ----------
    folder : Path
        Where the files are.
    nodes, relationships : list of (str, Path)
        Labels or type, and the file.
    multiline : bool
        Whether a cell has a line break.
    """

    folder: Path
    nodes: list[tuple[str, Path]] = field(default_factory=list)
    relationships: list[tuple[str, Path]] = field(default_factory=list)
    multiline: bool = False

    def words(self, database: str) -> list[str]:
        """The command's words, from ``database`` on."""
        return [
            "database",
            "import",
            "full",
            database,
            "--overwrite-destination",
            "--bad-tolerance=0",
            f"--multiline-fields={str(self.multiline).lower()}",
            f"--report-file={self.folder / 'import.report'}",
            *(f"--nodes={labels}={file}" for labels, file in self.nodes),
            *(f"--relationships={kind}={file}" for kind, file in self.relationships),
        ]


def write_import(
    network: Network, name: str, folder: Path, *, by: str, why: str = "", how: str = "load"
) -> Import:
    """Write a network as the first version of a store.

    Parameters
    ----------
    network : Network
        All its tables.
    name : str
        Name of the network in the store.
    folder : Path
        An empty folder; holds about twice the size of the tables as CSV.
    by, why, how : str
        As in :meth:`graph.store.protocol.Store.write`.

    Raises
    ------
    InputError
        When rows name what is not there.
    OSError
        When the files cannot be written.
    """
    made = Import(folder)
    changes = Changes({t: f for t, f in network.frames.items() if f.height})
    given = tuple(t for t in TABLES if network.has(t))
    refuse_missing(name, missing_entities(changes, given))
    refuse_named_twice(name, named_twice(changes, lambda _, ids: ids[:0]))
    rows = {t: _rows(t, f, name) for t, f in changes.put.items()}
    known = {s.table: rows[s.table][s.key] for s in SHAPES.values() if s.kind == "entity" and s.table in rows}
    known |= _bare(made, changes, known, name)
    for table, frame in rows.items():
        shape = SHAPES[table]
        made.multiline |= any(
            frame[c].str.contains("\n", literal=True).any() for c, t in frame.schema.items() if t == pl.String
        )
        if shape.kind == "relationship":
            _relationship(made, shape, frame, known)
        else:
            _nodes(made, shape, frame)
            for link in shape.links:
                _link(made, shape, link, frame, known, name)
    _version(made, changes, About.of(network), given, name, {"by": by, "why": why, "how": how})
    return made


def missing_entities(changes: Changes, given: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """Table and column → what a first version's rows name and nobody knows."""
    missing: dict[tuple[str, str], list[str]] = {}
    for reference, rows in binding(changes, given):
        known = pl.concat(
            [changes.put_rows(t)[SHAPES[t].key].alias("key").to_frame() for t in reference.link.targets]
        )
        named = (
            rows.select(pl.col(reference.link.column).alias("key")).drop_nulls().unique(maintain_order=True)
        )
        left = named.join(known, on="key", how="anti", maintain_order="left")["key"].to_list()
        if left:
            missing[reference.table, reference.link.column] = left
    return missing


def _rows(table: str, frame: pl.DataFrame, name: str) -> pl.DataFrame:
    lists = [c.name for c in TABLES[table].columns if c.kind == "list"]
    if any((frame[c] == "").any() for c in lists):
        raise InputError(
            f"表 {table} 的列表单元格是空文本而非空白；请去掉引号",
            f"table {table} has a list cell that is empty text; leave it blank",
        )
    whole = keyed(table, frame).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(POSITION),
        pl.lit(name).alias("network"),
        pl.lit(FIRST, dtype=pl.Int64).alias("recorded_at"),
        pl.lit(OPEN, dtype=pl.Int64).alias("superseded_by"),
    )
    whole = derive(table, whole)
    return (
        whole.with_columns(pl.col("recorded_at").alias("changed_at"))
        if SHAPES[table].kind == "entity"
        else whole
    )


def _typed(table: str, frame: pl.DataFrame, ids: Mapping[str, str]) -> list[pl.Expr]:
    """Columns under the headers that the import reads: ``name:type``."""
    kinds: dict[str, str] = {c.name: TYPES[c.kind] for c in TABLES[table].columns}
    kinds |= STATE | {ROW: "string", POSITION: "long", "changed_at": "long"}
    kinds |= dict.fromkeys(derived(table), "string")
    return [pl.col(c).alias(f"{c}:{ids.get(c, kinds[c])}") for c in frame.columns if c in kinds]


def _nodes(made: Import, shape: Shape, frame: pl.DataFrame) -> None:
    if shape.kind == "entity":
        columns = _typed(shape.table, frame, {shape.key: f"ID({shape.table})"})
    else:
        number = pl.int_range(pl.len()).alias(f":ID({shape.table})")
        columns = [number, *_typed(shape.table, frame, {})]
    if shape.table == "regions":
        columns.append(
            pl.col("level").replace_strict(LEVEL_LABELS, default=None, return_dtype=pl.String).alias(":LABEL")
        )
    made.nodes.append((shape.label, _csv(made, f"{shape.table}.csv", frame.select(columns))))


def _relationship(made: Import, shape: Shape, frame: pl.DataFrame, known: Mapping[str, pl.Series]) -> None:
    assert shape.start is not None and shape.end is not None
    (end,) = shape.end.targets
    left = frame
    for target in shape.start.targets:
        if target not in known:
            continue
        here = pl.col(shape.start.column).is_in(known[target].implode())
        some, left = left.filter(here), left.filter(~here)
        if some.height:
            columns = [
                pl.col(shape.start.column).alias(f":START_ID({target})"),
                pl.col(shape.end.column).alias(f":END_ID({end})"),
                *_typed(shape.table, some, {}),
            ]
            file = _csv(made, f"{shape.table}.{target}.csv", some.select(columns))
            made.relationships.append((shape.label, file))


def _link(
    made: Import, shape: Shape, link: Link, frame: pl.DataFrame, known: Mapping[str, pl.Series], name: str
) -> None:
    own = pl.col(shape.key) if shape.kind == "entity" else pl.int_range(pl.len())
    left = frame.select(own.alias("own"), pl.col(link.column).alias("to")).drop_nulls()
    for target in link.targets:
        if target not in known:
            continue
        here = pl.col("to").is_in(known[target].implode())
        some, left = left.filter(here), left.filter(~here)
        if some.is_empty():
            continue
        start, end = (
            (("to", target), ("own", shape.table)) if link.inward else (("own", shape.table), ("to", target))
        )
        columns = [
            pl.col(start[0]).alias(f":START_ID({start[1]})"),
            pl.col(end[0]).alias(f":END_ID({end[1]})"),
        ]
        if shape.kind == "entity":
            states = zip(STATE, (pl.lit(name), pl.lit(FIRST), pl.lit(OPEN)), strict=True)
            columns += [value.alias(f"{column}:{STATE[column]}") for column, value in states]
        file = _csv(made, f"{shape.table}.{link.column}.{target}.csv", some.select(columns))
        made.relationships.append((link.type, file))


def _bare(made: Import, changes: Changes, known: Mapping[str, pl.Series], name: str) -> dict[str, pl.Series]:
    """Nodes that hold a place for what relationships lead to although its table was never given."""
    wanted: dict[str, list[pl.Series]] = {}
    for table in changes.tables:
        for link in (SHAPES[table].start, SHAPES[table].end):
            absent = [t for t in link.targets if t not in known] if link is not None else []
            if link is not None and absent:
                there = [k for t in link.targets if t in known for k in known[t].to_list()]
                named = changes.put_rows(table)[link.column].drop_nulls()
                wanted.setdefault(absent[-1], []).append(named.filter(~named.is_in(there)))
    found = {t: pl.concat(parts).unique(maintain_order=True) for t, parts in wanted.items()}
    for table, keys in found.items():
        shape = SHAPES[table]
        columns = [
            keys.alias(f"{shape.key}:ID({table})"),
            pl.Series("network:string", [name] * len(keys), dtype=pl.String),
        ]
        made.nodes.append((shape.label, _csv(made, f"{table}.bare.csv", pl.DataFrame(columns))))
    return found


def _version(
    made: Import, changes: Changes, about: About, given: Sequence[str], name: str, told: Mapping[str, str]
) -> None:
    told_about = json.dumps(about.to_dict(), ensure_ascii=False)
    places = list(changes.put)
    network = {"name:ID(networks)": name, "head:long": FIRST}
    version: dict[str, Any] = {
        ":ID(versions)": FIRST,
        "network:string": name,
        "number:long": FIRST,
        "at:datetime": datetime.now(UTC).isoformat(),
        **{f"{key}:string": value for key, value in told.items()},
        "counts:string": json.dumps({t: [n, 0] for t, (n, _) in changes.counts().items()}),
        "digest:string": chained("", changes, about, given),
        "about:string": told_about,
        "tables:string[]": ";".join(given),
        "place_tables:string[]": ";".join(places),
        "places:long[]": ";".join(str(changes.put[t].height) for t in places),
        "token:string": secrets.token_hex(16),
    }
    made.nodes.append(("Network", _csv(made, "networks.csv", pl.DataFrame([network]))))
    made.nodes.append(("Version", _csv(made, "versions.csv", pl.DataFrame([version]))))
    link = pl.DataFrame({":START_ID(networks)": [name], ":END_ID(versions)": [FIRST]})
    made.relationships.append(("HAS_VERSION", _csv(made, "has_version.csv", link)))


def _csv(made: Import, name: str, frame: pl.DataFrame) -> Path:
    file = made.folder / name
    frame.write_csv(file)
    return file
