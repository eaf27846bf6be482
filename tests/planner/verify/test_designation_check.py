"""Verify catches a changed designation: each column, a row less, a row twice, each rule; nothing on an untouched one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from planner.stages.designation import STAGE
from planner.verify.designation import check
from planner.verify.outcome import StageCheck
from tests.planner.stages.test_designation import HELD, REGIONS, TAGS, UNITS
from tests.planner.tiny import context, network, resolved, solve

Change = Callable[[pl.DataFrame], pl.DataFrame]
THIRD = {"id": "u3", "name": "Three", "kind": "soe", "home_region": "H", "capacity": 1, "strength": 0.1}
RULES: dict[str, Any] = {
    "units_per_county": [1, 2], "counties_per_unit": [0, 1], "keep_share": 1.0, "same_kind_max": 1,
    "deep_poverty_strength": 0.5, "distance_max_km": 970, "bans": ["u3>B"],
}  # fmt: skip
SCORES = [{"stage": "designation", "supporter": u, "recipient": c, "cost": x, "load": n}
          for u, c, x, n in (("u1", "A", 1.5, 1), ("u1", "B", 2.0, 2), ("u2", "A", 4.0, 1), ("u2", "B", 2.25, 1))]  # fmt: skip


def checked(change: Change, **values: Any) -> tuple[StageCheck, int | None]:
    tags = [*TAGS, {"region": "A", "tag": "deep_poverty"}]
    units = [*UNITS, THIRD, {**THIRD, "id": "army", "kind": "military"}]
    net = network(regions=REGIONS, region_tags=tags, units=units, relations=HELD)
    seen = context(STAGE, net, **{**RULES, **values})
    outcome = solve(STAGE, seen)
    assert outcome.tables["pairs"].select("supporter", "recipient").rows() == [("u1", "B"), ("u2", "A")]
    return check(resolved(STAGE, seen), {"pairs": change(outcome.tables["pairs"])}, {}), outcome.objective


def at(supporter: str) -> pl.Expr:
    return pl.col("supporter") == supporter


def put(where: pl.Expr, **values: Any) -> Change:
    columns = {k: pl.when(where).then(pl.lit(v)).otherwise(pl.col(k)) for k, v in values.items()}
    return lambda table: table.with_columns(**columns)


def more(**values: Any) -> Change:
    """A further row like u1's, with other values."""
    return lambda table: pl.concat(
        [table, put(at("u1"), **values)(table).filter(pl.col("supporter") == values.get("supporter", "u1"))]
    )


def test_nothing_on_an_untouched_one() -> None:
    found, objective = checked(lambda t: t)
    assert not found.broken
    assert found.objective == objective
    told = {r.rule: r.state for r in found.rules}
    assert told["keep_share"] == told["deep_poverty_strength"] == told["counties_per_unit"] == "binding"
    assert told["pins"] == "off"


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        (put(at("u1"), cost=1.0), "terms", "cost"),
        (put(at("u1"), terms='{"distance":1}'), "terms", "terms"),
        (put(at("u1"), terms='{"luck":-1}'), "terms", "terms"),
        (put(at("u1"), load=2), "load", "load"),
        (put(at("u1"), load=0), "load", "load"),
        (put(at("u1"), kind="east_west"), "kind", "kind"),
        (put(at("u1"), kind=None), "kind", "kind"),
        (put(at("u1"), supporter="army"), "supporters", "supporter"),
        (put(at("u1"), supporter="u3"), "bans", None),
        (put(at("u1"), supporter="u2"), "counties_per_unit", None),
        (put(at("u1"), recipient="H"), "recipients_tag", "recipient"),
        (put(at("u1"), stage="pairing"), "units_per_county", None),
        (lambda t: t.filter(~at("u1")), "units_per_county", None),
        (lambda t: t.filter(~at("u2")), "keep_share", None),
        (lambda t: t.filter(~at("u2")), "deep_poverty_strength", "recipient"),
        (lambda t: pl.concat([t, t[:1]]), "key", "recipient"),
        (more(supporter="u3"), "same_kind_max", "supporter"),
    ],
)  # fmt: skip
def test_each_change_is_caught(change: Change, rule: str, column: str | None) -> None:
    found, _ = checked(change)
    assert (rule, column) in {(b.rule, b.column) for b in found.broken}, [str(b.text) for b in found.broken]


def test_distance_capacity_and_pins() -> None:
    """Two at Far is more than 900 km from Alpha; One carries one of two; the pin is not there."""
    for values, rule in (({"distance_max_km": 900}, "distance_max_km"), ({"pins": ["u1>A"]}, "pins")):
        seen = context(STAGE, _net(), **{**RULES, "distance_max_km": "off"})
        table = solve(STAGE, seen).tables
        strict = context(STAGE, _net(), **{**RULES, "distance_max_km": "off", **values})
        assert rule in {b.rule for b in check(resolved(STAGE, strict), table, {}).broken}
    loose = context(STAGE, _net(), **{**RULES, "counties_per_unit": "off"})
    table = solve(STAGE, loose).tables["pairs"]
    doubled = pl.concat([table, *[put(at("u1"), recipient=c)(table).filter(at("u1")) for c in ("A", "H")]])
    assert ("unit_capacity", "supporter") in {
        (b.rule, b.column) for b in check(resolved(STAGE, loose), {"pairs": doubled}, {}).broken
    }


def _net() -> Any:
    tags = [*TAGS, {"region": "A", "tag": "deep_poverty"}]
    return network(regions=REGIONS, region_tags=tags, units=[*UNITS, THIRD], relations=HELD)


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        (put(at("u1"), cost=1.25), "pair_scores", "cost"),
        (put(at("u2"), load=2), "pair_scores", "load"),
        (put(at("u1"), supporter="u9"), "pair_scores", "recipient"),
        (put(at("u1"), recipient="C"), "pair_scores", "recipient"),
        (put(at("u1"), terms='{"luck":1}'), "terms", "terms"),
        (put(at("u1"), kind="east_west"), "kind", "kind"),
        (lambda t: t[:1], "units_per_county", None),
        (lambda t: pl.concat([t, t[:1]]), "key", "recipient"),
        (put(at("u2"), supporter="u1", cost=2.0, load=2), "unit_capacity", "supporter"),
    ],
)  # fmt: skip
def test_each_change_is_caught_with_scores(change: Change, rule: str, column: str | None) -> None:
    net = network(units=[{"id": "u1", "capacity": 2}, {"id": "u2", "capacity": 1}], pair_scores=SCORES)
    seen = context(STAGE, net, objective="scores")
    table = solve(STAGE, seen).tables["pairs"]
    assert table.select("supporter", "recipient").rows() == [("u1", "A"), ("u2", "B")]
    assert not check(resolved(STAGE, seen), {"pairs": table}, {}).broken
    found = check(resolved(STAGE, seen), {"pairs": change(table)}, {})
    assert (rule, column) in {(b.rule, b.column) for b in found.broken}, [str(b.text) for b in found.broken]


def test_seven_digits_are_rounded_alike() -> None:
    """More digits than are kept: plan and check round the same double the same way."""
    rows = [
        {"stage": "designation", "supporter": "u", "recipient": f"c{i}", "cost": i * 0.1234565}
        for i in range(40)
    ]
    seen = context(STAGE, network(pair_scores=rows), objective="scores")
    outcome = solve(STAGE, seen)
    found = check(resolved(STAGE, seen), outcome.tables, {})
    assert not found.broken
    assert found.objective == outcome.objective
