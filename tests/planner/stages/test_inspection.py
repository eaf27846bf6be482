"""Inspection: each rule bites and then does not; the sample; brute force; own scores."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.schema import RESULTS
from planner.stage import Outcome
from planner.stages.inspection import STAGE
from planner.stages.inspection.model import find_work
from planner.stages.inspection.sample import apportion, draw_counties, draw_order
from planner.verify.inspection import check
from tests.planner.tiny import context, network, resolved, solve

PLACES = {"A": 100.0, "B": 102.0, "C": 106.0}
REGIONS = [
    {"code": "Z", "name": "Capital", "level": "province", "lon": 104.0, "lat": 30.0},
    *({"code": p, "name": f"Province {p}", "level": "province", "lon": lon, "lat": 30.0} for p, lon in PLACES.items()),
    *({"code": f"{p}{i}", "name": f"County {p}{i}", "level": "county", "parent": p, "lon": lon, "lat": 30.0}
      for p, lon in PLACES.items() for i in (1, 2, 3)),
    *({"code": f"{p}{i}v{j}", "name": "v", "level": "village", "parent": f"{p}{i}"}
      for p in PLACES for i in (1, 2, 3) for j in (1, 2, 3)),
]  # fmt: skip
TAGS = [{"region": f"{p}{i}", "tag": "poor_county_832"} for p in PLACES for i in (1, 2)]
FACTS = [
    {"region": f"{p}{i}", "year": 2016, "measure": "poor_population", "value": 100.0 * i}
    for p in PLACES
    for i in (1, 2, 3)
]
ASSESSED = [
    {"region": "A", "year": 2016, "category": "commended"},
    {"region": "B", "year": 2016, "category": "talk_deputy"},
    {"region": "C", "year": 2016, "category": "plain"},
]
TEAMS = [
    {"id": "tA", "unit": "A", "home_region": "A", "size": 8, "days_max": 60},
    {"id": "tB", "unit": "B", "home_region": "B", "size": 8, "days_max": 60},
    {"id": "tC", "unit": "C", "home_region": "C", "size": 8, "days_max": 60},
    {"id": "u1", "unit": "u1", "home_region": "Z", "size": 8, "days_max": 60},
    {"id": "u2", "unit": "u2", "home_region": "Z", "size": 8, "days_max": 60},
]
UNITS = [
    {"id": "u1", "kind": "party", "home_region": "Z"},
    {"id": "u2", "kind": "central_organ", "home_region": "Z"},
]
FEW: dict[str, Any] = {"kinds": ["check"], "tour_categories": "off", "led_by": "off", "counties_per_visit": {"check": 1},
                       "balance_tolerance": "off"}  # fmt: skip
BASE: dict[str, Any] = {"regions": REGIONS, "region_tags": TAGS, "region_facts": FACTS, "assessments": ASSESSED,
                        "inspection_teams": TEAMS, "units": UNITS}  # fmt: skip


def decide(
    given_tables: dict[str, Any] | None = None, seed: int = 0, decided: Any = None, **values: Any
) -> Outcome:
    """Solve, and let the independent check read what came out."""
    seen = context(STAGE, network(**{**BASE, **(given_tables or {})}), decided, seed, **values)
    assert STAGE.count(seen) == []
    outcome = solve(STAGE, seen)
    if outcome.tables:
        found = check(resolved(STAGE, seen), {**(decided or {}), **outcome.tables}, {})
        assert [str(b.text) for b in found.broken] == []
        assert found.objective == outcome.objective
        assert {r.rule for r in found.rules} == {s.key for s in STAGE.settings if s.rule}
    return outcome


def sent(outcome: Outcome) -> set[tuple[str, str]]:
    """(team, inspected province)."""
    rows = outcome.tables["inspections"].select("team", "region").iter_rows()
    return {(team, county[0]) for team, county in rows}


def counted(given_tables: dict[str, Any] | None = None, **values: Any) -> str:
    return "\n".join(
        t.en for t in STAGE.count(context(STAGE, network(**{**BASE, **(given_tables or {})}), **values))
    )


def related(kind: str, supporter: str, recipient: str) -> dict[str, Any]:
    return {"relations": [{"id": "1", "kind": kind, "supporter": supporter, "recipient": recipient}]}


def test_every_region_is_inspected_in_the_year_after_the_assessment() -> None:
    outcome = decide(**FEW)
    assert outcome.status == "OPTIMAL" and {p for _, p in sent(outcome)} == {"A", "B", "C"}
    assert outcome.tables["inspections"]["year"].unique().to_list() == [2017]
    assert decide(**FEW, year=2019).tables["inspections"]["year"].unique().to_list() == [2019]


def test_kinds_by_last_assessment() -> None:
    """The two categories that are called in get a tour, all others a check."""
    every = {**FEW, "kinds": ["check", "tour"], "counties_per_visit": {"check": 1, "tour": 1}}
    rows = decide(**{**every, "tour_categories": ["talk_deputy", "talk_principal"]}).tables["inspections"]
    assert {(k, r[0]) for k, r in rows.select("kind", "region").iter_rows()} == {
        ("check", "A"),
        ("tour", "B"),
        ("check", "C"),
    }
    off = decide(**every).tables["inspections"]
    assert set(off["kind"]) == {"check"}


def test_all_six_kinds_take_place() -> None:
    outcome = decide(visits_per_county="off", no_repeat="off", balance_tolerance="off", no_reciprocal="off")
    assert set(outcome.tables["inspections"]["kind"]) == {
        "check", "tour", "cross_check", "third_party", "fund_review", "unannounced"
    }  # fmt: skip


def test_an_unknown_kind_is_named() -> None:
    declared = {s.key: s for s in STAGE.settings}
    for key, value in (("kinds", ["chekc"]), ("team_size", {"chekc": 2}), ("led_by", ["check>units"])):
        told = declared[key].problem(value)
        assert told is not None and "is none of" in told.en


def test_no_own() -> None:
    """Nearest is one's own: only the rule keeps a team away from home."""
    teams = {"inspection_teams": TEAMS[:3]}
    assert all(team[1] != place for team, place in sent(decide(teams, **FEW)))
    assert sent(decide(teams, **FEW, no_own="off")) == {("tA", "A"), ("tB", "B"), ("tC", "C")}


