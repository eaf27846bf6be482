"""Verify catches a changed pairing: each tampering, and nothing on an untouched one."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from planner.stages.pairing import STAGE
from planner.verify.outcome import StageCheck
from planner.verify.pairing import check
from tests.planner.pairing_land import ETHNIC, HELD, PREFECTURE, tables
from tests.planner.tiny import context, network, resolved, solve

Change = Callable[[pl.DataFrame], pl.DataFrame]


def checked(change: Change, **values: object) -> StageCheck:
    relations = [*HELD, {"id": "3", "kind": "counterpart", "supporter": "E1", "recipient": "W3"}]
    net = network(**tables(regions=PREFECTURE, region_tags=ETHNIC, relations=relations))
    seen = context(STAGE, net, partners_per_recipient=[1, 1], changes_max=0, **values)
    found = solve(STAGE, seen).tables["pairs"]
    return check(resolved(STAGE, seen), {"pairs": change(found)}, {})


def at(supporter: str, recipient: str) -> pl.Expr:
    return (pl.col("supporter") == supporter) & (pl.col("recipient") == recipient)


def put(where: pl.Expr, **values: object) -> Change:
    columns = {k: pl.when(where).then(pl.lit(v)).otherwise(pl.col(k)) for k, v in values.items()}
    return lambda table: table.with_columns(**columns)


def drop(where: pl.Expr) -> Change:
    return lambda table: table.filter(~where)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (put(at("E1", "W1"), cost=1.0), "terms"),
        (put(at("E1", "W1"), terms='{"distance":1}'), "terms"),
        (put(at("E1", "W1"), load=299), "load"),
        (put(at("E1", "W1"), load=301), "load"),
        (drop(at("E1", "W1")), "cover_recipients"),
        (drop(at("E1", "W1")), "changes_max"),
        (put(at("E1", "W1"), supporter="W2"), "supporters"),
        (put(at("E1", "W1"), kind="designated"), "kind"),
        (put(at("E2a", "W2a"), supporter="E1a"), "county_pairs"),
        (put(at("E2a", "W2a"), load=99), "load"),
        (drop(at("E2a", "W2a")), "county_partners_per_recipient"),
        (drop(at("E1", "W3")), "reassign_counterpart"),
        (put(at("E1", "W3"), recipient="W3p"), "reassign_counterpart"),
        (put(at("E1", "W3"), load=5), "reassign_counterpart"),
        (put(at("E1", "W3"), kind="east_west"), "supporters"),
        (lambda table: pl.concat([table, table[:1]]), "key"),
        (put(at("E2", "W2"), supporter="E1"), "partners_per_supporter"),
    ],
)  # fmt: skip
def test_each_change_is_named(change: Change, rule: str) -> None:
    assert rule in {b.rule for b in checked(change).broken}


def test_an_untouched_result_is_whole() -> None:
    found = checked(lambda table: table)
    assert found.broken == []
    states = {r.rule: r.state for r in found.rules}
    assert states["changes_max"] == "binding" and states["pins"] == "off"


def test_an_overloaded_supporter_is_named_with_numbers() -> None:
    found = checked(put(at("E2", "W2"), load=300))
    (told,) = [b.text.en for b in found.broken if b.rule == "fair_load_tolerance"]
    assert "East two carries 300 persons of at most 225" in told


def test_a_changed_pin_is_named() -> None:
    found = checked(drop(at("E1", "W1")), pins=["E1>W1"])
    assert "pins" in {b.rule for b in found.broken}
