"""Key figures and the composition of objectives: consistent with each other, and silent about rules that are off."""

from __future__ import annotations

from typing import Any

import pytest

from planner.cost import FIRST
from planner.stage import Outcome
from planner.stages.exit import STAGE as EXIT
from planner.stages.pairing import STAGE as PAIRING
from tests.planner import cadre_land, exit_land, pairing_land, tiny
from tests.planner.cadre_land import cadre, first, members


def measured(stage: Any, seen: Any) -> tuple[Outcome, dict[str, Any]]:
    outcome = tiny.solve(stage, seen)
    return outcome, {k.key: k.value for k in stage.measure(seen, outcome.tables)}


def in_parts(outcome: Outcome) -> list[float]:
    return [p.objective for p in outcome.composition.parts]


def posted(**values: Any) -> tuple[Outcome, dict[str, Any]]:
    posts = [first("v0"), members("v0", 1, 2), first("v1")]
    people = [cadre("a"), cadre("b", skill="law"), cadre("c", "a2")]
    net = tiny.network(regions=cadre_land.REGIONS, cadres=people, village_posts=posts)
    return measured(cadre_land.STAGE, tiny.context(cadre_land.STAGE, net, **{**cadre_land.PLAIN, **values}))


@pytest.mark.parametrize(
    ("rule", "figures"),
    [
        ("team_minimum", {"whole_teams"}),
        ("team_led", {"villages_led", "teams_without_leader"}),
        ("minimum_term_years", {"ended_early", "in_term"}),
        ("skill", {"skill_fits"}),
    ],
)
def test_figures_about_a_rule_that_is_off_are_left_out(rule: str, figures: set[str]) -> None:
    on, off = posted()[1], posted(**{rule: "off"})[1]
    assert figures <= set(on)
    assert set(on) - set(off) == figures


def test_own_scores_tell_nothing_about_teams() -> None:
    scores = [{"stage": "cadres", "supporter": "a", "recipient": "v0/fs", "cost": 2.5}]
    net = tiny.network(
        regions=cadre_land.REGIONS, cadres=[cadre("a")], village_posts=[first("v0")], pair_scores=scores
    )
    outcome, figures = measured(cadre_land.STAGE, tiny.context(cadre_land.STAGE, net, objective="scores"))
    assert not {"whole_teams", "villages_led", "teams_without_leader"} & set(figures)
    assert figures["cost"] == 2.5
    assert outcome.composition.words.en == "the total score"


def test_county_pairs_that_are_off_are_no_figure() -> None:
    def figures(**values: Any) -> set[str]:
        seen = tiny.context(PAIRING, tiny.network(**pairing_land.tables()), cover_ethnic="off", **values)
        return set(measured(PAIRING, seen)[1])

    gone = figures() - figures(county_pairs="off")
    assert {"county_pairs", "counties_covered"} <= gone


def test_posts_left_open_come_before_the_cost() -> None:
    net = tiny.network(
        regions=cadre_land.REGIONS, cadres=[cadre("a")], village_posts=[first("v1"), members("v1", 0, 1)]
    )
    seen = tiny.context(cadre_land.STAGE, net, **cadre_land.PLAIN, team_minimum="off")
    outcome, figures = measured(cadre_land.STAGE, seen)
    open_posts, cost = in_parts(outcome)
    # one person for two seats: the further one stays open, which counts one
    assert (outcome.composition.ranked, open_posts, cost) == (True, 1, figures["cost"])
    assert outcome.objective == open_posts * outcome.details["step"] + round(1000 * cost)
    assert [p.bound for p in outcome.composition.parts] == [1, figures["cost"]]


def test_region_pairs_come_before_county_pairs() -> None:
    seen = tiny.context(PAIRING, tiny.network(**pairing_land.tables()), cover_ethnic="off")
    outcome, figures = measured(PAIRING, seen)
    regions, counties = in_parts(outcome)
    assert outcome.composition.ranked
    assert regions + counties == pytest.approx(figures["cost"])
    assert outcome.objective == round(1000 * regions) * FIRST + round(1000 * counties)
    alone = measured(PAIRING, tiny.context(PAIRING, seen.network, cover_ethnic="off", county_pairs="off"))
    assert alone[0].composition.parts == ()
    assert alone[0].objective == round(1000 * alone[1]["cost"])


def test_pledges_that_fall_short_stand_beside_the_cost() -> None:
    pledge = {"region": "E", "year": 2017, "measure": "counties", "amount": 1}
    net = exit_land.land({"a": 0.05}, pledges=[pledge])  # 2.5 % in 2017: not yet
    outcome, figures = measured(EXIT, tiny.context(EXIT, net, pledge_elastic=True, county_short_weight=7.0))
    assert in_parts(outcome) == [figures["cost"], 7.0]
    assert outcome.objective == round(1000 * (figures["cost"] + 7.0))
    kept = measured(EXIT, tiny.context(EXIT, exit_land.land({"a": 0.03}, pledges=[pledge])))
    assert kept[0].composition.parts == ()
