"""Loading: everything at first, differences later, and what was read back compared."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from graph.errors import InputError
from graph.network import Network, RegionSettings
from graph.store.about import About
from graph.store.load import load
from graph.store.protocol import Store
from graph.store.rows import table_checksum
from tests.graph.store.small_networks import put, rows, small

NETWORK = Network(small(), RegionSettings("gb2260"), {}, "somewhere")


def test_the_first_load_stores_everything(store: Store) -> None:
    report = load(store, NETWORK, "office", by="李", why="初次")
    assert (report.equal, report.differences) == (True, [])
    assert (report.version.number, report.version.how, report.version.by, report.version.why) == (
        1,
        "load",
        "李",
        "初次",
    )
    assert report.changed == {t: (f.height, 0) for t, f in small().items()}
    for table, frame in small().items():
        told = report.tables[table]
        assert told.given_rows == told.stored_rows == frame.height
        assert told.given_checksum == told.stored_checksum == table_checksum(table, frame)
    assert About.of(store.read("office")).settings.codes == "gb2260"


def test_the_second_load_changes_nothing(store: Store) -> None:
    first = load(store, NETWORK, "office", by="李")
    turned = Network(
        {t: f.reverse() for t, f in small().items()}, NETWORK.settings
    )  # the order of rows is no difference
    for network in (NETWORK, turned):
        report = load(store, network, "office", by="王")
        assert (report.version, report.changed, report.equal) == (first.version, {}, True)
    assert len(store.versions("office")) == 1


def test_a_load_keeps_the_network_s_own_words(store: Store) -> None:
    """Nothing of them is lost on the way in and out; a load that says otherwise changes them, and is told."""
    titles = {"words": {"unit": {"zh": "院校", "en": "college"}}}
    load(store, replace(NETWORK, titles=titles), "office", by="李")
    assert store.read("office").titles == titles
    assert load(store, replace(NETWORK, titles=titles), "office", by="李").version.number == 1
    load(store, Network({"units": small()["units"]}), "office", by="王")  # no regions: settings stay, too
    assert store.read("office").titles == titles
    report = load(store, NETWORK, "office", by="王")
    assert [t.en for t in report.settings] == ["own title of words.unit from college 院校 to none"]
    assert store.read("office").titles == {} and store.read("office", version=1).titles == titles


def test_a_later_load_stores_what_differs(store: Store) -> None:
    load(store, NETWORK, "office", by="李")
    units = rows(
        "units",
        {"id": "u1", "name": "改名", "home_region": "zh"},
        {"id": "u3", "name": "新"},
        small()["units"].row(1, named=True),
    )
    report = load(store, Network({"units": units}), "office", by="王")
    assert report.changed == {"units": (2, 0)}
    assert report.equal
    assert list(report.tables) == ["units"]
    read = store.read("office")
    assert read.frame("units")["id"].to_list() == ["u1", "u2", "u3"]
    assert read.frame("relations").equals(small()["relations"])  # not given: as it was
    assert read.settings.codes == "gb2260"  # nor the regions that codes are of


def test_a_given_table_is_as_given(store: Store) -> None:
    load(store, NETWORK, "office", by="李")
    report = load(store, Network({"relations": small()["relations"][1:]}), "office", by="王")
    assert report.changed == {"relations": (0, 1)}
    with pytest.raises(InputError):  # u1 is named by rows of tables that stay
        load(store, Network({"units": small()["units"][1:]}), "office", by="王")
    assert store.head("office").number == 2


def test_replaced_whole(store: Store) -> None:
    load(store, NETWORK, "office", by="李")
    kept = Network({t: small()[t] for t in ("regions", "units")}, NETWORK.settings)
    report = load(store, kept, "office", by="王", replace=True)
    assert report.changed == {"relations": (0, 2), "cadres": (0, 2), "postings": (0, 1)}
    assert report.equal
    assert set(report.tables) == set(small())
    assert [store.read("office").frame(t).height for t in ("regions", "relations", "postings")] == [5, 0, 0]


def test_a_table_without_rows_is_loaded(store: Store) -> None:
    report = load(
        store, Network({"regions": small()["regions"], "units": small()["units"][:0]}), "office", by="李"
    )
    assert report.equal
    assert store.tables("office") == ["regions", "units"]


def test_what_does_not_read_back_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that loses, changes and invents rows would be found out."""
    read = store.read

    def worse(network: str, **asked: object) -> Network:
        told = read(network, **asked)  # type: ignore[arg-type]
        units = told.frame("units")[:1].with_columns(name=pl.lit("other"))
        made = rows("units", {"id": "u9", "name": "made up"})
        return told.with_frames({"units": pl.concat([units, made]), "postings": told.frame("postings")[:0]})

    monkeypatch.setattr(store, "read", worse)
    report = load(store, NETWORK, "office", by="李")
    assert not report.equal
    by_table = {d.table: d for d in report.differences}
    assert list(by_table) == ["units", "postings"]
    units = by_table["units"]
    assert (units.missing, units.extra, units.changed) == (["u2"], ["u9"], ["u1"])
    assert by_table["postings"].missing == ["c1|v1|first_secretary|2016-03-01"]
    for text in units.text:
        for key in ("units", "u1", "u2", "u9"):
            assert key in text
    assert report.tables["units"].given_checksum != report.tables["units"].stored_checksum


def test_negative_zero_is_zero(store: Store) -> None:
    zero = [rows("regions", {"code": "a", "name": "a", "lon": lon}) for lon in (0.0, -0.0)]
    load(store, Network({"regions": zero[0]}), "office", by="李")
    report = load(store, Network({"regions": zero[1]}), "office", by="李")
    assert (report.version.number, report.equal) == (1, True)


def test_a_load_upon_changes_of_others(store: Store) -> None:
    """What a colleague changed since is taken back to what is given, as a new version; the past keeps it."""
    load(store, NETWORK, "office", by="李")
    store.write("office", put("units", {"id": "u1", "name": "x"}), base=1, how="request", by="王")
    report = load(store, NETWORK, "office", by="李")
    assert (report.version.number, report.changed) == (3, {"units": (1, 0)})
    assert [s.row["name"] for s in store.history("office", "units", "u1")] == ["某大学", "x", "某大学"]
