from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.errors import UsageError
from planner.explain import binding_rules, context_of, explain, resolve_subject, row_words, rows_about
from planner.outside import why_outside
from planner.plan import Plan
from planner.subject import read_subject
from tests.planner.money_land import PLAIN, two_counties
from tests.planner.planned import planned


def test_the_terms_of_a_choice_add_up_and_stand_beside_the_next_best(small_plan: Plan) -> None:
    (found,) = explain(small_plan, "A")
    chosen = [o for o in found.options if o.chosen]
    assert [o.what.zh for o in chosen] == ["第一局 → 甲县"]
    for option in found.options:
        assert sum(option.terms.values()) == pytest.approx(option.total)
    costs = [o.total for o in found.options]
    assert costs == sorted(costs) and len(found.options) > 1
    row = small_plan.table("pairs").row(by_predicate=pl.col("recipient") == "A", named=True)
    assert chosen[0].total == pytest.approx(row["cost"])


@pytest.mark.parametrize("subject", ["A", "甲县", "u1>A", "第一局>甲县", " u1 > A "])
def test_a_subject_is_a_code_a_name_or_a_pair(small_plan: Plan, subject: str) -> None:
    assert "甲县" in explain(small_plan, subject)[0].what.zh


def test_a_pair_that_was_not_chosen_is_explained_too(small_plan: Plan) -> None:
    (found,) = explain(small_plan, "u3>A")
    assert [o.chosen for o in found.options] == [False]
    assert found.what.en.endswith("no pair chosen")


def test_unknown_subjects_get_a_hint(small_plan: Plan) -> None:
    with pytest.raises(UsageError) as caught:
        explain(small_plan, "第一同")
    assert "第一局" in caught.value.text.zh


def test_nothing_decided_about_the_province(small_plan: Plan) -> None:
    with pytest.raises(UsageError, match=r"decides nothing|没有任何决定"):
        explain(small_plan, "P")


def test_what_keeps_a_subject_out_of_a_stage_is_told(small_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        explain(small_plan, "P", ["designation"])
    tag = small_plan.head["inputs"]["policy"]["designation"]["recipients_tag"]
    assert f"it does not bear the tag {tag} (designation.recipients_tag)" in caught.value.text.en
    asked = read_subject(small_plan, "P")
    assert len(why_outside(small_plan, asked, ["designation"])) == 1
    inside = small_plan.table("pairs").filter(stage="designation")["recipient"][0]
    assert why_outside(small_plan, read_subject(small_plan, inside), ["designation"]) == []
    unit = small_plan.table("pairs").filter(stage="designation")["supporter"][0]
    (told,) = why_outside(small_plan, read_subject(small_plan, f"{unit}>P"), ["designation"])
    assert told.en.startswith("designated assistance: ") and "does not bear the tag" in told.en


def test_an_unknown_stage_is_refused(small_plan: Plan) -> None:
    with pytest.raises(UsageError, match="designation"):
        explain(small_plan, "A", ["funds"])


def test_binding_rules_tell_value_and_origin(small_plan: Plan) -> None:
    rules = {r["rule"]: r for r in binding_rules(small_plan, "designation")}
    assert rules["units_per_county"]["value"] == [1, 2]
    assert rules["units_per_county"]["origin"]["file"] == "scenario.toml"
    assert rules["distance_weight"]["origin"] == {}
    assert "deep_poverty_strength" not in rules  # off


def test_the_context_is_the_plans_own(small_plan: Plan) -> None:
    seen = context_of(small_plan, "designation")
    assert seen.policy["units_per_county"] == [1, 2]
    assert seen.on.isoformat() == "2016-12-31"
    assert seen.decided == {}  # no stage before it


def test_rows_about_all_keys(small_plan: Plan) -> None:
    pairs = small_plan.table("pairs")
    assert rows_about(pairs, "pairs", ("u1", "A"), "designation").height == 1
    assert rows_about(pairs, "pairs", ("u1", "A"), "pairing").height == 0
    assert resolve_subject(small_plan, "甲县") == ("A",)


def test_a_row_in_words_has_titles_and_thousands_apart(small_plan: Plan) -> None:
    row = {"stage": "designation", "supporter": "u1", "recipient": "A", "load": 124498.0, "cost": 1.25, "kind": "county_pair"}  # fmt: skip
    told = row_words(small_plan, "pairs", row)
    assert "load 124,498" in told.en and "cost 1.250" in told.en and "county pair" in told.en
    assert "第一局" in told.zh and "县县结对" in told.zh
    money = {"source": "s", "region": "A", "programme": "industry", "year": 2017, "amount": 1_500_000}
    assert "year 2017" in row_words(small_plan, "allocations", money).en
    assert "amount 1,500,000" in row_words(small_plan, "allocations", money).en


def test_an_amount_that_is_not_planned_says_what_is(tmp_path: Path) -> None:
    """Money of 2017 alone, for industry alone; the small plan above decides no money and no exits."""
    plan = planned(tmp_path, two_counties(), funds=PLAIN)
    with pytest.raises(UsageError) as told:
        explain(plan, "a:2040")
    assert told.value.text.en == "the plan does not plan the money of 2040; the years that it plans: 2017"
    with pytest.raises(UsageError) as told:
        explain(plan, "a:health:2017")
    assert (
        told.value.text.en
        == "名a has no need for health in the years that are planned; it has needs for: industry"
    )
    assert explain(plan, "a:industry:2017")[0].options[0].about[-1] == "2017"
    with pytest.raises(
        UsageError, match=r"decided by the stage exit, which this plan does not have; it has: funds"
    ):
        explain(plan, "a=2017")


def test_amounts_of_a_plan_without_money(small_plan: Plan) -> None:
    with pytest.raises(UsageError, match=r"amounts are decided by the stage funds|金额由阶段 funds 决定"):
        explain(small_plan, "A:2017")