def test_no_paired_from_the_graph_and_from_the_plan() -> None:
    only = {"inspection_teams": [TEAMS[0], TEAMS[3]]}
    tie = related("east_west", "A1", "B2")  # a city of A supports a county of B
    assert ("tA", "B") in sent(decide(only, **FEW))
    assert ("tA", "B") not in sent(decide({**only, **tie}, **FEW))
    assert ("tA", "B") in sent(decide({**only, **tie}, **FEW, no_paired="off"))
    assert ("tA", "B") not in sent(
        decide({**only, **related("county_pair", "B1", "A1")}, **FEW)
    )  # either way
    row = {
        "stage": "pairing",
        "supporter": "A",
        "recipient": "B",
        "cost": 0.0,
        "load": 0,
        "terms": "{}",
        "kind": "east_west",
    }
    planned = {"pairs": pl.DataFrame([row], schema=RESULTS["pairs"].dtypes)}
    assert ("tA", "B") not in sent(decide(only, decided=planned, **FEW))


def test_an_ended_pair_is_no_conflict() -> None:
    from datetime import date

    tie = related("east_west", "A", "B")
    tie["relations"][0]["until"] = date(2016, 12, 31)
    assert ("tA", "B") in sent(decide({"inspection_teams": [TEAMS[0], TEAMS[3]], **tie}, **FEW))


@pytest.mark.parametrize(
    ("rule", "kind", "place"),
    [
        ("no_designated", "designated", "C1"),
        ("no_designated", "village_unit", "C1v1"),
        ("no_supervising", "supervision", "C"),
    ],
)
def test_no_designated_and_no_supervising(rule: str, kind: str, place: str) -> None:
    only = {"inspection_teams": TEAMS[3:], **related(kind, "u1", place)}
    assert ("u1", "C") not in sent(decide(only, **FEW))
    assert ("u1", "C") in sent(
        decide({"inspection_teams": TEAMS[3:4], **related(kind, "u1", place)}, **FEW, **{rule: "off"})
    )


