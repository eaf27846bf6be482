"""``jiedui explain`` of what is not so: its price, who moves then, and the rules that forbid it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli.otherwise import cut_words, price_words
from graph.language import Text
from planner.otherwise import Otherwise
from planner.otherwise.choice import first_of
from planner.plan import Plan
from tests.api.cli.conftest import Typed
from tests.planner import exit_land, money_land
from tests.planner.cadre_land import REGIONS, cadre, first
from tests.planner.otherwise.test_postings import LAX
from tests.planner.planned import planned
from tests.planner.tiny import network


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    """One plan of each kind of choice."""
    place = tmp_path_factory.mktemp("lands")
    people = network(
        regions=REGIONS,
        cadres=[cadre("c1"), cadre("c2"), cadre("c3", "b1"), cadre("c4", roles="member")],
        village_posts=[first("v0"), first("v1")],
    )
    steps = {"return_steps": {"0.5": 1.0, "1.0": 0.5}}
    return {
        "cadres": planned(place / "c", people, cadres=LAX),
        "exit": planned(place / "e", exit_land.land({"e1": 0.06, "e2": 0.03}), exit=exit_land.PLAIN),
        "funds": planned(place / "f", money_land.two_counties(), funds={**money_land.PLAIN, **steps}),
    }


def test_a_cadre_who_is_not_there(typed: Typed, land: dict[str, Plan]) -> None:
    folder = land["cadres"].folder
    code, out, _ = typed("explain", folder, "c3>v0", "--price", "-q")
    assert code == 0
    assert "with c3 at v0/fs: +10.000 points in all" in out
    assert "posted nowhere" in out
    _, out, _ = typed("--lang", "zh", "explain", folder, "c4>v0", "--price", "-q")
    assert "若 c4 派往 v0：不可以，因为下列规则" in out and "cadres.role_allowed = true" in out
    assert "--price" in typed("explain", folder, "c3>v0")[1]


def test_a_year_that_is_not_the_plans(typed: Typed, land: dict[str, Plan]) -> None:
    code, out, _ = typed("explain", land["exit"].folder, "e1=2020", "--price", "--json", "-q")
    assert code == 0
    told = json.loads(out)
    assert [e["stage"] for e in told["explanations"]] == ["exit"]
    assert told["prices"][0]["change"] >= 0 and told["prices"][0]["moves"][0]["after"] == "2020"
    code, _, err = typed("explain", land["exit"].folder, "e1=20", "--price", "-q")
    assert code == 2 and "20 is no year" in err


@pytest.mark.parametrize("price", [(), ("--price",)])
def test_a_year_that_nobody_plans(typed: Typed, land: dict[str, Plan], price: tuple[str, ...]) -> None:
    code, _, err = typed("explain", land["exit"].folder, "e1=2050", *price, "-q")
    assert code == 2 and "2050 is no planned year; planned are 2017, 2018" in err
    assert typed("explain", land["exit"].folder, "e1=2018", *price, "-q")[0] == 0


def otherwise(**parts: float) -> Otherwise:
    told = [(Text(k, k), v) for k, v in parts.items()]
    return Otherwise("exit", Text("若", "with"), "OPTIMAL", sum(parts.values()), told)


def test_a_price_tells_the_parts_that_change() -> None:
    assert (
        price_words(otherwise(late=3.0, pace=0.0, need=-1.5)).en
        == ": +1.500 points in all (late +3.000, need -1.500)"
    )
    assert price_words(otherwise(late=0.5, pace=-0.0002)).zh == "：总共 +0.500 分（late +0.500）"
    level = price_words(otherwise(late=0.0004, pace=0.0002)).en
    assert level == ": +0.001 points in all (late +0.000, pace +0.000)"
    assert price_words(otherwise(late=0.0, pace=0.0)).en == ": just as good, at no more and no less (a tie)"


def test_a_range_is_told_as_one_in_a_letter() -> None:
    range_of = replace(otherwise(cost=6.741), status="FEASIBLE", least=0.0)
    assert price_words(range_of).en == ": +6.741 points in all (cost +6.741); proved: at least +0.000"
    letter = price_words(range_of, letter=True)
    assert letter.en == ": between +0.000 and +6.741 points in all" and "证明" not in letter.zh
    level = replace(otherwise(cost=0.0), status="FEASIBLE", least=0.0)
    assert level.tie and price_words(level).en.endswith("(a tie)")
    assert not replace(level, least=-0.281).tie


def test_a_bound_that_says_no_more_than_the_plans_own_is_none() -> None:
    """The plan may have 24 posts fewer open by its own bound: that a choice may, too, says nothing of the choice."""
    far = replace(otherwise(cost=0.054), status="FEASIBLE").at_least(-2.4e9 - 23.764, -2.4e9 - 23.818)
    assert far.unproved and far.least is None and not far.tie
    told = price_words(far)
    assert "is not proved" in told.en and "没有证明" in told.zh and "at least" not in told.en
    level = replace(otherwise(cost=0.0), status="OPTIMAL").at_least(-2.4e9, -2.4e9)
    assert level.unproved and not level.tie
    near = replace(otherwise(cost=6.741), status="FEASIBLE")
    assert near.at_least(6.46, -0.281).least == 6.46 and near.at_least(-0.1, -20.0).least == -0.1
    assert near.at_least(0.0, 0.0).least == 0.0  # the plan is proved: nothing betters it


def test_of_how_many_some_are_priced_is_told() -> None:
    one = otherwise(cost=1.0)
    assert cut_words(first_of([one, one, one], 3)) == [] == cut_words([])
    (told,) = cut_words(first_of([one, one, one], 17))
    assert told.en.startswith("3 of 17 are priced") and "共 17 个" in told.zh


def test_an_amount_instead(typed: Typed, land: dict[str, Plan]) -> None:
    folder = land["funds"].folder
    code, out, _ = typed("explain", folder, "a:industry:2017", "--instead", "70", "-q")
    assert code == 0
    assert "with 70 yuan for 名a in 2017 for industry (now 50): -10.000 points in all" in out
    code, _, err = typed("explain", folder, "a:industrie:2017", "-q")
    assert code == 2 and "did you mean industry?" in err
    code, _, err = typed("explain", folder, "a:2031", "--instead", "70", "-q")
    assert code == 2


def test_a_letter_says_the_same_in_sentences(typed: Typed, land: dict[str, Plan], tmp_path: Path) -> None:
    plan = land["exit"]
    code, out, _ = typed("explain", plan.folder, "e1=2020", "--price", "--format", "text", "-q")
    assert code == 0
    assert out.startswith("county e1 exits in ") and "Also considered:" in out
    assert "with county e1 in 2020: +" in out and f"According to plan {plan.id}, as of 2016-12-31." in out
    assert "optim" not in out.lower() and "objective" not in out
    _, out, _ = typed("--lang", "zh", "explain", plan.folder, "e1", "--format", "text", "-q")
    assert "也考虑过：" in out and f"依据方案 {plan.id}" in out
    page = tmp_path / "why.html"
    assert typed("explain", plan.folder, "e1", "--format", "html", "-o", page, "-q")[0] == 0
    html = page.read_text(encoding="utf-8")
    assert (
        html.count("<svg") == 1
        and "Also considered:" in html
        and "http" not in html.replace("http://www.w3.org", "")
    )
    code, _, err = typed("explain", plan.folder, "e1", "-o", page)
    assert code == 2 and "--format" in err
    told = json.loads(typed("explain", plan.folder, "e1", "--format", "json")[1])
    assert told == json.loads(typed("explain", plan.folder, "e1", "--json")[1])


def test_a_letter_speaks_plainly(typed: Typed, land: dict[str, Plan]) -> None:
    _, out, _ = typed("explain", land["cadres"].folder, "c1>v0", "--price", "--format", "text", "-q")
    assert out.startswith("c1 goes to ") and "first secretary" in out and "/fs" not in out
    assert "the data has no names" in out and "Points add up" in out and "of what was chosen" not in out
    _, out, _ = typed("explain", land["cadres"].folder, "c4>v0", "--price", "--format", "text", "-q")
    assert "not possible, by these rules" in out and "\n  who may hold which role" in out
    assert "role_allowed" not in out and "default" not in out
    _, out, _ = typed("--lang", "zh", "explain", land["cadres"].folder, "v0", "--format", "text", "-q")
    assert "（第一书记）" in out and "数据中没有姓名" in out and "(" not in out and ": " not in out


def test_a_letter_about_money_has_amounts_and_no_points(typed: Typed, land: dict[str, Plan]) -> None:
    asked = ("explain", land["funds"].folder, "a:industry:2017", "--instead", "70", "--format", "text", "-q")
    _, out, _ = typed(*asked)
    assert "  industry 2017: 50 yuan of a need of 100 yuan, 50.0% met" in out and "a step" not in out
    assert "gets 50 yuan for industry in 2017 of a need of 100, 50.0%." in out
    assert "-10.000 points in all, a worse plan" in out and " yuan → " in out and "Points add up" not in out
    _, out, _ = typed("--lang", "zh", *asked)
    assert "50 元，需求 100 元，满足 50.0%" in out and "由 50 元 改为 70 元" in out


def test_a_page_has_its_answer_on_top_and_the_plan_at_its_foot(typed: Typed, land: dict[str, Plan]) -> None:
    _, page, _ = typed("explain", land["exit"].folder, "e1", "--format", "html", "-q")
    assert "<h1>county e1 exits in " in page and page.count('class="end"') == 1
    assert page.index(land["exit"].id) > page.index('class="end"') and "<pre>" not in page
    for subject in ("v0", "c1"):
        posted = typed("explain", land["cadres"].folder, subject, "--format", "html", "-q")[1]
        assert "first secretary" in posted and "(fs)" not in posted and "/fs" not in posted
    assert "✓ chosen" in page and 'text-anchor="end"' in page and 'width="100.0%"' in page


def test_a_letter_counts_posts_of_one_role_and_cuts_keys_away() -> None:
    from api.letter_words import without_keys

    assert without_keys("weight (designation.distance_weight, now 1): up") == "weight (now 1): up"
    assert without_keys("距离权重（designation.distance_weight，现 1）：到") == "距离权重（现 1）：到"
    assert (
        without_keys("of: weight of need (designation.need_weight) upwards") == "of: weight of need upwards"
    )
    assert without_keys("county a (2.5 of 3): kept") == "county a (2.5 of 3): kept"


def test_a_letter_does_not_say_how_a_solver_knows(land: dict[str, Plan]) -> None:
    from api.letter_words import other_words
    from planner.stages.words import HOW_KNOWN

    rule = Text("退出线（exit.line = 0.02）", "line of incidence (exit.line = 0.02)")
    told = Otherwise("exit", Text("改", "otherwise"), "INFEASIBLE", forbidden=[rule, *HOW_KNOWN])
    assert other_words(land["exit"], told)[1:] == ["  line of incidence"]


def test_a_letter_escapes_what_comes_from_data() -> None:
    from api.letter import letter_page
    from graph.language import Text
    from planner.reason import Explanation, Option

    bad = Text("<script>x</script>", "<script>x</script>")
    plan = Plan(Path("p"), {"id": "p"})
    page = letter_page(plan, "<b>", [Explanation("exit", bad, [Option(bad, 1.0, {}, True)])])
    assert "<script>" not in page and "<b>" not in page and "&lt;script&gt;" in page


def test_recommended_posts_and_people(typed: Typed, land: dict[str, Plan]) -> None:
    folder = land["cadres"].folder
    code, out, _ = typed("recommend", folder, "c3", "-n", "1", "-q")
    assert code == 0 and "with c3 at v1/fs" in out and "+8.000 points in all" in out
    assert [t["change"] for t in json.loads(typed("recommend", folder, "c3", "--json", "-q")[1])] == [
        8.0,
        10.0,
    ]
    assert out.endswith("1 of 2 choices; for more: --top 2\n")
    assert typed("recommend", folder, "c3", "--top", "1", "-q")[1] == out
    told = json.loads(typed("recommend", folder, "c3", "--top", "1", "--json", "-q")[1])
    assert [(t["rank"], t["of"], t["others_least"]) for t in told] == [(1, 2, None)]
    out = typed("recommend", folder, "c4", "-q")[1]
    assert "nowhere to go" in out and "--top" not in out
    assert "with c4 at v0/fs (and 1 other alike): not possible, by these rules" in out
    assert "(cadres.role_allowed = true; default)" in out
    (told,) = json.loads(typed("recommend", folder, "c4", "--json", "-q")[1])
    assert (told["status"], told["change"], told["of"], len(told["forbidden"])) == ("INFEASIBLE", None, 0, 1)
    code, _, err = typed("recommend", folder, "P", "-q")
    assert code == 2 and "nothing to recommend" in err
    code, out, _ = typed("--lang", "zh", "recommend", land["funds"].folder, "g", "-q")
    assert code == 0 and "总变化" in out
