"""The network as files that other programs read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import networkx as nx
import openpyxl
import polars as pl
import pytest

from graph.errors import OutsideError, UsageError
from graph.export import FORMATS, export_network
from graph.network import Network, RegionSettings
from graph.schema import TABLES
from graph.tables.csv_file import read_csv


@pytest.fixture
def pair() -> Network:
    """One pair with points, one unit without a home."""
    rows = {
        "regions": [
            {"code": "0440", "name": "珠海市", "level": "prefecture", "lon": 113.5, "lat": 22.3},
            {"code": "0533", "name": "怒江", "level": "prefecture", "lon": 98.9, "lat": 25.8},
        ],
        "units": [{"id": "u", "name": "某单位"}],
        "relations": [
            {"id": "r1", "kind": "east_west", "supporter": "0440", "recipient": "0533", "mark": "recalled"},
            {"id": "r2", "kind": "designated", "supporter": "u", "recipient": "0533"},
            {
                "id": "r3",
                "kind": "designated",
                "supporter": "u",
                "recipient": "0440",
                "until": date(2000, 1, 1),
            },
        ],
    }
    frames = {
        name: pl.DataFrame(
            [{c.name: row.get(c.name, c.default) for c in TABLES[name].columns} for row in given],
            schema=TABLES[name].dtypes,
        )
        for name, given in rows.items()
    }
    return Network(frames, RegionSettings("free"), on=date(2016, 12, 31))


def test_graphml_keeps_kinds_and_marks(pair: Network, tmp_path: Path) -> None:
    graph = nx.read_graphml(export_network(pair, tmp_path / "n.graphml"))
    assert sorted(graph.nodes) == ["0440", "0533", "u"]
    assert graph.number_of_edges() == 2
    (edge,) = [data for _, _, data in graph.edges(data=True) if data["kind"] == "east_west"]
    assert edge["mark"] == "recalled"


def test_geojson_has_points_and_lines_and_names_what_has_no_point(pair: Network, tmp_path: Path) -> None:
    told = json.loads(export_network(pair, tmp_path / "n.geojson").read_text(encoding="utf-8"))
    kinds = [f["geometry"]["type"] for f in told["features"]]
    assert kinds == ["Point", "Point", "LineString"]
    assert told["features"][2]["geometry"]["coordinates"] == [[113.5, 22.3], [98.9, 25.8]]
    assert told["without_point"] == ["u"]


def test_tables_keep_codes_as_text(pair: Network, tmp_path: Path) -> None:
    parquet = pl.read_parquet(export_network(pair, tmp_path / "n.parquet"))
    assert parquet["supporter"].to_list() == ["0440", "u"]
    text = export_network(pair, tmp_path / "n.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("r1,east_west,0440,0533")
    book = openpyxl.load_workbook(export_network(pair, tmp_path / "n.xlsx"))
    assert book.sheetnames == ["relations", "places"]
    assert book["relations"]["C2"].value == "0440"


def test_what_looks_like_a_formula_is_a_text_in_csv_and_excel(pair: Network, tmp_path: Path) -> None:
    cells = ["=HYPERLINK(1) Guild", "https://x.example", "'=x"]
    named = pair.frames["units"].clear().vstack(pl.concat([pair.frames["units"]] * 3).with_columns(
        pl.Series("id", ["u", "v", "w"]), pl.Series("name", cells)))  # fmt: skip
    rows = pl.concat([pair.frames["relations"][1:2]] * 3).with_columns(
        pl.Series("id", ["1", "2", "3"]), pl.Series("supporter", ["u", "v", "w"])
    )
    odd = Network(
        {**pair.frames, "units": named, "relations": rows}, RegionSettings("free"), on=date(2016, 12, 31)
    )
    raw = pl.read_csv(export_network(odd, tmp_path / "n.csv"))["supporter_name"].to_list()
    assert raw == ["'=HYPERLINK(1) Guild", "https://x.example", "''=x"]
    read = read_csv(tmp_path / "n.csv", "relations").frame["supporter_name"].to_list()
    assert read == cells, "what is read again is what was written"
    sheet = openpyxl.load_workbook(export_network(odd, tmp_path / "n.xlsx"))["relations"]
    at = [c.value for c in sheet[1]].index("supporter_name")
    assert [(r[at].value, r[at].data_type, r[at].hyperlink) for r in sheet.iter_rows(min_row=2)] == [
        (cell, "s", None) for cell in cells
    ]


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_an_empty_network_is_written_too(tmp_path: Path, ending: str) -> None:
    assert export_network(Network({}), tmp_path / f"n{ending}").is_file()


def test_unknown_format_and_unwritable_file_are_said_so(pair: Network, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="graphml"):
        export_network(pair, tmp_path / "n.pdf")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match=r"cannot write|无法写入"):
        export_network(pair, tmp_path / "file" / "n.csv")