def test_no_reciprocal_within_the_year() -> None:
    """With provincial teams only, A and B would inspect each other; a ring of three is the way out."""
    teams = {"inspection_teams": TEAMS[:3]}
    ring = sent(decide(teams, **FEW))
    ways = {(team[1], place) for team, place in ring}
    assert not any((b, a) in ways for a, b in ways)
    free = {
        (team[1], place)
        for team, place in sent(decide(teams, **FEW, no_reciprocal="off", teams_per_visit=[1, 1]))
    }
    assert any((b, a) in free for a, b in free)


def test_no_reciprocal_after_last_year() -> None:
    """B's team was in A last year, so A's team does not go to B."""
    before = {"inspection_visits": [{"team": "tB", "region": "A2", "year": 2016, "kind": "check"}],
              "inspection_teams": [*TEAMS[:2], TEAMS[3]]}  # fmt: skip
    assert ("tA", "B") not in sent(decide(before, **FEW))
    assert ("tA", "B") in sent(decide(before, **FEW, no_reciprocal="off"))


def test_no_repeat_after_last_year_and_within_the_year() -> None:
    near = {"inspection_teams": [TEAMS[0], TEAMS[3]]}
    before = {"inspection_visits": [{"team": "tA", "region": "B2", "year": 2016, "kind": "check"}]}
    assert ("tA", "B") in sent(decide(near, **FEW))
    assert ("tA", "B") not in sent(decide({**near, **before}, **FEW))
    assert ("tA", "B") in sent(decide({**near, **before}, **FEW, no_repeat="off"))
    old = {"inspection_visits": [{"team": "tA", "region": "B2", "year": 2015, "kind": "check"}]}
    assert ("tA", "B") in sent(decide({**near, **old}, **FEW))
    two = {**FEW, "kinds": ["check", "unannounced"], "counties_per_visit": {"check": 1, "unannounced": 1}}
    units = {"inspection_teams": TEAMS[3:]}
    once = decide(units, **two).tables["inspections"]
    assert once.group_by("team", pl.col("region").str.slice(0, 1)).len()["len"].max() == 1
    twice = decide({"inspection_teams": TEAMS[3:4]}, **two, no_repeat="off").tables["inspections"]
    assert twice.group_by("team", pl.col("region").str.slice(0, 1)).len()["len"].max() == 2


def test_visits_per_county_over_all_kinds() -> None:
    values = {**FEW, "kinds": ["check", "fund_review", "unannounced"], "counties_per_visit": dict.fromkeys(
        ("check", "fund_review", "unannounced"), 2)}  # fmt: skip
    rows = decide(visits_per_county=2, **values).tables["inspections"]
    assert rows["region"].value_counts()["count"].max() == 2 and rows.height == 18
    assert (
        decide(visits_per_county="off", seed=3, **values)
        .tables["inspections"]["region"]
        .value_counts()["count"]
        .max()
        == 3
    )
    assert "no county left to inspect" in counted(visits_per_county=1, **values)


def test_visits_already_made_count() -> None:
    made = {
        "inspection_visits": [{"team": "u2", "region": f"A{i}", "year": 2017, "kind": "tour"} for i in (1, 2)]
    }
    rows = decide(made, visits_per_county=1, **FEW).tables["inspections"]
    assert rows.filter(pl.col("region").str.starts_with("A"))["region"].to_list() == ["A3"]


def test_a_short_sample_is_said() -> None:
    values = {**FEW, "counties_per_visit": {"check": 9}}
    outcome = decide(**values)
    assert "3 visits sample fewer counties than set" in outcome.warnings[0].en
    assert decide(**FEW).warnings == []


def test_team_size() -> None:
    small = {"inspection_teams": [{**TEAMS[0], "size": 3}, TEAMS[3]]}
    assert {t for t, _ in sent(decide(small, **FEW))} == {"u1"}
    assert "tA" in {t for t, _ in sent(decide(small, **FEW, team_size="off"))}
    assert "3 visits have fewer than 1 teams" in counted(
        {"inspection_teams": [{**TEAMS[3], "size": 3}]}, **FEW
    )


