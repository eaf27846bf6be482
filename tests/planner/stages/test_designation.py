"""Designation: each rule bites and then does not; a case by hand; clashes in words; who takes part."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.errors import ScenarioError
from planner.solve import engines
from planner.stage import Limits, Outcome
from planner.stages.designation import STAGE
from planner.stages.words import conflict_words
from planner.verify.designation import check
from tests.planner.tiny import assert_told, context, network, resolved, solve

REGIONS = [
    {"code": "A", "name": "Alpha", "lon": 100.0, "lat": 30.0},
    {"code": "B", "name": "Beta", "lon": 101.0, "lat": 30.0},
    {"code": "H", "name": "Home", "level": "province", "lon": 100.0, "lat": 30.0},
    {"code": "F", "name": "Far", "level": "province", "lon": 110.0, "lat": 30.0},
]
TAGS = [{"region": c, "tag": "key_county_592"} for c in "AB"]
UNITS = [
    {"id": "u1", "name": "One", "kind": "soe", "home_region": "H", "capacity": 2, "strength": 0.2},
    {"id": "u2", "name": "Two", "kind": "bank", "home_region": "F", "capacity": 2, "strength": 0.9},
]
BARE: dict[str, Any] = {
    "units_per_county": [1, 1], "same_kind_max": "off", "keep_share": "off", "deep_poverty_strength": "off",
    "profile_weight": 0, "need_weight": 0, "change_weight": 0, "distance_weight": 0,
}  # fmt: skip
HELD = [{"id": "1", "kind": "designated", "supporter": "u2", "recipient": "A"}]


def tables(**more: Any) -> dict[str, Any]:
    return {"regions": REGIONS, "region_tags": TAGS, "units": UNITS, **more}


def decide(given: dict[str, Any] | None = None, **values: Any) -> Outcome:
    """Solve, and let the independent check read what came out."""
    seen = context(STAGE, network(**(given or tables())), **{**BARE, **values})
    outcome = solve(STAGE, seen)
    if outcome.status == "OPTIMAL":
        found = check(resolved(STAGE, seen), outcome.tables, {})
        assert not found.broken, [str(b.text) for b in found.broken]
        assert_told(found)
        assert found.objective == outcome.objective == outcome.bound
        assert {r.rule for r in found.rules} >= {s.key for s in STAGE.settings if s.rule}
    return outcome


def chosen(outcome: Outcome) -> set[str]:
    assert outcome.status == "OPTIMAL"
    return {s + r for s, r in outcome.tables["pairs"].select("supporter", "recipient").iter_rows()}


def states(given: dict[str, Any] | None = None, **values: Any) -> dict[str, str]:
    seen = context(STAGE, network(**(given or tables())), **{**BARE, **values})
    found = check(resolved(STAGE, seen), solve(STAGE, seen).tables, {})
    assert not found.broken
    return {r.rule: r.state for r in found.rules}


def clashes(given: dict[str, Any] | None = None, **values: Any) -> str:
    return "\n".join(
        c.en for c in STAGE.count(context(STAGE, network(**(given or tables())), **{**BARE, **values}))
    )


def by_engine(given: dict[str, Any] | None = None, **values: Any) -> list[str]:
    """What the conflict engine says of rules that counting lets pass."""
    seen = context(STAGE, network(**(given or tables())), **{**BARE, **values})
    assert STAGE.count(seen) == []
    [task], built = STAGE.tasks(seen, Limits())
    assert engines.run("mip", task.arrays, {}, lambda m: None).status == "INFEASIBLE"
    answer = engines.run("conflict", task.arrays, {}, lambda m: None)
    return [c.en for c in conflict_words(STAGE, built, seen, answer)]


def test_a_case_by_hand() -> None:
    """A costs u1 0, B 1; the pair in force u2>A is worth less than its distance of about 962 km."""
    found = decide(tables(relations=HELD), distance_weight=1.0, change_weight=6.0)
    assert chosen(found) == {"u1A", "u1B"}  # 6 + (6 + 0.963) = 12.963 against 9.628 + 6.963 = 16.591
    assert found.objective == 12963
    assert chosen(decide(tables(relations=HELD), distance_weight=1.0, change_weight=10.0)) == {"u2A", "u1B"}


def test_units_per_county() -> None:
    assert len(chosen(decide(units_per_county=[2, 2]))) == 4
    assert len(chosen(decide(units_per_county=[1, 2]))) == 2
    assert decide(units_per_county="off").tables["pairs"].height == 0


def test_unit_capacity() -> None:
    small = tables(units=[{**UNITS[0], "capacity": 1}, UNITS[1]])
    assert chosen(decide(small, distance_weight=1.0)) in ({"u1A", "u2B"}, {"u1B", "u2A"})
    assert chosen(decide(small, distance_weight=1.0, unit_capacity="off")) == {"u1A", "u1B"}
    assert chosen(decide(small, distance_weight=1.0, unit_capacity=False)) == {"u1A", "u1B"}


def test_counties_per_unit() -> None:
    assert chosen(decide(distance_weight=1.0, counties_per_unit=[0, 2])) == {"u1A", "u1B"}
    assert len({p[:2] for p in chosen(decide(distance_weight=1.0, counties_per_unit=[0, 1]))}) == 2
    assert len({p[:2] for p in chosen(decide(distance_weight=1.0, counties_per_unit=[1, 2]))}) == 2


def test_same_kind_max() -> None:
    three = [*UNITS, {**UNITS[0], "id": "u3", "name": "Three"}]
    near = {"distance_weight": 1.0, "units_per_county": [2, 2]}
    assert chosen(decide(tables(units=three), **near, same_kind_max=2)) == {"u1A", "u3A", "u1B", "u3B"}
    found = chosen(decide(tables(units=three), **near, same_kind_max=1))
    assert {p for p in found if p.startswith("u2")} == {"u2A", "u2B"}


@pytest.mark.parametrize("kind", [None, "other"])
def test_units_without_kind_are_no_kind(kind: str | None) -> None:
    loose = tables(units=[{**u, "kind": kind} for u in UNITS])
    assert len(chosen(decide(loose, units_per_county=[2, 2], same_kind_max=1))) == 4
    assert states(loose, units_per_county=[2, 2], same_kind_max=1)["same_kind_max"] == "slack"


def test_keep_share() -> None:
    held = tables(relations=HELD)
    assert "u2A" in chosen(decide(held, distance_weight=1.0, keep_share=0.5))
    assert "u2A" not in chosen(decide(held, distance_weight=1.0, keep_share=0))
    over = tables(relations=[{**HELD[0], "until": date(2016, 12, 31)}])
    assert "u2A" not in chosen(decide(over, distance_weight=1.0, keep_share=1))


def test_keep_share_counts_only_what_could_stay() -> None:
    held = tables(relations=HELD)
    assert "u2A" not in chosen(decide(held, keep_share=1, bans=["u2>A"]))
    assert chosen(decide(held, keep_share=1, distance_max_km=500)) == {"u1A", "u1B"}


def test_distance_max_km() -> None:
    assert "u2A" in chosen(decide(distance_max_km=970, pins=["u2>A"]))
    assert "u2A" not in chosen(decide(distance_max_km=900))
    nowhere = tables(units=[{**u, "home_region": None} for u in UNITS])
    assert len(chosen(decide(nowhere, distance_max_km=0))) == 2


def test_deep_poverty_strength() -> None:
    deep = tables(region_tags=[*TAGS, {"region": "A", "tag": "deep_poverty"}])
    assert chosen(decide(deep, distance_weight=1.0, deep_poverty_strength=0.5)) == {"u2A", "u1B"}
    assert chosen(decide(deep, distance_weight=1.0, deep_poverty_strength=0.2)) == {"u1A", "u1B"}
    assert chosen(decide(deep, distance_weight=1.0, deep_poverty_strength=0.5, deep_poverty_tag="x")) == {
        "u1A",
        "u1B",
    }


@pytest.mark.parametrize(("weight", "state"), [(0, "off"), (2.0, "binding")])
def test_distance_weight(weight: float, state: str) -> None:
    assert states(distance_weight=weight)["distance_weight"] == state
    assert decide(distance_weight=weight).objective == round(weight * 963.0, 0)


def test_profile_weight() -> None:
    needs = [{"region": c, "year": 2016, "programme": p, "amount": a, "unit": "village"}
             for c, p, a in (("A", "education", 3), ("A", "health", 1), ("B", "health", 1))]  # fmt: skip
    units = [{**UNITS[0], "profile": "education"}, {**UNITS[1], "profile": "health;finance"}]
    assert chosen(decide(tables(needs=needs, units=units), profile_weight=4.0)) == {"u1A", "u2B"}
    assert decide(tables(needs=needs, units=units), profile_weight=4.0).objective == 1000  # a quarter missed
    assert decide(tables(needs=needs, units=units)).objective == 0
    assert decide(tables(units=units), profile_weight=4.0).objective == 0  # no county states a need


def test_need_weight() -> None:
    facts = [{"region": c, "year": y, "measure": "poverty_incidence", "value": v}
             for c, y, v in (("A", 2016, 0.4), ("A", 2015, 0.1), ("B", 2016, 0.1), ("B", 2020, 0.9))]  # fmt: skip
    given = tables(region_facts=facts, units=[{**u, "capacity": 1} for u in UNITS])
    assert chosen(decide(given, need_weight=1.0)) == {"u2A", "u1B"}  # 0.1·1 + 0.8·¼ = 0.3
    assert decide(given, need_weight=1.0).objective == 300
    assert decide(given, need_weight="off").objective == 0


def test_change_weight() -> None:
    held = tables(relations=HELD)
    assert decide(held, change_weight=6.0).objective == 6000
    assert "u2A" in chosen(decide(held, change_weight=6.0))
    assert decide(held, change_weight=0).objective == 0


def test_pins() -> None:
    assert "u2A" in chosen(decide(distance_weight=1.0, pins=["u2 > A"]))
    assert "u2A" not in chosen(decide(distance_weight=1.0, pins=[]))
    assert states(pins=["u2>A"])["pins"] == "binding"
    with pytest.raises(ScenarioError, match="u9>A"):
        decide(pins=["u9>A"])
    with pytest.raises(ScenarioError, match="u1"):
        decide(pins=["u1"])


def test_bans() -> None:
    assert chosen(decide(distance_weight=1.0, bans=["u1>A"])) == {"u2A", "u1B"}
    assert chosen(decide(distance_weight=1.0, bans=[])) == {"u1A", "u1B"}
    assert states(bans=["u1>A"])["bans"] == "binding"
    with pytest.raises(ScenarioError, match="u1>Z"):
        decide(bans=["u1>Z"])


def test_include_in_force() -> None:
    held = tables(relations=[{**HELD[0], "recipient": "F"}])
    assert {p[2] for p in chosen(decide(held, include_in_force=True))} == {"A", "B", "F"}
    assert {p[2] for p in chosen(decide(held))} == {"A", "B"}


def test_recipients_tag_and_its_term() -> None:
    tags = [
        {"region": "A", "tag": "mine"},
        {"region": "B", "tag": "mine", "until": date(2016, 12, 31)},
        {"region": "F", "tag": "mine", "since": date(2017, 1, 1)},
    ]
    assert {p[2] for p in chosen(decide(tables(region_tags=tags), recipients_tag="mine"))} == {"A"}
    assert {p[2] for p in chosen(decide())} == {"A", "B"}


def test_no_recipient_is_said() -> None:
    found = decide(recipients_tag="nobody")
    assert found.tables["pairs"].height == 0
    assert "nobody" in found.warnings[0].en
    assert not decide().warnings


@pytest.mark.parametrize(
    "odd",
    [{"kind": "military"}, {"capacity": 0}, {"until": date(2016, 12, 31)}, {"since": date(2017, 1, 1)},
     {"capacity": None}],
)  # fmt: skip
def test_who_takes_no_part(odd: dict[str, Any]) -> None:
    units = [{**UNITS[0], **odd}, UNITS[1]]
    assert chosen(decide(tables(units=units), distance_weight=1.0)) == {"u2A", "u2B"}


def test_without_any_capacity_all_take_part() -> None:
    units = [{**u, "capacity": None} for u in UNITS] + [{**UNITS[0], "id": "u0", "capacity": 0}]
    assert chosen(decide(tables(units=units), distance_weight=1.0)) == {"u1A", "u1B"}


def test_unit_of_no_kind_takes_part() -> None:
    units = [{**UNITS[0], "kind": None}, UNITS[1]]
    assert chosen(decide(tables(units=units), distance_weight=1.0)) == {"u1A", "u1B"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"pins": ["u1>A"], "bans": ["u1>A"]}, "both pinned and forbidden: One > Alpha"),
        ({"pins": ["u2>A"], "distance_max_km": 900}, "pinned, but more than 900 km apart: Two > Alpha"),
        ({"pins": ["u1>A", "u2>A"]}, "Alpha has 2 pinned pairs, at most 1"),
        ({"pins": ["u1>A", "u1>B"], "counties_per_unit": [0, 1]}, "One has 2 pinned pairs, at most 1"),
        ({"bans": ["u1>A", "u2>A"]}, "1 county with no unit to choose from: Alpha"),
        ({"units_per_county": [3, 3]}, "2 counties with fewer than 3 units to choose from: Alpha, Beta"),
        (
            {"counties_per_unit": [0, 0]},
            "2 units may help 0 counties each, but the 2 counties need at least 2 pairs",
        ),
        (
            {"counties_per_unit": [2, 2]},
            "2 units must help 2 counties each, but the 2 counties take at most 2 pairs",
        ),
        (
            {"deep_poverty_strength": 0.95, "deep_poverty_tag": "key_county_592"},
            "2 key counties",
        ),
    ],
)
def test_counting_names_the_clash(values: dict[str, Any], words: str) -> None:
    assert words in clashes(**values)
    assert not clashes()


def test_counting_capacity() -> None:
    one = tables(units=[{**UNITS[0], "capacity": 1}])
    assert "the 1 unit can carry 1 in all, but the 2 counties need at least 2" in clashes(one)
    assert "One can carry 1, but its pinned pairs need 2" in clashes(one, pins=["u1>A", "u1>B"])
    same = tables(units=[UNITS[0], {**UNITS[0], "id": "u3"}])
    pinned = {"pins": ["u1>A", "u3>A"], "units_per_county": [1, 2], "same_kind_max": 1}
    assert "Alpha has 2 pinned units of kind soe, at most 1" in clashes(same, **pinned)


def scored(capacity: tuple[int, ...], loads: dict[str, int], **values: Any) -> Any:
    """Every unit may take every county, own scores alone."""
    units = [{"id": f"u{i}", "name": f"Unit{i}", "capacity": c} for i, c in enumerate(capacity)]
    rows = [{"stage": "designation", "supporter": u["id"], "recipient": c, "cost": 1, "load": load}
            for u in units for c, load in loads.items()]  # fmt: skip
    values = {"objective": "scores", "unit_capacity": True, "units_per_county": [1, 1], "same_kind_max": "off",
              "keep_share": "off", "deep_poverty_strength": "off", **values}  # fmt: skip
    return context(STAGE, network(units=units, pair_scores=rows), **values)


def test_counting_how_many_counties_each_unit_can_carry() -> None:
    """20 is more than 18, but each unit has room for one county of 6, so one of the three is left."""
    [told] = STAGE.count(scored((10, 10), {"A": 6, "B": 6, "C": 6}))
    assert told.en == (
        "with what each can carry, the 2 units can take 2 counties in all at most, but at least 3 must be taken: "
        "Unit0 can carry 10: at most 1 county; Unit1 can carry 10: at most 1 county; loads: A 6, B 6, C 6 "
        "(rules: unit_capacity, units_per_county)"
    )
    assert "2 个单位合起来至多承担 2 个县" in told.zh and "Unit0 能力 10，至多 1 个县" in told.zh
    assert STAGE.count(scored((12, 10), {"A": 6, "B": 6, "C": 6})) == []
    [told] = STAGE.count(scored((12, 12), {"A": 6, "B": 6, "C": 6}, counties_per_unit=[0, 1]))[:1]
    assert "Unit0 can carry 12: at most 1 county" in told.en


def test_counting_a_county_too_heavy_for_everyone_comes_before_totals() -> None:
    """B alone is 12, and nobody carries more than 10; what all carry together is beside the point."""
    [told] = STAGE.count(scored((10, 4), {"A": 6, "B": 12}))
    assert told.en.startswith(
        "B needs 12, but the largest of the units that may take it, Unit0, can carry 10 (rules"
    )
    assert told.zh.startswith("B 需要 12，而可承担它的各方中能力最大的 Unit0 只有 10（")
    twice = STAGE.count(scored((12, 10), {"B": 12}, units_per_county=[2, 2]))
    assert (
        "B needs 2 units that can carry 12 or more, and there are fewer (the largest is Unit0 with 12)"
        in twice[0].en
    )
    assert STAGE.count(scored((12, 12), {"B": 12}, units_per_county=[2, 2])) == []


def test_a_clash_that_only_whole_numbers_show_has_names_and_numbers() -> None:
    """Loads 7, 5, 4 and 4 in two units of 10 each: 20 of 20, and by number they fit, but no split does."""
    seen = scored((10, 10), {"A": 7, "B": 5, "C": 4, "D": 4})
    assert STAGE.count(seen) == []
    [task], built = STAGE.tasks(seen, Limits())
    answer = engines.run("conflict", task.arrays, {}, lambda m: None)
    assert answer.status == "INFEASIBLE" and not answer.arrays["rows"].size
    words = "\n".join(c.en for c in conflict_words(STAGE, built, seen, answer))
    assert "designation.units_per_county = [1, 1]): A 7, B 5, C 4, D 4" in words
    assert "designation.unit_capacity = true): Unit0 can carry 10: at most 2 counties" in words
    assert "SCIP, a second solver, finds as well" in words


def test_the_conflict_engine_names_counties_and_units() -> None:
    """Both counties need u2, the only strong one, which has room for one."""
    units = [UNITS[0], {**UNITS[1], "capacity": 1}]
    words = by_engine(tables(units=units), deep_poverty_strength=0.5, deep_poverty_tag="key_county_592")
    assert len(words) == 4 and words[3].startswith("checked without the solver")
    assert "unit_capacity = true): Two can carry 1: at most 1 county" in "".join(words)
    assert "deep_poverty_strength = 0.5): Alpha, Beta" in "".join(words)


def test_the_conflict_engine_names_kinds_and_pairs() -> None:
    same = tables(units=[{**u, "kind": "soe"} for u in UNITS], relations=HELD)
    words = "".join(by_engine(same, units_per_county=[2, 2], same_kind_max=1))
    assert "Alpha (soe)" in words or "Beta (soe)" in words
    pinned = by_engine(tables(relations=HELD), keep_share=1, pins=["u1>A"])
    assert any("One → Alpha" in w for w in pinned)
    assert any("keep_share = 1): 1 / 1" in w for w in pinned)


def test_baseline_is_the_list_in_force() -> None:
    seen = context(STAGE, network(**tables(relations=HELD)), **BARE)
    before = STAGE.baseline(seen)
    assert before["pairs"].select("supporter", "recipient").rows() == [("u2", "A")]
    figures = {k.key: k.value for k in STAGE.measure(seen, before)}
    assert figures["counties_covered"] == figures["counties_uncovered"] == figures["kept"] == 1
    [why] = STAGE.explain(seen, before, ("A",))
    assert [o.chosen for o in why.options].count(True) == 1


def test_an_assignment_the_other_way_round_is_no_assignment_of_counties() -> None:
    """One county for each unit, counties as they come: the prices would be those of units, which verify does not know."""
    both = scored((10, 10), {"A": 1, "B": 1, "C": 1}, counties_per_unit=[1, 1])
    (task,), _ = STAGE.tasks(both, Limits())
    assert task.engine == "choose"
    turned = scored((10, 10), {"A": 1, "B": 1, "C": 1}, counties_per_unit=[1, 1], units_per_county="off")
    (task,), _ = STAGE.tasks(turned, Limits())
    assert task.engine == "mip"
    answer = engines.run(task.engine, task.arrays, {}, lambda m: None)
    assert answer.status == "OPTIMAL" and "prices" not in answer.arrays
