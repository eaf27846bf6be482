"""Changes as people write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.errors import InputError, TableErrors, UsageError
from graph.network import Network
from graph.office.edits import cells_set, keys_removed, rows_of_files, together
from graph.store.incoming import incoming
from tests.graph.store.small_networks import ABOUT, rows, small


@pytest.fixture
def network() -> Network:
    """The small network in memory."""
    return ABOUT.network(small(), "office")


def written(folder: Path, **tables: str) -> Path:
    """A folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_whole_rows_of_a_folder_and_of_a_file(network: Network, tmp_path: Path) -> None:
    there = written(tmp_path / "t", units="id,name,kind\nu9,新单位,bank\n", regions="code,name\nx,X\n")
    read = rows_of_files(there, network)
    assert set(read) == {"units", "regions"}
    assert read["units"].select("id", "name", "kind").rows() == [("u9", "新单位", "bank")]
    assert read["units"].columns == small()["units"].columns
    assert set(rows_of_files(there / "units.csv", network)) == {"units"}


@pytest.mark.parametrize(
    ("table", "text", "told"),
    [
        ("units", "id,name,kind\nu9,n,banque\n", ("units", "kind", "banque")),
        ("units", "id,name,capacity\nu9,n,many\n", ("units", "capacity", "many")),
        ("units", "id,name,capacity\nu9,n,-1\n", ("units", "capacity")),
        ("units", "id,nmae\nu9,n\n", ("units", "nmae")),
        (
            "relations",
            "id,kind,supporter,recipient,since\nr,designated,u1,fg,2016-13-01\n",
            ("since", "2016-13-01"),
        ),
        (
            "relations",
            "id,kind,supporter,recipient,since,until\nr,designated,u1,fg,2016-02-01,2015-01-01\n",
            ("until",),
        ),
    ],
)
def test_bad_rows_are_named(
    network: Network, tmp_path: Path, table: str, text: str, told: tuple[str, ...]
) -> None:
    with pytest.raises(TableErrors) as error:
        rows_of_files(written(tmp_path / "t", **{table: text}), network)
    for words in error.value.text:
        assert all(word in words for word in told)


def test_no_tables(network: Network, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(InputError):
            rows_of_files(path, network)


def test_cells(network: Network) -> None:
    cells = [
        ("units", "u1", "name=新=名"),
        ("units", "u2", "capacity=7"),
        ("units", "u1", "since=2016-05-01"),
        ("relations", "r1", "until=2021-01-01"),
        ("postings", "c1|v1|first_secretary|2016-03-01", "days_in_village=210"),
        ("units", "u2", "home_region="),
    ]
    found = cells_set(network, cells, {})
    assert found["units"].select("id", "name", "capacity", "since", "home_region").rows() == [
        ("u1", "新=名", None, date(2016, 5, 1), "zh"),
        ("u2", "某企业", 7, None, None),
    ]
    assert found["relations"]["until"].to_list() == [date(2021, 1, 1)]
    assert found["postings"]["days_in_village"].to_list() == [210]
    for table, frame in found.items():
        assert frame.schema == small()[table].schema


@pytest.mark.parametrize(
    ("table", "row", "cell", "told"),
    [
        ("unit", "u1", "name=x", "units"),
        ("units", "u9", "name=x", "u9"),
        ("units", "u1", "nmae=x", "name"),
        ("units", "u1", "id=x", "name"),
        ("units", "u1", "name", "="),
        ("units", "u1", "kind=banque", "kind"),
        ("units", "u1", "capacity=many", "capacity"),
        ("units", "u1", "capacity=-1", "capacity"),
        ("units", "u1", "strength=1.5", "strength"),
        ("relations", "r1", "since=2016-13-01", "since"),
        ("relations", "r1", "kind=", "kind"),
        ("relations", "r1", "until=2015-01-01", "until"),
    ],
)
def test_a_wrong_cell_is_refused(network: Network, table: str, row: str, cell: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        cells_set(network, [(table, row, cell)], {})
    assert all(told in text for text in error.value.text)


def test_values_that_the_network_adds(network: Network) -> None:
    with pytest.raises(UsageError):
        cells_set(network, [("units", "u1", "kind=guild")], network.enums)
    from dataclasses import replace

    wider = replace(network, enums={"unit_kind": ("guild",)})
    assert cells_set(wider, [("units", "u1", "kind=guild")], wider.enums)["units"]["kind"].to_list() == [
        "guild"
    ]


def test_rows_to_remove(network: Network) -> None:
    gone = keys_removed(network, [("relations", "r1"), ("relations", "r2"), ("units", "u2")])
    assert gone["relations"]["id"].to_list() == ["r1", "r2"] and gone["units"].columns == ["id"]
    twice = keys_removed(network, [("units", "u1"), ("units", "u2"), ("units", "u1")])
    assert twice["units"]["id"].to_list() == ["u1", "u2"]
    for table, row in (("relations", "r3"), ("relation", "r1")):
        with pytest.raises(UsageError, match=row if table == "relations" else table):
            keys_removed(network, [(table, row)])


def test_all_of_it_together(network: Network, tmp_path: Path) -> None:
    files = rows_of_files(written(tmp_path / "t", units="id,name\nu9,n\n"), network)
    changes = together(
        files,
        cells_set(network, [("units", "u1", "name=x")], {}),
        removed=keys_removed(network, [("units", "u2")]),
    )
    assert changes.counts() == {"units": (2, 1)}
    assert incoming(changes, "office").put["units"].columns == rows("units").columns
    twice = together(files, files, removed={})
    with pytest.raises(InputError, match="u9"):
        incoming(twice, "office")