def test_led_by() -> None:
    assert {t for t, _ in sent(decide(**{**FEW, "led_by": ["check>unit"]}))} <= {"u1", "u2"}
    assert {t for t, _ in sent(decide(**{**FEW, "led_by": ["check>region"]}))} <= {"tA", "tB", "tC"}
    local = {"units": [{**UNITS[0], "kind": "province_unit"}, UNITS[1]]}  # its home leads it
    assert {t for t, _ in sent(decide(local, **{**FEW, "led_by": ["check>unit"]}))} == {"u2"}


def test_team_days() -> None:
    """Each visit takes 3 days and some on the way: with 9 days u1 cannot make all three."""
    short = {
        "inspection_teams": [{**TEAMS[3], "days_max": 11}, {**TEAMS[4], "home_region": "C", "days_max": 60}]
    }
    assert len({t for t, _ in sent(decide(short, **FEW))}) == 2
    values = {**FEW, "no_own": "off"}
    one = {"inspection_teams": [{**TEAMS[3], "days_max": 11}]}
    assert "have 11 days in all, but 3 visits need at least 12" in counted(one, **values)
    assert len(sent(decide(one, **values, team_days="off"))) == 3


def test_days_follow_households_size_and_travel() -> None:
    """3 villages × 10 households at 8 people × 1 a day: 4 days; and a day there and back."""
    values = {**FEW, "villages_per_county": {"check": 3}, "households_per_person_day": 1.0}
    rows = decide({"inspection_teams": TEAMS[3:4]}, **values).tables["inspections"]
    assert set(rows["days"]) == {5}
    slow = decide({"inspection_teams": TEAMS[3:4]}, **values, travel_km_per_day=100.0).tables["inspections"]
    assert min(slow["days"]) > 5


def test_balance() -> None:
    """C's centre is nearest to u2's home; balance makes u1 share the work."""
    two = {"inspection_teams": [TEAMS[3], {**TEAMS[4], "home_region": "Z"}]}
    values = {**FEW, "no_own": "off"}
    loose = decide(two, **values)
    even = decide(two, **{**values, "balance_tolerance": 0.4})
    assert max(Counter(t for t, _ in sent(even)).values()) == 2
    assert loose.objective == even.objective  # same home: balance costs nothing here
    tight = {**values, "balance_tolerance": 0.0, "no_repeat": "off"}
    assert decide(two, **tight).status == "INFEASIBLE"  # three equal visits cannot be halved


def test_teams_per_visit() -> None:
    assert len(sent(decide(**{**FEW, "teams_per_visit": [2, 2]}))) == 6
    assert len(sent(decide(**FEW))) == 3
    assert decide(**{**FEW, "teams_per_visit": "off"}).objective == 0


def test_language_and_travel_weights() -> None:
    tags = [*TAGS, *({"region": f"C{i}", "tag": "language:yi"} for i in (1, 2, 3))]
    spoken = [{**TEAMS[3], "languages": "tibetan;yi"}, TEAMS[4]]
    net = {"region_tags": tags, "inspection_teams": spoken}
    assert ("u1", "C") in sent(decide(net, **FEW, language_weight=5.0))
    lost = decide({**net, "inspection_teams": TEAMS[4:]}, **FEW, language_weight=5.0).tables["inspections"]
    assert '"language":5000' in "".join(lost["terms"])
    off = decide({**net, "inspection_teams": TEAMS[4:]}, **FEW, language_weight="off", travel_weight="off")
    assert set(off.tables["inspections"]["terms"]) == {"{}"} and off.objective == 0


def test_the_sample_goes_down_to_villages_and_households() -> None:
    homes = [{"village": f"A{i}v{j}", "year": 2016, "cause": "illness", "lacking": "none", "households": 4 * j, "persons": 9}
             for i in (1, 2, 3) for j in (1, 2)]  # fmt: skip
    values = {**FEW, "villages_per_county": {"check": 2}}
    rows = decide({"household_groups": homes}, **values).tables["inspections"]
    told = {c: json.loads(s) for c, s in rows.select("region", "sample").iter_rows()}
    (county,) = [c for c in told if c[0] == "A"]
    assert (
        told[county]["villages"] == {f"{county}v1": 4, f"{county}v2": 8} and told[county]["households"] == 12
    )
    other = next(
        c for c in told if c[0] == "B"
    )  # nothing registered there: the quota stands for each village
    assert told[other]["households"] == 20 and len(told[other]["villages"]) == 2


