"""``jiedui explain``: what another choice costs, and subjects that nobody knows."""

from __future__ import annotations

import json

import pytest

from api.cli.explain import print_explanation
from api.cli.screen import figures
from graph.language import Text, use_language
from planner.plan import Plan
from planner.reason import Explanation, Option
from tests.api.cli.conftest import Typed


def test_the_price_is_asked_for_by_a_flag_that_the_screen_names(typed: Typed, small_plan: Plan) -> None:
    _, out, _ = typed("explain", small_plan.folder, "甲县")
    assert f"what another choice would cost in all: jiedui explain {small_plan.folder} 甲县 --price" in out
    assert "points in all" not in out
    code, out, err = typed("explain", small_plan.folder, "丁县", "--price")
    assert code == 0
    told = [line for line in out.splitlines() if line.startswith("without ")]
    assert len(told) == 1 and "丁县" in told[0] and ": +" in told[0] and told[0].endswith(" points in all")
    assert "--price" not in out
    assert "designation" in err  # it takes a while, so what is being done is told
    assert (
        typed("--lang", "zh", "explain", small_plan.folder, "丁县", "--price")[1].count(" → 丁县：总共 +")
        == 1
    )


def test_a_pair_that_was_not_chosen_is_priced_as_chosen(typed: Typed, small_plan: Plan) -> None:
    code, out, _ = typed("explain", small_plan.folder, "u3>A", "--price", "--json", "-q")
    found = json.loads(out)
    assert code == 0
    assert found["explanations"][0]["what"]["en"].endswith("no pair chosen")
    (priced,) = found["prices"]
    assert (priced["forced"], priced["worse"]) == (True, True)
    assert {"supporter": "u3", "recipient": "A", "how": "new"} in priced["moves"]
    assert isinstance(json.loads(typed("explain", small_plan.folder, "u3>A", "--json")[1]), list)


def test_an_unknown_subject_gets_kinds_and_names(typed: Typed, small_plan: Plan) -> None:
    code, _, err = typed("explain", small_plan.folder, "nosuch")
    assert code == 2
    assert "the plan knows no nosuch. Ask about a region, a unit, a village, a cadre" in err
    assert "such as 甲县" in err
    _, _, err = typed("explain", small_plan.folder, "第一同")
    assert "did you mean 第一局?" in err
    _, _, err = typed("--lang", "zh", "explain", small_plan.folder, "nosuch")
    assert "可以问：地区、单位、村、干部" in err and "例如 甲县" in err


def test_one_is_one(typed: Typed, small_plan: Plan) -> None:
    assert "甲县: 1 pair chosen" in typed("explain", small_plan.folder, "A")[1]


def test_what_cannot_be_has_no_cost(small_plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    """A choice that rules forbid is not told as one that costs nothing; one that costs nothing is."""
    use_language("en")
    free, barred = Text("乙", "free"), Text("丙", "barred")
    options = [
        Option(Text("甲", "taken"), 2.5, {"distance": 2.5}, True),
        Option(free, 0.0, {"distance": 0.0}),
        Option(barred, 0.0, {}, note=Text("不可", "may not go"), rules=("unit_capacity",)),
    ]
    print_explanation(Explanation("designation", Text("事", "it"), options), small_plan.network, 9)
    use_language(None)
    lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()[2:]}
    assert lines["free"] == ["free", "0.000", "0.000"]
    assert lines["barred"] == ["barred", "may", "not", "go"]


def test_figures_that_differ_do_not_look_alike() -> None:
    assert figures(0.0122934, 0.0122861) == ("0.0122934", "0.0122861")
    assert figures(0.25, 0.5) == ("0.250", "0.500")
    assert figures(1.0, 1.0) == ("1", "1") and figures(1200, None) == ("1,200", "")
