"""Random changes of random networks: after each, every version so far reads as a plain model says."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graph.errors import InputError
from graph.schema import TABLES
from graph.store.changes import Changes, difference
from graph.store.clash import StaleError
from graph.store.protocol import Store
from tests.graph.store.plain_model import Model
from tests.graph.store.small_networks import ABOUT

USED = ("regions", "units", "relations")
PLACES, UNITS, TIES = ("a", "b|", "c\\", "x"), ("u1", "u2", "x"), ("r1", "r2", "r3")
LATER = ("x",)  # a region's id or a unit's
KEYS = dict(zip(USED, (PLACES, UNITS, TIES), strict=True))
BEGUN = {
    "regions": {"name": "始"},
    "units": {"name": "始"},
    "relations": {"kind": "designated", "supporter": "a", "recipient": "a"},
}
numbers = count()


def cells(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """What a row may say of what the test looks at."""
    place, empty = st.sampled_from(PLACES), st.none()
    word = st.sampled_from(["", "甲", "乙"])
    if table == "regions":
        return st.fixed_dictionaries(
            {"name": word, "parent": st.one_of(empty, place), "lon": st.one_of(empty, st.just(0.1))}
        )
    if table == "units":
        return st.fixed_dictionaries({"name": word, "home_region": st.one_of(empty, place)})
    party = st.sampled_from([*PLACES, *UNITS])
    return st.fixed_dictionaries({"kind": st.just("designated"), "supporter": party, "recipient": place})


def whole(table: str, key: str, said: dict[str, Any]) -> dict[str, Any]:
    return {
        c.name: key if c.name in TABLES[table].key else said.get(c.name, c.default)
        for c in TABLES[table].columns
    }


@st.composite
def a_change(draw: st.DrawFn) -> tuple[dict[str, dict[str, Any]], dict[str, list[str]], float]:
    """Rows to put, keys to remove, and how far back the base is (0 the head, 1 the beginning)."""
    put, gone = {}, {}
    for table in USED:
        done = draw(
            st.dictionaries(st.sampled_from(KEYS[table]), st.one_of(st.none(), cells(table)), max_size=3)
        )
        put[table] = {k: whole(table, k, said) for k, said in done.items() if said is not None}
        gone[table] = [k for k, said in done.items() if said is None]
    return put, gone, draw(st.sampled_from([0.0, 0.0, 0.0, 0.3, 1.0]))


def as_changes(put: dict[str, dict[str, Any]], gone: dict[str, list[str]]) -> Changes:
    return Changes(
        {t: pl.DataFrame(list(rows.values()), schema=TABLES[t].dtypes) for t, rows in put.items() if rows},
        {
            t: pl.DataFrame({TABLES[t].key[0]: ks}, schema={TABLES[t].key[0]: pl.String})
            for t, ks in gone.items()
            if ks
        },
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(a_change(), min_size=2, max_size=8))
def test_every_version_reads_as_it_did(store: Store, changes: list[Any]) -> None:
    compare(store, changes)


def compare(store: Store, changes: list[Any]) -> None:
    """Make the changes in the store and in the model, and hold one against the other after each."""
    network, model = f"n{next(numbers)}", Model([{t: {} for t in USED}])
    store.write(network, Changes(), base=0, how="load", by="t", about=ABOUT, tables=USED)
    first = {t: {k: whole(t, k, BEGUN[t]) for k in KEYS[t] if k not in LATER} for t in USED}
    assert model.outcome(first, {t: [] for t in USED}, 1) == "new"
    store.write(network, as_changes(first, {}), base=1, how="load", by="t")
    for put, gone, back in changes:
        head = len(model.versions)
        base = max(1, round(head * (1 - back)))
        expected = model.outcome(put, gone, base)
        write = partial(store.write, network, as_changes(put, gone), base=base, how="request", by="t")
        if expected == "stale":
            with pytest.raises(StaleError):
                write()
        elif expected == "refused":
            with pytest.raises(InputError):
                write()
        else:
            assert write().number == head + (expected == "new")
        assert [v.number for v in store.versions(network)] == list(range(1, len(model.versions) + 1))
        for version in range(1, len(model.versions) + 1):
            read = store.read(network, version=version)
            for table in USED:
                assert_frame_equal(read.frame(table), model.frame(table, version))
    check_history(store, network, model)


def check_history(store: Store, network: str, model: Model) -> None:
    """States of each row, put together, are what each version had."""
    for table in USED:
        for key in model.places.get(table, []):
            text = key.replace("\\", "\\\\").replace("|", "\\|")
            states = store.history(network, table, text)
            for number, tables in enumerate(model.versions, 1):
                holding = [s.row for s in states if s.recorded_at <= number < (s.superseded_by or 10**9)]
                assert holding == ([tables[table][key]] if key in tables[table] else [])


@settings(max_examples=30)
@given(before=a_change(), after=a_change())
def test_a_difference_makes_one_table_of_the_other(before: Any, after: Any) -> None:
    """No store: what loads and pulls send to stores."""
    for table in USED:
        old, new = (as_changes(side[0], {}).put_rows(table) for side in (before, after))
        found = difference(table, old, new)
        (key,) = TABLES[table].key
        kept = old.filter(
            ~pl.col(key).is_in(
                pl.concat([found.put_rows(table)[key], found.removed_rows(table)[key]]).implode()
            )
        )
        assert_frame_equal(pl.concat([kept, found.put_rows(table)]).sort(key), new.sort(key))
        assert found.put_rows(table).join(old, on=new.columns, how="semi", nulls_equal=True).height == 0