def test_the_seed_draws_and_draws_again() -> None:
    def drawn(seed: int) -> tuple[str, ...]:
        return tuple(
            decide(seed=seed, **FEW, strata_tags="off").tables["inspections"].sort("region")["region"]
        )

    samples = {seed: drawn(seed) for seed in range(6)}
    assert len(set(samples.values())) > 1
    assert samples[3] == drawn(3)


def test_strata() -> None:
    """Two counties of four: one deep, one other by their poor people; without strata the seed alone says."""
    strata = {"a": "deep", "b": "deep", "c": "other", "d": "other"}
    even = dict.fromkeys("abcd", 10.0)
    for seed in range(8):
        drawn = draw_counties(draw_order(seed, "check", "abcd"), 2, strata, even)
        assert sorted(strata[c] for c in drawn) == ["deep", "other"]
    one = dict.fromkeys("abcd", "other")
    pairs = {tuple(draw_counties(draw_order(seed, "check", "abcd"), 2, one, even)) for seed in range(8)}
    assert ("a", "b") in pairs or ("c", "d") in pairs
    tags = [*TAGS, {"region": "A1", "tag": "deep_poverty"}]
    values = {**FEW, "counties_per_visit": {"check": 3}}
    told = [
        json.loads(s)["stratum"]
        for s in decide({"region_tags": tags}, **values).tables["inspections"]["sample"]
    ]
    assert sorted(set(told)) == ["deep_poverty", "other", "poor_county_832"]
    off = decide({"region_tags": tags}, **values, strata_tags="off").tables["inspections"]["sample"]
    assert {json.loads(s)["stratum"] for s in off} == {"other"}


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["s", "t", "u"]), min_size=1),
    st.integers(0, 8),
    st.integers(0, 99),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50)),
)
def test_a_draw_has_the_right_size_and_follows_the_shares(
    strata: dict[str, str], wanted: int, seed: int, weight: dict[str, int]
) -> None:
    free = sorted(strata)
    drawn = draw_counties(
        draw_order(seed, "check", free), wanted, strata, {k: float(v) for k, v in weight.items()}
    )
    assert len(drawn) == len(set(drawn)) == min(wanted, len(free)) and set(drawn) <= set(free)


@given(st.integers(0, 30), st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_apportionment_keeps_quota(total: int, sizes: list[int]) -> None:
    named = {str(i): float(v) for i, v in enumerate(sizes)}
    found = apportion(total, named, sorted(named))
    assert sum(found.values()) == total
    assert all(abs(found[k] - total * v / sum(sizes)) < 1 + 1e-6 for k, v in named.items())


def test_round_robin_is_the_baseline() -> None:
    seen = context(STAGE, network(**BASE), **FEW)
    rows = STAGE.baseline(seen)["inspections"].sort("region")
    assert [(t, r[0]) for t, r in rows.select("team", "region").iter_rows()] == [
        ("tB", "A"),
        ("tC", "B"),
        ("u1", "C"),
    ]
    figures = {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}
    assert (figures["visits"], figures["conflicts"]) == (3, 0)
    tie = network(**{**BASE, **related("east_west", "B", "A")})
    seen = context(STAGE, tie, **FEW)
    assert {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}["conflicts"] == 1


SCORES = [
    {"stage": "inspection", "supporter": s, "recipient": r, "cost": c, "load": 2}
    for s, r, c in (("tA", "x", 1.5), ("tA", "y", 1.0), ("tB", "x", 4.0), ("tB", "y", 2.0))
]


def test_own_scores_are_the_plain_assignment() -> None:
    net = {
        "inspection_teams": [{"id": "tA", "days_max": 3}, {"id": "tB", "days_max": 9}],
        "pair_scores": SCORES,
    }
    seen = context(STAGE, network(**net), objective="scores")
    outcome = solve(STAGE, seen)
    assert (outcome.objective, outcome.scale) == (35, 10)
    rows = outcome.tables["inspections"].select("team", "region", "days").rows()
    assert rows == [("tA", "x", 2), ("tB", "y", 2)]
    found = check(resolved(STAGE, seen), outcome.tables, {})
    assert found.broken == [] and found.objective == 35
    assert {r.rule for r in found.rules} == {s.key for s in STAGE.settings if s.rule}
    free = solve(STAGE, context(STAGE, network(**net), objective="scores", team_days="off"))
    assert free.objective == 25
    assert STAGE.baseline(seen)["inspections"].height == 2
    assert STAGE.count(seen) == []


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(98.0, 112.0), min_size=3, max_size=3),
    st.lists(st.integers(6, 20), min_size=3, max_size=3),
    st.lists(st.sampled_from(["A", "B", "C", "Z"]), min_size=3, max_size=3),
    st.booleans(),
)
def test_brute_force_agrees(lons: list[float], days: list[int], leads: list[str], reciprocal: bool) -> None:
    """Every way to give three visits to three teams."""
    regions = [{**r, "lon": lons["ABC".index(r["code"])]} if r["code"] in PLACES else r for r in REGIONS]
    teams = [{"id": f"t{i}", "unit": u, "home_region": u, "size": 8, "days_max": d}
             for i, (u, d) in enumerate(zip(leads, days, strict=True))]  # fmt: skip
    net = {**BASE, "regions": regions, "inspection_teams": teams}
    seen = context(STAGE, network(**net), **FEW, no_reciprocal=reciprocal)
    work = find_work(seen)
    best = None
    for way in itertools.product(range(3), repeat=3):
        spent = [sum(int(work.days[t, v]) for v, t in enumerate(way) if t == k) for k in range(3)]
        directed = {(leads[t], work.visits[v].region) for v, t in enumerate(way)}
        mutual = reciprocal and any((b, a) in directed for a, b in directed)
        own = any(leads[t] == work.visits[v].region for v, t in enumerate(way))
        if own or mutual or any(s > d for s, d in zip(spent, days, strict=True)):
            continue
        total = sum(int(work.cost[t, v]) for v, t in enumerate(way))
        best = total if best is None or total < best else best
    outcome = solve(STAGE, seen)
    assert outcome.objective == best
    if outcome.tables:
        assert check(resolved(STAGE, seen), outcome.tables, {}).broken == []


def test_the_same_rows_in_another_order_give_the_same_plan() -> None:
    first = decide(**FEW).tables["inspections"]
    turned = {k: v[::-1] for k, v in BASE.items()}
    assert decide(turned, **FEW).tables["inspections"].equals(first)


def test_nothing_due_is_an_empty_plan_with_a_word() -> None:
    outcome = decide({"assessments": [], "region_tags": []}, **FEW)
    assert outcome.status == "OPTIMAL" and outcome.tables["inspections"].is_empty()
    assert "no region is due" in outcome.warnings[0].en
    assert {k.key for k in STAGE.measure(context(STAGE, network(**BASE), **FEW), outcome.tables)} >= {
        "visits",
        "days",
    }


def test_explain_names_terms_alternatives_and_who_may_not_go() -> None:
    seen = context(STAGE, network(**BASE), **FEW)
    found = solve(STAGE, seen).tables
    (told,) = STAGE.explain(seen, found, ("B",))
    assert told.options[0].chosen
    assert told.options[0].total == pytest.approx(sum(told.options[0].terms.values()))
    assert "may not go: nobody inspects its own region" in told.options[-1].note.en
    team = found["inspections"]["team"][0]
    assert STAGE.explain(seen, found, (team,)) and STAGE.explain(seen, found, (team, "nowhere")) == []
    scores = {
        "inspection_teams": [{"id": "tA", "days_max": 3}, {"id": "tB", "days_max": 9}],
        "pair_scores": SCORES,
    }
    scored = context(STAGE, network(**scores), objective="scores")
    assert STAGE.explain(scored, solve(STAGE, scored).tables, ("tA",))[0].options
